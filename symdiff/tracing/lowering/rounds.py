"""One round of a loop that is kept: it runs once, with fresh inputs for all that the rounds bind.

In: what the names hold before the loop, and after the round has run. Out: the final state, as parts of a Loop node. A
round must be the same computation every time: what changes its shape or its kind is refused with the user's line.
"""

from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from symdiff.errors import LoopError
from symdiff.ir import make
from symdiff.ir.loops import closed
from symdiff.ir.nodes import Cast, Input, Node, ambient
from symdiff.ir.program import topological
from symdiff.ir.structure import Structure, structure_of
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.frames import Part
from symdiff.tracing.lowering.memory import Memory
from symdiff.tracing.lowering.merging import NOTHING, Unassigned
from symdiff.tracing.numpy_indexing import is_whole
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import is_numeric, is_traced, to_node


class Counter(NamedTuple):
    """What counts the rounds of a `for`."""

    node: Input
    first: Node
    step: float


class Round:
    """A round that is kept: what the names hold at its start, and the loop that it is the body of."""

    def __init__(
        self,
        frame: FrameType,
        before: dict[str, Any],
        origin: Origin,
        session: forking.Session,
        *,
        counter: Counter | None = None,
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
            self._refuse(
                "changes a list, an array or an object in place",
                "keep what the rounds need in numbers: total = total + x",
            )
        inputs: list[Input] = []
        initial: list[Node] = []
        outputs: list[Node] = []
        places: dict[str, tuple[Structure, int, int]] = {}
        if self._counter is not None:
            ambient.origin = Part(self._origin.code, self._origin.offset)
            counter = self._counter.node
            inputs, initial, outputs = [counter], [self._counter.first], [counter + self._counter.step]
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
        if not stay_whole(self.condition, inputs, outputs):
            self._refuse("uses as a position what need not be a whole number", "round it: v[int(k)]")
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
            whole = [_is_whole_number(leaf) for leaf in leaves]
            self.inputs = [
                Input(name, node.shape, node.dtype, is_whole=each)
                for node, each in zip(self.initial, whole, strict=True)
            ]
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


def _is_whole_number(value: Any) -> bool:
    if is_traced(value):
        return value.node.dtype == "real" and is_whole(value.node)
    return isinstance(value, int) and not isinstance(value, bool)


def stay_whole(condition: Node, inputs: Sequence[Input], outputs: Sequence[Node]) -> bool:
    """Whether what was taken for a counter is one, or at least nothing is picked by it."""
    order = topological([condition, *outputs])
    while changed := [each for each, new in zip(inputs, outputs, strict=True) if each.is_whole and not is_whole(new)]:
        for each in changed:
            each.is_whole = False
    return all(is_whole(node.args[0]) for node in order if isinstance(node, Cast) and node.dtype == "int")


_WORDS = {"real": "a real number", "bool": "a truth value", "complex": "a complex number"}


def _nothing(node: Node) -> Node:
    """What a name holds that is bound in the first round only."""
    return make.broadcast(make.constant(False if node.dtype == "bool" else float("nan")), node.shape)


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
