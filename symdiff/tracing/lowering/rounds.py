"""One round of a loop that is kept: it runs once, with fresh inputs for all that the rounds bind.

In: what the names hold before the loop, and after the round has run. Out: the final state, as parts of a Loop node. A
round must be the same computation every time: what changes its shape or its kind is refused with the user's line.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from symdiff.errors import LoopError
from symdiff.ir import make
from symdiff.ir.loops import closed
from symdiff.ir.nodes import Cast, Const, Input, Node, ambient
from symdiff.ir.persistent import stays
from symdiff.ir.program import Check, topological
from symdiff.ir.structure import LEAF
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.frames import Part
from symdiff.tracing.lowering.exits import RETURNED
from symdiff.tracing.lowering.memory import Memory
from symdiff.tracing.lowering.names import Path
from symdiff.tracing.lowering.places import Ended, Name, Said, arrays_at, is_array, is_said, items_at
from symdiff.tracing.lowering.sharing import Made, Sharing
from symdiff.tracing.lowering.whole_numbers import may_lose_digits
from symdiff.tracing.numpy_indexing import is_whole
from symdiff.tracing.values import is_traced, to_node


class Counter(NamedTuple):
    """What counts the rounds of a `for`."""

    node: Input
    first: Node
    step: float


class Writing(forking.Request):
    """The rounds of a loop write into objects that are to be a part of its state."""

    def __init__(self, site: Origin, paths: Sequence[Path]) -> None:
        super().__init__()
        self.site = site
        self.paths = paths


class Round:
    """A round that is kept: what the names hold at its start, and the loop that it is the body of.

    written: where the rounds may write into arrays, objects and lists that they do not bind names to.
    """

    def __init__(
        self,
        frame: FrameType,
        before: dict[str, Any],
        origin: Origin,
        session: forking.Session,
        *,
        written: Sequence[Path] = (),
        counter: Counter | None = None,
        may_unroll: bool = False,
    ) -> None:
        self.condition: Node | None = None
        self._frame = frame
        self._origin = origin
        self._session = session
        self._counter = counter
        self._outer = set(topological(_nodes_in(frame.f_locals.values())))
        self._knowledge = session.knowledge
        self._paths = dict.fromkeys([*written, *session.written(origin)])
        bound = [name for name in before if (name, ...) not in self._paths or not is_array(before[name])]
        self._names = [self._place(name, before[name]) for name in bound]
        self._items = items_at(frame.f_locals, self._paths, bound)
        self._arrays = arrays_at(frame.f_locals, self._paths, bound)
        self.fresh = {**before, **{name.name: name.fresh for name in self._names}}
        self._sharing = Sharing(frame, [*self._names, *self._items], has_rounds=may_unroll and counter is not None)
        self._memory = Memory(frame.f_locals.values())
        session.start_round(origin, may_unroll)
        self._runs_anyway = may_unroll and counter is None and session.runs_here_anyway
        session.knowledge = session.knowledge.copy()

    def _place(self, name: str, value: Any) -> Name:
        if (name, str) not in self._paths:
            return Name(name, value, opens=(name, object) in self._paths)
        what = f"binds `{name}` to texts, and what they say matters"
        return Said(name, value, partial(self._refuse, what, "keep it in a number, and make the text of that"))

    def begin(self, condition: Node) -> None:
        """The body runs where the condition holds."""
        guard = self._session.attempts.within(self._knowledge.premise(), self._session.rounds_inside - 1)
        if guard is not None:
            self._outer |= set(topological([guard]))
            condition = make.select(guard, condition, False)
        self.condition = condition
        self._session.knowledge.assume(condition)

    def end(self, after: dict[str, Any]) -> dict[str, Any]:
        """What the names hold after the loop."""
        assert self.condition is not None
        self._session.knowledge = self._knowledge
        failures = {_flagged(check): check for check in self._session.kept_round.checks.values()}
        values = {place: after[place.name] for place in self._names} | {place: place.now() for place in self._items}
        lent = {place for place in self._names if place.is_open and self._sharing.is_old(values[place])}
        said = [(place.name, str) for place in self._names if is_said(place, values[place])]
        opened = [(place.name, object) for place in self._names if place.is_to_be_opened(values[place])]
        if said or opened:
            raise Writing(self._origin, [*said, *opened])
        self._check_memory()
        ambient.origin = self._origin
        returned = to_node(after[RETURNED]) if RETURNED in after else None
        bound = {
            place: None if place in lent else place.ended(value, self._refuse, returned)
            for place, value in values.items()
        }
        written = {array: array.ended() for array in self._arrays}
        counted = [] if self._counter is None else [_counted(self._counter, self._origin)]
        ended = [*counted, *failures, *(each for each in (*written.values(), *bound.values()) if each is not None)]
        inputs = [leaf for each in ended for leaf in each.inputs]
        initial = [node for each in ended for node in each.initial]
        outputs = [node for each in ended for node in each.outputs]
        own = [None if place in lent else value for place, value in values.items()]
        self._check(inputs, initial, outputs, own)
        self._session.end_round()  # not before: where the round is refused, the rounds may run one by one
        ambient.origin = self._origin
        known = partial(self._session.same_body, self._origin)
        state = closed(inputs, initial, self.condition, outputs, self._outer.__contains__, known)
        final = dict(zip(inputs, state, strict=True))
        for flag, check in failures.items():
            self._session.note(replace(check, failure=final[flag.inputs[0]]))
        made = Made(final, self._sharing.old)
        for array, each in written.items():
            made.keep(array.array, each)
        for item in self._items:
            item.put(made.value(bound[item], item.fresh))
        left = {name: made.value(bound[name], name.left(after[name.name])) for name in self._names}
        return after | {
            name.name: refilled(name.value, value) if after[name.name] is name.fresh else value
            for name, value in left.items()
        }

    def _check(
        self, inputs: Sequence[Input], initial: Sequence[Node], outputs: Sequence[Node], values: Sequence[Any]
    ) -> None:
        """Refuses rounds that are not the same computation on the places, which hold `values` after them."""
        assert self.condition is not None
        asked = topological([self.condition])
        if not any(leaf in asked for leaf, new in zip(inputs, outputs, strict=True) if new is not leaf):
            self._refuse_endless()
        if is_decided_at_once(self.condition, inputs, outputs):
            self._refuse_endless()
        if stays(self.condition, True, dict(zip(inputs, outputs, strict=True))):
            fix = "turn the step or the comparison round: x = x - 1.0"
            self._refuse("never makes its condition false", fix, "What it asks about only moves away from its end.")
        if not stay_whole(self.condition, inputs, outputs):
            self._refuse("uses as a position what need not be a whole number", "round it: v[int(k)]")
        if may_lose_digits(self.condition, inputs, initial, outputs):
            self._refuse(
                "computes with whole numbers that may become larger than 2**53",
                "keep them smaller, or compute them outside of the loop",
                "Python's whole numbers are exact; the closed form computes with floating-point numbers.",
            )
        used = set(topological([self.condition, *outputs]))
        written = [each.array for each in self._arrays if each.is_changed]
        written += [each.owner for each in self._items if each.now() is not each.fresh]
        self._sharing.check(values, written, used, self._refuse)

    def _check_memory(self) -> None:
        """Asks for another trace where objects have changed that are no state; refuses where that would not help."""
        after = [item.now() for item in self._items]
        for item in self._items:
            item.put(item.fresh)
        bound = {place.name for place in self._names}
        kept = {name: value for name, value in self._frame.f_locals.items() if name not in bound}
        found = self._memory.changed_paths(kept, {id(each.array) for each in self._arrays})
        for item, value in zip(self._items, after, strict=True):
            item.put(value)
        if found is None or any(path in self._paths for path in found):
            self._refuse(
                "changes a list, an array, an object or an iterator in place",
                "keep what the rounds need in numbers: total = total + x",
            )
        if found:
            raise Writing(self._origin, found)

    def _refuse_endless(self) -> NoReturn:
        what, fix = "never changes what its condition depends on", "change it in every round"
        self._refuse(what, fix, "It would not end.", never_ends=self._runs_anyway)

    def _refuse(self, what: str, fix: str, why: str = "", *, never_ends: bool = False) -> NoReturn:
        forking.refuse(
            LoopError(
                f"a round of this loop {what}",
                origin=self._origin,
                label="the number of rounds depends on a traced value, or is large",
                why=why
                or "Such a loop is kept as a loop: every round must be the same computation on numbers and arrays.",
                fix=fix,
                never_ends=never_ends,
            )
        )


def _flagged(check: Check) -> Ended:
    """A flag that says whether a round has raised; a loop ends with such a round."""
    flag = Input("failed", (), "bool")
    return Ended(LEAF, (flag,), (make.constant(False),), (make.select(flag, True, check.failure),), ())


def refilled(old: Any, new: Any) -> Any:
    """The lists and dicts that rounds have written into, and bound nothing else to, with what they hold now."""
    if type(old) is not type(new) or not isinstance(old, list | dict) or len(old) != len(new):
        return new
    for key in new if isinstance(new, dict) else range(len(new)):
        old[key] = refilled(old[key], new[key])
    return old


def _counted(counter: Counter, origin: Origin) -> Ended:
    """The counter of a `for`, from round to round."""
    ambient.origin = Part(origin.code, origin.offset)
    return Ended(LEAF, [counter.node], [counter.first], [counter.node + counter.step], ())


def is_decided_at_once(condition: Node, inputs: Sequence[Input], outputs: Sequence[Node]) -> bool:
    """Whether flags decide if the loop goes on, and are set by what never changes: after a round nothing is new."""
    changing = {leaf: new for leaf, new in zip(inputs, outputs, strict=True) if new is not leaf}
    asked = [each for each in topological([condition]) if isinstance(each, Input) and each in changing]
    return all(
        flag.dtype == "bool"
        and not isinstance(changing[flag], Const)
        and not any(each in changing and each is not flag for each in topological([changing[flag]]))
        for flag in asked
    )


def stay_whole(condition: Node, inputs: Sequence[Input], outputs: Sequence[Node]) -> bool:
    """Whether what was taken for a counter is one, or at least nothing is picked by it."""
    order = topological([condition, *outputs])
    while changed := [each for each, new in zip(inputs, outputs, strict=True) if each.is_whole and not is_whole(new)]:
        for each in changed:
            each.is_whole = False
    return all(is_whole(node.args[0]) for node in order if isinstance(node, Cast) and node.dtype == "int")


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
