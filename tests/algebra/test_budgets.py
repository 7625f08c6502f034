"""The algebra begins nothing that may take it seconds: steps are refused by their size, not by the clock."""

from typing import Any

import pytest
from sympy import ZZ
from sympy.polys.fields import FracField
from sympy.polys.orderings import lex

from symdiff.algebra import sampling
from symdiff.algebra.rational import _affordable
from symdiff.ir.nodes import Input, Map
from symdiff.ops import elementary as e
from symdiff.ops.scipy_bessel import kve

FIELD = FracField([f"a{i}" for i in range(12)], ZZ, lex)
X, Y = Input("x"), Input("y")


def in_atoms(count: int) -> tuple[Any, Any]:
    """A polynomial of 45 terms, and a quotient of one of 2 by one of 8, in so many atoms."""
    total = sum(FIELD.gens[:count], FIELD.zero)
    powers = {2: (44, 7), 9: (2, 1)}[count]
    return total ** powers[0], (FIELD.gens[0] + 1) / (total ** powers[1] - (FIELD.gens[8] if count > 8 else 0))


@pytest.mark.parametrize("operation", [e.multiply, e.divide])
def test_common_divisors_of_many_atoms_are_not_asked_for(operation: Any) -> None:
    node = operation(X, Y)
    assert isinstance(node, Map)
    for count, affordable in ((2, True), (9, False)):
        above, factor = in_atoms(count)
        assert _affordable(node, [above, factor if operation is e.multiply else 1 / factor]) is affordable


def test_polynomials_have_no_common_divisors_to_find() -> None:
    above, _ = in_atoms(9)
    assert _affordable(e.multiply(X, Y), [above, FIELD.gens[0] + 1])


def test_what_mpmath_takes_seconds_for_is_sampled_like_an_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bessel functions far out: where mpmath gave up, a module could not be written."""

    def asked(*_: Any) -> float:
        raise AssertionError("mpmath is asked")

    bessel = kve(X, Y)
    assert isinstance(bessel, Map)
    monkeypatch.setattr(sampling, "_exactly", asked)
    assert len(sampling.sampled_values([X, Y, bessel])[bessel]) == sampling.COUNT
    with pytest.raises(AssertionError, match="mpmath is asked"):
        sampling.sampled_values([X, e.exp(X)])
