"""Whole numbers in the rounds of a loop, which floating-point numbers stand for: what must be exact, and is not.

In: the state of a loop and what a round makes of it. Out: whether a remainder, a quotient without one, or a difference
is taken of whole numbers that may be larger than 2**53, of which a float does not hold every one. Python's are exact.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeGuard

import numpy as np

from symdiff.ir.nodes import Const, Input, Layout, Loop, Map, Node, Part, Select
from symdiff.ir.program import topological
from symdiff.ops import elementary, piecewise
from symdiff.tracing.numpy_indexing import is_whole
from symdiff.tracing.whole import EXACT

_USUAL = 2.0**24  # of numbers of rounds, and of whole numbers that come from outside
_TRIED = 32  # rounds, from which it is seen how the numbers grow
_SENSITIVE = {piecewise.remainder, piecewise.floor_divide, elementary.subtract}
_SUMS = {elementary.add, elementary.subtract}


class Misuse(NamedTuple):
    """A node that computes with rounded whole numbers, and the loop that they come from, if one does."""

    node: Node
    loop: Node | None


class _Place(NamedTuple):
    """A state, how large it is before the loop, and what a round makes of it."""

    own: Input
    first: float
    new: Node


def may_lose_digits(condition: Node, inputs: Sequence[Input], initial: Sequence[Node], outputs: Sequence[Node]) -> bool:
    """Whether a round may compute with rounded whole numbers what is right for exact ones only."""
    order = topological([condition, *outputs])
    if not any(map(_is_sensitive, order)):
        return False
    before = _sizes(topological(initial), {})
    places = [_Place(own, before[first], new) for own, first, new in zip(inputs, initial, outputs, strict=True)]
    return next(_misuses(order, _sizes(order, _in_the_end(order, places))), None) is not None


def misuse(nodes: Sequence[Node]) -> Misuse | None:
    """The first node that computes with rounded whole numbers; None where all may be.

    A difference is a misuse only where a loop makes large what it is taken of.
    """
    order = topological(nodes)
    if not any(map(_is_sensitive, order)):
        return None
    for node in _misuses(order, _sizes(order, {})):
        loop = next((each for each in reversed(topological([node])) if _leaves_whole_numbers(each)), None)
        if loop is not None or node.op is not elementary.subtract:
            return Misuse(node, loop)
    return None


def _leaves_whole_numbers(node: Node) -> bool:
    return isinstance(node, Loop) and any(own.is_whole for own in node.body.state)


def _is_sensitive(node: Node) -> TypeGuard[Map]:
    return isinstance(node, Map) and node.op in _SENSITIVE and is_whole(node)


def _misuses(order: Sequence[Node], sizes: Mapping[Node, float]) -> Iterator[Map]:
    """The nodes that are right for exact numbers only, and are given such as may be rounded."""
    return (node for node in order if _is_sensitive(node) and any(sizes[arg] > EXACT for arg in node.args))


def _in_the_end(order: Sequence[Node], places: Sequence[_Place], tried: int = _TRIED) -> dict[Input, float]:
    """How large the state may become: by as many rounds as are usual, if it grows as a power of their number."""
    whole = [place for place in places if place.own.is_whole]
    states = {own: _known(first) for own, first, _ in whole}
    reached = [states]
    for _ in range(2 * tried):
        found = _sizes(order, states, tried)
        states = {own: max(states[own], _known(found[new])) for own, _, new in whole}
        reached.append(states)
    first, middle, last = reached[::tried]
    return {own: _extrapolated(first[own], middle[own], last[own], 2 * tried) for own, _, _ in whole}


def _extrapolated(first: float, middle: float, last: float, rounds: int) -> float:
    """The size after the usual number of rounds, from that after none, half of some, and all of them."""
    if last == middle or math.isinf(last):
        return last
    degree = math.log2((last - middle) / max(middle - first, 0.5) + 1.0)
    return last * (_USUAL / rounds) ** max(degree, 1.0) if degree < 64 else math.inf


def _sizes(order: Sequence[Node], states: Mapping[Input, float], tried: int = 8 * _TRIED) -> dict[Node, float]:
    """How large the whole numbers among the nodes may be; nan for what need not be whole.

    tried: rounds, of which loops among the nodes try an eighth.
    """
    found: dict[Node, float] = {}
    for node in order:
        sizes = [found[argument] for argument in node.args]
        if isinstance(node, Input) and node in states:
            found[node] = states[node]
        elif isinstance(node, Part) and isinstance(node.args[0], Loop):
            loop = node.args[0]
            own = loop.body.state[node.position]
            found[node] = _after(loop, [found[arg] for arg in loop.args], tried)[own] if own.is_whole else math.nan
        else:
            found[node] = _size(node, sizes)
    return found


def _after(loop: Loop, sizes: Sequence[float], tried: int) -> dict[Input, float]:
    """How large the state of a loop is after it, which begins with values of some sizes."""
    body, key = loop.body, ("sizes", tuple(sizes), tried)
    if key not in body.derived:
        order = topological([body.condition, *body.outputs])
        places = [_Place(*place) for place in zip(body.state, sizes, body.outputs, strict=False)]
        body.derived[key] = _in_the_end(order, places, max(1, tried // 8))
    found: dict[Input, float] = body.derived[key]
    return found


def _size(node: Node, sizes: Sequence[float]) -> float:
    match node:
        case Const():
            value = np.asarray(node.value, dtype=complex)
            return float(np.max(np.abs(value), initial=0.0)) if is_whole(node) else math.nan
        case Select():
            return _largest(sizes[1:])
        case Layout():
            return _largest(sizes)
        case Map(op=piecewise.remainder):
            return math.nan if math.isnan(sizes[0]) else sizes[1]
        case Map(op=piecewise.floor_divide) if isinstance(node.args[1], Const):
            return sizes[0] / max(sizes[1], 1.0)
        case Map(op=elementary.multiply):
            return sizes[0] * sizes[1] if all(sizes) else 0.0
        case Map(op=elementary.power) if isinstance(node.args[1], Const):
            return _power(sizes[0], float(np.max(node.args[1].value, initial=0.0)))
        case Map(op=op) if op in _SUMS:
            return sum(sizes)
        case Map() if is_whole(node) and node.dtype != "bool":
            return _known(_largest(sizes))  # what `floor` makes of any number is exact
    return _USUAL if is_whole(node) else math.nan


def _largest(sizes: Sequence[float]) -> float:
    return math.nan if any(map(math.isnan, sizes)) else max(sizes, default=_USUAL)


def _known(size: float) -> float:
    return _USUAL if math.isnan(size) else size


def _power(size: float, exponent: float) -> float:
    try:
        return float(max(size, 1.0) ** exponent)
    except OverflowError:
        return math.inf
