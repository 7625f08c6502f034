"""The function that `derivative` returns: floats are computed by plain `math` code, anything else by arrays.

In: a Program. Out: a plain function whose first line tests the types of its arguments. Where the `math` code raises
(a division by zero, an overflow, a logarithm of a negative number), the array code answers, with NumPy's infinity
or nan.
"""

from collections.abc import Callable
from typing import Any

from symdiff.emit.dispatch import dispatching_text
from symdiff.ir.program import Program
from symdiff.ir.structure import structure_of
from symdiff.runtime.compile import compile_program, compile_text

Function = Callable[..., Any]


def dispatching(program: Program, *, name: str, traced: Callable[[Any, Any], Any] | None = None) -> Function:
    """The function of a program.

    traced: what answers a call with traced values in place of numbers, given the arguments and the keyword arguments.
    """
    arrays = _ArrayForm(program, name, traced)
    if not program.is_elementwise:
        return compile_program(program, "numpy", name=name) if traced is None else arrays.function()
    text, other = dispatching_text(program, name)
    return compile_text(text, "math", {other: arrays})


class _ArrayForm:
    """The NumPy form, compiled when it is first needed."""

    def __init__(self, program: Program, name: str, traced: Callable[[Any, Any], Any] | None) -> None:
        self.program = program
        self.name = name
        self.traced = traced
        self.compiled: Function | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.traced is not None and _has_traced(args, kwargs):
            return self.traced(args, kwargs)
        if self.compiled is None:
            self.compiled = compile_program(self.program, "numpy", name=self.name)
        return self.compiled(*args, **kwargs)

    def function(self) -> Function:
        return lambda *args, **kwargs: self(*args, **kwargs)


def _has_traced(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    structure = structure_of((args, kwargs))
    return any(hasattr(type(leaf), "_symdiff_apply") for leaf in structure.flatten((args, kwargs)))
