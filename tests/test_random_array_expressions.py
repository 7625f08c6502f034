"""Thousands of random array functions: values and derivatives to second order, with shapes that are known or stay open.

The reference is numerical differentiation along random directions, and autograd where it is installed. autograd is
wrong about some functions (`np.repeat` along a negative axis, `np.where` of arrays that broadcast): where the two
disagree, differences decide.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import SymdiffError
from tests.random_array_expressions import defined, random_expression

CHUNK = 25


def slope_along(function: Callable[[float], Any]) -> Any:
    """The derivative at 0 of a function of one number; nan where a kink is near."""
    found = []
    for step in (2e-3, 1e-3):
        near = (function(step) - function(-step)) / (2.0 * step)
        far = (function(2.0 * step) - function(-2.0 * step)) / (4.0 * step)
        found.append((4.0 * near - far) / 3.0)
    agree = np.abs(found[0] - found[1]) <= 1e-6 * (1.0 + np.abs(found[1]))
    return np.where(agree, found[1], np.nan)


def slopes_of(function: Callable[[Any], Any], array: Any) -> Any:
    """The derivative by each element."""
    units = np.eye(array.size).reshape(array.size, *array.shape)
    slopes = [slope_along(lambda t, unit=unit: function(array + t * unit)) for unit in units]
    return np.reshape(slopes, array.shape)


def assert_close(found: Any, expected: Any, error: float) -> None:
    """Wherever the reference knows."""
    known = np.isfinite(expected)
    np.testing.assert_allclose(np.asarray(found)[known], np.asarray(expected)[known], rtol=error, atol=error)


def by_autograd(text: str, A: Any, v: Any) -> tuple[Any, Any] | None:
    """The gradients by autograd, if it is installed and can."""
    autograd = pytest.importorskip("autograd")
    function = defined(text, autograd.numpy)
    try:
        return autograd.grad(function, 0)(A, v), autograd.grad(function, 1)(A, v)
    except (NotImplementedError, TypeError, ValueError):
        return None


def compare(seed: int) -> None:
    text, (A, v) = random_expression(seed)
    f = defined(text, np)
    kept = A.copy(), v.copy()
    value, (by_matrix, by_vector) = sd.value_and_grad(f, argnum=(0, 1))(A, v)
    np.testing.assert_allclose(value, f(A, v), rtol=1e-11, atol=1e-11)
    rng = np.random.default_rng(seed + 1)
    along = rng.normal(size=A.shape), rng.normal(size=v.shape)
    numeric = slope_along(lambda t: f(A + t * along[0], v + t * along[1]))
    assert_close(np.sum(by_matrix * along[0]) + np.sum(by_vector * along[1]), numeric, 1e-5)

    turned = sd.hvp(f)(A, v, along[0])
    assert_close(turned, slope_along(lambda t: sd.grad(f)(A + t * along[0], v)), 1e-4)
    square = sd.hessian(f, argnum=1)(A, v)
    np.testing.assert_allclose(square @ along[1], sd.hvp(f, argnum=1)(A, v, along[1]), rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(square, square.T, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(sd.jvp(f)(A, v, along[0]), np.sum(by_matrix * along[0]), rtol=1e-9, atol=1e-9)

    opened = {"A": "m n", "v": "n"}
    try:
        slopes = sd.grad(f, argnum=(0, 1), shapes=opened, mode="closed")(A, v)
    except SymdiffError:
        pass  # positions, or a length that is counted out
    else:
        np.testing.assert_allclose(slopes[0], by_matrix, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(slopes[1], by_vector, rtol=1e-9, atol=1e-9)
    assert np.array_equal(kept[0], A) and np.array_equal(kept[1], v)


@pytest.mark.parametrize("start", range(0, 150, CHUNK))
def test_random_array_functions(start: int) -> None:
    for seed in range(start, start + CHUNK):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(150, 4_150, CHUNK))
def test_more_random_array_functions(start: int) -> None:
    test_random_array_functions(start)


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_gradients_beside_autograd(start: int) -> None:
    differing = 0
    for seed in range(start, start + 100):
        text, (A, v) = random_expression(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reference = by_autograd(text, A, v)
            f = defined(text, np)
            found = sd.grad(f, argnum=(0, 1))(A, v)
        if reference is None or not all(np.all(np.isfinite(part)) for part in reference):
            continue
        if all(np.allclose(mine, theirs, rtol=1e-8, atol=1e-8) for mine, theirs in zip(found, reference, strict=True)):
            continue
        differing += 1
        assert_close(found[0], slopes_of(lambda B, f=f, v=v: f(B, v), A), 1e-5)
        assert_close(found[1], slopes_of(lambda w, f=f, A=A: f(A, w), v), 1e-5)
    assert differing < 15  # else the comparison is none
