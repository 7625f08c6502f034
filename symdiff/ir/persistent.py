"""Conditions that stay true once they are: `x > 0.0`, where every round adds to x.

In: the condition of a loop, and what a round makes of what it changes. Out: whether the loop goes on for ever once it
has begun. Sums, differences and multiples of what only grows or only falls are followed; anything else may end it.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from symdiff.ir import make
from symdiff.ir.nodes import Const, Index, Map, Node, Reduce, Select
from symdiff.ir.program import topological
from symdiff.ops import elementary, piecewise

_BELOW = (piecewise.less, piecewise.less_equal)
_ABOVE = (piecewise.greater, piecewise.greater_equal)
_TERMS = (elementary.add, elementary.subtract, elementary.negative)
_OF_ELEMENTS = ("sum", "max", "min")  # grow where an element does


def stays(condition: Node, value: bool, changes: Mapping[Node, Node]) -> bool:
    """Whether the condition has the value after a round, whatever the numbers are, if it has it before.

    changes: what a round makes of the inputs that it changes.
    """
    if changes.keys().isdisjoint(topological([condition])):
        return True
    if isinstance(condition, Map) and condition.op is piecewise.logical_not:
        return stays(condition.args[0], not value, changes)
    if isinstance(condition, Select):
        asked, if_true, if_false = condition.args
        is_and_or_or = if_true is make.constant(True) or if_false is make.constant(False)
        if not is_and_or_or and if_true is not make.constant(False) and if_false is not make.constant(True):
            return False
        sides = stays(if_true, value, changes) and stays(if_false, value, changes)
        return sides and stays(asked, value is is_and_or_or, changes)
    if isinstance(condition, Reduce) and condition.how in ("any", "all"):
        return stays(condition.args[0], value, changes)
    if isinstance(condition, Map) and condition.op in (piecewise.logical_and, piecewise.logical_or):
        return all(stays(arg, value, changes) for arg in condition.args)
    if not isinstance(condition, Map) or condition.op not in (*_BELOW, *_ABOVE):
        return False
    first, second = (_growth(arg, changes) for arg in condition.args)
    if first is None or second is None:
        return False
    return first >= 0 >= second if value is (condition.op in _ABOVE) else first <= 0 <= second


def _growth(node: Node, changes: Mapping[Node, Node]) -> int | None:
    """1 for what no round makes smaller, -1 for what none makes larger, 0 for what stays; None where that is open."""
    if changes.keys().isdisjoint(topological([node])):
        return 0
    if node in changes:
        return _step(changes[node], node)
    if isinstance(node, Index) or (isinstance(node, Reduce) and node.how in _OF_ELEMENTS):
        return _growth(node.args[0], changes)
    if isinstance(node, Map) and node.op in _TERMS:
        return _of_terms(node, [_growth(arg, changes) for arg in node.args])
    if isinstance(node, Map) and node.op is elementary.multiply and any(isinstance(arg, Const) for arg in node.args):
        factor, other = node.args if isinstance(node.args[0], Const) else node.args[::-1]
        sign, growth = _sign(factor), _growth(other, changes)
        return None if sign is None or growth is None else sign * growth
    return None


def _step(output: Node, before: Node) -> int | None:
    """How an input changes in a round that makes the output of it."""
    if output is before:
        return 0
    if isinstance(output, Select):
        return _together([_step(side, before) for side in output.args[1:]])
    if isinstance(output, Map) and output.op in _TERMS[:2]:
        first, second = output.args
        if output.op is elementary.add and isinstance(first, Const):
            first, second = second, first
        return _of_terms(output, [_step(first, before), _sign(second)])
    return None


def _of_terms(node: Map, growths: Sequence[int | None]) -> int | None:
    *first, last = growths
    return _together([*first, last if last is None or node.op is elementary.add else -last])


def _together(growths: Sequence[int | None]) -> int | None:
    """How a sum grows, or what is one of several numbers."""
    if None in growths:
        return None
    signs = {growth for growth in growths if growth}
    return signs.pop() if len(signs) == 1 else None if signs else 0


def _sign(number: Node) -> int | None:
    if not isinstance(number, Const) or number.dtype != "real" or np.isnan(number.value).any():
        return None
    signs = {int(sign) for sign in np.unique(np.sign(number.value))} - {0}
    return signs.pop() if len(signs) == 1 else None if signs else 0
