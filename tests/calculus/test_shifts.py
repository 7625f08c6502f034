"""Maxima that cancel are not differentiated; those that do not cancel are."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.calculus.shifts import unneeded_maxima
from symdiff.tracing import trace_function

POINT = np.array([[0.3, -1.2, 0.7], [2.0, 0.1, -0.4]])


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax_of_rows(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def softmax_from_below(x):
    e = np.exp(np.min(x) - x)
    return e / np.sum(e)


def log_sum_of_exponentials(x):
    top = np.max(x, axis=0)
    return np.log(np.sum(np.exp(x - top), axis=0)) + top


def cross_entropy(x):
    shifted = x - np.max(x)
    return -np.sum(0.25 * (shifted - np.log(np.sum(np.exp(shifted)))))


def weighted(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return (e / np.sum(e, axis=1)[:, None]) @ np.array([1.0, 2.0, -0.5])


def spread_without_its_maximum(x):
    return np.max(x) - np.min(x)


def lost_shift(x):
    return np.log(np.sum(np.exp(x - np.max(x))))


def sum_of_shifted(x):
    return np.sum(x - np.max(x))


def sums_across_the_shift(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=0)


def shifted_twice(x):
    m = np.max(x)
    return np.exp(x - m) / np.exp(2.0 * x - 1.5 * m)


def product_with_the_shift(x):
    m = np.max(x)
    return np.exp(x - m) / np.sum(np.exp(x - m)) * m


CANCEL = [softmax, softmax_of_rows, softmax_from_below, log_sum_of_exponentials, cross_entropy, weighted]
STAY = [
    spread_without_its_maximum,
    lost_shift,
    sum_of_shifted,
    sums_across_the_shift,
    shifted_twice,
    product_with_the_shift,
]


def is_unneeded(function: Callable[..., Any], shape: Any) -> bool:
    program = trace_function(function, shapes={"x": shape})
    return bool(unneeded_maxima(program.nodes(), program.outputs))


@pytest.mark.parametrize("shape", ["n 3", (2, 3)])
@pytest.mark.parametrize("function", CANCEL)
def test_a_shift_that_cancels_is_not_differentiated(function: Callable[..., Any], shape: Any) -> None:
    assert is_unneeded(function, shape)
    text = sd.generate(function, emit=["jac", "jvp", "vjp"], shapes={"x": shape}).text
    assert " == " not in text.partition(f"def {function.__name__}_jac(")[2]  # no look for ties


@pytest.mark.parametrize("shape", ["n k", (2, 3)])
@pytest.mark.parametrize("function", STAY)
def test_a_shift_that_matters_is(function: Callable[..., Any], shape: Any) -> None:
    assert not is_unneeded(function, shape)


@pytest.mark.parametrize("function", CANCEL + STAY)
def test_the_derivatives_are_those_of_central_differences(function: Callable[..., Any]) -> None:
    direction = np.array([[0.2, 0.5, -0.3], [-0.7, 0.4, 0.1]])
    step = 1e-6
    expected = (function(POINT + step * direction) - function(POINT - step * direction)) / (2.0 * step)
    found = sd.jacobian(function)(POINT)
    np.testing.assert_allclose(np.tensordot(found, direction, 2), expected, rtol=1e-7, atol=1e-9)
    _value, pushed = sd.make_jvp(function)(POINT)(direction)
    np.testing.assert_allclose(pushed, expected, rtol=1e-7, atol=1e-9)


def test_ties_are_no_matter() -> None:
    x = np.array([1.0, 1.0, 0.0])
    e = np.exp(x - 1.0)
    share = e / e.sum()
    np.testing.assert_allclose(sd.jacobian(softmax)(x), np.diag(share) - np.outer(share, share), rtol=1e-14, atol=1e-16)


def test_second_derivatives_need_no_maximum_either() -> None:
    text = sd.generate(cross_entropy, emit="hess", shapes={"x": "n"}).text
    assert " == " not in text.partition("def cross_entropy_hess(")[2]
