"""Rational functions of atoms, and the ways to write them as operations.

In: a kernel. Out: for each of its values, other ways to compute it. The algebra is SymPy's, on sparse polynomials with
whole coefficients: sums and products are brought to lowest terms as they are made, and factored. Numbers that are no
small binary fractions are atoms, so nothing is ever rounded. Every step has a budget of terms; past it, a value is
opaque, as an atom is.
"""

from collections.abc import Callable, Iterable
from functools import reduce
from math import gcd
from typing import Any

from sympy import ZZ
from sympy.polys.fields import FracField
from sympy.polys.orderings import lex
from sympy.polys.rings import PolyRing

from symdiff.algebra.kernels import Kernel, down_to, whole_exponent
from symdiff.ir import make
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ops import elementary as e

MOST_TERMS = 60
_MOST_WRITTEN_TERMS = 32
MOST_PRODUCTS = 400  # of terms, in one step
_HIGHEST_DEGREE = 40
_MOST_FACTORED_TERMS = 24
_MOST_FACTORED_ATOMS = 4
_MOST_SHARED_ATOMS = 5
_LARGEST = 2**20

Terms = dict[tuple[int, ...], int]
Stays = Callable[[Map], bool]


class KernelAlgebra:
    """The values of a kernel as rational functions of its atoms and of its own values."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._own = frozenset(kernel.nodes)
        self._leaves = frozenset(kernel.atoms)
        self.generators: list[Node] = [atom for atom in kernel.atoms if _whole_fraction(atom) is None]
        self.generators += kernel.nodes
        self._field = FracField([f"a{i}" for i in range(len(self.generators))], ZZ, lex)
        self._symbol = dict(zip(self.generators, self._field.gens, strict=True))

    def values(self, wanted: Iterable[Node], stays: Stays) -> dict[Node, Any]:
        """The wanted values, and those they are made of, down to atoms and to what is to stay as it is.

        What does not fit into the budget, or divides by zero, is its own symbol.
        """
        value: dict[Node, Any] = {}
        for node in self._cone(wanted, stays):
            args = [self._seen(arg, value, stays) for arg in node.args]
            combined = _combined(node, args) if _affordable(node, args) else None
            value[node] = self._symbol[node] if combined is None or _is_large(combined) else combined
        return value

    def vanishing(self) -> list[Node]:
        """What is zero by algebra: it is computed for its rounding error."""
        return [node for node, value in self.values(self._kernel.nodes, lambda node: False).items() if not value]

    def _cone(self, wanted: Iterable[Node], stays: Stays) -> list[Map]:
        """The operations below the wanted ones, in order; those that stay are not looked into."""
        needed = set(wanted)
        for node in reversed(self._kernel.nodes):
            if node in needed:
                needed.update(arg for arg in node.args if isinstance(arg, Map) and not stays(arg))
        return [node for node in self._kernel.nodes if node in needed]

    def _seen(self, node: Node, value: dict[Node, Any], stays: Stays) -> Any:
        """What a user of the node sees: its value, or a symbol."""
        fraction = _whole_fraction(node)
        if fraction is not None:
            return self._field.ground_new(ZZ(fraction[0])) / self._field.ground_new(ZZ(fraction[1]))
        if isinstance(node, Map) and node in self._own and not stays(node):
            return value[node]
        return self._symbol[node]

    def ways(self, node: Node, value: Any) -> list[Node]:
        """Ways to compute a value of the kernel: nested, in factors, and as a sum of quotients."""
        if not value or value == self._symbol[node] or len(value.numer) + len(value.denom) > self._most_terms(node):
            return []
        degrees = list(zip(*value.numer.monoms(), *value.denom.monoms(), strict=True))
        used = [position for position, column in enumerate(degrees) if any(column)]
        numerator, denominator = (
            {tuple(monomial[i] for i in used): int(c) for monomial, c in part.terms()}
            for part in (value.numer, value.denom)
        )
        writer = _Writer([self.generators[i] for i in used])
        found = [writer.quotient(numerator, denominator)]
        if _may_be_factored(numerator) and _may_be_factored(denominator):
            found.append(writer.factored(numerator, denominator))
        groups = _by_denominator(numerator, denominator)
        if len(groups) > 1:
            found.append(reduce(e.add, [writer.quotient(above, below) for above, below in groups]))
        return [way for way in found if way.shape == node.shape]

    def _most_terms(self, node: Node) -> int:
        """Numerator and denominator together: a nested form has one addition less, and is not to have many more."""
        additions = sum(
            part.op in (e.add, e.subtract) for part in down_to([node], self._leaves) if isinstance(part, Map)
        )
        return min(additions + 4, _MOST_WRITTEN_TERMS)


class _Writer:
    """Polynomials in some nodes as operations on them."""

    def __init__(self, generators: list[Node]) -> None:
        self.generators = generators

    def quotient(self, above: Terms, below: Terms) -> Node:
        """Both polynomials nested; a power of two below the line is an exact factor above it."""
        content = reduce(gcd, below.values(), 0)
        two = content & -content
        rest = {monomial: c // two for monomial, c in below.items()}
        return (1.0 / two) * nested(above, self.generators) / nested(rest, self.generators)

    def factored(self, above: Terms, below: Terms) -> Node:
        """Both polynomials as products of their factors, each of them nested."""
        (first, _), *others = factors(below)
        (content,) = first.values()
        two = content & -content
        numerator = reduce(_times, [self._power(*factor) for factor in factors(above)])
        parts = [({monomial: c // two for monomial, c in first.items()}, 1), *others]
        return (1.0 / two) * numerator / reduce(_times, [self._power(*factor) for factor in parts])

    def _power(self, factor: Terms, multiplicity: int) -> Node:
        return e.power(nested(factor, self.generators), float(multiplicity))  # type: ignore[no-any-return]


def _by_denominator(numerator: Terms, denominator: Terms) -> list[tuple[Terms, Terms]]:
    """The quotient as a sum of quotients: together are terms of the numerator that leave the same uncancelled."""
    common = tuple(map(min, zip(*denominator, strict=True)))
    content = reduce(gcd, denominator.values(), 0)
    rest = {_minus(monomial, common): c // content for monomial, c in denominator.items()}
    groups: dict[tuple[tuple[int, ...], int], Terms] = {}
    for monomial, c in numerator.items():
        cancelled, number = tuple(map(min, monomial, common)), gcd(c, content)
        group = groups.setdefault((_minus(common, cancelled), content // number), {})
        group[_minus(monomial, cancelled)] = c // number
    return sorted(
        (
            (above, {_plus(monomial, left): c * number for monomial, c in rest.items()})
            for (left, number), above in groups.items()
        ),
        key=lambda pair: _is_negative(pair[0]),
    )


def _minus(degrees: tuple[int, ...], others: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(degrees, others, strict=True))


def _plus(degrees: tuple[int, ...], others: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(degrees, others, strict=True))


def factors(terms: Terms) -> list[tuple[Terms, int]]:
    """The irreducible factors of a polynomial and their multiplicities, numbers and monomials first.

    x**2 - 1 stays whole: a polynomial in x**2 is factored as one in x**2, which keeps it short.
    """
    common = tuple(map(min, zip(*terms, strict=True)))
    inner = {_minus(monomial, common): c for monomial, c in terms.items()}
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
    if len(terms) == 1:
        ((monomial, coefficient),) = terms.items()
        return _monomial(monomial, coefficient, generators)
    common = tuple(map(min, zip(*terms, strict=True)))
    content = reduce(gcd, terms.values(), 0)
    content = -content if _is_negative(terms) else content
    if content == 1 and not any(common):
        return _sum(terms, generators)
    inner = {_minus(monomial, common): c // content for monomial, c in terms.items()}
    return _times(_monomial(common, content, generators), _sum(inner, generators))


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
    if not isinstance(node, Const) or node.shape or node.value != node.value or abs(node.value) > _LARGEST:
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
    if n * max(m, b) > MOST_PRODUCTS or d * max(m, b) > MOST_PRODUCTS:
        return False
    x, y = args
    over, under = (y.denom, y.numer) if node.op is e.divide else (y.numer, y.denom)
    above, below = len(x.numer) * len(over), len(x.denom) * len(under)
    if node.op in (e.add, e.subtract):
        above = n * b + m * d
    few = above * below <= MOST_PRODUCTS or below == 1
    return few or len(_atoms(x.numer, over) & _atoms(x.denom, under)) <= _MOST_SHARED_ATOMS


def _atoms(*polynomials: Any) -> set[int]:
    """The symbols in them: a greatest common divisor takes exponentially long in the number of those on both sides."""
    monomials = (monomial for polynomial in polynomials for monomial in polynomial.itermonoms())
    return {at for monomial in monomials for at, degree in enumerate(monomial) if degree}


def _is_large(value: Any) -> bool:
    return any(len(part) > MOST_TERMS or _degree(part) > _HIGHEST_DEGREE for part in (value.numer, value.denom)) or any(
        abs(c) > _LARGEST**2 for part in (value.numer, value.denom) for c in part.coeffs()
    )


def _degree(polynomial: Any) -> int:
    return max(map(sum, polynomial.monoms()), default=0)


def _may_be_factored(terms: Terms) -> bool:
    """Whether SymPy factors it quickly."""
    atoms = sum(any(degrees) for degrees in zip(*terms, strict=True))
    return len(terms) <= _MOST_FACTORED_TERMS and atoms <= _MOST_FACTORED_ATOMS
