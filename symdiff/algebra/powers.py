"""Powers of one value inside sums and products, brought to where they cost least.

In: one node of a graph, and how often its parts are used. Out: a cheaper node of the same value, or None. The force of
Lennard and Jones comes out of the calculus as (48*s**11 - 24*s**5) * (s/r), and is written as
s**6 * (48*s**6 - 24) / r.
"""

from symdiff.algebra.coefficients import Uses, factors_of, once, product_of
from symdiff.algebra.cost import lowered_exponent
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ops import elementary as e


def common_power(node: Map, uses: Uses) -> Node | None:
    """a*x**m + b*x**n is x**n * (a*x**(m - n) + b), one product less, unless b is 1."""
    if not all(once(term, uses) for term in node.args):
        return None
    terms = [_with_powers(term, uses) for term in node.args]
    for base in terms[0][1]:
        exponents = [powers.get(base, 0) for _, powers in terms]
        least = min(exponents)
        if least < 2 or exponents[0] == exponents[1] or not terms[exponents.index(least)][0]:
            continue
        inside = [_times(rest, powers | {base: powers[base] - least}) for rest, powers in terms]
        return base**least * node.op(*inside)  # type: ignore[no-any-return]
    return None


def merged_powers(node: Map, uses: Uses) -> Node | None:
    """x**5 * x is x**6, and x**5 * (x/y) is x**6 / y: no product more, where the exponent is odd."""
    factors = factors_of(node, uses)
    for power in factors:
        exponent = _exponent(power, uses)
        if exponent is None or isinstance(power.args[0], Const):
            continue
        higher = power.args[0] ** (exponent + 1)
        if exponent % 2 == 0 and higher not in uses:
            continue
        rest = list(factors)
        rest.remove(power)
        for factor in rest:
            below = _divisor(factor, power.args[0], uses)
            if below is not None or factor is power.args[0]:
                rest[rest.index(factor)] = higher
                product = product_of(rest)
                return product if below is None or product is None else product / below
    return None


def _exponent(node: Node, uses: Uses) -> int | None:
    """n, where the node is x**n, n > 1, which nobody else uses."""
    exponent = lowered_exponent(node)
    return exponent if exponent is not None and exponent > 1 and once(node, uses) else None


def _divisor(node: Node, above: Node, uses: Uses) -> Node | None:
    """d, where the node is a quotient of `above` by d, which nobody else uses."""
    is_quotient = isinstance(node, Map) and node.op is e.divide and node.args[0] is above and once(node, uses)
    return node.args[1] if is_quotient else None


def _with_powers(term: Node, uses: Uses) -> tuple[list[Node], dict[Node, int]]:
    """The other factors of a term, and the exponents of its powers by base."""
    rest: list[Node] = []
    powers: dict[Node, int] = {}
    for factor in factors_of(term, uses):
        exponent = _exponent(factor, uses)
        if exponent is None or factor.args[0] in powers:
            rest.append(factor)
        else:
            powers[factor.args[0]] = exponent
    return rest, powers


def _times(rest: list[Node], powers: dict[Node, int]) -> Node:
    product = product_of([*rest, *(base**exponent for base, exponent in powers.items() if exponent)])
    assert product is not None  # what has the lower power has another factor
    return product
