"""A choice as an expression.

In: a choice, and the texts of its condition and sides. Out: `a if c else b`; `c and a`, `c or b` of conditions; and
`max(b, a)` for `a if a > b else b`, which is the same in Python for nan and zeros of either sign, and what ruff wants.
"""

from collections.abc import Sequence

from symdiff.backends.base import Environment, Text, either
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ops.piecewise import greater, greater_equal, less, less_equal
from symdiff.ops.row import AND, ATOM, OR, TERNARY

_LARGER, _SMALLER = "max", "min"
_CHOSEN = {greater: (_LARGER, _SMALLER), less: (_SMALLER, _LARGER)}  # where the left and the right side is taken
_EITHER = (greater_equal, less_equal)


def ternary(node: Node, parts: Sequence[Node], args: Sequence[Text], environment: Environment) -> Text | None:
    """The text of a choice; None for one that is better written as an `if`.

    parts, args: the condition and the sides, and their texts.
    """
    depth, size = max(part.depth for part in args) + 1, sum(part.size for part in args) + 1
    condition, if_true, if_false = args
    if node.dtype == "bool" and _is(parts[2], False):
        return Text(f"{condition.within(AND)} and {if_true.within(AND)}", AND, depth, size)
    if node.dtype == "bool" and _is(parts[1], True):
        return either(condition, if_false)
    compared = parts[0]
    if isinstance(compared, Map) and set(compared.args) == set(parts[1:]):
        if compared.op in _EITHER:
            return None  # `a if a >= b else b` is b where a is nan, and neither of max(a, b) and max(b, a) is
        if compared.op in _CHOSEN:
            name = environment.head(_CHOSEN[compared.op][compared.args.index(parts[1])])
            return Text(f"{name}({if_false.code}, {if_true.code})", ATOM, depth, size)
    return Text(f"{if_true.within(OR)} if {condition.within(OR)} else {if_false.within(TERNARY)}", TERNARY, depth, size)


def _is(node: Node, value: bool) -> bool:
    return isinstance(node, Const) and not node.shape and node.value is value
