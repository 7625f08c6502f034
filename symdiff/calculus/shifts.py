"""Maxima that cancel: `exp(x - max(x)) / sum(exp(x - max(x)))` does not depend on what is subtracted.

In: the outputs of a program. Out: those maxima and minima of which no output depends, so that they need no derivative.
Nobody would differentiate the shift that keeps an exponential from overflowing by hand; its derivative is 0, computed
from ties, and rounded.

Whether an output depends on a value m is found by following what becomes of each node when m grows by t: it grows by
k t, or by the factor exp(k t), or stays. Where another rule would be needed the answer is that it depends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from symdiff.ir.make_shifts import is_shift
from symdiff.ir.nodes import Const, Einsum, Index, Join, Layout, Map, Node, Reduce, Select
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops.row import Op

_MOST_MAXIMA = 64  # of two numbers, that are looked at


@dataclass(frozen=True)
class Change:
    """What becomes of a node when m grows by t: it grows by rate·t, or by the factor exp(rate·t).

    axes: for every axis of m, the axis of the node along which t runs.
    """

    is_factor: bool
    rate: float
    axes: tuple[int, ...]


class _UnknownError(Exception):
    """The change is neither."""


def unneeded_maxima(order: Sequence[Node], outputs: Sequence[Node]) -> frozenset[Node]:
    """The maxima and minima on which no output depends, for all values that they might have.

    >>> import numpy as np
    >>> from symdiff.tracing import trace_function
    >>> def softmax(x):
    ...     e = np.exp(x - np.max(x))
    ...     return e / np.sum(e)
    >>> program = trace_function(softmax, shapes={"x": "n"})
    >>> unneeded_maxima(program.nodes(), program.outputs)
    frozenset({Reduce(max, (0,))})
    """
    found: list[Node] = [node for node in order if is_shift(node)]
    pairs = [node for node in order if isinstance(node, Map) and node.op in (p.maximum, p.minimum)]
    found += pairs if len(pairs) <= _MOST_MAXIMA else []
    return frozenset(node for node in found if _cancels(node, order, outputs))


def _cancels(maximum: Node, order: Sequence[Node], outputs: Sequence[Node]) -> bool:
    changes = changes_with(maximum, order)
    return changes is not None and not any(output in changes for output in outputs)


def changes_with(value: Node, order: Sequence[Node]) -> Mapping[Node, Change] | None:
    """What becomes of the nodes that depend on the value, but for those that stay; None where a rule is missing."""
    axes = tuple(axis for axis, length in enumerate(value.shape) if length != 1)
    changes = {value: Change(False, 1.0, axes)}
    for node in order:
        if node is not value and any(argument in changes for argument in node.args):
            try:
                change = _change(node, changes)
            except _UnknownError:
                return None
            if change is not None and change.rate:
                changes[node] = change
    return changes


def _change(node: Node, changes: Mapping[Node, Change]) -> Change | None:
    """The change of a node, given those of its arguments; None where it stays."""
    given = [changes.get(argument) for argument in node.args]
    spread = [_spread(change, arg, node) for change, arg in zip(given, node.args, strict=True)]
    match node:
        case Map():
            return _of_operation(node, spread)
        case Select():
            if spread[0] is None:
                return _common(spread[1:])
        case Reduce():
            return _of_reduction(node, given[0])
        case Layout():
            return _moved(given[0], _places(node))
        case Index():
            return _moved(given[0], _kept_axes(node))
        case Join():
            change = _common(given)
            if change is None or not change.axes:
                return change
        case Einsum():
            return _of_contraction(node, given)
    raise _UnknownError


def _of_operation(node: Map, given: Sequence[Change | None]) -> Change | None:
    first = given[0]
    if node.op in _SIGNS:
        return _of_sum(given, _SIGNS[node.op])
    if node.op in (e.multiply, e.divide):
        return _of_product(node, given, 1.0 if node.op is e.multiply else -1.0)
    if node.op in (p.maximum, p.minimum):
        return _common(given)
    if first is not None and node.op is (e.log if first.is_factor else e.exp):
        return replace(first, is_factor=not first.is_factor)
    raise _UnknownError


_SIGNS: dict[Op, tuple[float, ...]] = {e.add: (1.0, 1.0), e.subtract: (1.0, -1.0), e.negative: (-1.0,)}


def _of_sum(given: Sequence[Change | None], signs: Sequence[float]) -> Change | None:
    """What is added to the terms is added to the sum; a factor that all of them have is one of the sum."""
    if any(change is not None and change.is_factor for change in given):
        return _common(given)
    known = [(change, sign) for change, sign in zip(given, signs, strict=True) if change is not None]
    axes = known[0][0].axes
    if any(change.axes != axes for change, _ in known):
        raise _UnknownError
    return Change(False, sum(sign * change.rate for change, sign in known), axes)


def _of_product(node: Node, given: Sequence[Change | None], sign: float) -> Change | None:
    """Factors multiply, or divide for a sign of -1; what is added to x is added c times to c x for a number c."""
    x, y = given
    if x is not None and x.is_factor and y is None:
        return x
    if y is not None and y.is_factor and x is None:
        return replace(y, rate=sign * y.rate)
    if x is not None and y is not None and x.is_factor and y.is_factor and x.axes == y.axes:
        return replace(x, rate=x.rate + sign * y.rate)
    if sign > 0.0 and x is None and y is not None and isinstance(node.args[0], Const) and not node.args[0].shape:
        return replace(y, rate=float(node.args[0].value) * y.rate)
    raise _UnknownError


def _common(given: Sequence[Change | None]) -> Change | None:
    """The change that all have."""
    if any(change != given[0] for change in given):
        raise _UnknownError
    return given[0]


def _of_reduction(node: Reduce, change: Change | None) -> Change | None:
    """Sums keep a factor, maxima and minima both kinds, where t is the same along what is reduced."""
    if change is None or node.how not in (("sum", "max", "min") if change.is_factor else ("max", "min")):
        raise _UnknownError
    kept = [axis for axis in range(node.args[0].ndim) if axis not in node.axes]
    return _moved(change, {axis: place for place, axis in enumerate(kept)})


def _of_contraction(node: Einsum, given: Sequence[Change | None]) -> Change | None:
    """A factor of one array is one of the sum of products, where t runs along axes that stay."""
    known = [(change, labels) for change, labels in zip(given, node.inputs, strict=True) if change is not None]
    if len(known) != 1 or not known[0][0].is_factor:
        raise _UnknownError
    change, labels = known[0]
    if len(set(labels)) < len(labels):
        raise _UnknownError
    return _moved(change, {axis: node.output.index(at) for axis, at in enumerate(labels) if at in node.output})


def _spread(change: Change | None, argument: Node, node: Node) -> Change | None:
    """The change of an argument along the axes of what it is broadcast to."""
    lead = node.ndim - argument.ndim
    return _moved(change, {axis: axis + lead for axis in range(argument.ndim)})


def _moved(change: Change | None, places: Mapping[int, int]) -> Change | None:
    """The change where the axes have gone to other places."""
    if change is None:
        return None
    if any(axis not in places for axis in change.axes):
        raise _UnknownError
    return replace(change, axes=tuple(places[axis] for axis in change.axes))


def _places(node: Layout) -> dict[int, int]:
    """Where the axes of the argument are in the result."""
    (source,) = node.args
    if node.how == "broadcast":
        return {axis: axis + node.ndim - source.ndim for axis in range(source.ndim)}
    if node.how == "transpose":
        return {axis: place for place, axis in enumerate(node.axes)}
    if node.how == "reshape":
        old = [axis for axis, length in enumerate(source.shape) if length != 1]
        new = [axis for axis, length in enumerate(node.shape) if length != 1]
        if [source.shape[axis] for axis in old] == [node.shape[axis] for axis in new]:
            return dict(zip(old, new, strict=True))
    return {}


def _kept_axes(node: Index) -> dict[int, int]:
    """Where the axes of which all is taken are in the result."""
    places: dict[int, int] = {}
    place = 0
    for axis, (part, length) in enumerate(zip(node.key, node.args[0].shape, strict=True)):
        if isinstance(part, slice):
            if (part.start, part.stop, part.step) == (0, length, 1):
                places[axis] = place
            place += 1
    return places
