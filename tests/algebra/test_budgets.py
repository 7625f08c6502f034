"""The algebra begins nothing that may take it seconds: steps are refused by their size, not by the clock."""

from typing import Any

import pytest
from sympy import ZZ
from sympy.polys.fields import FracField
from sympy.polys.orderings import lex

from symdiff.algebra.rational import _affordable
from symdiff.ir.nodes import Input, Map
from symdiff.ops import elementary as e

FIELD = FracField([f"a{i}" for i in range(12)], ZZ, lex)
X, Y = Input("x"), Input("y")


def in_atoms(count: int) -> tuple[Any, Any]:
    """A long polynomial, and one over a polynomial of the same atoms."""
    total = sum(FIELD.gens[:count], FIELD.zero)
    above = total**2 if count > 4 else total**5
    return above, 1 / (total**2 + 1)


@pytest.mark.parametrize(("operation", "invert"), [(e.multiply, False), (e.divide, True)])
def test_common_divisors_of_many_atoms_are_not_asked_for(operation: Any, invert: bool) -> None:
    node = operation(X, Y)
    assert isinstance(node, Map)
    for count, affordable in ((2, True), (9, False)):
        above, below = in_atoms(count)
        assert _affordable(node, [above, 1 / below if invert else below]) is affordable


def test_polynomials_have_no_common_divisors_to_find() -> None:
    above, _ = in_atoms(9)
    assert _affordable(e.multiply(X, Y), [above, FIELD.gens[0] + 1])
