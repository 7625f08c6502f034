"""What the public functions return: callables that know their Program and show it.

In: a function, and the pass that turns its Program into the derivative's. Out: `Traced`; and `Derivative`, elementwise,
made at once, which is the generated function. What is traced when it is called is in `transformed`.
"""

import functools
from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any, Protocol, cast

from symdiff.algebra.passes import simplify
from symdiff.calculus.calls import expanded
from symdiff.calculus.derivatives import derive
from symdiff.calculus.selection import Pass, Several
from symdiff.emit.differences import Claim
from symdiff.errors import ArgumentError, SymdiffError, short_traceback
from symdiff.ir.program import Program
from symdiff.ir.rewrite import foreign_inputs
from symdiff.runtime.compile import compile_program
from symdiff.runtime.complex_calls import ComplexCalls, Retrace
from symdiff.runtime.dispatch import dispatching
from symdiff.runtime.late_attributes import set_late_attribute
from symdiff.tracing import inline_call, is_inner_call

Wrt = int | str | Sequence[int | str]


class ClosedForm:
    """A Program that shows itself: as SymPy, as LaTeX, as a source module."""

    @property
    @abstractmethod
    def program(self) -> Program:
        """What it computes."""

    @property
    @short_traceback
    def expr(self) -> Any:
        """The closed form as a SymPy expression, in the structure of the result."""
        from symdiff.algebra.sympy_view import to_sympy

        return to_sympy(_written_out(self.program))

    @short_traceback
    def latex(self) -> str:
        """The closed form as LaTeX."""
        from symdiff.algebra.sympy_view import latex

        return latex(_written_out(self.program))

    @short_traceback
    def source(self, backend: str = "numpy") -> str:
        """The standalone module that computes it; `backend` is numpy, numexpr or math."""
        from symdiff.build.generate import module_of

        return module_of(*self._proposal(), backend).text

    @short_traceback
    def save(self, path: str | Path, backend: str = "numpy") -> Path:
        """Write the module, atomically; a file that symdiff did not generate is not overwritten (OutputFileError)."""
        from symdiff.build.generate import module_of

        return module_of(*self._proposal(), backend).save(path)

    def _proposal(self) -> tuple[Program, Claim]:
        """The Program of the module, and what it is proven to be."""
        return self.program, Claim("value", self.program, self.program)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"text/plain": repr(self)}
        with suppress(SymdiffError):  # no formula: shapes that are not known yet, lengths that stay open
            bundle["text/latex"] = f"$\\displaystyle {self.latex()}$"
        return bundle


class Traced(ClosedForm):
    """A traced function: callable, and as fast as its closed form."""

    def __init__(self, program: Program, retrace: Retrace | None = None) -> None:
        self._program = program
        self._complex_calls = None if retrace is None else ComplexCalls(program, retrace)
        self.__name__ = program.name
        self.__doc__ = program.doc

    @property
    def program(self) -> Program:
        return self._program

    @functools.cached_property
    def _compiled(self) -> Callable[..., Any]:
        return compile_for_calls(self._program)

    @functools.cached_property
    def _belongs_to_a_trace(self) -> bool:
        return bool(foreign_inputs(self._program))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._complex_calls is not None and self._complex_calls.wants(args, kwargs):
            return self._complex_calls(args, kwargs)
        if self._belongs_to_a_trace or is_inner_call((args, kwargs)):
            return inline_call(self._program, args, kwargs)
        return self._compiled(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<symdiff: {_signature(self._program)}, {len(self._program.nodes())} nodes>"


class Derivative(Protocol):
    """The generated function itself, a plain one, with `expr`, `source` and the rest as attributes.

    No object stands around it, so a call costs what a call of a plain function costs, and `inspect.getsource` shows the
    code that runs. It pickles by its source, without the Program behind it.
    """

    __name__: str
    program: Program
    expr: Any
    latex: Callable[[], str]
    source: Callable[..., str]
    save: Callable[..., Path]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The derivative at numbers, lists, arrays that broadcast."""


class Shown(ClosedForm):
    """What a derivative's function shows of itself. `claim` says what the program is, for the proof of a module."""

    def __init__(self, program: Program, claim: Callable[[], Claim]) -> None:
        self._program = program
        self._claim = claim

    @property
    def program(self) -> Program:
        return self._program

    def _proposal(self) -> tuple[Program, Claim]:
        return self._program, self._claim()

    def __repr__(self) -> str:
        return f"<symdiff: {_signature(self._program)}>"


def derivative_function(program: Program, claim: Callable[[], Claim], retrace: Retrace | None = None) -> Derivative:
    """The function of a derivative's Program, with what it shows of itself."""
    function = _inlined(program) if foreign_inputs(program) else _dispatching_also_traced(program, retrace)
    shown = Shown(program, claim)
    for name in ("program", "latex", "source", "save", "_repr_mimebundle_"):
        setattr(function, name, getattr(shown, name))
    vars(function)["_symdiff_answers_traces"] = True  # a trace calls it as it is
    set_late_attribute(function, "expr", functools.partial(getattr, shown, "expr"))
    return cast(Derivative, function)


@dataclass(frozen=True)
class Recipe:
    """A kind of derivative, by which parameters; the result is called `f_grad`."""

    kind: str
    wrt: Wrt = ()

    def __call__(self, program: Program, between: Pass | None = None) -> Program:
        derived = derive(program, self.kind, parameter_names(program, self.wrt), between)
        name = program.name if self.kind == "value" else f"{program.name}_{self.kind}"
        return derived.with_outputs(derived.outputs, derived.structure, name=name)

    def claim(self, program: Program) -> Claim:
        """What the derivative of the program is, for the proof."""
        return Claim(self.kind, program, self(program), parameter_names(program, self.wrt))


def parameter_names(program: Program, wrt: Wrt) -> Sequence[str]:
    """The parameters meant by positions and names. Raises ArgumentError for a position that does not exist."""
    names = [parameter.name for parameter in program.parameters if not parameter.hidden]
    chosen = [wrt] if not isinstance(wrt, list | tuple) else wrt
    found: list[str] = []
    for item in chosen:
        if isinstance(item, str):
            found.append(item)
        elif type(item) is int and -len(names) <= item < len(names):
            found.append(names[item])
        else:
            raise ArgumentError(
                f"{program.name} has no parameter {'number ' if type(item) is int else ''}{item!r}",
                why=f"Its parameters are {', '.join(names)}, counted from 0." if names else "It has no parameters.",
                fix=f"{' or '.join(map(repr, names))}, in place of {item!r}" if names else "give it a parameter",
            )
    return Several(found) if isinstance(wrt, list | tuple) else found


def _inlined(program: Program) -> FunctionType:
    """What a program that closes over an outer trace can be called as: it has no numbers of its own."""

    def inlined(*args: Any, **kwargs: Any) -> Any:
        return inline_call(program, args, kwargs)

    inlined.__name__ = inlined.__qualname__ = program.name
    return cast(FunctionType, inlined)


def _written_out(program: Program) -> Program:
    """The program as it is computed: inline primitives are no longer calls."""
    inlined = expanded(program)
    return program if inlined is program else simplify(inlined, level="fast")


def _dispatching_also_traced(program: Program, retrace: Retrace | None) -> FunctionType:
    complex_calls = None if retrace is None else ComplexCalls(program, retrace)
    traced = functools.partial(inline_call, program)
    return dispatching(_written_out(program), name=program.name, traced=traced, complex_calls=complex_calls)


def compile_for_calls(program: Program) -> Callable[..., Any]:
    """The `math` form for floats where everything is a scalar, the NumPy form otherwise."""
    program = _written_out(program)
    if program.is_elementwise:
        return dispatching(program, name=program.name)
    return compile_program(program, "numpy")


def _signature(program: Program) -> str:
    names = ", ".join(parameter.name for parameter in program.parameters)
    return f"{program.name}({names})"
