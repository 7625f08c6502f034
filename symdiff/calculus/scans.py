"""Derivatives of running totals.

In: a Scan, and the cotangent or tangents. Out: the cotangent of an argument, or the tangent; again Scans, so every
order is there. A running product is differentiated without a division, so zeros do no harm: the derivative of
y[i] = y[i-1] x[i] is the recurrence t[i] = x[i] t[i-1] + y[i-1] u[i], and its transpose the same from the end.

Ties: of equal elements the first one in the direction of the scan is the running maximum or minimum.
"""

from collections.abc import Sequence

import numpy as np

from symdiff.calculus.guards import add_all
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.nodes import Node, Scan
from symdiff.ops.piecewise import greater, less


def pull_scan(node: Scan, cotangent: Node, position: int) -> Node:
    """The cotangent of an argument."""
    axis, reverse = node.axis, node.reverse
    match node.how:
        case "sum":
            return arrays.scan("sum", cotangent, axis, not reverse)
        case "prod":
            following = _shifted(node.args[0], axis, not reverse, 0.0)
            return before(node) * arrays.recurrence(following, cotangent, axis, not reverse)
        case "linear":
            following = _shifted(node.args[0], axis, not reverse, 0.0)
            total = arrays.recurrence(following, cotangent, axis, not reverse)
            return total if position == 1 else total * _shifted(node, axis, reverse, 0.0)
    return arrays.scatter_along(cotangent, _winners(node), axis, node.shape)


def push_scan(node: Scan, tangents: Sequence[Node | None]) -> Node | None:
    """The tangent of the result."""
    axis, reverse = node.axis, node.reverse
    tangent = tangents[0]
    if node.how == "linear":
        terms = [] if tangent is None else [tangent * _shifted(node, axis, reverse, 0.0)]
        total = add_all([*terms, *(term for term in tangents[1:] if term is not None)])
        return None if total is None else arrays.recurrence(node.args[0], total, axis, reverse)
    if tangent is None:
        return None
    if node.how == "sum":
        return arrays.scan("sum", tangent, axis, reverse)
    if node.how == "prod":
        return arrays.recurrence(node.args[0], before(node) * tangent, axis, reverse)
    return arrays.gather_along(tangent, _winners(node), axis)


def before(node: Scan) -> Node:
    """The product of what comes before each element of a running product."""
    return product_before(node.args[0], node.axis, node.reverse)


def product_before(array: Node, axis: int, reverse: bool = False) -> Node:
    """The product of what comes before each element along an axis."""
    return _shifted(arrays.scan("prod", array, axis, reverse), axis, reverse, 1.0)


def _shifted(array: Node, axis: int, reverse: bool, first: float) -> Node:
    """Each element's predecessor in the direction of the scan; `first` where there is none."""
    if array.shape[axis] == 0:
        return array
    lead: tuple[slice, ...] = (slice(None),) * axis
    edge = make.broadcast(make.constant(first), (*array.shape[:axis], 1, *array.shape[axis + 1 :]))
    if reverse:
        return make.concatenate([make.index(array, (*lead, slice(1, None))), edge], axis)
    return make.concatenate([edge, make.index(array, (*lead, slice(None, -1)))], axis)


def _winners(node: Scan) -> Node:
    """Where along the axis the running maximum or minimum so far was first reached."""
    array, axis = node.args[0], node.axis
    length = array.shape[axis]
    lowest = -np.inf if node.how == "max" else np.inf
    better = greater if node.how == "max" else less
    is_record = better(array, _shifted(node, axis, node.reverse, lowest))
    places = make.reshape(make.iota(length), tuple(length if at == axis else 1 for at in range(array.ndim)))
    start = make.size_of(length - 1) if node.reverse else 0.0
    marked = make.broadcast(make.select(is_record, places, start), array.shape)
    return make.cast(arrays.scan("min" if node.reverse else "max", marked, axis, node.reverse), "int")
