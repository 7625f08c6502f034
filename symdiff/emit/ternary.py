"""A choice as an expression.

In: the texts of a condition and its two sides. Out: `a if c else b`, or `c and a`, `c or b`.
"""

from collections.abc import Sequence

from symdiff.backends.base import Text
from symdiff.ir.nodes import Const, Node
from symdiff.ops.row import AND, OR, TERNARY


def ternary(node: Node, args: Sequence[Text], parts: Sequence[Node]) -> Text:
    """`a if c else b`; `c and a` and `c or b` where the other side is the constant."""
    depth, size = max(part.depth for part in args) + 1, sum(part.size for part in args) + 1
    condition, if_true, if_false = args
    if node.dtype == "bool" and _is(parts[2], False):
        return Text(f"{condition.within(AND)} and {if_true.within(AND)}", AND, depth, size)
    if node.dtype == "bool" and _is(parts[1], True):
        return Text(f"{condition.within(OR)} or {if_false.within(OR)}", OR, depth, size)
    return Text(f"{if_true.within(OR)} if {condition.within(OR)} else {if_false.within(TERNARY)}", TERNARY, depth, size)


def _is(node: Node, value: bool) -> bool:
    return isinstance(node, Const) and not node.shape and node.value is value
