"""The runtime of rewritten functions: runs the sides of a choice, and merges what they leave behind.

In: tests, and the names that the sides bind. Out: the names after the choice. A test that is the same for all arguments
is decided at once; on a traced one both sides run, each knowing what the test says there.
"""

import operator
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType, FunctionType
from typing import Any, NamedTuple, NoReturn

from symdiff.errors import ConversionError
from symdiff.ir import make
from symdiff.ir.nodes import Const, Node, ambient
from symdiff.ops import piecewise
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.frames import Bound
from symdiff.tracing.identity import distinct, identical
from symdiff.tracing.lowering.absent import NOTHING, Unassigned
from symdiff.tracing.lowering.aliases import others, outside, shared_ones
from symdiff.tracing.lowering.assigned import where_known
from symdiff.tracing.lowering.exits import RESULT
from symdiff.tracing.lowering.memory import Memory
from symdiff.tracing.lowering.merging import Joined, Merging
from symdiff.tracing.lowering.objects import CannotMerge, Contents, parts_of
from symdiff.tracing.raising import is_caught, is_of_a_protocol
from symdiff.tracing.tracer import Tracer, wrap

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Is": identical,
    "IsNot": distinct,
    "In": lambda item, items: item in items,
    "NotIn": lambda item, items: item not in items,
}


_NO_NAMES: dict[str, Any] = {"": None}  # of a choice that has begun


class NoValue(BaseException):
    """A function has no value on the side of a choice that runs, as it raises there."""


class Apart(forking.Request):
    """The sides of the choices at some places have no common form: their paths are to be traced apart."""

    def __init__(self, sites: Sequence[Origin]) -> None:
        super().__init__()
        self.sites = sites


def _apart(sites: Sequence[Origin]) -> NoReturn:
    """What a choice has left behind matters: which of two texts it was."""
    raise Apart(sites)


class Arm(NamedTuple):
    """A side that has run: its condition (None for the last one), and what it left behind."""

    condition: Node | None
    names: dict[str, Any]
    contents: Contents


class Choice:
    """One `if … elif … else` while it runs."""

    def __init__(self, names: Sequence[str], changes: bool) -> None:
        self._names = names
        self._changes = changes
        self._before: dict[str, Any] = {}
        self._now: dict[str, Any] = {}
        self._arms: list[Arm] = []
        self._failed: list[Node] = []  # conditions that do not hold in the run
        self._first = 0  # the arm that the run asks first
        self._asked = 0
        self._condition: Node | None = None  # of the side that runs, where it is traced
        self._memory = Memory(())
        self._sites: list[Origin] = []
        self._knowledge: Any = None

    def __getitem__(self, name: str) -> Any:
        return self._now[name]

    def reaches(self, number: int) -> bool:
        """Whether the run asks the test of an arm: those before it are known to fail."""
        self._asked = number
        return number >= self._first

    def takes(self, test: Any) -> bool:
        """Whether the run takes the arm whose test this is."""
        test = truth_of(test)
        condition = undecided(test)
        session, origin, frame = forking.current_session(), caller(), sys._getframe(1)
        self._now = names_of(frame, self._names) or _NO_NAMES  # with what the test has bound
        if condition is None or session is None or session.is_apart(origin):
            return bool(test)
        if not self._sites:
            self._knowledge = session.knowledge
        self._before = self._now  # the test is not asked again
        if self._changes or session.has_objects():
            self._memory.learn(frame.f_locals.values())
        self._sites.append(origin)
        session.enter(origin, condition)
        self._condition = condition
        self._suppose(session, condition)
        return True

    def more(self) -> bool:
        """Whether a side is still to run; what the last one left behind is kept."""
        frame = sys._getframe(1)
        if not self._before:
            self._before = self._now = names_of(frame, self._names) or _NO_NAMES
            return True
        self._arms.append(Arm(self._condition, names_of(frame, self._names), self._memory.contents()))
        session = forking.current_session()
        if self._condition is None or session is None:
            self._finish(session, frame)
            return False
        try:
            self._memory.restore()
        except CannotMerge:
            raise Apart(self._sites) from None
        self._failed.append(self._condition)
        self._condition, self._first = None, self._asked + 1
        self._suppose(session, None)
        return True

    def _suppose(self, session: forking.Session, condition: Node | None) -> None:
        """The run goes on where the condition holds and those before it do not."""
        session.knowledge = self._knowledge.copy()
        known = [*((failed, False) for failed in self._failed), *([(condition, True)] if condition is not None else [])]
        for each, side in known:
            session.knowledge.learn(each, side)
        self._now = {name: where_known(value, session.knowledge.stated) for name, value in self._before.items()}

    def _finish(self, session: forking.Session | None, frame: FrameType) -> None:
        """The names and the memory after the choice."""
        if session is not None:
            for site in self._sites:
                session.leave(site)
        *earlier, last = self._arms
        after = last
        shared: list[Joined] = []
        if earlier and session is not None:
            session.knowledge = self._knowledge
        for arm in reversed(earlier):
            try:
                after = self._merged(arm, after, frame, shared)
            except CannotMerge:
                raise Apart(self._sites) from None
        if earlier:
            self._memory.put(after.contents)
        for joined in shared:
            joined.refuse_writing()
        self._now = after.names

    def _merged(self, arm: Arm, other: Arm, frame: FrameType, shared: list[Joined]) -> Arm:
        """An arm and what comes where its condition does not hold, as one; the arrays that are shared are noted."""
        assert arm.condition is not None
        origin = caller()
        names = {}
        look = partial(_apart, self._sites)
        merging, returning = (Merging(arm.condition, arm.contents, other.contents, look) for _ in range(2))
        for name in self._names:
            ambient.origin = Bound(origin, name)
            merges = returning if name == RESULT else merging
            names[name] = merges.value(arm.names[name], other.names[name], name)
        contents = self._memory.merge(merging)
        bound = [[value for name, value in side.names.items() if name != RESULT] for side in (arm, other)]
        shared += shared_ones(merging, bound, others(frame, names))
        returned = [[side.names.get(RESULT)] for side in (arm, other)]
        shared += shared_ones(returning, returned, outside(frame))
        return Arm(other.condition, names, contents)


def choice(names: Sequence[str], changes: bool) -> Choice:
    """A choice whose sides bind the names.

    changes: whether the sides may change objects that exist before it.
    """
    return Choice(names, changes)


def either(test: Any, if_true: Callable[[], Any], if_false: Callable[[], Any], *, changes: bool = False) -> Any:
    """`if_true() if test else if_false()`.

    changes: whether the sides may change objects that exist before them.
    """
    test = truth_of(test)
    condition = undecided(test)
    if condition is None or _is_apart():
        return if_true() if test else if_false()
    return _both(condition, if_true, if_false, changes)


def all_of(value: Any, *rest: Callable[[], Any], changes: bool = False) -> Any:
    """`value and rest[0]() and …`."""
    if not rest:
        return value
    truth = truth_of(value)
    condition = undecided(truth)
    if condition is None or _is_apart():
        return all_of(rest[0](), *rest[1:], changes=changes) if truth else value
    return _both(condition, lambda: all_of(rest[0](), *rest[1:], changes=changes), lambda: value, changes)


def any_of(value: Any, *rest: Callable[[], Any], changes: bool = False) -> Any:
    """`value or rest[0]() or …`."""
    if not rest:
        return value
    truth = truth_of(value)
    condition = undecided(truth)
    if condition is None or _is_apart():
        return value if truth else any_of(rest[0](), *rest[1:], changes=changes)
    return _both(condition, lambda: value, lambda: any_of(rest[0](), *rest[1:], changes=changes), changes)


def negation(value: Any) -> Any:
    """`not value`."""
    value = truth_of(value)
    condition = undecided(value)
    return (not value) if condition is None else wrap(piecewise.logical_not(condition))


def contains(items: Any, value: Any) -> Any:
    """`value in items`, for a few items."""
    if not isinstance(value, Tracer) and not any(isinstance(item, Tracer) for item in items):
        return value in items
    return any_of(False, *[partial(_equal, value, item) for item in items])


def without_truths(subject: Any) -> Any:
    """The subject of a `match` that asks parts of it whether they are `True`: no traced one ever is."""
    pending, seen = [subject], set[int]()
    while pending:
        value = pending.pop()
        if isinstance(value, Tracer) and value.node.dtype == "bool":
            forking.refuse(
                ConversionError(
                    "a `match` asks a part of its subject whether it is True or False",
                    origin=caller(),
                    why="Such a pattern never matches a truth value that has no number yet.",
                    fix="match numbers or texts, or write if … elif … else",
                )
            )
        pending += (parts_of(value) or []) if id(value) not in seen else []
        seen.add(id(value))
    return subject


def chained(operators: Sequence[str], left: Any, right: Any, *rest: Callable[[], Any], changes: bool = False) -> Any:
    """`left < right <= rest[0]() …`, each computed once, as far as it is asked for."""
    first = _COMPARISONS[operators[0]](left, right)
    if not rest:
        return first
    return all_of(first, lambda: chained(operators[1:], right, rest[0](), *rest[1:], changes=changes), changes=changes)


def holds(flag: Any) -> bool:
    """Whether a flag is set for all arguments."""
    return undecided(flag) is None and bool(flag)


def another_round(stop: Any, test: Callable[[], Any]) -> Any:
    """Whether a loop goes on: `not stop and test()`, true as soon as the test holds wherever the loop was not left.

    What the round does is under `if not stop` anyway, so it need not be known which arguments have left the loop.
    """
    left = undecided(stop)
    if left is None or _is_apart():
        return not stop and test()
    session = forking.current_session()
    assert session is not None
    knowledge, session.knowledge = session.knowledge, session.knowledge.copy()
    session.knowledge.learn(left, False)
    value = _decided(test())
    known = undecided(value) is None
    session.knowledge = knowledge
    if known and (not value or session.goes_round(caller())):
        return bool(value)
    return _both(left, lambda: False, lambda: value)


def raised(make_error: Callable[[], Any]) -> Any:
    """`raise make_error()`: for the arguments that come here, a check of the program."""
    session = forking.current_session()
    premise = None if session is None or session.following is not None else session.premise()
    error = make_error()
    error = error() if isinstance(error, type) else error
    if session is None or premise is None:
        raise error
    attempt = None if is_of_a_protocol(error) else session.catching(type(error))
    if attempt is not None:
        if attempt.raises(make.constant(True)):
            raise error
        return NOTHING
    if is_caught() or is_of_a_protocol(error):
        raise forking.Caught
    if session.fail(make.constant(True), error, caller()):
        raise error
    return NOTHING


def result(value: Any) -> Any:
    """What the function returns; on a side where it always raises there is nothing to go on with."""
    session = forking.current_session()
    if value is NOTHING and session is not None and session.attempts.passed is not None:
        if session.sides and session.sides[-1] == session.standing:
            raise NoValue
        session.attempts.passed.give_up()
    return None if value is NOTHING else value


def truth_of(value: Any) -> Any:
    """What an object of a class of the user's says of its truth, which may be traced; any other value as it is."""
    asked = None if isinstance(value, Tracer) else getattr(type(value), "__bool__", None)
    return asked(value) if isinstance(asked, FunctionType) else value


def undecided(test: Any) -> Node | None:
    """The condition of a test on a traced value that nothing decides; None for any other."""
    if not isinstance(test, Tracer) or test.node.size != 1 or isinstance(test.node, Const):
        return None
    condition = make.reshape(test.node, ())
    if condition.dtype != "bool":
        condition = make.apply(piecewise.not_equal, (condition, 0.0))
    session = forking.current_session()
    known = session is None or isinstance(condition, Const) or session.knowledge.value(condition) is not None
    return None if known else condition


def _equal(value: Any, item: Any) -> Any:
    return value is item or value == item


def _both(condition: Node, if_true: Callable[[], Any], if_false: Callable[[], Any], changes: bool = False) -> Any:
    """Both values, each made where the condition says so, and chosen between; and so with the objects that change."""
    session, origin = forking.current_session(), caller()
    assert session is not None
    frame = _calling_frame()
    memory = Memory(frame.f_locals.values() if changes or session.has_objects() else ())
    knowledge, values, contents = session.knowledge, [], []
    session.enter(origin, condition)
    try:
        for side, compute in ((True, if_true), (False, if_false)):
            session.knowledge = knowledge.copy()
            session.knowledge.learn(condition, side)
            memory.restore()
            values.append(_decided(_value_of(compute, session)))
            contents.append(memory.contents())
        session.knowledge = knowledge
        session.leave(origin)
        ambient.origin = origin
        merging = Merging(condition, contents[0], contents[1], partial(_apart, [origin]))
        made = merging.value(*values)
        after = memory.merge(merging)
        shared = shared_ones(merging, ([values[0]], [values[1]]), others(frame, {}))
        memory.put(after)
        for joined in shared:
            joined.refuse_writing()
        return made
    except CannotMerge:
        raise Apart([origin]) from None


def _value_of(compute: Callable[[], Any], session: forking.Session) -> Any:
    """The value of a side; nothing where it always raises what is caught further out."""
    session.sides.append(session.standing)
    try:
        return compute()
    except NoValue:
        return NOTHING
    finally:
        session.sides.pop()


def _decided(value: Any) -> Any:
    """A condition that is known where it was asked, as a truth value."""
    if not isinstance(value, Tracer) or value.node.dtype != "bool":
        return value
    return value if value.node.shape or undecided(value) is not None else bool(value)


def _is_apart() -> bool:
    session = forking.current_session()
    return session is None or session.is_apart(caller())


def names_of(frame: FrameType, names: Sequence[str]) -> dict[str, Any]:
    """What the names hold in a frame."""
    known = frame.f_locals
    return {name: known[name] if name in known else Unassigned(name) for name in names}


def caller() -> Origin:
    """The instruction of the rewritten function that called the runtime."""
    frame = _calling_frame()
    return Origin(frame.f_code, frame.f_lasti)


def _calling_frame() -> FrameType:
    """The frame of the rewritten function that called the runtime."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and str(frame.f_globals.get("__name__")).startswith(__package__ or ""):
        frame = frame.f_back
    assert frame is not None
    return frame
