"""Local rules: cancellation, common factors, constants brought together.

In: one node of a graph, and how often its parts are used. Out: a cheaper node of the same value, or None. A rule never
loses accuracy, so sums are not reassociated (which would undo a compensated summation), and it never adds an operation:
what somebody else uses is not taken apart.
"""

import math
from collections.abc import Callable, Mapping, Set

from symdiff.algebra.coefficients import (
    Uses,
    constants_together,
    factors_of,
    multiple,
    number_of,
    once,
    product_of,
)
from symdiff.ir import make
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ops import elementary as e
from symdiff.ops.row import Op
from symdiff.ops.table import OPS

Rule = Callable[[Map, Uses], Node | None]
Rules = Mapping[Op, tuple[Rule, ...]]

_MOST_COLLAPSED = 8
_ODD = frozenset(
    OPS[name] for name in ("sin", "tan", "tanh", "asin", "atan", "sinh", "asinh", "atanh", "erf") if name in OPS
)
_EVEN = frozenset(OPS[name] for name in ("cos", "cosh", "absolute", "bell", "sinc") if name in OPS)


def simpler(node: Node, uses: Uses, rules: Rules | None = None) -> Node | None:
    """What the first rule that applies makes of the node; a node that `uses` does not know has one user.

    rules: those of RULES that the operations of the program leave.
    """
    if not isinstance(node, Map):
        return None
    for rule in (RULES if rules is None else rules).get(node.op, ()):
        found = rule(node, uses)
        if found is not None:
            return found
    return None


def rules_for(operations: Set[Op]) -> Rules:
    """The rules that can find something among the operations."""
    return {
        op: tuple(rule for rule in rules if _NEEDED.get(rule, op) in operations)
        for op, rules in RULES.items()
        if op in operations
    }


def _is(node: Node, op: Op) -> bool:
    return isinstance(node, Map) and node.op is op


def _has_quotient(node: Map) -> bool:
    x, y = node.args
    return _is(x, e.divide) or _is(y, e.divide)


def _cancel(node: Map, uses: Uses) -> Node | None:
    """x*y/y is x; (x*y)/(x*z) is y/z."""
    above, below = (factors_of(arg, uses) for arg in node.args)
    rest = list(below)
    kept: list[Node] = []
    for factor in above:
        if factor in rest and not isinstance(factor, Const):
            rest.remove(factor)
        else:
            kept.append(factor)
    if len(kept) == len(above) or _shared_products_grow(node, kept, rest, uses):
        return None
    numerator, denominator = product_of(kept), product_of(rest)
    if denominator is None:
        return make.constant(1.0) if numerator is None else numerator
    return (1.0 if numerator is None else numerator) / denominator


def _shared_products_grow(node: Map, above: list[Node], below: list[Node], uses: Uses) -> bool:
    """Whether new products would be made beside old ones that stay."""
    if all(once(arg, uses) for arg in node.args if _is(arg, e.multiply)):
        return False
    products = max(0, len(above) - 1) + max(0, len(below) - 1)
    return products > (0 if below else e.divide.cost)


def _reciprocal_constant(node: Map, uses: Uses) -> Node | None:
    """x / 2**n is 2**-n * x, exactly."""
    divisor = number_of(node.args[1])
    if divisor is None or not math.isfinite(divisor) or abs(math.frexp(divisor)[0]) != 0.5:
        return None
    reciprocal = 1.0 / divisor
    return reciprocal * node.args[0] if 2.0**-1000 <= abs(reciprocal) <= 2.0**1000 else None


def _square_of_quotient(node: Map, uses: Uses) -> Node | None:
    """a*a/d/d is (a/d)*(a/d), where a/d is computed anyway."""
    quotient, below = node.args
    if not isinstance(quotient, Map) or quotient.op is not e.divide or quotient.args[1] is not below:
        return None
    square = quotient.args[0]
    if not isinstance(square, Map) or square.op is not e.multiply or square.args[0] is not square.args[1]:
        return None
    root = square.args[0] / below
    return root * root if root in uses else None


def _reciprocal_of_quotient(node: Map, uses: Uses) -> Node | None:
    """1 / (a/b) is b/a, whoever else uses a/b: one operation for one, and a rounding less."""
    one, quotient = node.args
    if number_of(one) == 1.0 and _is(quotient, e.divide):
        return quotient.args[1] / quotient.args[0]
    return None


def _collapsed(node: Map, uses: Uses) -> Node | None:
    """(b/a) * (1/b) is 1/a: where one operation is left at most, the parts are taken apart whoever else uses them."""
    if not _has_quotient(node):
        return None
    above: list[Node] = []
    below: list[Node] = []
    stack: list[tuple[Node, bool]] = [(node, True)]
    cancelled = False
    while stack:
        part, is_above = stack.pop()
        here, there = (above, below) if is_above else (below, above)
        if isinstance(part, Map) and part.op in (e.multiply, e.divide):
            stack += [(part.args[0], is_above), (part.args[1], is_above is (part.op is e.multiply))]
        elif part in there and not isinstance(part, Const):
            there.remove(part)
            cancelled = True
        elif number_of(part) != 1.0:
            here.append(part)
        if len(stack) + len(above) + len(below) > _MOST_COLLAPSED:
            return None
    if not cancelled or len(above) + max(1, len(below)) > 2:
        return None
    numerator, denominator = product_of(above), product_of(below)
    if denominator is None:
        return make.constant(1.0) if numerator is None else numerator
    return (1.0 if numerator is None else numerator) / denominator


def _times_reciprocal(node: Map, uses: Uses) -> Node | None:
    """a * (1/b) is a/b; a/b * b is a."""
    if not _has_quotient(node):
        return None
    for quotient, other in (node.args, node.args[::-1]):
        if not _is(quotient, e.divide):
            continue
        above, below = quotient.args
        if other is below and not isinstance(below, Const):
            return above
        if number_of(above) == 1.0 and once(quotient, uses) and not isinstance(below, Const):
            return other / below
    return None


def _common_factor(node: Map, uses: Uses) -> Node | None:
    """a*b + a*c is a*(b + c), however many factors they share, and a/d + b/d is (a + b)/d."""
    x, y = node.args
    if not isinstance(x, Map) or not isinstance(y, Map) or x.op is not y.op or not (once(x, uses) and once(y, uses)):
        return None
    if x.op is e.divide and x.args[1] is y.args[1]:
        return node.op(x.args[0], y.args[0]) / x.args[1]  # type: ignore[no-any-return]
    if x.op is not e.multiply:
        return None
    rest, other = (factors_of(arg, uses, unknown=2) for arg in (x, y))  # what is new is looked at in the next sweep
    common = []
    for factor in list(rest):
        if factor in other:
            common.append(factor)
            rest.remove(factor)
            other.remove(factor)
    left, right, shared = product_of(rest), product_of(other), product_of(common)
    if left is None or right is None or shared is None:
        return None
    return shared * node.op(left, right)  # type: ignore[no-any-return]


def _multiples(node: Map, uses: Uses) -> Node | None:
    """2*a + 3*a is 5*a."""
    (m, a), (n, b) = multiple(node.args[0], uses), multiple(node.args[1], uses)
    if a is not b or isinstance(a, Const) or not (math.isfinite(m) and math.isfinite(n)):
        return None
    return (m + n if node.op is e.add else m - n) * a


def _minus_constant(node: Map, uses: Uses) -> Node | None:
    """x + (-2) is x - 2, and x - (-2) is x + 2."""
    number = number_of(node.args[1])
    if number is None:
        number = number_of(node.args[0]) if node.op is e.add else None
        return None if number is None or not number < 0.0 else node.args[1] - (-number)
    if not number < 0.0:
        return None
    return node.args[0] - (-number) if node.op is e.add else node.args[0] + (-number)


def _minus_multiple(node: Map, uses: Uses) -> Node | None:
    """x + -2*y is x - 2*y, and x - -2*y is x + 2*y."""
    x, y = node.args
    number, factor = multiple(y, uses)
    if number < 0.0:
        return x - (-number) * factor if node.op is e.add else x + (-number) * factor
    number, factor = multiple(x, uses)
    return y - (-number) * factor if number < 0.0 and node.op is e.add else None


def _sign_outward(node: Map, uses: Uses) -> Node | None:
    """sin(-x) is -sin(x), and cos(-x) is cos(x)."""
    (x,) = node.args
    if not (_is(x, e.negative) or (_is(x, e.multiply) and (number_of(x.args[0]) or 0.0) < 0.0)):
        return None
    positive = node.op(-x)
    return -positive if node.op in _ODD else positive  # type: ignore[no-any-return]


RULES: Rules = {
    e.divide: (_reciprocal_constant, _cancel, _square_of_quotient, _reciprocal_of_quotient, _collapsed),
    e.multiply: (_times_reciprocal, _collapsed, constants_together),
    e.add: (_minus_constant, _multiples, _common_factor, _minus_multiple),
    e.subtract: (_minus_constant, _multiples, _common_factor, _minus_multiple),
    **dict.fromkeys(sorted(_ODD | _EVEN, key=lambda op: op.name), (_sign_outward,)),
}

# Operations without which a rule finds nothing; it is then not asked about every product of a large program.
_NEEDED: dict[Rule, Op] = {_times_reciprocal: e.divide, _collapsed: e.divide}
