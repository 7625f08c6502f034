"""Local rules: cancellation, common factors, constants brought together.

In: one node of a graph, and how often its parts are used. Out: a cheaper node of the same value, or None. A rule never
loses accuracy, so sums are not reassociated (which would undo a compensated summation), and it never adds an operation:
what somebody else uses is not taken apart.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from symdiff.ir import make
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ops import elementary as e
from symdiff.ops.row import Op
from symdiff.ops.table import OPS

Uses = Mapping[Node, int]
Rule = Callable[[Map, Uses], Node | None]

_LONGEST_PRODUCT = 16
_MOST_COLLAPSED = 8
_ODD = frozenset(
    OPS[name] for name in ("sin", "tan", "tanh", "asin", "atan", "sinh", "asinh", "atanh", "erf") if name in OPS
)
_EVEN = frozenset(OPS[name] for name in ("cos", "cosh", "absolute", "bell", "sinc") if name in OPS)


def simpler(node: Node, uses: Uses) -> Node | None:
    """What the first rule that applies makes of the node; a node that `uses` does not know has one user."""
    if not isinstance(node, Map):
        return None
    for rule in RULES.get(node.op, ()):
        found = rule(node, uses)
        if found is not None:
            return found
    return None


def _number(node: Node) -> float | None:
    return node.value if isinstance(node, Const) and not node.shape and node.dtype == "real" else None


def _is(node: Node, op: Op) -> bool:
    return isinstance(node, Map) and node.op is op


def _once(node: Node, uses: Uses) -> bool:
    return uses.get(node, 1) <= 1


def _is_exact(value: float, exact: Fraction) -> bool:
    """Whether the double is the exact result."""
    return math.isfinite(value) and Fraction(value) == exact


def _factors(node: Node, uses: Uses, *, unknown: int = 1) -> list[Node]:
    """The factors of a product, taken apart where nobody else uses a partial product.

    unknown: how many users to assume of a partial product that `uses` does not know, being new in this sweep.
    """
    factors: list[Node] = []
    stack = [node]
    while stack:
        part = stack.pop()
        if _is(part, e.multiply) and (part is node or uses.get(part, unknown) <= 1) and len(stack) < _LONGEST_PRODUCT:
            stack += reversed(part.args)
        else:
            factors.append(part)
    return factors


def _product(factors: list[Node]) -> Node | None:
    """The factors multiplied, from the left."""
    if not factors:
        return None
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product


def _cancel(node: Map, uses: Uses) -> Node | None:
    """x*y/y is x; (x*y)/(x*z) is y/z."""
    above, below = (_factors(arg, uses) for arg in node.args)
    rest = list(below)
    kept: list[Node] = []
    for factor in above:
        if factor in rest and not isinstance(factor, Const):
            rest.remove(factor)
        else:
            kept.append(factor)
    if len(kept) == len(above) or _shared_products_grow(node, kept, rest, uses):
        return None
    numerator, denominator = _product(kept), _product(rest)
    if denominator is None:
        return make.constant(1.0) if numerator is None else numerator
    return (1.0 if numerator is None else numerator) / denominator


def _shared_products_grow(node: Map, above: list[Node], below: list[Node], uses: Uses) -> bool:
    """Whether new products would be made beside old ones that stay."""
    if all(_once(arg, uses) for arg in node.args if _is(arg, e.multiply)):
        return False
    products = max(0, len(above) - 1) + max(0, len(below) - 1)
    return products > (0 if below else e.divide.cost)


def _reciprocal_constant(node: Map, uses: Uses) -> Node | None:
    """x / 2**n is 2**-n * x, exactly."""
    divisor = _number(node.args[1])
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
    if _number(one) == 1.0 and _is(quotient, e.divide):
        return quotient.args[1] / quotient.args[0]
    return None


def _collapsed(node: Map, uses: Uses) -> Node | None:
    """(b/a) * (1/b) is 1/a: where one operation is left at most, the parts are taken apart whoever else uses them."""
    if not any(_is(arg, e.divide) for arg in node.args):
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
        elif _number(part) != 1.0:
            here.append(part)
        if len(stack) + len(above) + len(below) > _MOST_COLLAPSED:
            return None
    if not cancelled or len(above) + max(1, len(below)) > 2:
        return None
    numerator, denominator = _product(above), _product(below)
    if denominator is None:
        return make.constant(1.0) if numerator is None else numerator
    return (1.0 if numerator is None else numerator) / denominator


def _times_reciprocal(node: Map, uses: Uses) -> Node | None:
    """a * (1/b) is a/b; a/b * b is a."""
    for quotient, other in (node.args, node.args[::-1]):
        if not _is(quotient, e.divide):
            continue
        above, below = quotient.args
        if other is below and not isinstance(below, Const):
            return above
        if _number(above) == 1.0 and _once(quotient, uses) and not isinstance(below, Const):
            return other / below
    return None


def _constants_together(node: Map, uses: Uses) -> Node | None:
    """2*a * (3*b) is 6*(a*b), where the product of the constants is exact."""
    factors = _factors(node, uses)
    numbers = [number for factor in factors if (number := _number(factor)) is not None]
    if len(numbers) < 2 or not all(map(math.isfinite, numbers)):
        return None
    product = math.prod(numbers)
    if not _is_exact(product, math.prod(map(Fraction, numbers), start=Fraction(1))):
        return None
    rest = _product([factor for factor in factors if _number(factor) is None])
    return None if rest is None else product * rest


def _common_factor(node: Map, uses: Uses) -> Node | None:
    """a*b + a*c is a*(b + c), however many factors they share, and a/d + b/d is (a + b)/d."""
    x, y = node.args
    if not isinstance(x, Map) or not isinstance(y, Map) or x.op is not y.op or not (_once(x, uses) and _once(y, uses)):
        return None
    if x.op is e.divide and x.args[1] is y.args[1]:
        return node.op(x.args[0], y.args[0]) / x.args[1]  # type: ignore[no-any-return]
    if x.op is not e.multiply:
        return None
    rest, other = (_factors(arg, uses, unknown=2) for arg in (x, y))  # what is new is looked at in the next sweep
    common = []
    for factor in list(rest):
        if factor in other:
            common.append(factor)
            rest.remove(factor)
            other.remove(factor)
    left, right, shared = _product(rest), _product(other), _product(common)
    if left is None or right is None or shared is None:
        return None
    return shared * node.op(left, right)  # type: ignore[no-any-return]


def _multiples(node: Map, uses: Uses) -> Node | None:
    """2*a + 3*a is 5*a."""
    (m, a), (n, b) = (_multiple(arg, uses) for arg in node.args)
    if a is not b or isinstance(a, Const) or not (math.isfinite(m) and math.isfinite(n)):
        return None
    return (m + n if node.op is e.add else m - n) * a


def _multiple(node: Node, uses: Uses) -> tuple[float, Node]:
    """n and a, where the node is n*a."""
    if _is(node, e.multiply) and _once(node, uses):
        number = _number(node.args[0])
        if number is not None:
            return number, node.args[1]
    return 1.0, node


def _minus_constant(node: Map, uses: Uses) -> Node | None:
    """x + (-2) is x - 2, and x - (-2) is x + 2."""
    number = _number(node.args[1])
    if number is None:
        number = _number(node.args[0]) if node.op is e.add else None
        return None if number is None or not number < 0.0 else node.args[1] - (-number)
    if not number < 0.0:
        return None
    return node.args[0] - (-number) if node.op is e.add else node.args[0] + (-number)


def _minus_multiple(node: Map, uses: Uses) -> Node | None:
    """x + -2*y is x - 2*y, and x - -2*y is x + 2*y."""
    x, y = node.args
    multiple, factor = _multiple(y, uses)
    if multiple < 0.0:
        return x - (-multiple) * factor if node.op is e.add else x + (-multiple) * factor
    multiple, factor = _multiple(x, uses)
    return y - (-multiple) * factor if multiple < 0.0 and node.op is e.add else None


def _sign_outward(node: Map, uses: Uses) -> Node | None:
    """sin(-x) is -sin(x), and cos(-x) is cos(x)."""
    (x,) = node.args
    if not (_is(x, e.negative) or (_is(x, e.multiply) and (_number(x.args[0]) or 0.0) < 0.0)):
        return None
    positive = node.op(-x)
    return -positive if node.op in _ODD else positive  # type: ignore[no-any-return]


RULES: dict[Op, tuple[Rule, ...]] = {
    e.divide: (_reciprocal_constant, _cancel, _square_of_quotient, _reciprocal_of_quotient, _collapsed),
    e.multiply: (_times_reciprocal, _collapsed, _constants_together),
    e.add: (_minus_constant, _multiples, _common_factor, _minus_multiple),
    e.subtract: (_minus_constant, _multiples, _common_factor, _minus_multiple),
    **dict.fromkeys(sorted(_ODD | _EVEN, key=lambda op: op.name), (_sign_outward,)),
}
