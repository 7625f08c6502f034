"""The function that `derivative` returns: floats are computed by plain `math` code, anything else by arrays.

In: a Program. Out: a plain function whose first line tests the types of its arguments. Where the `math` code raises
(a division by zero, an overflow, a logarithm of a negative number), the array code answers, with NumPy's infinity
or nan.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from symdiff.emit.dispatch import dispatching_text
from symdiff.emit.function import FunctionText, function_text
from symdiff.ir.program import Program
from symdiff.ir.structure import structure_of
from symdiff.runtime.complex_calls import ComplexCalls
from symdiff.runtime.defining import compile_text

_PYTHON_NUMBERS = frozenset({bool, int, float, complex})
Answer = Callable[[tuple[Any, ...], dict[str, Any]], Any]


def dispatching(
    program: Program, *, name: str, traced: Answer | None = None, complex_calls: ComplexCalls | None = None
) -> FunctionType:
    """The function of a program.

    traced: what answers a call with traced values in place of numbers, given the arguments and the keyword arguments.
    complex_calls: what answers a call with complex numbers in place of real ones; without it they are refused.
    """

    def write() -> FunctionText:
        return function_text(program, "numpy", name=name, annotations=False, in_memory=True)

    arrays = ArrayForm(write, traced, complex_calls)
    text, other = dispatching_text(program, name)
    return compile_text(text, "math", {other: arrays})


class ArrayForm:
    """The NumPy form, written and compiled when it is first needed. It pickles as its text."""

    def __init__(
        self, write: Callable[[], FunctionText], traced: Answer | None = None, complex_calls: ComplexCalls | None = None
    ) -> None:
        self._write = write
        self._traced = traced
        self._complex_calls = complex_calls
        self._compiled: FunctionType | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        leaves = structure_of((args, kwargs)).flatten((args, kwargs))
        if self._complex_calls is not None and self._complex_calls.wants(args, kwargs):
            return self._complex_calls(args, kwargs)
        if self._traced is not None and any(hasattr(type(leaf), "_symdiff_apply") for leaf in leaves):
            return self._traced(args, kwargs)
        if self._compiled is None:
            self._compiled = compile_text(self._write(), "numpy")
        result = self._compiled(*args, **kwargs)
        return _as_python(result) if all(type(leaf) in _PYTHON_NUMBERS for leaf in leaves) else result

    def __reduce__(self) -> Any:
        return _restored, (self._write(),)


def _restored(text: FunctionText) -> ArrayForm:
    return ArrayForm(lambda: text)


def _as_python(result: Any) -> Any:
    """The result with NumPy's scalars as Python's: Python numbers in, Python numbers out."""
    structure = structure_of(result)
    leaves = structure.flatten(result)
    return structure.unflatten([leaf.item() if isinstance(leaf, np.generic) else leaf for leaf in leaves])
