"""Whole numbers in the rounds of a loop, which floating-point numbers stand for: what must be exact, and is not.

In: the state of a loop and what a round makes of it. Out: whether a remainder, a quotient without one, or a difference
is taken of whole numbers that may be larger than 2**53, of which a float does not hold every one. Python's are exact.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from symdiff.ir.nodes import Cast, Const, Input, Layout, Map, Node, Select
from symdiff.ir.program import topological
from symdiff.ops import elementary, piecewise
from symdiff.tracing.numpy_indexing import is_whole

_EXACT = 2.0**53
_USUAL = 2.0**24  # of numbers of rounds, and of whole numbers that come from outside
_TRIED = 32  # rounds, from which it is seen how the numbers grow
_SENSITIVE = {piecewise.remainder, piecewise.floor_divide, elementary.subtract}
_SUMS = {elementary.add, elementary.subtract}


def may_lose_digits(condition: Node, inputs: Sequence[Input], initial: Sequence[Node], outputs: Sequence[Node]) -> bool:
    """Whether a round may compute with rounded whole numbers what is right for exact ones only."""
    order = topological([condition, *outputs])
    sensitive = [node for node in order if isinstance(node, Map) and node.op in _SENSITIVE and is_whole(node)]
    if not sensitive:
        return False
    found = _sizes(order, _in_the_end(order, inputs, initial, outputs))
    return any(found[argument] > _EXACT for node in sensitive for argument in node.args)


def _in_the_end(
    order: Sequence[Node], inputs: Sequence[Input], initial: Sequence[Node], outputs: Sequence[Node]
) -> dict[Input, float]:
    """How large the state may become: by as many rounds as are usual, if it grows as a power of their number."""
    places = [place for place in zip(inputs, initial, outputs, strict=True) if place[0].is_whole]
    states = {own: _size(first, []) if isinstance(first, Const) else _USUAL for own, first, _ in places}
    reached = [states]
    for _ in range(2 * _TRIED):
        found = _sizes(order, states)
        states = {own: max(states[own], found[new]) for own, _, new in places}
        reached.append(states)
    return {own: _extrapolated(*(reached[at][own] for at in (0, _TRIED, 2 * _TRIED))) for own, _, _ in places}


def _extrapolated(first: float, middle: float, last: float) -> float:
    """The size after the usual number of rounds, from that after none, some, and twice as many."""
    if last == middle or math.isinf(last):
        return last
    degree = math.log2((last - middle) / max(middle - first, 0.5) + 1.0)
    return last * (_USUAL / (2 * _TRIED)) ** max(degree, 1.0) if degree < 64 else math.inf


def _sizes(order: Sequence[Node], states: Mapping[Input, float]) -> dict[Node, float]:
    """How large the whole numbers among the nodes may be."""
    found: dict[Node, float] = {}
    for node in order:
        sizes = [found[argument] for argument in node.args]
        found[node] = states[node] if isinstance(node, Input) and node in states else _size(node, sizes)
    return found


def _size(node: Node, sizes: Sequence[float]) -> float:
    match node:
        case Const():
            return float(np.max(np.abs(np.asarray(node.value, dtype=float)), initial=0.0))
        case Select():
            return max(sizes[1:])
        case Cast() | Layout():
            return max(sizes, default=_USUAL)
        case Map(op=piecewise.remainder):
            return sizes[1]
        case Map(op=piecewise.floor_divide) if isinstance(node.args[1], Const):
            return sizes[0] / max(sizes[1], 1.0)
        case Map(op=elementary.multiply):
            return sizes[0] * sizes[1] if all(sizes) else 0.0
        case Map(op=op) if op in _SUMS:
            return sum(sizes)
        case Map() if is_whole(node) and node.dtype != "bool":
            return max(sizes)
    return _USUAL
