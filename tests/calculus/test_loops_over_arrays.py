"""Jacobians and Hessians of loops over arrays: of short ones, of long ones, and of elements that rounds pick."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def multiplied(x, n):
    product = x[0]
    for i in range(n):
        product = product * x[i]
    return product


def added_backwards(x, n):
    total = x[0]
    for i in range(3, n, -1):
        total = total + x[i] * total
    return total


def shrunk(x, n):
    y, rounds = x.copy(), 0
    while np.sum(np.abs(y)) > n:
        y = y * 0.8
        y[rounds % 3] += 0.01 * x[0] * x[1]
        rounds += 1
    return np.sum(y**2) * rounds


def squared(x, n):
    y = x
    while np.sum(y) > n:
        y = 0.5 * y * y + 0.01 * y * np.roll(x, 1)
    return np.sum(y**3)


def central(function: Callable[..., Any], x: Any, *rest: Any) -> Any:
    steps = 1e-5 * np.eye(len(x))
    return np.array([(function(x + step, *rest) - function(x - step, *rest)) / 2e-5 for step in steps])


@pytest.mark.parametrize("length", [4, 7, 40])
@pytest.mark.parametrize(("function", "n"), [(multiplied, 3), (added_backwards, 0), (shrunk, 2), (squared, 1)])
def test_second_derivatives(function: Any, n: int, length: int) -> None:
    x = np.linspace(0.6, 1.4, length)
    expected = central(sd.grad(function), x, n)
    np.testing.assert_allclose(sd.hessian(function)(x, n), expected, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(sd.jacobian(sd.grad(function))(x, n), expected, rtol=1e-6, atol=1e-7)
    direction = np.cos(np.arange(length))
    np.testing.assert_allclose(sd.hvp(function)(x, n, direction), expected @ direction, rtol=1e-6, atol=1e-7)


def test_of_a_number_in_a_long_loop() -> None:
    table = np.linspace(0.0, 1.0, 3000)

    def polynomial(x):
        total = 0.0
        for i in range(3000):
            total = total * x + table[i] * x
        return total

    def by_hand(x):
        return sd.grad(polynomial)(x)

    assert sd.hessian(polynomial)(0.3) == pytest.approx((by_hand(0.3 + 1e-5) - by_hand(0.3 - 1e-5)) / 2e-5, rel=1e-6)


def picked(x, k):
    return x[k] ** 2 * x[0]


def picked_in_a_list(x, k):
    return np.array([x[int(k)], 2.0 * x[int(k)]])


@pytest.mark.parametrize("k", [4, -5])
def test_positions_outside_raise_in_derivatives_too(k: int) -> None:
    """Written element by element they were those of the first element."""
    x = np.array([0.5, 1.5, 2.5, 3.5])
    for derivative in (sd.grad(picked), sd.hessian(picked), sd.jacobian(picked_in_a_list)):
        with pytest.raises(IndexError):
            derivative(x, k)
    with pytest.raises(IndexError):
        sd.hessian(multiplied)(x, 6)


def test_positions_outside_of_a_table_give_nan_where_nothing_can_raise() -> None:
    table = np.array([1.0, 2.0, 3.0])
    slope = sd.derivative(lambda x: table[int(x)] * x)
    assert slope([0.5, 2.5, -1.5]).tolist() == [1.0, 3.0, 3.0]
    assert np.isnan(slope(3.5))
    assert np.isnan(slope(-4.5))


def test_a_loop_that_only_counts_is_not_taken_back() -> None:
    """Its rounds had nothing to do, and were written as a `for` without a body."""

    def first_large(x):
        i = 0
        while i < 5 and x[i] < 1.0:
            i += 1
        return x[i] ** 2 + i * x[0]

    x = np.array([0.5, -1.5, 2.5, 0.7, -0.2])
    assert sd.grad(first_large)(x).tolist() == [2.0, 0.0, 5.0, 0.0, 0.0]
