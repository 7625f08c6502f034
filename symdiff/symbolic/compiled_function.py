"""Compiled functions: called with numbers and arrays, they give outputs and change shared variables.

In: a wiring of symbols. Out: a callable that is traced anew for every set of shapes it meets, and kept.

Every call goes the same way: arguments checked, shared values read at one moment, everything computed, shared values
written at one moment. What raises on the way leaves all of them as they were.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.algebra.passes import Level
from symdiff.callables import ClosedForm
from symdiff.errors import ArgumentError, ShapeError, SymdiffError, TraceError, UserTraceback, short_traceback
from symdiff.ir.nodes import Node
from symdiff.ir.program import EMPTY, Program
from symdiff.runtime.guarded import not_closed
from symdiff.symbolic.execution import Execution, Kind, executable, kinds_of, shape_of
from symdiff.symbolic.paths import Paths
from symdiff.symbolic.random_streams import numbers_of
from symdiff.symbolic.shared_variables import present, replace
from symdiff.symbolic.specialise import (
    Shape,
    Specialised,
    as_emitted,
    check_fits,
    check_names,
    declared_shapes,
    new_values,
    signature,
    specialised,
)
from symdiff.symbolic.swapping import swapped
from symdiff.symbolic.symbol import declared_at, declaring
from symdiff.symbolic.wiring import OnUnused, Wiring, wire
from symdiff.tracing import inline_call
from symdiff.tracing.values import has_tracer

_MOST_KEPT = 64


@short_traceback
def function(
    inputs: Sequence[Any],
    outputs: Any = None,
    *,
    updates: Any = None,
    givens: Any = None,
    name: str | None = None,
    on_unused_input: OnUnused = "raise",
    no_default_updates: bool = False,
    simplify: Level = "fast",
) -> "Function":
    """A function of symbols, compiled for the shapes that it is called with.

    inputs: declared symbols, or `In(symbol, value=default, name=keyword)`.
    outputs: an expression, or a list, tuple or dict of expressions; None for a function that only updates.
    updates: what shared variables become, as a dict or pairs. All are computed from the old values and written
        together, after the outputs.
    givens: what stands in place of symbols, as a dict or pairs.
    on_unused_input: raise, warn or ignore.
    no_default_updates: whether random numbers are the same in every call, those that would be drawn next.
    simplify: none, fast or full.

    Raises SymbolError where inputs, outputs and updates do not fit together; a call raises ArgumentError and ShapeError
    with the name of the argument.

    >>> from symdiff.symbolic import dscalars
    >>> x, y = dscalars("x", "y")
    >>> add = function([x, y], x + y)
    >>> add(2, 3), add(16.3, 12.1)
    (5.0, 28.4)
    """
    bound = declared_at()
    label = name or (bound.binds if bound is not None else None) or "f"
    wiring = wire(inputs, outputs, updates, givens, on_unused_input)
    return Function(wiring, label, simplify, draws_anew=not no_default_updates)


class Function(ClosedForm):
    """A compiled function. Its closed form is that for the shapes that were declared, or for those of the last call.

    Functions of several threads may run at once; one that updates a shared variable waits for the others that use it.
    """

    def __init__(self, wiring: Wiring, name: str, level: Level, *, draws_anew: bool = True) -> None:
        if not isinstance(name, str):
            raise ArgumentError(f"a function is named by a text, not {name!r:.60}", fix='function([x], y, name="f")')
        self._wiring = wiring
        self._level = level
        self._advances = draws_anew
        self.__name__ = name if name.isidentifier() else "f"
        self._start()

    def _start(self) -> None:
        wiring = self._wiring
        self.__signature__ = signature(wiring)
        self._arity = len(wiring.inputs)
        self._whole = [i for i, given in enumerate(wiring.inputs) if given.variable.is_whole]
        self._changed = [variable for variable, _ in wiring.updates]
        everything = dict.fromkeys([*wiring.shared, *self._changed]) if self._changed else {}
        self._turns = [variable.turn for variable in sorted(everything, key=lambda variable: variable.serial)]
        self._kept: OrderedDict[tuple[Kind, ...], Execution] = OrderedDict()
        self._latest: tuple[Shape, ...] | None = None
        self._lock = threading.Lock()

    @short_traceback
    def copy(self, *, swap: Any = None, delete_updates: bool = False, name: str | None = None) -> "Function":
        """The same function with other shared variables, or without updates.

        swap: shared variables, and those to take in their places, as a dict or pairs.

        >>> from symdiff.symbolic import iscalar, shared
        >>> state, other, inc = shared(0), shared(10), iscalar("inc")
        >>> accumulator = function([inc], state, updates=[(state, state + inc)])
        >>> accumulator.copy(swap={state: other})(5), state.get_value(), other.get_value()
        (10.0, array(0), array(15))
        """
        wiring = swapped(self._wiring, swap, delete_updates=delete_updates)
        return Function(wiring, name or self.__name__, self._level, draws_anew=self._advances)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            if kwargs or len(args) != self._arity:
                args = self._bound(args, kwargs)
            if self._whole:
                args = self._settled(args)
            return self._outputs(self._changing(args) if self._changed else self._computed(args)[0])
        except SymdiffError:
            with UserTraceback():
                raise

    def _changing(self, args: Sequence[Any]) -> Any:
        """The outputs, after the shared variables have their new values."""
        for turn in self._turns:
            turn.acquire()
        try:
            outputs, news = self._computed(args)
            replace(self._changed, news)
        finally:
            for turn in self._turns:
                turn.release()
        return outputs

    def _computed(self, args: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
        """The outputs and the new values."""
        values = [*args, *present(self._wiring.shared)]
        compiled = self._kept.get(kinds_of(values))
        if compiled is None:
            if has_tracer(args):
                return self._inlined(args), ()
            if None in kinds_of(args):
                values[: self._arity] = self._settled(args)
            compiled = self._compiled(kinds_of(values))
        found: tuple[Any, Sequence[Any]] = compiled(values)
        return found

    def _compiled(self, kinds: tuple[Kind, ...]) -> Execution:
        """What runs for values of these kinds, made where there is none yet."""
        if kinds in self._kept:
            return self._kept[kinds]
        shapes = tuple([shape_of(kind) for kind in kinds])
        for given, name, shape in zip(self._wiring.inputs, self._wiring.names, shapes, strict=False):
            check_fits(given.variable, name, shape)
        check_names(self._wiring, shapes)
        compiled = self._for(shapes, kinds)
        with self._lock:
            self._kept[kinds] = compiled
            self._latest = shapes
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return compiled

    def _for(self, shapes: tuple[Shape, ...], kinds: tuple[Kind, ...]) -> Execution:
        """The closed form for these shapes; where there is none, what follows the path of every call."""
        try:
            return self._running(self._specialised(shapes), kinds)
        except TraceError:
            return Paths(
                lambda values: self._specialised(shapes, values), lambda found: self._running(found, kinds), kinds
            )

    def _specialised(self, shapes: tuple[Shape, ...], values: Sequence[Any] | None = None) -> Specialised:
        return specialised(self._wiring, shapes, self.__name__, self._level, values)

    def _running(self, found: Specialised, kinds: tuple[Kind, ...]) -> Execution:
        """What runs a Program: random numbers are drawn, and put behind the values of the call."""
        draws, advances = found.draws, self._advances
        execution = executable(found.program, (*kinds, *(shape for _, shape in draws)))
        if not draws:
            return execution
        return lambda values: execution([*values, *numbers_of(draws, advances=advances)])

    def _outputs(self, outputs: Any) -> Any:
        return None if self._wiring.structure is None else outputs

    # -- arguments ----------------------------------------------------------------------------------------------------

    def _bound(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments in the order of the inputs, defaults filled in."""
        names = self._wiring.names
        if len(args) > len(names):
            raise ArgumentError(
                f"{self.__name__} takes {len(names)} arguments, and got {len(args)}",
                fix=f"{self.__name__}({', '.join(names)})",
            )
        given: dict[str, Any] = dict(zip(names, args, strict=False))
        for name, value in kwargs.items():
            if name not in names or name in given:
                what = "is given twice to" if name in given else "is not an input of"
                raise ArgumentError(
                    f"{name!r} {what} {self.__name__}",
                    fix=f"{self.__name__}({', '.join(f'{each}=…' for each in names)})",
                )
            given[name] = value
        defaults = {name: entry.value for name, entry in zip(names, self._wiring.inputs, strict=True)}
        for name in names:
            if given.setdefault(name, defaults[name]) is EMPTY:
                raise ArgumentError(f"{self.__name__} misses its argument {name}", fix=f"{self.__name__}(…, {name}=…)")
        return tuple([given[name] for name in names])

    def _settled(self, args: Sequence[Any]) -> tuple[Any, ...]:
        """The arguments as floats and arrays. Raises ArgumentError with the name of one that is neither."""
        return tuple([self._real(position, value) for position, value in enumerate(args)])

    def _real(self, position: int, value: Any) -> Any:
        """An argument as a float or an array of real numbers."""
        name = self._wiring.names[position]
        try:
            array = np.asarray(value)
        except ValueError:
            raise ArgumentError(
                f"the argument {name} is a ragged list: {value!r:.60}",
                fix="rows of one length: [[1.0, 2.0], [3.0, 4.0]]",
            ) from None
        if array.dtype.kind not in "biuf":
            parts = f"{name}.real and {name}.imag, as two inputs"
            raise ArgumentError(
                f"the argument {name} is not real: {value!r:.60}",
                fix=parts if array.dtype.kind == "c" else f"np.asarray({name}, dtype=float)",
            )
        variable = self._wiring.inputs[position].variable
        if position in self._whole and array.dtype.kind == "f":
            raise ArgumentError(
                f"the argument {name} has dtype {array.dtype}, and {name} is declared as {variable.dtype}",
                origin=variable.origin,
                label="is declared here",
                fix=f'np.asarray({name}, dtype=int), or declare {name} with dtype="float64"',
            )
        if type(value) is float or isinstance(value, np.ndarray):
            return array if array.ndim else float(array)
        return (
            array if array.ndim else array[()] if array.dtype.kind == "f" and type(value) is not float else float(array)
        )

    def _inlined(self, args: Sequence[Any]) -> Any:
        """The outputs as part of an outer trace. Raises ArgumentError where shared variables would change."""
        if self._changed:
            raise ArgumentError(
                f"{self.__name__} updates shared variables, and cannot be traced",
                fix=f"{self.__name__}.copy(delete_updates=True), the same outputs without the updates",
            )
        held = present(self._wiring.shared)
        shapes = tuple(np.shape(value) for value in (*args, *held))
        found = self._specialised(shapes)
        if found.draws:
            raise ArgumentError(
                f"{self.__name__} draws random numbers, and cannot be traced",
                fix="make them an input, function([x, noise], x + noise), and draw them before the call",
            )
        return inline_call(found.program, [*args, *held], {})[0]

    # -- the closed form ----------------------------------------------------------------------------------------------

    @property
    def program(self) -> Program:
        """The Program for the shapes declared, or those of the last call. Raises ShapeError where there are neither."""
        return as_emitted(self._closed(), self._wiring)

    def computed(self) -> tuple[list[Node], dict[str, Node]]:
        """The nodes of the outputs, and of the new values of shared variables by name, for the shapes of `program`."""
        program = self._closed()
        return list(program.outputs[: len(self._wiring.outputs)]), new_values(program, self._wiring)

    def _closed(self) -> Program:
        """The Program for the shapes that are known. Raises GuardedError where calls follow their paths."""
        try:
            return self._specialised(self._shapes()).program
        except TraceError as error:
            paths = next((kept for kept in reversed(self._kept.values()) if isinstance(kept, Paths)), None)
            if paths is None or not paths.guards:
                raise
            raise not_closed(self.__name__, paths.guards) from error

    def _shapes(self) -> tuple[Shape, ...]:
        declared = declared_shapes(self._wiring)
        if declared is not None:
            return (*declared, *(np.shape(value) for value in present(self._wiring.shared)))
        if self._latest is not None:
            return self._latest
        unknown = next(given.variable for given in self._wiring.inputs if None in (given.variable.pattern or ()))
        pattern = unknown.pattern or ()
        shape = tuple(
            length if length is not None else "n" if len(pattern) == 1 else f"n{axis}"
            for axis, length in enumerate(pattern, 1)
        )
        raise ShapeError(
            f"the lengths of {unknown!r} are not known yet",
            origin=unknown.origin,
            label="is declared here",
            why="The closed form is made for the shapes of a call, or for those that are declared.",
            fix=f"call {self.__name__} once, or name the lengths: {declaring(unknown.label, shape)}",
        )

    def __repr__(self) -> str:
        return f"<symdiff: {self.__name__}({', '.join(self._wiring.names)})>"

    def __getstate__(self) -> dict[str, Any]:
        return {"wiring": self._wiring, "level": self._level, "name": self.__name__, "latest": self._latest} | {
            "advances": self._advances
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self._wiring, self._level, self.__name__ = state["wiring"], state["level"], state["name"]
        self._advances = state["advances"]
        self._start()
        self._latest = state["latest"]
