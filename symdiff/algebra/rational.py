"""Rational functions of atoms, and the ways to write them as operations.

In: a kernel. Out: for each of its values, other ways to compute it. The algebra is SymPy's, on sparse polynomials with
whole coefficients: sums and products are brought to lowest terms as they are made, and factored. Numbers that are no
small binary fractions are atoms, so nothing is ever rounded. Every step has a budget of terms; past it, a value is
opaque, as an atom is.
"""

from collections.abc import Callable
from functools import reduce
from math import gcd
from typing import Any

from sympy import ZZ
from sympy.polys.fields import FracField
from sympy.polys.orderings import lex
from sympy.polys.rings import PolyRing

from symdiff.algebra.kernels import Kernel, whole_exponent
from symdiff.ir import make
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ops import elementary as e

MOST_TERMS = 60
_MOST_WRITTEN_TERMS = 32
MOST_PRODUCTS = 400  # of terms, in one step
_HIGHEST_DEGREE = 40
_MOST_FACTORED_TERMS = 24
_MOST_FACTORED_ATOMS = 4
_LARGEST = 2**20

Terms = dict[tuple[int, ...], int]
Opaque = Callable[[Map], bool]


class RationalView:
    """The values of a kernel as rational functions of its atoms and of the operations that are to stay as they are."""

    def __init__(self, kernel: Kernel, stays: Opaque) -> None:
        own = set(kernel.nodes)
        self.generators: list[Node] = [atom for atom in kernel.atoms if _whole_fraction(atom) is None]
        self.generators += kernel.nodes
        self._field = FracField([f"a{i}" for i in range(len(self.generators))], ZZ, lex)
        self._symbol = dict(zip(self.generators, self._field.gens, strict=True))
        self.value: dict[Node, Any] = {}
        self.vanishing: list[Node] = []  # zero by algebra: computed for their rounding errors
        for node in kernel.nodes:
            args = [self._seen(arg, own, stays) for arg in node.args]
            value = _combined(node, args) if _affordable(node, args) else None
            self.value[node] = self._symbol[node] if value is None or _is_large(value) else value
            self.vanishing += [] if self.value[node] else [node]

    def _seen(self, node: Node, own: set[Map], stays: Opaque) -> Any:
        """What a user of the node sees: its value, or a symbol."""
        fraction = _whole_fraction(node)
        if fraction is not None:
            return self._field.ground_new(ZZ(fraction[0])) / self._field.ground_new(ZZ(fraction[1]))
        if isinstance(node, Map) and node in own and not stays(node):
            return self.value[node]
        return self._symbol[node]

    def ways(self, node: Node) -> list[Node]:
        """Ways to compute the value: numerator and denominator as nested products and sums, and as factors."""
        value = self.value[node]
        if value == self._symbol[node] or len(value.numer) + len(value.denom) > _MOST_WRITTEN_TERMS:
            return []
        nested = self._quotient(self._nested(value.numer), self._nested(value.denom))
        found = [nested]
        if _may_be_factored(value.numer) and _may_be_factored(value.denom):
            found.append(self._quotient(self._factored(value.numer), self._factored(value.denom)))
        return found

    def _quotient(self, above: Node, below: Node) -> Node:
        return above / below

    def _nested(self, polynomial: Any) -> Node:
        return self._nested_terms({monomial: int(c) for monomial, c in polynomial.terms()})

    def _nested_terms(self, terms: Terms) -> Node:
        """The polynomial nested, in the generators that occur."""
        used = [i for i, degrees in enumerate(zip(*terms, strict=True)) if any(degrees)]
        narrow = {tuple(monomial[i] for i in used): c for monomial, c in terms.items()}
        return nested(narrow, [self.generators[i] for i in used])

    def _factored(self, polynomial: Any) -> Node:
        """The product of the factors, each of them nested."""
        product: Node | None = None
        for factor, multiplicity in factors({monomial: int(c) for monomial, c in polynomial.terms()}):
            power = e.power(self._nested_terms(factor), float(multiplicity))
            product = power if product is None else _times(product, power)
        return make.constant(1.0) if product is None else product


def factors(terms: Terms) -> list[tuple[Terms, int]]:
    """The irreducible factors of a polynomial and their multiplicities, numbers and monomials first.

    x**2 - 1 stays whole: a polynomial in x**2 is factored as one in x**2, which keeps it short.
    """
    common = tuple(map(min, zip(*terms, strict=True)))
    inner = {tuple(d - m for d, m in zip(monomial, common, strict=True)): c for monomial, c in terms.items()}
    steps = [reduce(gcd, degrees, 0) for degrees in zip(*inner, strict=True)]
    used = [position for position, step in enumerate(steps) if step]
    if not used:
        return [({monomial: int(c) for monomial, c in terms.items()}, 1)]
    ring = PolyRing([f"a{position}" for position in used], ZZ, lex)
    narrow = ring.from_dict({tuple(m[p] // steps[p] for p in used): c for m, c in inner.items()})
    content, found = narrow.factor_list()
    monomial_first: list[tuple[Terms, int]] = [({common: int(content)}, 1)]
    return monomial_first + sorted(
        (
            ({_widened(m, used, steps): int(c) for m, c in factor.terms()}, int(multiplicity))
            for factor, multiplicity in found
        ),
        key=lambda pair: sorted(pair[0].items()),
    )


def _widened(degrees: tuple[int, ...], used: list[int], steps: list[int]) -> tuple[int, ...]:
    """The degrees in all generators, given those in the powers of the used ones."""
    wide = [0] * len(steps)
    for position, degree in zip(used, degrees, strict=True):
        wide[position] = degree * steps[position]
    return tuple(wide)


def nested(terms: Terms, generators: list[Node]) -> Node:
    """The polynomial with common factors taken out again and again: Horner's rule, the most frequent variable first."""
    common = tuple(map(min, zip(*terms, strict=True)))
    content = reduce(gcd, terms.values(), 0)
    if all(c < 0 for c in terms.values()):
        content = -content
    inner = {tuple(d - m for d, m in zip(monomial, common, strict=True)): c // content for monomial, c in terms.items()}
    factor = _monomial(common, content, generators)
    return factor if len(inner) == 1 else _times(factor, _sum(inner, generators))


def _sum(terms: Terms, generators: list[Node]) -> Node:
    """A polynomial without a common factor, as (terms with a variable) + (terms without)."""
    frequency = [sum(d > 0 for d in degrees) for degrees in zip(*terms, strict=True)]
    most = max(frequency)
    if most < 2:
        parts = [{monomial: c} for monomial, c in sorted(terms.items(), reverse=True)]
    else:
        variable = frequency.index(most)
        parts = [
            {monomial: c for monomial, c in terms.items() if (monomial[variable] > 0) is wanted}
            for wanted in (True, False)
        ]
    total: Node | None = None
    for part in sorted((part for part in parts if part), key=_is_negative):
        term = nested(part, generators)
        total = term if total is None else total + term
    assert total is not None
    return total


def _is_negative(terms: Terms) -> bool:
    return all(c < 0 for c in terms.values())


def _monomial(degrees: tuple[int, ...], coefficient: int, generators: list[Node]) -> Node:
    product: Node | None = None
    for degree, generator in zip(degrees, generators, strict=True):
        if degree:
            power = e.power(generator, float(degree))
            product = power if product is None else product * power
    number = make.constant(float(coefficient))
    return number if product is None else number * product


def _times(factor: Node, rest: Node) -> Node:
    """The product with its number, if any, in front."""
    if isinstance(factor, Map) and factor.op is e.multiply and isinstance(factor.args[0], Const):
        return factor.args[0] * (factor.args[1] * rest)
    return factor * rest


def _whole_fraction(node: Node) -> tuple[int, int] | None:
    """p and q, where the node is the number p/q of few digits."""
    if not isinstance(node, Const) or node.value != node.value or abs(node.value) > _LARGEST:
        return None
    p, q = float(node.value).as_integer_ratio()
    return (p, q) if abs(p) <= _LARGEST and q <= _LARGEST else None


def _combined(node: Map, args: list[Any]) -> Any:
    """The value of an operation; None where it divides by zero."""
    exponent = whole_exponent(node)
    if exponent is not None:
        return args[0] ** exponent if exponent > 0 or args[0] else None
    if node.op is e.negative:
        return -args[0]
    x, y = args
    if node.op is e.divide:
        return x / y if y else None
    return x + y if node.op is e.add else x - y if node.op is e.subtract else x * y


def _affordable(node: Map, args: list[Any]) -> bool:
    """Whether the step stays within the budget of terms and degrees."""
    sizes = [(len(arg.numer), len(arg.denom)) for arg in args]
    exponent = whole_exponent(node)
    if exponent is not None:
        terms = max(sizes[0])
        return terms == 1 or terms ** min(abs(exponent), 8) <= MOST_PRODUCTS
    if len(args) == 1:
        return True
    (n, d), (m, b) = sizes
    return n * max(m, b) <= MOST_PRODUCTS and d * max(m, b) <= MOST_PRODUCTS


def _is_large(value: Any) -> bool:
    return any(len(part) > MOST_TERMS or _degree(part) > _HIGHEST_DEGREE for part in (value.numer, value.denom)) or any(
        abs(c) > _LARGEST**2 for part in (value.numer, value.denom) for c in part.coeffs()
    )


def _degree(polynomial: Any) -> int:
    return max(map(sum, polynomial.monoms()), default=0)


def _may_be_factored(polynomial: Any) -> bool:
    """Whether SymPy factors it quickly."""
    atoms = sum(any(degrees) for degrees in zip(*polynomial.monoms(), strict=True))
    return len(polynomial) <= _MOST_FACTORED_TERMS and atoms <= _MOST_FACTORED_ATOMS
