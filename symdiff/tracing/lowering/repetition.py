"""The runtime of rewritten loops: rounds run as they are written until one depends on the arguments; that one is kept.

In: tests, or the bounds of a range, and the names that the rounds bind. Out: the names after the loop. A loop whose
test is the same for all arguments runs as Python runs it. Otherwise one round runs with fresh inputs for all that the
rounds bind, and what it makes of them becomes the body of a Loop. A loop in one side of a choice makes no rounds where
that side is not taken.
"""

import sys
from builtins import range as python_range
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, NoReturn

from symdiff.errors import LoopError
from symdiff.ir import make
from symdiff.ir.loops import closed
from symdiff.ir.nodes import Const, Input, Node, ambient
from symdiff.ir.program import topological
from symdiff.ir.structure import Structure, structure_of
from symdiff.ops import piecewise
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.frames import Part
from symdiff.tracing.lowering.choices import names_of, undecided
from symdiff.tracing.lowering.memory import Memory
from symdiff.tracing.lowering.merging import NOTHING, Unassigned
from symdiff.tracing.tracer import Tracer, wrap
from symdiff.tracing.values import is_numeric, is_traced, to_node

UNROLLED = 2_000  # rounds that run one by one; a longer loop is kept as a loop where its rounds are alike


class Unrolled(BaseException):
    """Long loops at some places, whose rounds are not alike: they are to run round by round."""

    def __init__(self, sites: Sequence[Origin]) -> None:
        super().__init__()
        self.sites = sites


class Repetition:
    """One `while` or `for` while it runs."""

    def __init__(self, names: Sequence[str], stop: str) -> None:
        self._names = names
        self._stop = stop
        self._now: dict[str, Any] = {}
        self._has_started = False
        self._is_over = False
        self._round: _Round | None = None

    def __getitem__(self, name: str) -> Any:
        return self._now[name]

    # `while`

    def more(self) -> bool:
        """Whether the test is to be asked once more."""
        frame = sys._getframe(1)
        if self._is_over or (self._round is not None and self._round.condition is not None):
            return False
        self._now = names_of(frame, self._names) if self._round is None else self._round.fresh
        return True

    def goes_on(self, test: Any) -> bool:
        """Whether the body runs now."""
        condition, session = undecided(test), forking.current_session()
        if self._round is not None:
            self._round.begin(condition if condition is not None else make.constant(bool(test)))
            return True
        if condition is None or session is None:
            self._is_over = not test
            return not self._is_over
        self._round = _Round(sys._getframe(1), self._now, _caller(2), session)
        return False

    # `for`

    def rounds(self, *bounds: Any) -> Iterator[Any]:
        """The numbers of a range; one that stands for all where they depend on the arguments, or are many."""
        frame, origin, session = sys._getframe(1), _caller(2), forking.current_session()
        is_open = any(isinstance(bound, Tracer) and not isinstance(bound.node, Const) for bound in bounds)
        numbers = () if is_open else python_range(*map(_whole, bounds))
        is_long = len(numbers) > UNROLLED and session is not None and not session.is_unrolled(origin)
        if session is None or not (is_open or is_long):
            for number in numbers:
                self._now = names_of(frame, self._names)
                yield number
            return
        first, last, step = _bounds(bounds, origin)
        ambient.origin = Part(origin.code, origin.offset)
        counter = Input("i")
        self._round = _Round(frame, names_of(frame, self._names), origin, session, (counter, first, step), is_long)
        self._now = self._round.fresh
        compare = piecewise.less if step > 0 else piecewise.greater
        condition: Node = compare(counter, last)
        flag = self._now.get(self._stop)
        if flag is not None:
            condition = make.select(condition, piecewise.logical_not(to_node(flag)), False)
        self._round.begin(condition)
        yield wrap(counter)

    def finish(self) -> None:
        """The names after the loop."""
        now = names_of(sys._getframe(1), self._names)
        self._now = now if self._round is None else self._round.end(now)


class _Round:
    """A round that is kept: what the names hold at its start, and the loop that it is the body of."""

    def __init__(
        self,
        frame: FrameType,
        before: dict[str, Any],
        origin: Origin,
        session: forking.Session,
        counter: tuple[Input, Node, float] | None = None,
        may_unroll: bool = False,
    ) -> None:
        self.condition: Node | None = None
        self._origin = origin
        self._session = session
        self._counter = counter
        self._outer = set(topological(_nodes_in(frame.f_locals.values())))
        self._memory = Memory(frame.f_locals.values())
        self._contents = self._memory.contents()
        self._knowledge = session.knowledge
        self._state = {name: _State(name, value) for name, value in before.items()}
        self.fresh = {name: state.fresh for name, state in self._state.items()}
        session.start_round(origin, may_unroll)
        session.knowledge = session.knowledge.copy()

    def begin(self, condition: Node) -> None:
        """The body runs where the condition holds."""
        guard = self._knowledge.premise()
        if guard is not None:
            self._outer |= set(topological([guard]))
            condition = make.select(guard, condition, False)
        self.condition = condition
        self._session.knowledge.assume(condition)

    def end(self, after: dict[str, Any]) -> dict[str, Any]:
        """What the names hold after the loop."""
        assert self.condition is not None
        self._session.knowledge = self._knowledge
        self._session.end_round()
        if not _same_contents(self._memory.contents(), self._contents):
            self._refuse("changes a list, an array or an object in place", "assign a new value to the name instead")
        inputs: list[Input] = []
        initial: list[Node] = []
        outputs: list[Node] = []
        places: dict[str, tuple[Structure, int, int]] = {}
        if self._counter is not None:
            counter, first, step = self._counter
            ambient.origin = Part(self._origin.code, self._origin.offset)
            inputs, initial, outputs = [counter], [first], [counter + step]
        kept: dict[str, Any] = {}
        for name, state in self._state.items():
            ended = state.ended(after[name], self._refuse)
            if ended is None:
                kept[name] = state.left(after[name])
                continue
            places[name] = (ended.structure, len(inputs), len(inputs) + len(ended.inputs))
            inputs += ended.inputs
            initial += ended.initial
            outputs += ended.outputs
        if not any(
            leaf in topological([self.condition]) for leaf, new in zip(inputs, outputs, strict=True) if new is not leaf
        ):
            self._refuse("never changes what its condition depends on", "change it in every round", "it would not end")
        ambient.origin = self._origin
        final = closed(inputs, initial, self.condition, outputs, self._outer.__contains__)
        for name, (structure, start, stop) in places.items():
            kept[name] = structure.unflatten([wrap(node) for node in final[start:stop]])
        return kept

    def _refuse(self, what: str, fix: str, why: str = "") -> NoReturn:
        forking.refuse(
            LoopError(
                f"a round of this loop {what}",
                origin=self._origin,
                label="the number of rounds depends on a traced value, or is large",
                why=why
                or "Such a loop is kept as a loop: every round must be the same computation on numbers and arrays.",
                fix=fix,
            )
        )


class _Ended:
    """What a name holds from round to round, as nodes."""

    def __init__(
        self, structure: Structure, inputs: Sequence[Input], initial: Sequence[Node], outputs: Sequence[Node]
    ) -> None:
        self.structure = structure
        self.inputs = inputs
        self.initial = initial
        self.outputs = outputs


class _State:
    """A name that the rounds bind: numbers, arrays and nestings of them get fresh inputs."""

    def __init__(self, name: str, value: Any) -> None:
        self.name = name
        self.value = value
        self.inputs: list[Input] = []
        self.fresh = value
        structure = structure_of(value)
        leaves = structure.flatten(value)
        self.is_open = value is NOTHING or type(value) is Unassigned
        self.is_numeric = not self.is_open and all(map(is_numeric, leaves))
        if self.is_numeric:
            self.structure = structure
            self.initial = [to_node(leaf) for leaf in leaves]
            self.inputs = [Input(name, node.shape, node.dtype) for node in self.initial]
            self.fresh = structure.unflatten([wrap(leaf) for leaf in self.inputs])

    def ended(self, value: Any, refuse: Callable[..., NoReturn]) -> _Ended | None:
        """The name's part of the state; None for what holds no numbers and stays as it is."""
        if value is self.fresh and not self.is_numeric:
            return None
        structure = structure_of(value)
        leaves = structure.flatten(value)
        if type(value) is Unassigned or not all(map(is_numeric, leaves)):
            if type(value) is Unassigned or (not self.is_numeric and not self.is_open and value == self.value):
                return None
            refuse(f"binds `{self.name}` to {type(value).__name__} objects", "bind it to numbers or arrays")
        outputs = [to_node(leaf) for leaf in leaves]
        if self.is_open:
            inputs = [Input(self.name, node.shape, node.dtype) for node in outputs]
            return _Ended(structure, inputs, [_nothing(node) for node in outputs], outputs)
        if not self.is_numeric or structure != self.structure:
            refuse(
                f"binds `{self.name}` to a value of another kind", "keep the kind of value that it has before the loop"
            )
        for old, new in zip(self.inputs, outputs, strict=True):
            if old.shape != new.shape:
                change = f"the shape of `{self.name}` from {old.shape} to {new.shape}"
                refuse(f"changes {change}", f"give it the shape {new.shape} before the loop")
            if old.dtype != new.dtype:
                change = f"`{self.name}` from {_WORDS[old.dtype]} to {_WORDS[new.dtype]}"
                refuse(f"changes {change}", "keep the kind of number that it has before the loop")
        return _Ended(structure, self.inputs, self.initial, outputs)

    def left(self, value: Any) -> Any:
        """What the name holds after the loop where it is no part of the state."""
        return Unassigned(self.name) if type(value) is Unassigned else value


_WORDS = {"real": "a real number", "bool": "a truth value", "complex": "a complex number"}


def repetition(names: Sequence[str], stop: str = "") -> Repetition:
    """A loop whose rounds bind the names.

    stop: the name of the flag that ends the loop after a round.
    """
    return Repetition(names, stop)


def _nothing(node: Node) -> Node:
    """What a name holds that is bound in the first round only."""
    return make.broadcast(make.constant(False if node.dtype == "bool" else float("nan")), node.shape)


def _whole(bound: Any) -> Any:
    node = bound.node if isinstance(bound, Tracer) else None
    return int(node.value) if isinstance(node, Const) else bound


def _bounds(bounds: Sequence[Any], origin: Origin) -> tuple[Node, Node, float]:
    """Start, end and step of a range; the step is a number."""
    given = [0, bounds[0], 1] if len(bounds) == 1 else [*bounds, 1][:3]
    size = to_node(given[2])
    step = float(size.value) if isinstance(size, Const) else 0.0
    if not step:
        forking.refuse(
            LoopError(
                "the step of this range depends on a traced value, or is 0",
                origin=origin,
                label="up or down?",
                why="The end is compared from one side or from the other.",
                fix="write the step as a number",
            )
        )
    return to_node(given[0]), to_node(given[1]), step


def _nodes_in(values: Any) -> list[Node]:
    """The nodes of the tracers in some values, nested as they may be."""
    found: list[Node] = []
    pending, seen = list(values), set()
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if is_traced(value):
            found.append(value.node)
        elif isinstance(value, list | tuple | dict):
            pending += value.values() if isinstance(value, dict) else value
    return found


def _same_contents(first: list[Any], second: list[Any]) -> bool:
    return all(_same(a, b) for a, b in zip(first, second, strict=True))


def _same(first: Any, second: Any) -> bool:
    if isinstance(first, dict):
        return list(first) == list(second) and all(first[key] is second[key] for key in first)
    if isinstance(first, set):
        return bool(first == second)
    return len(first) == len(second) and all(a is b for a, b in zip(first, second, strict=True))


def _caller(depth: int) -> Origin:
    """The instruction of the rewritten function that called the runtime."""
    frame = sys._getframe(depth)
    return Origin(frame.f_code, frame.f_lasti)
