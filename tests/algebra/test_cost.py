"""Costs count what is computed, once."""

import pytest

from symdiff.algebra.cost import cost, operation_count
from symdiff.ir import make
from symdiff.ir.nodes import Input
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p

x, y, v = Input("x"), Input("y"), Input("v", (5,))


def test_shared_values_count_once() -> None:
    shared = e.exp(x)
    assert cost([shared + 1.0, shared * y]) == e.exp.cost + 2.0
    assert operation_count([shared + 1.0, shared * y]) == 3


def test_leaves_and_layout_are_free() -> None:
    assert cost([x, make.constant(2.0), make.index(v, 1), make.reshape(v, (5, 1))]) == 0.0
    assert operation_count([make.index(v, 1)]) == 0


def test_arrays_cost_by_element() -> None:
    assert cost([v * 2.0]) == 5.0
    assert cost([make.reduce("sum", v)]) == 5.0
    assert cost([make.dot(v, v)]) == 10.0


@pytest.mark.parametrize(("exponent", "products"), [(3.0, 2), (4.0, 2), (8.0, 3), (15.0, 6), (-3.0, 2)])
def test_whole_powers_are_products(exponent: float, products: int) -> None:
    quotient = e.divide.cost if exponent < 0 else 0.0
    assert cost([e.power(x, exponent)]) == products + quotient
    assert operation_count([e.power(x, exponent)]) == products + (exponent < 0)


def test_powers_share_their_squares() -> None:
    assert cost([e.power(x, 6.0), e.power(x, 12.0)]) == 4.0


def test_other_powers_cost_what_the_row_says() -> None:
    assert cost([e.power(x, 2.5)]) == cost([e.power(x, 17.0)]) == e.power.cost


def test_a_choice_is_an_operation() -> None:
    assert operation_count([p.where(p.less(x, y), x, y)]) == 2
