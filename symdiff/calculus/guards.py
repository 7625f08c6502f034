"""Sums of derivatives that keep their guards.

A derivative that comes through a choice is `Select(c, g, 0)`: zero unless c. Its guard must outlive every sum on the
way, or a later factor that is infinite where c does not hold would make 0·inf. So a sum of guarded terms is guarded by
"any of the guards", and a sum over axes by "anywhere along them".
"""

from collections.abc import Sequence

from symdiff.ir import make
from symdiff.ir.nodes import Const, Layout, Node, Select, Shape
from symdiff.ops.piecewise import logical_not, logical_or


def add_all(terms: Sequence[Node]) -> Node | None:
    """The sum, or None of nothing."""
    total: Node | None = None
    for term in terms:
        total = term if total is None else add(total, term)
    return total


def add(x: Node, y: Node) -> Node:
    """x + y, guarded where both are."""
    guard_x, guard_y = guard_of(x), guard_of(y)
    if guard_x is None or guard_y is None:
        return x + y
    (condition, value), (other, other_value) = guard_x, guard_y
    if condition is other:
        return make.select(condition, value + other_value, 0.0)
    if logical_not(condition) is other:
        return make.select(condition, value, other_value)
    return make.select(logical_or(condition, other), x + y, 0.0)


def guard_of(node: Node) -> tuple[Node, Node] | None:
    """Condition and value of a node that is zero where the condition fails."""
    if isinstance(node, Layout) and node.how == "broadcast":
        inner = guard_of(node.args[0])
        return None if inner is None else (make.broadcast(inner[0], node.shape), make.broadcast(inner[1], node.shape))
    if not isinstance(node, Select):
        return None
    condition, if_true, if_false = node.args
    if is_zero(if_false):
        return condition, if_true
    return (logical_not(condition), if_false) if is_zero(if_true) else None


def is_zero(node: Node) -> bool:
    """Whether the node is the constant 0, repeated or not."""
    if isinstance(node, Layout) and node.how == "broadcast":
        node = node.args[0]
    return isinstance(node, Const) and not node.shape and node.value == 0.0


def sum_to_shape(node: Node, shape: Shape) -> Node:
    """The transpose of broadcasting: the sum over the axes along which `shape` was repeated."""
    if node.shape == shape:
        return node
    guard = guard_of(node)
    if guard is not None:
        condition = make.broadcast(guard[0], node.shape)
        return make.select(_reduced("any", condition, shape), _reduced("sum", node, shape), 0.0)
    return _reduced("sum", node, shape)


def _reduced(how: str, node: Node, shape: Shape) -> Node:
    lead = node.ndim - len(shape)
    axes = [*range(lead), *(lead + axis for axis, n in enumerate(shape) if n == 1 and node.shape[lead + axis] != 1)]
    return make.reshape(make.reduce(how, node, axes), shape)
