"""The runtime of rewritten `try` statements: they run once more for every place that may raise what they catch.

In: the names that the statement binds, and what its clauses catch. Out: the names after it. In the first run nothing is
raised, and the conditions under which something would be are noted; in each other run one of them holds.
"""

import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NamedTuple

from symdiff.ir import make
from symdiff.ir.nodes import Const, Node
from symdiff.tracing import forking
from symdiff.tracing.attempts import Attempt
from symdiff.tracing.loops import left_round
from symdiff.tracing.lowering.assigned import where_known
from symdiff.tracing.lowering.choices import Apart, Arm, Choice, caller, names_of
from symdiff.tracing.lowering.memory import Memory
from symdiff.tracing.lowering.objects import CannotMerge

MOST_RUNS = 24

_Decisions = tuple[tuple[Node, bool], ...]


class _Run(NamedTuple):
    """A run that has ended: what was decided in it, and what it left behind."""

    decisions: _Decisions
    arm: Arm


class Trying(Choice, Attempt):
    """One `try … except` while it runs."""

    def __init__(self, names: Sequence[str], caught: Callable[[], Any], changes: bool) -> None:
        super().__init__(names, changes)
        self._caught = caught
        self._runs: list[_Run] = []
        self._pending: list[_Decisions] = [()]
        self._decisions: _Decisions = ()
        self._known = 0  # premises of the run before its first instruction
        self._is_in_body = False
        self._choices: list[Any] = []
        self.denied = []

    def more(self) -> bool:
        """Whether the statement is to run once more; what the last run left behind is kept."""
        frame, session = sys._getframe(1), forking.current_session()
        if not self._sites:
            self._begin(frame, session)
        elif session is None or not self._is_tried:
            self._now = names_of(frame, self._names)
            return False
        else:
            self._end_run(frame, session)
        if not self._pending:
            assert session is not None
            self._merge(session, frame)
            return False
        if session is not None and self._is_tried:
            self._start(session)
        return True

    def handled(self) -> None:
        """The statement has left its body, for a clause, `else` or `finally`."""
        self._is_in_body = False

    def catches(self, error: type[BaseException]) -> bool:
        """Whether a clause catches an exception that is raised now."""
        return self._is_in_body and any(issubclass(error, each) for each in _flat(self._caught()))

    def raises(self, condition: Node) -> bool:
        """Whether the run is one in which the condition holds."""
        session = forking.current_session()
        assert session is not None
        premise = session.knowledge.premise(since=self._known)
        where = condition if premise is None else make.select(premise, condition, False)
        known = bool(where.value) if isinstance(where, Const) else dict(self._decisions).get(where)
        if known is None and not isinstance(condition, Const):
            known = session.knowledge.value(condition)
        if known is None:
            if len(self._runs) + len(self._pending) >= MOST_RUNS:
                self.give_up()
            self._pending.append((*self._decisions, (where, True)))
            self._decisions = (*self._decisions, (where, False))
            self.denied.append(where)
            if not isinstance(condition, Const):  # what follows a `raise` is not to know that nothing comes there
                session.knowledge.learn(condition, False, is_premise=False)
                session.knowledge.learn(where, False, is_premise=False)
        return bool(known)

    def break_off(self) -> None:
        """An exception has left it: what is still to be run after it is traced apart."""
        if self._runs or self._pending or self._decisions:
            self.give_up()

    def give_up(self) -> None:
        """Asks for another trace, in which paths are told apart where it raises."""
        raise Apart(self._sites)

    def _begin(self, frame: FrameType, session: forking.Session | None) -> None:
        origin = caller()
        self.frame = frame
        self._sites = [origin]
        self._before = self._now = names_of(frame, self._names)
        self._is_tried = session is not None and session.following is None and not session.is_apart(origin)
        if session is not None and self._is_tried:
            self._knowledge = session.knowledge
            self._choices = session.open_choices
            self.rounds = session.rounds_inside
            if self._changes or session.has_objects():
                self._memory = Memory(frame.f_locals.values())

    def _start(self, session: forking.Session) -> None:
        """A run begins, in which some conditions are known to hold, or not to."""
        self._decisions = self._pending.pop()
        session.knowledge = self._knowledge.copy()
        for condition, holds in self._decisions:
            session.knowledge.learn(condition, holds)
        self._known = session.knowledge.count
        self.denied = []
        self._is_in_body = True
        self._now = {name: where_known(value, session.knowledge.stated) for name, value in self._before.items()}
        session.attempts.enter(self)

    def _end_run(self, frame: FrameType, session: forking.Session) -> None:
        if len(session.open_choices) > len(self._choices):  # an exception has left one side of them
            raise Apart(session.open_choices)
        if session.rounds_inside > self.rounds:
            session.refuse(left_round(session.kept_round.origin))
        arm = Arm(None, names_of(frame, self._names), self._memory.contents())
        self._runs.append(_Run(self._decisions, arm))
        session.attempts.leave(self)
        session.knowledge = self._knowledge
        if self._pending:
            try:
                self._memory.restore()
            except CannotMerge:
                raise Apart(self._sites) from None

    def _merge(self, session: forking.Session, frame: FrameType) -> None:
        """The names and the memory after the statement."""
        shared: list[Any] = []
        try:
            after = self._merged_runs(self._runs, 0, frame, shared)
            if len(self._runs) > 1:
                self._memory.put(after.contents)
        except CannotMerge:
            raise Apart(self._sites) from None
        for joined in shared:
            joined.refuse_writing()
        self._now = after.names

    def _merged_runs(self, runs: Sequence[_Run], depth: int, frame: FrameType, shared: list[Any]) -> Arm:
        """What the runs have left behind, as one: they are told apart by what was decided at a depth, and after it."""
        if len(runs) == 1:
            return runs[0].arm
        condition = runs[0].decisions[depth][0]
        raised, passed = ([run for run in runs if run.decisions[depth][1] is side] for side in (True, False))
        if_true, if_false = (self._merged_runs(side, depth + 1, frame, shared) for side in (raised, passed))
        return self._merged(if_true._replace(condition=condition), if_false, frame, shared)


def trying(names: Sequence[str], caught: Callable[[], Any], changes: bool) -> Trying:
    """A `try` that binds the names.

    caught: gives what its clauses name. changes: whether it may change objects that exist before it.
    """
    return Trying(names, caught, changes)


def _flat(caught: Any) -> list[type[BaseException]]:
    """The classes that clauses name, alone or in tuples."""
    if isinstance(caught, tuple):
        return [kind for each in caught for kind in _flat(each)]
    return [caught]
