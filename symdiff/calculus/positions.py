"""Derivatives of the kinds that move elements to positions, and of convolutions.

In: a Gather, ScatterAdd, Convolve or Cast, and the cotangent or tangents. Out: the cotangent of an argument, or the
tangent. Gather and ScatterAdd are each other's transposes; positions themselves have no derivative.
"""

from collections.abc import Sequence

from symdiff.calculus.guards import add_all, guard_of
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.nodes import Convolve, Gather, Node, ScatterAdd, Shape


def pull_gather(node: Gather, cotangent: Node, position: int) -> Node | None:
    """The cotangent goes back to where each element came from."""
    return None if position else _scattered(node, cotangent, node.args[0].shape)


def push_gather(node: Gather, tangent: Node | None) -> Node | None:
    """The same elements of the tangent."""
    return None if tangent is None else _gathered(node, tangent)


def pull_scatter_add(node: ScatterAdd, cotangent: Node, position: int) -> Node | None:
    """Each element gets the cotangent of the place that it was added to."""
    return None if position else _gathered(node, cotangent)


def push_scatter_add(node: ScatterAdd, tangent: Node | None) -> Node | None:
    """The tangent, added at the same positions."""
    return None if tangent is None else _scattered(node, tangent, node.shape)


def pull_convolve(node: Convolve, cotangent: Node, position: int) -> Node:
    """Correlation with the other array: the transpose of a full convolution is a valid one, and the other way round."""
    other = node.args[1 - position]
    turned = make.flip(other, range(other.ndim))
    if node.mode == "full":
        return arrays.convolve(cotangent, turned, "valid")
    if position == 0:
        return arrays.convolve(cotangent, turned, "full")
    axes = range(node.ndim)
    return make.flip(arrays.convolve(other, make.flip(cotangent, axes), "valid"), axes)


def push_convolve(node: Convolve, tangents: Sequence[Node | None]) -> Node | None:
    """The product rule."""
    x, y = node.args
    terms = [
        None if tangents[0] is None else arrays.convolve(tangents[0], y, node.mode),
        None if tangents[1] is None else arrays.convolve(x, tangents[1], node.mode),
    ]
    return add_all([term for term in terms if term is not None])


def _gathered(node: Gather | ScatterAdd, array: Node) -> Node:
    if node.how == "along":
        return arrays.gather_along(array, node.args[1], node.axis)
    return arrays.gather(array, node.axis, node.args[1:])


def _scattered(node: Gather | ScatterAdd, values: Node, shape: Shape) -> Node:
    """Added at the positions; the guard of a guarded value is moved along, and holds where it holds for any of them."""
    guard = guard_of(values)
    if guard is None:
        return _added(node, values, shape)
    reached = _added(node, make.as_real(make.broadcast(guard[0], values.shape)), shape)
    return make.select(make.as_bool(reached), _added(node, values, shape), 0.0)


def _added(node: Gather | ScatterAdd, values: Node, shape: Shape) -> Node:
    if node.how == "along":
        return arrays.scatter_along(values, node.args[1], node.axis, shape)
    return arrays.scatter_add(values, node.axis, node.args[1:], shape)
