"""The tests of types in front of the code for floats."""

import math
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def product(x: float, k: float = 2.5, s: float = -1.5) -> float:
    return k * math.sin(x) * s


def test_a_default_is_the_number_that_the_test_compares_with() -> None:
    slope = sd.derivative(product)
    for made in (slope, pickle.loads(pickle.dumps(slope))):
        known = [made.__globals__[f"default_{name}"] for name in ("k", "s")]
        assert all(one is other for one, other in zip(known, made.__defaults__, strict=True))


@pytest.mark.parametrize("k", [3, 3.0, Fraction(3), np.float64(3.0), np.int64(3), np.array(3.0), [3.0]])
def test_anything_else_than_the_default_is_asked_for_its_type(k: Any) -> None:
    found = sd.derivative(product)(0.5, k)
    assert np.asarray(found).ravel().tolist() == pytest.approx([-4.5 * math.cos(0.5)], rel=1e-15)


def test_the_default_of_one_call_is_an_array_of_the_next() -> None:
    slope = sd.derivative(product)
    assert slope([0.0, math.pi], 2.5).tolist() == pytest.approx([-3.75, 3.75])
    assert slope(0.0, np.float32(2.0)).dtype == np.float32


def test_parameters_may_have_the_names_of_the_tests() -> None:
    def f(default_k: float, k: float = 1.0, type: float = 2.0) -> float:
        return default_k**2 * k * type

    assert sd.derivative(f)(1.0) == 4.0
    assert sd.derivative(f)(1.0, 2, 3.0) == 12.0
