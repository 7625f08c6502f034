"""Numbers and signs inside products and quotients, brought to where they cost least.

In: one node of a graph, and how often its parts are used. Out: a cheaper node of the same value, or None. What somebody
else uses is not taken apart; numbers are only multiplied, or divided by each other, where that is exact.
"""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from symdiff.ir import make
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ops import elementary as e

Uses = Mapping[Node, int]
_LONGEST_PRODUCT = 16
_DEEPEST = 8


def number_of(node: Node) -> float | None:
    """The number that a scalar constant is."""
    return node.value if isinstance(node, Const) and not node.shape and node.dtype == "real" else None


def once(node: Node, uses: Uses) -> bool:
    """Whether one place uses the node; one that `uses` does not know has one user."""
    return uses.get(node, 1) <= 1


def factors_of(node: Node, uses: Uses, *, unknown: int = 1) -> list[Node]:
    """The factors of a product, taken apart where nobody else uses a partial product.

    unknown: how many users to assume of a partial product that `uses` does not know, being new in this sweep.
    """
    if not isinstance(node, Map) or node.op is not e.multiply:
        return [node]
    factors: list[Node] = []
    stack = [*node.args[::-1]]
    while stack:
        part = stack.pop()
        is_product = isinstance(part, Map) and part.op is e.multiply
        if is_product and uses.get(part, unknown) <= 1 and len(factors) + len(stack) < _LONGEST_PRODUCT:
            stack += part.args[::-1]
        else:
            factors.append(part)
    return factors


def product_of(factors: Sequence[Node]) -> Node | None:
    """The factors multiplied, from the left."""
    if not factors:
        return None
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product


def is_exact(value: float, exact: Fraction) -> bool:
    """Whether the double is the exact result."""
    return math.isfinite(value) and Fraction(value) == exact


def _exact_product(numbers: Sequence[float]) -> float | None:
    """The product; None where it is not exact: what one factor makes too long for a double no other makes shorter."""
    product = 1.0
    for number in numbers:
        exact = Fraction(product) * Fraction(number)
        product *= number
        if not is_exact(product, exact):
            return None
    return product


def constants_together(node: Map, uses: Uses) -> Node | None:
    """2*a * (3*b) is 6*(a*b), where 2*3 is exact; the number goes to the factor with the fewest axes."""
    if not any(isinstance(arg, Map) and arg.op is e.multiply for arg in node.args):
        return None  # two factors: one of them is no number
    factors = factors_of(node, uses)
    numbers = [number for factor in factors if (number := number_of(factor)) is not None]
    if len(numbers) < 2:
        return None
    return _with_one_number(node, numbers, [factor for factor in factors if number_of(factor) is None])


def numbers_and_quotients(node: Map, uses: Uses) -> Node | None:
    """A product with one number, and with a quotient that the program has."""
    factors = factors_of(node, uses)
    found = _constants_of_quotients(node, factors, uses)
    return _known_quotient(factors, uses) if found is None else found


def _constants_of_quotients(node: Map, factors: Sequence[Node], uses: Uses) -> Node | None:
    """2 * (3*a/d * v) is 6*a/d * v."""
    numbers: list[float] = []
    rest: list[Node] = []
    for factor in factors:
        number, other = _taken_out(factor, uses)
        if number != 1.0:
            numbers.append(number)
        if other is not None:
            rest.append(other)
    return _with_one_number(node, numbers, rest)


def _with_one_number(node: Map, numbers: Sequence[float], factors: Sequence[Node]) -> Node | None:
    rest = list(factors)
    if len(numbers) < 2 or not rest or not all(map(math.isfinite, numbers)):
        return None
    product = _exact_product(numbers)
    if product is None:
        return None
    smallest = min(rest, key=lambda factor: factor.ndim)
    if smallest.ndim < node.ndim:
        rest[rest.index(smallest)] = product * smallest
        return product_of(rest)
    whole = product_of(rest)
    return None if whole is None else product * whole


def _taken_out(factor: Node, uses: Uses) -> tuple[float, Node | None]:
    """The number in a factor, and the factor without it: of 3*a/d, 3 and a/d; of 0.5/d, 0.5 and 1/d."""
    number = number_of(factor)
    if number is not None:
        return number, None
    if isinstance(factor, Map) and factor.op is e.divide and once(factor, uses):
        above, below = factor.args
        number = number_of(above)
        if number is not None and number_of(below) is None and number != 1.0:
            return number, 1.0 / below
        if isinstance(above, Map) and above.op is e.multiply and once(above, uses):
            number = number_of(above.args[0])
            if number is not None:
                return number, above.args[1] / below
    return 1.0, factor


def quotient_of_constants(node: Map, uses: Uses) -> Node | None:
    """6*a / (2*b) is 3*a/b, and 2*a / (6*b) is a/(3*b), where the quotient of the numbers is exact."""
    above, below = node.args
    (m, a), (n, b) = multiple(above, uses), multiple(below, uses)
    if n == 1.0 or m == 1.0 or not m or not n or not (math.isfinite(m) and math.isfinite(n)):
        return None
    if is_exact(m / n, Fraction(m) / Fraction(n)):
        return (m / n) * a / b
    return a / ((n / m) * b) if is_exact(n / m, Fraction(n) / Fraction(m)) else None


def multiple(node: Node, uses: Uses) -> tuple[float, Node]:
    """n and a, where the node is n*a."""
    if isinstance(node, Map) and node.op is e.multiply:
        number = number_of(node.args[0])
        if number is not None and once(node, uses):
            return number, node.args[1]
    return 1.0, node


def _known_quotient(factors: Sequence[Node], uses: Uses) -> Node | None:
    """a * (1/d) * … is a/d * …, where the program has a/d."""
    for reciprocal in factors:
        if not isinstance(reciprocal, Map) or reciprocal.op is not e.divide or number_of(reciprocal.args[0]) != 1.0:
            continue
        for factor in factors:
            if factor is reciprocal or number_of(factor) is not None:
                continue
            quotient = factor / reciprocal.args[1]
            if quotient in uses:
                rest = list(factors)
                rest.remove(reciprocal)
                rest[rest.index(factor)] = quotient
                return product_of(rest)
    return None


def minus_outward(node: Map, uses: Uses) -> Node | None:
    """x + -2*y/z is x - 2*y/z, and x - -2*y is x + 2*y: wherever in a product or quotient the sign is."""
    x, y = node.args
    positive = _positive(y, uses)
    if positive is not None:
        return x - positive if node.op is e.add else x + positive
    positive = _positive(x, uses) if node.op is e.add else None
    return None if positive is None else y - positive


def _positive(node: Node, uses: Uses, depth: int = 0) -> Node | None:
    """The node without the minus sign of one of its factors; None where none has one."""
    if not isinstance(node, Map) or (node.op is not e.multiply and node.op is not e.divide):
        return None
    if depth > _DEEPEST or not once(node, uses):
        return None
    for position, factor in enumerate(node.args):
        number = number_of(factor)
        positive = make.constant(-number) if number is not None and number < 0.0 else None
        if positive is None:
            positive = _positive(factor, uses, depth + 1)
        if positive is not None:
            args = list(node.args)
            args[position] = positive
            return node.op(*args)  # type: ignore[no-any-return]
    return None


def minus_inward(node: Map, uses: Uses) -> Node | None:
    """-(2*a) is -2*a, and -(a * (b - c)) is a * (c - b): a number or a difference takes the sign at no cost."""
    return _without_sign(node.args[0], uses)


def _without_sign(node: Node, uses: Uses, depth: int = 0) -> Node | None:
    """What is minus the node for no operation more; None where no factor can take the sign."""
    number = number_of(node)
    if number is not None:
        return make.constant(-number) if float(f"{number:.2g}") == number else None  # longer ones may have names
    if not isinstance(node, Map) or depth > _DEEPEST or not once(node, uses):
        return None
    if node.op is e.subtract:
        turned = node.args[1] - node.args[0]
        return None if turned in uses else turned
    if node.op is e.divide:
        above = _without_sign(node.args[0], uses, depth + 1)
        return None if above is None else above / node.args[1]
    if node.op is not e.multiply:
        return None
    x, y = node.args
    turned_x = _without_sign(x, uses, depth + 1)
    if turned_x is not None:
        return turned_x * y
    turned_y = _without_sign(y, uses, depth + 1)
    return None if turned_y is None else x * turned_y


def doubled(node: Map, uses: Uses) -> Node | None:
    """-x - x is -2*x, and (y + x) + x is y + 2*x, in which the number may find another one."""
    x, y = node.args
    if not isinstance(x, Map):
        return None
    if node.op is e.subtract:
        return -2.0 * y if x.op is e.negative and x.args[0] is y else None
    if x.op is not e.add or y not in x.args or x.args[0] is x.args[1] or not once(x, uses):
        return None
    return x.args[1 - x.args.index(y)] + 2.0 * y


def turned_round(node: Map, uses: Uses) -> Node | None:
    """b - a of a derivative is -(a - b), where the user's own formula has a - b."""
    x, y = node.args
    if not node.rule or isinstance(x, Const) or isinstance(y, Const):
        return None
    difference = y - x
    return -difference if difference in uses and not difference.rule else None
