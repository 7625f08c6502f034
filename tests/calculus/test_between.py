"""What cancels in a gradient is gone before it is differentiated again."""

import math

import pytest

import symdiff as sd


def logarithm(a, b):
    return math.log(a / b)


def test_the_hessian_of_a_logarithm_of_a_quotient_is_exact() -> None:
    a, b = 191.25, 26.48
    assert sd.hessian(logarithm, argnum=("a", "b"))(a, b) == (
        (pytest.approx(-1 / a**2, rel=4e-16, abs=0.0), 0.0),
        (0.0, pytest.approx(1 / b**2, rel=4e-16, abs=0.0)),
    )


def test_so_is_its_product_with_a_vector() -> None:
    along = sd.hvp(logarithm, argnum=("a", "b"))(191.25, 26.48, (0.0, 1.0))
    assert along == (0.0, pytest.approx(1 / 26.48**2, rel=4e-16, abs=0.0))


def test_and_its_second_derivative() -> None:
    assert sd.derivative(logarithm, wrt="b", order=2)(191.25, 26.48) == pytest.approx(1 / 26.48**2, rel=4e-16, abs=0.0)
