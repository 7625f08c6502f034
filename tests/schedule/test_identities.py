"""Identity matrices disappear from products, numbers stand where they cost least."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd

F = np.array([[1.5, -0.3], [0.2, 0.8]])


def last_line(function: Callable[..., Any], emit: str = "value", wrt: str | None = None, **shapes: str) -> str:
    """What the last function of the module returns."""
    return sd.generate(function, wrt=wrt, emit=emit, shapes=shapes).text.rpartition("return ")[2].strip()


def between(F):
    return F @ np.eye(2) @ F.T


def scaled(F, c):
    return F @ (c * np.eye(2)) @ F.T


def invariant(A):
    return 0.5 * (np.trace(A) ** 2 - np.trace(A @ A))


def ridge(w, X, y, lam):
    residual = X @ w - y
    return residual @ residual + lam * (w @ w)


def strain(F, mu):
    return 0.5 * mu * (np.trace(F.T @ F) - 3.0)


def test_an_identity_matrix_between_two_others_is_left_out() -> None:
    assert last_line(between, F="2 2") == "F @ F.T"
    assert last_line(between, F="n 2") == "F @ F.T"


def test_a_multiple_of_the_identity_is_a_number() -> None:
    assert last_line(scaled, F="2 2") == "(F * c) @ F.T"


def test_the_derivative_of_a_trace_has_no_product_with_the_identity() -> None:
    assert last_line(invariant, "grad", A="n n") == "np.trace(A) * np.eye(n, dtype=A.dtype) - A.T"
    assert "mu * F," in last_line(strain, "grad", F="3 3")


def test_numbers_stand_outside_of_matrix_products() -> None:
    assert last_line(ridge, "hess", "w", w="d", X="n d", y="n") == "2.0 * (np.eye(d, dtype=w.dtype) * lam + X.T @ X)"


@pytest.mark.parametrize(
    ("function", "arguments"),
    [(between, (F,)), (scaled, (F, 1.7)), (invariant, (F,)), (strain, (F, 0.4))],
)
def test_the_derivatives_are_those_of_central_differences(
    function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    direction = np.array([[0.3, -0.7], [0.1, 0.5]])
    step = 1e-6
    above, below = (function(arguments[0] + sign * step * direction, *arguments[1:]) for sign in (1.0, -1.0))
    found = sd.jacobian(function)(*arguments)
    np.testing.assert_allclose(np.tensordot(found, direction, 2), (above - below) / (2.0 * step), rtol=1e-7, atol=1e-9)
