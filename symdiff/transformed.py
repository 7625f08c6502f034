"""Derivatives that are traced when they are called.

In: a function, and the recipe of a derivative. Out: `Transformed`, which traces the function for the structure of the
arguments of a call and keeps the compiled trace: a closed form where there is one, else the path of each input.
"""

import functools
import inspect
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, get_args

from symdiff.algebra.passes import simplify
from symdiff.callables import ClosedForm, Recipe, compile_for_calls, parameter_names
from symdiff.emit.differences import Claim
from symdiff.errors import ArgumentError, TraceError, UserTraceback
from symdiff.errors.message import choices
from symdiff.ir.collector import rarely_collected
from symdiff.ir.program import Guard, Program
from symdiff.ir.rewrite import foreign_inputs
from symdiff.runtime.guarded import GuardedTrace, GuardedTraces, guard_program, means_real_roots, not_closed
from symdiff.runtime.kept import Kept, Pool, pool_of, put
from symdiff.runtime.keys import signature_key
from symdiff.tracing import follow_function, inline_call, inline_guards, is_inner_call, trace_function
from symdiff.tracing.contents import as_key
from symdiff.tracing.fixed import counts, fixable, named_arguments
from symdiff.tracing.forking import following
from symdiff.tracing.hidden import (
    Hidden,
    HiddenArgument,
    constants_only,
    hidden_arguments,
    hidden_values,
    nothing_hidden,
    with_hidden,
)
from symdiff.tracing.parameters import declared_parameters
from symdiff.tracing.readings import note_readings, noted_readings
from symdiff.tracing.traced_slices import BEYOND
from symdiff.tracing.unsuitable import refuse_other_arithmetic, refuse_without_slope

Mode = Literal["auto", "closed", "guarded"]
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_guarded_lock = threading.Lock()


class Transformed(ClosedForm):
    """A derivative that is traced when it is called, once for each structure and shapes of the arguments.

    Globals, closures and attributes that the function reads are looked at again in every call; where one has changed,
    the function is traced anew. So it is for every new value of a number that it counts or indexes with, where nothing
    is differentiated by that number. Where there is no closed form, a call follows the path of its own input, and what
    it decided on the way are guards, which are looked at again in every call.

    mode: "closed" refuses where there is no closed form, "guarded" follows the path of every input, "auto" follows it
        where there is no closed form.
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
        mode: Mode = "auto",
    ) -> None:
        if mode not in get_args(Mode):
            raise ArgumentError(
                f"there is no mode {mode!r}", why=choices("It is one of", str(mode), get_args(Mode)), fix='mode="auto"'
            )
        self._function = function
        self._recipe = recipe
        self._shapes = shapes
        self._static = static
        self._vector = None if vector is None else _unlike_parameters(vector, function)
        self._asked = mode
        owner = function._pool if isinstance(function, Transformed) else function
        self._pool: Pool = pool_of(owner, recipe, shapes, static, vector, mode)
        self._fixed = self._pool.fixed  # numbers that the function counts or indexes with
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._guarded: OrderedDict[Hashable, GuardedTraces] = OrderedDict()
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
        """The derivative for the shapes that were stated, else for those of the last new call, else for scalars."""
        return self._derive(self._traced())

    @property
    def mode(self) -> Mode:
        """Whether the calls so far had closed forms; "guarded" if any followed its path, as asked before the first."""
        return "guarded" if self._guarded else "closed" if self._kept else self._asked

    @property
    def guards(self) -> tuple[Guard, ...]:
        """The decisions of the path that was followed last: the condition, its value, the line."""
        latest = next((traces.latest for traces in reversed(self._guarded.values())), None)
        return () if latest is None else tuple(latest.guards)

    def _traced(self) -> Program:
        if self._asked == "guarded":
            raise not_closed(self._name, self.guards)
        latest = next((kept for kept in reversed(self._kept.values()) if not kept.is_counted), None)
        if latest is not None and latest.traced is not None and not self._shapes:
            return latest.traced
        try:
            return trace_function(self._function, shapes=self._shapes, static=self._static)
        except TraceError as error:
            if not self._guarded:
                raise
            raise not_closed(self._name, self.guards) from error

    @property
    def _name(self) -> str:
        return str(getattr(self._function, "__name__", self._function))

    def _proposal(self) -> tuple[Program, Claim]:
        traced = self._traced()
        return self._derive(traced), self._recipe.claim(traced)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs, vector = self._without_vector(args, kwargs)
        return self._called(self._key(args, kwargs), args, kwargs, vector)

    def _called(
        self,
        key: Hashable,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        vector: dict[str, Any],
        fixed: Sequence[str] = (),
    ) -> Any:
        """The call of the trace that is kept, or of a new one, with the parameters named in `fixed` at their values."""
        kept = self._kept.get(key)
        if kept is None and (kept := self._pool.kept.get(key)) is not None:
            self._keep(key, kept)
        if kept is None or not kept.holds():
            with UserTraceback(), rarely_collected():
                return self._traced_call(key, args, kwargs, vector, fixed)
        if not (kept.hidden or kept.has_slices):
            return kept.function(*args, **kwargs, **vector)
        return self._answer(kept, args, kwargs, vector)

    def _answer(self, kept: Kept, args: tuple[Any, ...], kwargs: dict[str, Any], vector: dict[str, Any]) -> Any:
        """What a trace gives that takes in more than the arguments, or does not hold for all of them."""
        try:
            return kept.function(*args, **kwargs, **vector, **hidden_values(kept.hidden))
        except IndexError as error:
            if error.args != (BEYOND,):
                raise
        return self._counted_call(args, kwargs, vector)

    def _counted_call(self, args: tuple[Any, ...], kwargs: dict[str, Any], vector: dict[str, Any]) -> Any:
        """A call whose slices have other lengths than those of most: its whole numbers keep their values."""
        given = named_arguments(self._function, args, kwargs)
        counted = counts(given, self._wrt_names())
        key = self._key(args, kwargs), *((name, as_key(value)) for name, value in counted.items())
        return self._called(key, args, kwargs, vector, tuple(counted))

    def _key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
        """What a trace is found again by."""
        if not self._static and not self._fixed and not self._shapes:
            return signature_key((args, kwargs))
        given = named_arguments(self._function, args, kwargs)
        static = [as_key(given[name]) if name in given else None for name in (*self._static, *self._fixed)]
        stated = self._shapes or {}
        shapes = [(name, signature_key(value, shapes=name not in stated)) for name, value in given.items()]
        return tuple(shapes), self._fixed, *static

    def _traced_call(
        self,
        key: Hashable,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        vector: dict[str, Any],
        fixed: Sequence[str],
    ) -> Any:
        """The first call with arguments of this structure and these shapes."""
        given = named_arguments(self._function, args, kwargs)
        refuse_other_arithmetic(given)
        refuse_without_slope({name: value for name, value in given.items() if name in self._wrt_names()})
        with noted_readings() as noted, hidden_arguments() as hidden:
            traced = self._closed(args, kwargs, hidden, fixed)
            if traced is None:
                if is_inner_call((args, kwargs, vector)):
                    return self._follow(args, kwargs, vector)
                self._keep(self._key(args, kwargs), Kept(self._guarded_call, ()))
                put(self._pool.followed, self._key(args, kwargs), None)
                return self._guarded_call(*args, **kwargs, **vector)
            traced, arguments = with_hidden(traced, hidden, self._vector)
            program = self._derive(traced)
            if is_inner_call((args, kwargs, vector)) or foreign_inputs(program):
                note_readings(traced.readings)
                return inline_call(program, args, kwargs | vector)
            compiled = _compiled(program)
        is_real_only = self._asked == "auto" and means_real_roots(program)
        if is_real_only:
            compiled = functools.partial(self._real_call, compiled, arguments)
        kept = Kept(compiled, (*traced.readings, *noted, *arguments), traced, arguments, is_counted=bool(fixed))
        key = key if fixed else self._key(args, kwargs)
        self._keep(key, kept)
        if not is_real_only:  # its calls may go on to paths, which are this object's
            put(self._pool.kept, key, kept)
        return self._answer(kept, args, kwargs, vector)

    def _closed(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], hidden: Hidden, fixed: Sequence[str]
    ) -> Program | None:
        """The trace for all inputs like these; None where the path of each is to be followed."""
        if self._asked == "guarded" or self._key(args, kwargs) in self._pool.followed:
            return None
        try:
            program = self._traced_without_captures(args, kwargs, hidden, fixed)
        except TraceError as error:
            if error.never_ends or self._asked == "closed" or (is_inner_call((args, kwargs)) and following() is None):
                raise
            return None
        return None if self._asked == "auto" and following() is not None and means_real_roots(program) else program

    def _traced_without_captures(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], hidden: Hidden, fixed: Sequence[str]
    ) -> Program:
        """The trace; where one with hidden arguments is none, that in which they are what they are now."""
        try:
            return self._traced_for(args, kwargs, fixed)
        except TraceError:
            if not hidden.captures:
                raise
            hidden.forget()
            return self._traced_for(args, kwargs, fixed)

    def _real_call(
        self, closed: Callable[..., Any], hidden: Sequence[HiddenArgument], /, *args: Any, **kwargs: Any
    ) -> Any:
        """A call of a closed form that means real square roots; where there are none its path is followed.

        A complex cotangent of such a root is refused before it is computed.
        """
        try:
            return closed(*args, **kwargs)
        except (TypeError, ValueError):
            for each in hidden:
                kwargs.pop(str(each.parameter), None)
            args, kwargs, vector = self._without_vector(args, kwargs)
            with UserTraceback(), rarely_collected():
                return self._follow(args, kwargs, vector)

    def _follow(self, args: tuple[Any, ...], kwargs: dict[str, Any], vector: dict[str, Any]) -> Any:
        """A call on the path of its own input. Where that was given random numbers, it is a path of this call alone."""
        with noted_readings() as noted, constants_only() as for_this_call:
            traced = follow_function(
                self._function,
                args=args,
                kwargs=kwargs,
                static=self._static_with(self._counts(args, kwargs)),
                wrt=lambda program: parameter_names(program, self._recipe.wrt),
            )
            program, check = self._derive(traced), guard_program(traced)
            if is_inner_call((args, kwargs, vector)) or foreign_inputs(program) or foreign_inputs(check):
                note_readings(traced.readings)
                inline_guards(traced, args, kwargs)
                return inline_call(program, args, kwargs | vector)
            compiled = _compiled(program)
            trace = GuardedTrace(traced.guards, _compiled(check), compiled, (*traced.readings, *noted))
        if not for_this_call():
            self._traces_for(args, kwargs).keep(trace)
        return compiled(*args, **kwargs, **vector)

    def _guarded_call(self, /, *args: Any, **kwargs: Any) -> Any:
        """A call where there is no closed form: on a path that is kept, or on a new one."""
        args, kwargs, vector = self._without_vector(args, kwargs)
        found = self._traces_for(args, kwargs).find(args, kwargs)
        if found is None:
            with UserTraceback(), rarely_collected():
                return self._follow(args, kwargs, vector)
        return found.function(*args, **kwargs, **vector)

    def _traces_for(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> GuardedTraces:
        """The paths that are kept for arguments like these."""
        key = self._key(args, kwargs), signature_key((args, kwargs)), tuple(self._counts(args, kwargs).items())
        with _guarded_lock:
            traces = self._guarded.get(key)
            if traces is None:
                traces = self._pool.guarded.setdefault(key, GuardedTraces())
            put(self._guarded, key, traces)
            put(self._pool.guarded, key, traces)
        return traces

    def _counts(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The whole numbers of a call that is followed: they stay Python's, and are part of the key."""
        given = named_arguments(self._function, args, kwargs)
        return {name: value for name, value in counts(given, self._wrt_names()).items() if name not in self._static}

    def _static_with(self, values: Mapping[str, Any]) -> Iterable[str] | Mapping[str, Any]:
        own = self._static
        return {**own, **values} if isinstance(own, Mapping) else (*own, *values)

    def _traced_for(self, args: tuple[Any, ...], kwargs: dict[str, Any], kept: Sequence[str] = ()) -> Program:
        """The trace for a call: for all values of its numbers, or for those that the function counts with.

        kept: parameters that keep their values.
        """
        kept = kept or self._fixed
        given = named_arguments(self._function, args, kwargs) if kept else {}

        def traced(fixed: Sequence[str]) -> Program:
            static = self._static_with({name: given[name] for name in fixed if name in given})
            return trace_function(
                self._function,
                args=args,
                kwargs=kwargs,
                shapes=self._shapes,
                static=static,
                differentiated=self._wrt_names(),
            )

        try:
            return traced(kept)
        except TraceError as error:
            if error.never_ends:
                raise
            given = named_arguments(self._function, args, kwargs)
            for fixed in fixable(given, self._wrt_names()):
                with suppress(TraceError):
                    program = traced(fixed)
                    self._fixed = self._pool.fixed = fixed
                    return program
            raise

    def _wrt_names(self) -> list[str]:
        """The parameters that are differentiated by."""
        names = [parameter.name for parameter in declared_parameters(self._function)]
        wrt = self._recipe.wrt if isinstance(self._recipe.wrt, list | tuple) else [self._recipe.wrt]
        return [names[item] if isinstance(item, int) and item < len(names) else str(item) for item in wrt]

    def _derive(self, program: Program) -> Program:
        with nothing_hidden():  # what the rules of primitives read is not an argument of the function
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
            raise ArgumentError(f"the last argument of the call is the {name}", fix=f"pass it by its name: {name}=v")
        return args[:-1], kwargs, {name: args[-1]}

    def _keep(self, key: Hashable, kept: "Kept") -> None:
        put(self._kept, key, kept)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_kept": OrderedDict(), "_guarded": OrderedDict(), "_pool": Pool()}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self)} if self.mode == "guarded" else super()._repr_mimebundle_(include, exclude)

    def __repr__(self) -> str:
        count = sum(map(len, self._guarded.values()))
        paths = f", guarded: {count} path{'s' if count > 1 else ''} of its inputs" if count else ""
        return f"<symdiff: derivative of {self._name}{paths}>"


def _unlike_parameters(name: str, function: Callable[..., Any]) -> str:
    """The name of the vector, which the function may have a parameter of."""
    with suppress(TypeError, ValueError):  # no signature
        while name in inspect.signature(function).parameters:
            name += "_"
    return name


def _compiled(program: Program) -> Callable[..., Any]:
    with nothing_hidden():  # nor is what the bodies of primitives read
        return compile_for_calls(program)
