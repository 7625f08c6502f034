"""What a path has decided about conditions, and what follows from it.

In: conditions and the sides that the path takes. Out: whether another condition holds on it already. Traced values are
real numbers: of `x > 0` and `x <= 0` one holds.
"""

import math
import operator
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from symdiff.ir import make
from symdiff.ir.nodes import Const, Map, Node, Select
from symdiff.ops import elementary, piecewise
from symdiff.ops.row import Op
from symdiff.origin import Origin

_MONOTONE: dict[Op, Callable[..., float]] = {
    elementary.add: operator.add,
    elementary.subtract: operator.sub,
    elementary.multiply: operator.mul,
    elementary.negative: operator.neg,
    elementary.divide: operator.truediv,
}
_DEPTH = 4  # operations that bounds are followed through

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
        self._premises: list[tuple[Node, bool]] = []  # what was learned, as it was
        self._answers: dict[Node, bool | None] = {}  # what follows of choices, until more is learnt

    def copy(self) -> "Knowledge":
        """The same knowledge, to which more can be added."""
        other = Knowledge()
        other._values, other._relations = dict(self._values), dict(self._relations)
        other._intervals = dict(self._intervals)
        other._premises = list(self._premises)
        return other

    def stated(self, condition: Node) -> bool | None:
        """Whether the condition has been decided itself, or as a part of one that was; nothing is inferred."""
        if isinstance(condition, Map) and condition.op is piecewise.logical_not:
            inner = self.stated(condition.args[0])
            return None if inner is None else not inner
        return self._values.get(condition)

    def value(self, condition: Node) -> bool | None:
        """Whether the condition holds on this path; None where nothing decides it."""
        if isinstance(condition, Const):
            return bool(condition.value)
        if condition in self._values:
            return self._values[condition]
        if isinstance(condition, Select):
            if condition not in self._answers:
                self._answers[condition] = self._chosen(condition)
            return self._answers[condition]
        if not isinstance(condition, Map):
            return None
        if condition.op is piecewise.logical_not:
            inner = self.value(condition.args[0])
            return None if inner is None else not inner
        pair, mask = _relation(condition)
        possible = self._possible(pair) if mask else _ANY
        if not possible & ~mask:
            return True
        if mask and not possible & mask:
            return False
        return self._counted(condition) if mask and _is_counter(pair[0]) else None

    def _counted(self, comparison: Map) -> bool | None:
        """Whether a choice between numbers compares so with a number, as the counter of a loop with `break` does."""
        if comparison not in self._answers:
            counter = next(argument for argument in comparison.args if isinstance(argument, Select))
            test, *values = counter.args
            known = self.value(test)
            sides = [
                self.value(make.apply(comparison.op, [value if arg is counter else arg for arg in comparison.args]))
                for side, value in zip((True, False), values, strict=True)
                if known is None or known is side
            ]
            self._answers[comparison] = sides[0] if sides[0] is sides[-1] else None
        return self._answers[comparison]

    @property
    def count(self) -> int:
        """How many premises there are."""
        return len(self._premises)

    def premise(self, excluded: Container[Node] = (), *, since: int = 0) -> Node | None:
        """The condition under which all that was learned holds; None where nothing was.

        excluded: conditions that are known to fail. since: how many were learned before those that are asked for.

        A choice: a later part is not looked at where an earlier one fails.
        """
        found: Node | None = None
        for condition, holds in reversed(self._premises[since:]):
            part = condition if holds else make.lift(piecewise.logical_not(condition))
            if make.lift(piecewise.logical_not(part)) in excluded:
                continue
            found = part if found is None else make.select(part, found, False)
        return found

    def assume(self, condition: Node) -> None:
        """Learns a condition that holds all that was learned before."""
        self._premises.clear()
        self.learn(condition, True)

    def _chosen(self, condition: Select) -> bool | None:
        """Whether a choice between conditions holds: what both sides agree on, or the side that is taken."""
        test, if_true, if_false = condition.args
        side = self.value(test)
        if side is not None:
            return self.value(if_true if side else if_false)
        sides = self.value(if_true), self.value(if_false)
        return sides[0] if sides[0] is sides[1] else None

    def _possible(self, pair: tuple[Node, Node]) -> int:
        """How the pair may still compare."""
        possible = self._relations.get(pair, _ANY)
        number = _number(pair[1])
        if number is not None:
            low, high = self._bounds(pair[0])
            possible &= _LESS * (low < number) | _EQUAL * (low <= number <= high) | _GREATER * (high > number)
        return possible

    def _bounds(self, node: Node, depth: int = _DEPTH) -> tuple[float, float]:
        """Between which numbers a value lies: of `1 - x` it is known where it is of x. Rounding keeps the order."""
        low, high = self._intervals.get(node, (-math.inf, math.inf))
        if isinstance(node, Map) and node.op in _MONOTONE and depth:
            numbers = [_number(argument) for argument in node.args]
            if numbers.count(None) == 1:
                ends = self._bounds(node.args[numbers.index(None)], depth - 1)
                moved = _moved(node.op, numbers, ends)
                low, high = max(low, moved[0]), min(high, moved[1])
        return low, high

    def _narrow(self, node: Node, number: float, mask: int) -> None:
        """Takes into account how a value compares with a number."""
        low, high = self._intervals.get(node, (-math.inf, math.inf))
        if not mask & _LESS:
            low = max(low, number if mask & _EQUAL else math.nextafter(number, math.inf))
        if not mask & _GREATER:
            high = min(high, number if mask & _EQUAL else math.nextafter(number, -math.inf))
        self._intervals[node] = (low, high)

    def learn(self, condition: Node, holds: bool, *, is_premise: bool = True) -> None:
        """Takes the condition, and what it is made of, as decided."""
        self._answers.clear()
        self._premises += [(condition, holds)] if is_premise else []
        pending = [(condition, holds)]
        while pending:
            condition, holds = pending.pop()
            self._values[condition] = holds
            if isinstance(condition, Select):
                pending += _parts(condition, holds)
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


def _parts(condition: Select, holds: bool) -> list[tuple[Node, bool]]:
    """What follows from a choice between conditions, one side of which is a constant: `a and b`, `a or b`."""
    test, if_true, if_false = condition.args
    found: list[tuple[Node, bool]] = []
    for side, constant, other in ((True, if_true, if_false), (False, if_false, if_true)):
        if isinstance(constant, Const) and bool(constant.value) is not holds:  # that side was not taken
            found += [(test, not side), (other, holds)]
    return found


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


def _moved(op: Op, numbers: Sequence[float | None], ends: tuple[float, float]) -> tuple[float, float]:
    """The bounds of an operation on numbers and one value that lies between two ends."""
    unknown = -math.inf, math.inf
    divisor = (ends if numbers[-1] is None else (numbers[-1], numbers[-1])) if op is elementary.divide else (1.0, 1.0)
    if divisor[0] <= 0.0 <= divisor[1]:
        return unknown
    first, second = (_MONOTONE[op](*[end if number is None else number for number in numbers]) for end in ends)
    if math.isnan(first) or math.isnan(second):
        return unknown
    return min(first, second), max(first, second)


def _is_counter(node: Node) -> bool:
    """Whether the node is one of a few numbers."""
    return isinstance(node, Select) and all(isinstance(side, Const | Select) for side in node.args[1:])


def _number(node: Node) -> float | None:
    """The number of a scalar constant."""
    return node.value if isinstance(node, Const) and not node.shape else None
