"""Lengths of axes that stay open: polynomials with whole coefficients in named sizes.

In: names, ints, and arithmetic on them. Out: a Length, or an int where nothing open is left. A Length is immutable and
canonical, so equal lengths are equal objects of a dict, and `n*d + d` is `d*(n + 1)`. Every named size is at least 1:
`x[1:]` of an axis n has n - 1 elements. What arithmetic cannot say exactly is a size of its own, in one form each:
`n // 2` is a Quotient, `max(n - 5, 0)` a Rest, and min(n, 5) is n - max(n - 5, 0).
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from symdiff.errors import ShapeError
from symdiff.ir.atoms import Atom, Monomial, Quotient, Rest, order_of_atoms, order_of_terms
from symdiff.ir.atoms import Name as Name
from symdiff.ir.atoms import shape_text as shape_text
from symdiff.ir.atoms import text as text

_serials = itertools.count(1)


class Length:
    """A length that is not the same for all arguments.

    terms: monomials with their coefficients, none of them 0, in order.
    """

    __slots__ = ("_hash", "terms")

    terms: tuple[tuple[Monomial, int], ...]

    def __init__(self, terms: tuple[tuple[Monomial, int], ...]) -> None:
        """For `_length`, which knows the canonical form; everybody else starts from `named`."""
        self.terms = terms
        self._hash = hash(terms)

    def __eq__(self, other: object) -> bool:
        """Whether both are the same polynomial. (Different ones may have the same value: see `is_less`.)"""
        return isinstance(other, Length) and self.terms == other.terms

    def __hash__(self) -> int:
        return self._hash

    def __add__(self, other: "Dimension") -> "Dimension":
        return _sum(self, other, 1) if isinstance(other, Length | int) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: "Dimension") -> "Dimension":
        return _sum(self, other, -1) if isinstance(other, Length | int) else NotImplemented

    def __rsub__(self, other: int) -> "Dimension":
        return _sum(other, self, -1) if isinstance(other, int) else NotImplemented

    def __neg__(self) -> "Dimension":
        return _sum(0, self, -1)

    def __mul__(self, other: "Dimension") -> "Dimension":
        return _product(self, other) if isinstance(other, Length | int) else NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other: "Dimension") -> "Dimension":
        return quotient(self, other) if isinstance(other, Length | int) else NotImplemented

    def __rfloordiv__(self, other: int) -> "Dimension":
        return quotient(other, self) if isinstance(other, int) else NotImplemented

    def __mod__(self, other: "Dimension") -> "Dimension":
        return self - other * (self // other) if isinstance(other, Length | int) else NotImplemented

    def __rmod__(self, other: int) -> "Dimension":
        return other - self * (other // self) if isinstance(other, int) else NotImplemented

    def __lt__(self, other: "Dimension") -> bool:
        return _decided(is_less(self, other), self, "<", other)

    def __le__(self, other: "Dimension") -> bool:
        return _decided(_not(is_less(other, self)), self, "<=", other)

    def __gt__(self, other: "Dimension") -> bool:
        return _decided(is_less(other, self), self, ">", other)

    def __ge__(self, other: "Dimension") -> bool:
        return _decided(_not(is_less(self, other)), self, ">=", other)

    def __bool__(self) -> bool:
        return _decided(is_less(0, self), self, ">", 0)

    def __index__(self) -> int:
        self._refuse()

    __int__ = __index__

    def __str__(self) -> str:
        return text(self)

    __repr__ = __str__

    def _refuse(self) -> NoReturn:
        raise ShapeError(
            f"the length {self} is not a number while the function is traced",
            why="The generated code holds for every length, so nothing may be counted out now.",
            fix=f"state {_stated(self)}, or use functions of whole arrays: np.sum, np.cumsum, slices …",
        )


Dimension = int | Length


def named(name: str) -> Length:
    """The size of this name: the same name is the same size.

    >>> n, d = named("n"), named("d")
    >>> n * d + d == d * (n + 1), n - n + 3, (2 * n) // 2
    (True, 3, n)
    """
    return _atom(Name(name))


def fresh(name: str) -> Length:
    """A size unlike every other, shown by the name.

    >>> fresh("n") == fresh("n")
    False
    """
    return _atom(Name(name, next(_serials)))


def product(lengths: Iterable[Dimension]) -> Dimension:
    """The number of elements of a shape.

    >>> product((2, named("n"), 3))
    6*n
    """
    total: Dimension = 1
    for length in lengths:
        total = total * length
    return total


def is_static(shape: Iterable[Dimension]) -> bool:
    """Whether every length is a number."""
    return not any(isinstance(length, Length) for length in shape)


def static(shape: Iterable[Dimension], what: str) -> tuple[int, ...]:
    """The shape, all of whose lengths are numbers. Raises ShapeError where one stays open, which `what` cannot have."""
    return tuple([counted(length, what) for length in shape])


def counted(length: Dimension, what: str) -> int:
    """The length as a number. Raises ShapeError where it stays open, and says that `what` needs it."""
    if isinstance(length, Length):
        raise ShapeError(
            f"{what} needs a number of elements, and the length {length} stays open",
            why="The generated code holds for every length, so nothing may be counted out now.",
            fix=f"state {_stated(length)}, or use functions of whole arrays",
        )
    return length


def is_less(left: Dimension, right: Dimension) -> bool | None:
    """Whether left < right for all sizes; None where that depends on them.

    >>> n, m = named("n"), named("m")
    >>> is_less(n, n + 1), is_less(n * m, 1), is_less(n, m)
    (True, False, None)
    """
    if _is_never_negative(right - left - 1):
        return True
    return False if _is_never_negative(left - right) else None


def quotient(numerator: Dimension, denominator: Dimension) -> Dimension:
    """`numerator // denominator`: exact where a polynomial says it, else a size of its own.

    >>> n, d = named("n"), named("d")
    >>> (n * d) // d, (n + 1) // 2, (4 * n + 3) // 2
    (n, (n + 1)//2, 2*n + 1)
    """
    if isinstance(numerator, int) and isinstance(denominator, int):
        return numerator // denominator
    if isinstance(numerator, int):
        return 0 if numerator == 0 else _atom(Quotient(_length({(): numerator}, keep=True), denominator))
    if not is_less(0, denominator):
        raise ShapeError(
            f"({numerator}) // ({denominator}): it is not known whether {denominator} is more than 0",
            why="The generated code holds for every length, and divides by this one.",
            fix=f"state {_stated(denominator)}, or divide by a number",
        )
    whole, remainder = _divided(numerator, denominator)
    if isinstance(remainder, int) and isinstance(denominator, int):
        return whole + remainder // denominator
    if is_less(remainder, denominator) and _is_never_negative(remainder):
        return whole
    return whole + _atom(Quotient(remainder, denominator)) if isinstance(remainder, Length) else whole


def rest(length: Dimension) -> Dimension:
    """`max(length, 0)`.

    >>> n = named("n")
    >>> rest(n - 1), rest(n - 5)
    (n - 1, max(n - 5, 0))
    """
    if isinstance(length, int):
        return max(length, 0)
    if _is_never_negative(length):
        return length
    return 0 if _is_never_negative(-length) else _atom(Rest(length))


def smaller(left: Dimension, right: Dimension) -> Dimension:
    """min(left, right)."""
    first, second = sorted((left, right), key=_order_of_lengths)
    return first - rest(first - second)


def larger(left: Dimension, right: Dimension) -> Dimension:
    """max(left, right)."""
    return left + right - smaller(left, right)


def names_in(length: Dimension) -> dict[Name, None]:
    """The named sizes that a length is made of, in order."""
    found: dict[Name, None] = {}
    if isinstance(length, Length):
        for atom in _atoms(length):
            match atom:
                case Name():
                    found[atom] = None
                case Quotient():
                    found |= names_in(atom.numerator) | names_in(atom.denominator)
                case Rest():
                    found |= names_in(atom.length)
    return found


def only_name(length: Dimension) -> Name | None:
    """The name, where the length is a named size and nothing else."""
    if isinstance(length, Length) and len(length.terms) == 1:
        monomial, coefficient = length.terms[0]
        if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1 and isinstance(monomial[0][0], Name):
            return monomial[0][0]
    return None


def substituted(length: Dimension, sizes: Mapping[Name, Dimension]) -> Dimension:
    """The length with the named sizes replaced; others stay.

    >>> n = named("n")
    >>> substituted((n + 1) // 2, {Name("n"): 4})
    2
    """
    if isinstance(length, int):
        return length
    return _mapped(length, lambda atom: _substituted_atom(atom, sizes))


def typical(length: Dimension) -> int:
    """The length where every size is a hundred: to compare what things cost."""
    found = substituted(length, dict.fromkeys(names_in(length), 100))
    assert isinstance(found, int)
    return found


# -- arithmetic -------------------------------------------------------------------------------------------------


def _atom(atom: Atom) -> Length:
    return Length(((((atom, 1),), 1),))


def _length(coefficients: Mapping[Monomial, int], *, keep: bool = False) -> Any:
    """The Length of these terms; an int where they are constant (unless it is to be kept as a Length)."""
    terms = [(monomial, coefficient) for monomial, coefficient in coefficients.items() if coefficient]
    if not keep and all(not monomial for monomial, _ in terms):
        return terms[0][1] if terms else 0
    return Length(tuple(sorted(terms, key=order_of_terms)))


def _terms(length: Dimension) -> dict[Monomial, int]:
    return dict(length.terms) if isinstance(length, Length) else {(): int(length)}


def _sum(left: Dimension, right: Dimension, sign: int) -> Dimension:
    terms = _terms(left)
    for monomial, coefficient in _terms(right).items():
        terms[monomial] = terms.get(monomial, 0) + sign * coefficient
    return _length(terms)  # type: ignore[no-any-return]


def _product(left: Dimension, right: Dimension) -> Dimension:
    terms: dict[Monomial, int] = {}
    for (first, a), (second, b) in itertools.product(_terms(left).items(), _terms(right).items()):
        powers = dict(first)
        for atom, power in second:
            powers[atom] = powers.get(atom, 0) + power
        monomial = tuple(sorted(powers.items(), key=lambda item: order_of_atoms(item[0])))
        terms[monomial] = terms.get(monomial, 0) + a * b
    return _length(terms)  # type: ignore[no-any-return]


def _divided(numerator: Length, denominator: Dimension) -> tuple[Dimension, Dimension]:
    """The terms that the leading term of the denominator divides, and the rest, such that both stay exact."""
    if isinstance(denominator, int):
        whole = {monomial: coefficient // denominator for monomial, coefficient in numerator.terms}
        left = {monomial: coefficient % denominator for monomial, coefficient in numerator.terms}
        return _length(whole), _length(left)
    leading, factor = denominator.terms[0]
    whole_part: Dimension = 0
    remaining: Dimension = numerator
    for _ in range(len(numerator.terms) * 4):
        found = next(
            (
                (cut, coefficient // factor)
                for monomial, coefficient in (remaining.terms if isinstance(remaining, Length) else ())
                if coefficient % factor == 0 and (cut := _monomial_quotient(monomial, leading)) is not None
            ),
            None,
        )
        if found is None:
            break
        part: Dimension = _length({found[0]: found[1]})
        whole_part, remaining = whole_part + part, remaining - part * denominator
    exact = remaining == 0 or (is_less(remaining, denominator) and _is_never_negative(remaining))
    return (whole_part, remaining) if exact else (0, numerator)


def _monomial_quotient(monomial: Monomial, divisor: Monomial) -> Monomial | None:
    powers = dict(monomial)
    for atom, power in divisor:
        if powers.get(atom, 0) < power:
            return None
        powers[atom] -= power
    return tuple((atom, power) for atom, power in powers.items() if power)


def _mapped(length: Length, value: Callable[[Atom], Dimension]) -> Dimension:
    """The polynomial with a value for each atom."""
    total: Dimension = 0
    for monomial, coefficient in length.terms:
        part: Dimension = coefficient
        for atom, power in monomial:
            for _ in range(power):
                part = part * value(atom)
        total = total + part
    return total


def _substituted_atom(atom: Atom, sizes: Mapping[Name, Dimension]) -> Dimension:
    match atom:
        case Name():
            return sizes.get(atom, _atom(atom))
        case Quotient():
            return quotient(substituted(atom.numerator, sizes), substituted(atom.denominator, sizes))
        case Rest():
            return rest(substituted(atom.length, sizes))


# -- signs ------------------------------------------------------------------------------------------------------


def _is_never_negative(length: Dimension) -> bool:
    """Whether the length is at least 0 for all sizes, as far as can be seen: every named size is at least 1.

    A Rest is its length or 0: both must do. A Quotient is between 0 and its fraction. Then, with n = 1 + n' for each
    size, no coefficient may be negative.
    """
    if isinstance(length, int):
        return length >= 0
    for atom in _atoms(length):
        if isinstance(atom, Rest):
            cases = (_with(length, atom, atom.length), _with(length, atom, 0))
            enough = any if _only_adds(length, atom) else all  # it is at least both
            return enough(map(_is_never_negative, cases))
    for atom in _atoms(length):
        if isinstance(atom, Quotient):
            return _is_never_negative(_least(length, atom))
    moved = _mapped(length, lambda atom: _atom(atom) + 1)
    return all(coefficient >= 0 for coefficient in _terms(moved).values())


def _least(length: Length, atom: Quotient) -> Dimension:
    """A lower bound, times something positive, in which the quotient no longer occurs; -1 where there is none."""
    if not _is_never_negative(atom.numerator):
        return -1
    if _only_adds(length, atom):
        return _with(length, atom, 0)
    terms = [(monomial, coefficient) for monomial, coefficient in length.terms if atom in dict(monomial)]
    if terms == [(((atom, 1),), terms[0][1])]:
        rest_of_it = length - terms[0][1] * _atom(atom)
        return rest_of_it * atom.denominator + terms[0][1] * atom.numerator
    return -1


def _only_adds(length: Length, atom: Atom) -> bool:
    """Whether the length grows with the atom: it has positive coefficients, and factors that are never negative."""
    terms = [(monomial, coefficient) for monomial, coefficient in length.terms if atom in dict(monomial)]
    others = [other for monomial, _ in terms for other, _ in monomial if other != atom]
    return all(coefficient > 0 for _, coefficient in terms) and not any(isinstance(o, Quotient) for o in others)


def _with(length: Length, atom: Atom, value: Dimension) -> Dimension:
    return _mapped(length, lambda other: value if other == atom else _atom(other))


def _atoms(length: Length) -> dict[Atom, None]:
    return dict.fromkeys(atom for monomial, _ in length.terms for atom, _ in monomial)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _decided(answer: bool | None, left: Dimension, relation: str, right: Dimension) -> bool:
    if answer is not None:
        return answer
    raise ShapeError(
        f"whether {text(left)} {relation} {text(right)} depends on the sizes",
        why="The generated code holds for every length, and lengths choose between no formulas.",
        fix=f"state {_stated(left if isinstance(left, Length) else right)}, or leave the question out",
    )


def _stated(length: Dimension) -> str:
    """How a length is made a number."""
    names = ", ".join(name.text for name in names_in(length)) or "n"
    return f"a number in place of {names} in shapes, such as 10"


def _order_of_lengths(length: Dimension) -> tuple[Any, ...]:
    """Open lengths before numbers."""
    if isinstance(length, int):
        return 1, length
    return 0, tuple((order_of_terms(term), term[1]) for term in length.terms)
