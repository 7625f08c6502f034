"""What lengths are made of, and how they are written.

In: atoms and their powers. Out: their order, which makes polynomials canonical, and Python text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symdiff.ir.lengths import Dimension, Length


@dataclass(frozen=True)
class Name:
    """A size by its name. `serial` tells apart sizes that were made by `fresh` with the same name."""

    text: str
    serial: int = 0


@dataclass(frozen=True)
class Quotient:
    """`numerator // denominator`, where the division is not exact."""

    numerator: "Length"
    denominator: "Dimension"


@dataclass(frozen=True)
class Rest:
    """`max(length, 0)`, where the sign is not known."""

    length: "Length"


Atom = Name | Quotient | Rest
Monomial = tuple[tuple[Atom, int], ...]  # atoms with their powers, in order; () is the constant term


def text(length: "Dimension", names: Mapping[Name, str] | None = None) -> str:
    """The length as Python: for messages, or with the names of the sizes in code, as formatters write it.

    >>> from symdiff.ir.lengths import named, rest
    >>> n, d = named("n"), named("d")
    >>> text(n * d - 2 * n + 1), text(rest(3 - n))
    ('d*n - 2*n + 1', 'max(3 - n, 0)')
    """
    if isinstance(length, int):
        return str(length)
    pieces: list[str] = []
    for monomial, coefficient in _positive_first(length.terms):
        scaled = abs(coefficient) != 1 or not monomial
        factors = [str(abs(coefficient))] if scaled else []
        inside = len(monomial) + scaled > 1
        factors += [_power_text(atom, power, names, inside) for atom, power in monomial]
        sign = "-" if coefficient < 0 else "+"
        body = (" * " if names else "*").join(factors)
        pieces.append(f" {sign} {body}" if pieces else (f"-{body}" if coefficient < 0 else body))
    return "".join(pieces)


def shape_text(shape: tuple["Dimension", ...], names: Mapping[Name, str] | None = None) -> str:
    """The shape as a tuple of Python."""
    entries = [text(length, names) for length in shape]
    return f"({entries[0]},)" if len(entries) == 1 else f"({', '.join(entries)})"


def order_of_atoms(atom: Atom) -> tuple[int, str, int]:
    match atom:
        case Name():
            return 0, atom.text, atom.serial
        case Quotient():
            return 1, f"{text(atom.numerator)}//{text(atom.denominator)}", 0
        case Rest():
            return 2, text(atom.length), 0


def order_of_terms(term: tuple[Monomial, int]) -> tuple[Any, ...]:
    """Higher degrees first."""
    monomial = term[0]
    degree = sum(power for _, power in monomial)
    return -degree, tuple((*order_of_atoms(atom), -power) for atom, power in monomial)


def _positive_first(terms: tuple[tuple[Monomial, int], ...]) -> list[tuple[Monomial, int]]:
    """`3 - n`, not `-n + 3`."""
    if terms[0][1] > 0:
        return list(terms)
    return [*(term for term in terms if term[1] > 0), *(term for term in terms if term[1] < 0)]


def _power_text(atom: Atom, power: int, names: Mapping[Name, str] | None, inside: bool) -> str:
    match atom:
        case Name():
            written = atom.text if names is None else names[atom]
        case Quotient():
            slashes = " // " if names else "//"
            written = slashes.join(_operand(length, names) for length in (atom.numerator, atom.denominator))
            written = f"({written})" if inside or power != 1 else written
        case Rest():
            written = f"max({text(atom.length, names)}, 0)"
    return written if power == 1 else f"{written}**{power}"


def _operand(length: "Dimension", names: Mapping[Name, str] | None) -> str:
    """The text as an operand of `//`."""
    written = text(length, names)
    return written if written.isidentifier() or written.isdecimal() else f"({written})"
