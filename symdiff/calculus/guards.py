"""Sums of derivatives that keep their guards.

A derivative that comes through a choice is `Select(c, g, 0)`: zero unless c. Its guard must outlive every sum on the
way, or a later factor that is infinite where c does not hold would make 0·inf. So a sum of guarded terms is guarded by
"any of the guards", and a sum over axes by "anywhere along them".
"""

from collections.abc import Sequence
from functools import cached_property, reduce

from symdiff.ir import make
from symdiff.ir.nodes import BasicKey, Const, Index, Layout, Map, Node, Select, Shape
from symdiff.ops import elementary
from symdiff.ops.piecewise import greater, logical_not

_LINEAR = frozenset({elementary.add, elementary.subtract, elementary.negative})
_DEPTH = 8  # choices one inside the other that are looked through


def add_all(terms: Sequence[Node], *, is_final: bool = False) -> Node | None:
    """The sum, or None of nothing. The guard of a sum that nothing is multiplied by any more is left out."""
    total: Node | None = None
    for term in terms:
        total = term if total is None else add(total, term, is_final=is_final)
    return total


def add(x: Node, y: Node, *, is_final: bool = False) -> Node:
    """x + y, guarded where both are: by the guards that they share, one inside the other, and what guards the rest."""
    return _added(x, y, is_final, {})


def _added(x: Node, y: Node, is_final: bool, known: dict[tuple[Node, Node], Node]) -> Node:
    """x + y; `known` are sums of what stands in their sides, which choices one after the other share."""
    if isinstance(x, Map) or isinstance(y, Map):
        return x + y  # an operation is guarded by nothing
    choice = _one_choice(x, y)
    if choice is not None:
        if (x, y) not in known:
            condition, *pairs = choice
            sides = [b if is_zero(a) else a if is_zero(b) else _added(a, b, is_final, known) for a, b in pairs]
            known[x, y] = make.select(condition, *sides)
        return known[x, y]
    shared: list[Node] = []
    guard_x, guard_y = guard_of(x), guard_of(y)
    while guard_x is not None and guard_y is not None and guard_x[0] is guard_y[0]:
        shared.append(guard_x[0])
        x, y = guard_x[1], guard_y[1]
        guard_x, guard_y = guard_of(x), guard_of(y)
    total = x + y
    needed = None if is_final else _either(support(x), support(y))
    if needed is not None:
        total = make.select(needed, total, 0.0)
    for condition in reversed(shared):
        total = make.select(condition, total, 0.0)
    return total


def _one_choice(x: Node, y: Node) -> tuple[Node, tuple[Node, Node], tuple[Node, Node]] | None:
    """The condition that both choose by, what they are where it holds, and what they are elsewhere."""
    if not isinstance(x, Select) or not isinstance(y, Select):
        return None
    if x.args[0] is y.args[0]:
        return x.args[0], (x.args[1], y.args[1]), (x.args[2], y.args[2])
    if logical_not(x.args[0]) is y.args[0]:
        return x.args[0], (x.args[1], y.args[2]), (x.args[2], y.args[1])
    return None


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


def scalar_guard(derivatives: Sequence[Node | None]) -> tuple[Node, list[Node | None]] | None:
    """The one condition, a single number, behind which all derivatives stand, and what they are where it holds."""
    found = [None if node is None else behind_a_number(node) for node in derivatives]
    guards = [guard for node, guard in zip(derivatives, found, strict=True) if node is not None]
    known = [guard for guard in guards if guard is not None]
    if not known or len(known) < len(guards) or any(condition is not known[0][0] for condition, _ in known):
        return None
    return known[0][0], [None if guard is None else guard[1] for guard in found]


def behind_a_number(node: Node) -> tuple[Node, Node] | None:
    """The condition, a single number, behind which a derivative stands, and what it is where that holds."""
    guard = guard_of(node.args[0] if isinstance(node, Layout) and node.how == "broadcast" else node)
    if guard is None:
        return None
    condition = guard[0].args[0] if isinstance(guard[0], Layout) and guard[0].how == "broadcast" else guard[0]
    return None if condition.shape else (condition, make.broadcast(guard[1], node.shape))


def support(node: Node, depth: int = _DEPTH) -> Node | None:
    """Where a derivative may be other than zero, as far as its guards tell; None where they do not.

    Guards stand one inside the other, and in both sides of a choice.
    """
    conditions: list[Node] = []
    guard = guard_of(node)
    while guard is not None:
        conditions.append(guard[0])
        node = guard[1]
        guard = guard_of(node)
    if isinstance(node, Select) and depth:
        condition, if_true, if_false = node.args
        sides = support(if_true, depth - 1), support(if_false, depth - 1)
        if sides[0] is not None and sides[1] is not None:
            conditions.append(make.select(condition, *sides))
    return reduce(_both, reversed(conditions)) if conditions else None


def _either(x: Node | None, y: Node | None) -> Node | None:
    """x or y, as a choice: y, which may be guarded by what makes x false, is not looked at where x holds."""
    return None if x is None or y is None else make.select(x, True, y)


def _both(inner: Node, outer: Node) -> Node:
    """outer and inner, as a choice: the inner condition may have a value only where the outer one holds."""
    return make.select(outer, inner, False)


class Demand:
    """Where the outputs depend on each node of a program: elsewhere its derivative is 0, whatever it is made of."""

    def __init__(self, order: Sequence[Node], outputs: Sequence[Node]) -> None:
        self._order = order
        self._outputs = outputs

    @cached_property
    def _has_choices(self) -> bool:
        return any(isinstance(node, Select) for node in self._order)

    @cached_property
    def _conditions(self) -> dict[Node, Node]:
        found: dict[Node, Node | None] = dict.fromkeys(self._order)
        found.update(dict.fromkeys(self._outputs, make.constant(True)))
        for node in reversed(self._order):
            where = found[node]
            assert where is not None
            for position, argument in enumerate(node.args):
                here = where if not isinstance(node, Select) else _where_asked(node, position, where)
                before = found[argument]
                found[argument] = here if before is None else _any_of(before, here)
        return {node: where for node, where in found.items() if where is not None}

    def guarded(self, node: Node, cotangent: Node) -> Node:
        """The cotangent of a node, with the guard that sums of terms with other guards have lost."""
        if not self._has_choices:
            return cotangent
        known = support(cotangent)
        if known is not None and not (isinstance(node, Map) and node.op not in _LINEAR):
            return cotangent
        where = self._conditions[node]
        return cotangent if isinstance(where, Const) or where is known else make.select(where, cotangent, 0.0)


def _any_of(x: Node, y: Node) -> Node:
    """x or y; both sides of a choice are the place where the choice is."""
    if logical_not(x) is y:
        return make.constant(True)
    if isinstance(x, Select) and isinstance(y, Select) and x.args[0] is y.args[0]:
        where = x.args[0]
        if all(side.args[2] is make.constant(False) for side in (x, y)):
            return make.select(where, _any_of(x.args[1], y.args[1]), False)
    return make.select(x, True, y)


def _where_asked(choice: Select, position: int, where: Node) -> Node:
    """Where an argument of a choice is asked for, if the choice is where `where` says."""
    condition = choice.args[0]
    if position == 0 or condition.shape:
        return where
    return make.select(where, condition if position == 1 else logical_not(condition), False)


def stack(elements: Sequence[Node]) -> Node:
    """The array of the elements, guarded as they are: by the one guard of all, or by an array of guards."""
    guards = [guard_of(element) for element in elements]
    conditions = {guard[0] for guard in guards if guard is not None}
    if not conditions or any(element.shape for element in elements):
        return make.stack(elements)
    values = make.stack(
        [element if guard is None else guard[1] for element, guard in zip(elements, guards, strict=True)]
    )
    unguarded = [guard is None and not is_zero(element) for element, guard in zip(elements, guards, strict=True)]
    if len(conditions) == 1 and not any(unguarded):
        return make.select(conditions.pop(), values, 0.0)
    holds = [
        make.constant(needed) if guard is None else guard[0] for guard, needed in zip(guards, unguarded, strict=True)
    ]
    return make.select(make.stack(holds), values, 0.0)


def scatter(part: Node, key: BasicKey, shape: Shape) -> Node:
    """Zeros with the part at a key, guarded as it is."""
    guard = guard_of(part)
    if guard is None:
        return make.scatter(part, key, shape)
    condition = guard[0] if not guard[0].shape else make.broadcast(guard[0], part.shape)
    value = scatter(make.broadcast(guard[1], part.shape), key, shape)
    return make.select(_scattered_guard(condition, key, shape), value, 0.0)


def _scattered_guard(condition: Node, key: BasicKey, shape: Shape) -> Node:
    """A condition for the whole array that is the given one at the key."""
    if isinstance(condition, Index) and condition.key == key and condition.args[0].shape == shape:
        return condition.args[0]
    if not condition.shape:
        return condition
    held: Node = greater(make.scatter(make.select(condition, 1.0, 0.0), key, shape), 0.0)
    return held


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
