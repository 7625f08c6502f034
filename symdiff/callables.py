"""What the public functions return: callables that know their Program and show it.

In: a function, and the pass that turns its Program into the derivative's. Out: `Traced`; `Derivative`, elementwise,
made at once, as fast as the generated function; and `Transformed`, traced for the structure of its arguments when
called.
"""

import functools
import inspect
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symdiff.algebra.passes import simplify
from symdiff.calculus.calls import expanded
from symdiff.calculus.derivatives import derive
from symdiff.calculus.selection import Pass, Several
from symdiff.emit.differences import Claim
from symdiff.errors import ArgumentError, SymdiffError, TraceError, UserTraceback, short_traceback
from symdiff.ir.collector import rarely_collected
from symdiff.ir.program import Program, Reading
from symdiff.ir.rewrite import foreign_inputs
from symdiff.runtime.compile import compile_program
from symdiff.runtime.complex_calls import ComplexCalls, Retrace
from symdiff.runtime.dispatch import dispatching
from symdiff.runtime.keys import as_key, signature_key
from symdiff.tracing import inline_call, is_inner_call, trace_function
from symdiff.tracing.fixed import fixable, named_arguments
from symdiff.tracing.readings import noted_readings

Wrt = int | str | Sequence[int | str]
_CACHE_SIZE = 64
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


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
        return _compiled(self._program)

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


class Derivative(ClosedForm, functools.partial):  # type: ignore[type-arg]
    """The generated function itself, with `expr`, `source` and the rest as attributes.

    A `functools.partial` without arguments: a call costs a few nanoseconds more than the plain function's, which no
    class with a `__call__` of its own achieves. `__wrapped__` is the plain function, so `inspect.getsource` shows the
    code that runs.
    """

    _program: Program
    _claim: Callable[[], Claim]
    __wrapped__: Callable[..., Any]

    def __new__(cls, program: Program, claim: Callable[[], Claim], retrace: Retrace | None = None) -> "Derivative":
        function = _inlined(program) if foreign_inputs(program) else _dispatching_also_traced(program, retrace)
        made = super().__new__(cls, function)
        made._program = program
        made._claim = claim
        functools.update_wrapper(made, function)
        return made

    @property
    def program(self) -> Program:
        return self._program

    def _proposal(self) -> tuple[Program, Claim]:
        return self._program, self._claim()

    def __repr__(self) -> str:
        return f"<symdiff: {_signature(self._program)}>"

    def __reduce__(self) -> Any:
        return plain, (self.__wrapped__,)


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
    names = [parameter.name for parameter in program.parameters]
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
                why=f"its parameters are {', '.join(names) or 'none'}, counted from 0",
            )
    return Several(found) if isinstance(wrt, list | tuple) else found


@dataclass(frozen=True)
class _Kept:
    """A compiled trace, good for as long as what it has read besides the arguments holds."""

    function: Callable[..., Any]
    readings: Sequence[Reading]


class Transformed(ClosedForm):
    """A derivative that is traced when it is called, once for each structure and shapes of the arguments.

    Globals, closures and attributes that the function reads are looked at again in every call; where one has changed,
    the function is traced anew. So it is for every new value of a number that it counts or indexes with, where nothing
    is differentiated by that number.

    vector: the name of the parameter that the derivative adds (`tangent`, `cotangent`, `vector`); a call gives it last.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        recipe: "Recipe",
        *,
        shapes: Mapping[str, Any] | None = None,
        static: Iterable[str] | Mapping[str, Any] = (),
        vector: str | None = None,
    ) -> None:
        self._function = function
        self._recipe = recipe
        self._shapes = shapes
        self._static = static
        self._vector = vector
        self._fixed: tuple[str, ...] = ()  # numbers that the function counts or indexes with
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        functools.update_wrapper(self, function, updated=())

    @property
    def __signature__(self) -> inspect.Signature:
        """That of the function, with the vector behind the parameters that have no default."""
        signature = inspect.signature(self._function)
        if self._vector is None:
            return signature
        parameters = list(signature.parameters.values())
        positional = [p for p in parameters if p.kind in _POSITIONAL and p.default is inspect.Parameter.empty]
        others = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) if p.kind in _POSITIONAL else p for p in parameters]
        vector = inspect.Parameter(self._vector, positional[-1].kind if positional else _POSITIONAL[1])
        rest = [p for p in others if p.name not in {q.name for q in positional}]
        return signature.replace(parameters=[*positional, vector, *rest])

    @property
    def program(self) -> Program:
        """The derivative for the shapes that were stated, or else for scalars."""
        return self._derive(self._traced())

    def _traced(self) -> Program:
        return trace_function(self._function, shapes=self._shapes, static=self._static)

    def _proposal(self) -> tuple[Program, Claim]:
        traced = self._traced()
        return self._derive(traced), self._recipe.claim(traced)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs, vector = self._without_vector(args, kwargs)
        kept = self._kept.get(self._key(args, kwargs))
        if kept is not None and all(reading.holds() for reading in kept.readings):
            return kept.function(*args, **kwargs, **vector)
        with UserTraceback(), rarely_collected():
            return self._traced_call(args, kwargs, vector)

    def _key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
        """What a trace is found again by."""
        if not self._static and not self._fixed and not self._shapes:
            return signature_key((args, kwargs))
        given = named_arguments(self._function, args, kwargs)
        static = [as_key(given[name]) if name in given else None for name in (*self._static, *self._fixed)]
        stated = self._shapes or {}
        shapes = [(name, signature_key(value, shapes=name not in stated)) for name, value in given.items()]
        return tuple(shapes), self._fixed, *static

    def _traced_call(self, args: tuple[Any, ...], kwargs: dict[str, Any], vector: dict[str, Any]) -> Any:
        """The first call with arguments of this structure and these shapes."""
        with noted_readings() as noted:
            traced = self._traced_for(args, kwargs)
            program = self._derive(traced)
            if is_inner_call((args, kwargs, vector)) or foreign_inputs(program):
                return inline_call(program, args, kwargs | vector)
            compiled = _compiled(program)
        self._keep(self._key(args, kwargs), _Kept(compiled, (*traced.readings, *noted)))
        return compiled(*args, **kwargs, **vector)

    def _traced_for(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Program:
        """The trace for a call: for all values of its numbers, or for those that the function counts with."""
        given = named_arguments(self._function, args, kwargs) if self._fixed else {}

        def traced(fixed: Sequence[str]) -> Program:
            own = self._static
            values = {name: given[name] for name in fixed if name in given}
            static = {**own, **values} if isinstance(own, Mapping) else (*own, *values)
            return trace_function(self._function, args=args, kwargs=kwargs, shapes=self._shapes, static=static)

        try:
            return traced(self._fixed)
        except TraceError:
            given = named_arguments(self._function, args, kwargs)
            for fixed in fixable(given, self._wrt_names()):
                with suppress(TraceError):
                    program = traced(fixed)
                    self._fixed = fixed
                    return program
            raise

    def _wrt_names(self) -> list[str]:
        """The parameters that are differentiated by."""
        names = list(inspect.signature(self._function).parameters)
        wrt = self._recipe.wrt if isinstance(self._recipe.wrt, list | tuple) else [self._recipe.wrt]
        return [names[item] if isinstance(item, int) and item < len(names) else str(item) for item in wrt]

    def _derive(self, program: Program) -> Program:
        stable = simplify(program, level="fast")
        return simplify(self._recipe(stable, simplify), level="fast")

    def _without_vector(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any], dict[str, Any]]:
        """The function's own arguments, and the one of the derivative, which comes last or by its name."""
        name = self._vector
        if name is None:
            return args, kwargs, {}
        if name in kwargs:
            return args, {key: value for key, value in kwargs.items() if key != name}, {name: kwargs[name]}
        if not args:
            raise ArgumentError(f"the last argument of the call is the {name}", fix=f"pass it as {name}=…")
        return args[:-1], kwargs, {name: args[-1]}

    def _keep(self, key: Hashable, kept: "_Kept") -> None:
        self._kept[key] = kept
        while len(self._kept) > _CACHE_SIZE:
            self._kept.popitem(last=False)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_kept": OrderedDict()}

    def __repr__(self) -> str:
        return f"<symdiff: derivative of {getattr(self._function, '__name__', self._function)}>"


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """What a derivative is unpickled as: the generated function, without the Program behind it."""
    return function


def _inlined(program: Program) -> Callable[..., Any]:
    """What a program that closes over an outer trace can be called as: it has no numbers of its own."""

    def inlined(*args: Any, **kwargs: Any) -> Any:
        return inline_call(program, args, kwargs)

    inlined.__name__ = inlined.__qualname__ = program.name
    return inlined


def _written_out(program: Program) -> Program:
    """The program as it is computed: inline primitives are no longer calls."""
    inlined = expanded(program)
    return program if inlined is program else simplify(inlined, level="fast")


def _dispatching_also_traced(program: Program, retrace: Retrace | None) -> Callable[..., Any]:
    complex_calls = None if retrace is None else ComplexCalls(program, retrace)
    traced = functools.partial(inline_call, program)
    return dispatching(_written_out(program), name=program.name, traced=traced, complex_calls=complex_calls)


def _compiled(program: Program) -> Callable[..., Any]:
    """The `math` form for floats where everything is a scalar, the NumPy form otherwise."""
    program = _written_out(program)
    if program.is_elementwise:
        return dispatching(program, name=program.name)
    return compile_program(program, "numpy")


def _signature(program: Program) -> str:
    names = ", ".join(parameter.name for parameter in program.parameters)
    return f"{program.name}({names})"
