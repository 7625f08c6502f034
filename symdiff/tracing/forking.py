"""Control flow: a function is run once for every path that its `if`s on traced values can take.

In: the conditions that the running function asks about. Out: a decision for each, a path at a time, until every path
has been run; and afterwards one value, chosen by Selects in the shape of the decision tree.

Conditions are nodes, and nodes are hash-consed, so a path that is run again meets the very same conditions. Traced
values are real numbers: of `x > 0` and `x <= 0` one holds.
"""

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from symdiff.errors import SymdiffError, TraceError
from symdiff.ir import make
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ops import piecewise
from symdiff.origin import Origin
from symdiff.tracing.loops import too_many_paths

PATH_BUDGET = 64
_LESS, _EQUAL, _GREATER = 1, 2, 4
_ANY = _LESS | _EQUAL | _GREATER
_RELATIONS = {
    piecewise.less: _LESS,
    piecewise.less_equal: _LESS | _EQUAL,
    piecewise.equal: _EQUAL,
    piecewise.not_equal: _LESS | _GREATER,
    piecewise.greater_equal: _GREATER | _EQUAL,
    piecewise.greater: _GREATER,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A condition, the side that the path takes, and the instruction that asked."""

    condition: Node
    side: bool
    origin: Origin | None


class Knowledge:
    """What a path has decided, and what follows from it."""

    def __init__(self) -> None:
        self._values: dict[Node, bool] = {}
        self._relations: dict[tuple[Node, Node], int] = {}
        self._intervals: dict[Node, tuple[float, float]] = {}

    def value(self, condition: Node) -> bool | None:
        """Whether the condition holds on this path; None where nothing decides it."""
        if isinstance(condition, Const):
            return bool(condition.value)
        if condition in self._values:
            return self._values[condition]
        if not isinstance(condition, Map):
            return None
        if condition.op is piecewise.logical_not:
            inner = self.value(condition.args[0])
            return None if inner is None else not inner
        pair, mask = _relation(condition)
        possible = self._possible(pair) if mask else _ANY
        if not possible & ~mask:
            return True
        return False if mask and not possible & mask else None

    def _possible(self, pair: tuple[Node, Node]) -> int:
        """How the pair may still compare."""
        possible = self._relations.get(pair, _ANY)
        number = _number(pair[1])
        if number is not None and pair[0] in self._intervals:
            low, high = self._intervals[pair[0]]
            possible &= _LESS * (low < number) | _EQUAL * (low <= number <= high) | _GREATER * (high > number)
        return possible

    def _narrow(self, node: Node, number: float, mask: int) -> None:
        """Takes into account how a value compares with a number."""
        low, high = self._intervals.get(node, (-math.inf, math.inf))
        if not mask & _LESS:
            low = max(low, number if mask & _EQUAL else math.nextafter(number, math.inf))
        if not mask & _GREATER:
            high = min(high, number if mask & _EQUAL else math.nextafter(number, -math.inf))
        self._intervals[node] = (low, high)

    def learn(self, condition: Node, holds: bool) -> None:
        """Takes the condition, and what it is made of, as decided."""
        pending = [(condition, holds)]
        while pending:
            condition, holds = pending.pop()
            self._values[condition] = holds
            if not isinstance(condition, Map):
                continue
            if condition.op is piecewise.logical_not:
                pending.append((condition.args[0], not holds))
            elif condition.op is (piecewise.logical_and if holds else piecewise.logical_or):
                pending += [(argument, holds) for argument in condition.args]
            pair, mask = _relation(condition)
            if mask:
                decided = self._possible(pair) & (mask if holds else ~mask)
                self._relations[pair] = decided
                number = _number(pair[1])
                if number is not None:
                    self._narrow(pair[0], number, decided)


def _relation(condition: Map) -> tuple[tuple[Node, Node], int]:
    """The pair that is compared, in one order for `a < b` and `b > a`, and which of less, equal, greater are meant."""
    mask = _RELATIONS.get(condition.op, 0)
    if not mask or len(condition.args) != 2:
        return (condition, condition), 0
    a, b = condition.args
    if any(_number(side) != _number(side) for side in (a, b)):  # nothing is known of what is compared with nan
        return (a, b), 0
    if isinstance(b, Const) or (id(a) <= id(b) and not isinstance(a, Const)):
        return (a, b), mask
    return (b, a), mask & _EQUAL | (_GREATER if mask & _LESS else 0) | (_LESS if mask & _GREATER else 0)


def _number(node: Node) -> float | None:
    """The number of a scalar constant."""
    return node.value if isinstance(node, Const) and not node.shape else None


class Session:
    """One traced call: the decisions of the path that is running, and those that are still to be tried."""

    def __init__(self) -> None:
        self.prefix: list[Decision] = []
        self.taken: list[Decision] = []
        self.pending: list[list[Decision]] = []
        self.finished = 0
        self.refusal: SymdiffError | None = None
        self._knowledge = Knowledge()

    def start_path(self, prefix: list[Decision]) -> None:
        self.prefix, self.taken = prefix, []
        self._knowledge = Knowledge()

    def decide(self, condition: Node, origin: Origin | None) -> bool:
        """The side that the running path takes at this condition."""
        known = self._knowledge.value(condition)
        if known is not None:
            return known
        position = len(self.taken)
        if position < len(self.prefix):
            decision = self.prefix[position]
            if decision.condition is not condition:
                self.refuse(_unsteady(origin))
        else:
            decision = Decision(condition, True, origin)
            self.pending.append([*self.taken, Decision(condition, False, origin)])
        self.taken.append(decision)
        self._knowledge.learn(condition, decision.side)
        if len(self.pending) + self.finished + 1 > PATH_BUDGET:
            self.refuse(too_many_paths(self.taken, PATH_BUDGET))
        return decision.side

    def refuse(self, error: SymdiffError) -> NoReturn:
        """Raises the error, and remembers it in case the user's code swallows it."""
        if self.refusal is None:
            self.refusal = error
        raise error


def _unsteady(origin: Origin | None) -> TraceError:
    return TraceError(
        "the function does not do the same thing twice",
        origin=origin,
        label="asks for another condition when it is run again",
        why="Each path through the `if`s is run on its own, and all of them must begin alike.",
        fix="pass what changes between calls (a counter, a random number) as an argument",
    )


class _State(threading.local):
    """The sessions that run in this thread, the innermost last."""

    sessions: list[Session]

    def __init__(self) -> None:
        self.sessions = []


_state = _State()


def current_session() -> Session | None:
    """The innermost running session of this thread."""
    return _state.sessions[-1] if _state.sessions else None


def refuse(error: SymdiffError) -> NoReturn:
    """Raises the error in the running session, so that no `except` of the user's can hide it."""
    session = current_session()
    if session is not None:
        session.refuse(error)
    raise error


@dataclass
class Path:
    """A finished path: its decisions, and the value it ended with."""

    decisions: list[Decision]
    value: Any = field(default=None)


def explore(run: Callable[[Session], Any]) -> list[Path]:
    """Every path of `run`, from the one where all conditions hold to the one where none does."""
    session = Session()
    paths: list[Path] = []
    session.pending.append([])
    while session.pending:
        session.start_path(session.pending.pop())
        _state.sessions.append(session)
        try:
            value = run(session)
        finally:
            _state.sessions.pop()
        if session.refusal is not None:
            raise session.refusal
        session.finished += 1
        paths.append(Path(session.taken, value))
    return paths


def merge(paths: Sequence[Path], leaves: Sequence[Sequence[Node]], depth: int = 0) -> list[Node]:
    """The outputs, each chosen among the paths' by their decisions; `explore` lists true sides before false ones."""
    if len(paths) == 1:
        return list(leaves[0])
    condition = paths[0].decisions[depth].condition
    split = next(position for position, path in enumerate(paths) if not path.decisions[depth].side)
    if_true = merge(paths[:split], leaves[:split], depth + 1)
    if_false = merge(paths[split:], leaves[split:], depth + 1)
    return [make.select(condition, t, f) for t, f in zip(if_true, if_false, strict=True)]
