"""What a mask picks has a closed form where nobody asks how many elements that are."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd

POINTS = ([1.25, -0.25, 0.5], [-1.0, 0.2, 3.5], [0.75, 2.0, 1.5])


def put_back(x):
    y, m = x * 1.0, x < 0
    y[m] = 0.01 * y[m]
    y[~m] **= 2
    y[y > 1] -= 0.5
    return np.sum(y * np.array([1.0, 2.0, 3.0]))


def two_sides(x):
    y, m = np.empty_like(x), x > 0
    y[m], y[~m] = np.log(x[m]), np.exp(-x[~m]) - 1
    return np.prod(1.0 + y)


def statistics(x):
    gains = x[x > 0]
    return gains.mean() + np.std(gains) + np.var(gains, ddof=0.5) + gains.max() - np.min(gains) + gains.size


def products(x):
    m = x > 0.1
    weights = 2.0 / (1.0 + x[m])
    return weights @ np.sqrt(x[m]) + np.dot(x[m], x[::-1][m]) + x[0] * np.prod(abs(-x[m])) + (x[m] > 1).any()


def matrix(x):
    A = np.outer(x, x)
    A[A < 0] = np.maximum(A[A < 0] ** 2, 0.1)
    return A.sum()


def in_rounds(x):
    y, total = x.copy(), 0.0
    while total < 20.0:
        total += np.mean(y[y > -0.5]) + 1.0
        y[y > 1] = np.sqrt(y[y > 1])
    return total


FUNCTIONS = [put_back, two_sides, statistics, products, matrix, in_rounds]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_values_and_gradients_are_those_of_the_path_of_each_call(function: Callable[..., Any]) -> None:
    value = sd.trace(function, shapes={"x": 3})
    gradient, followed = sd.grad(function, mode="closed"), sd.grad(function, mode="guarded")
    for point in POINTS:
        x = np.array(point)
        assert value(x) == pytest.approx(function(x), rel=1e-13)
        np.testing.assert_allclose(gradient(x), followed(x), rtol=1e-12)


@pytest.mark.parametrize("function", [put_back, statistics], ids=lambda function: function.__name__)
def test_emitted_modules(function: Callable[..., Any]) -> None:
    module = sd.generate(function, shapes={"x": 3})
    namespace: dict[str, Any] = {"__name__": "emitted"}
    exec(compile(module.text, "emitted.py", "exec"), namespace)
    for point in POINTS:
        x = np.array(point)
        assert namespace[function.__name__](x) == pytest.approx(function(x), rel=1e-13)


def test_lengths_stay_open() -> None:
    mean = sd.trace(lambda x: x[x > 0].mean(), shapes={"x": "n"})
    assert mean(np.array([1.0, -1.0, 2.0, 6.0])) == 3.0


def test_the_largest_of_nothing_raises() -> None:
    largest = sd.grad(lambda x: x[x > 0].max(), mode="closed")
    assert largest(np.array([1.0, 2.0])).tolist() == [0.0, 1.0]
    with pytest.raises(ValueError, match="zero-size array to reduction operation maximum"):
        largest(np.array([-1.0, -2.0]))


def test_what_is_picked_is_not_changed_in_place() -> None:
    """Nor by another name; the path of one input is followed with NumPy's own arrays."""

    def shared(x):
        y = x[x > 0]
        z = y
        y += 1.0
        return np.sum(z * z)

    with pytest.raises(sd.AssignmentError, match="what a mask picks is changed in place"):
        sd.trace(shared, shapes={"x": 3})
    x = np.array([1.0, -2.0, 3.0])
    np.testing.assert_allclose(sd.grad(shared)(x), [4.0, 0.0, 8.0])


def other_mask(x):
    return np.sum(x[x > 0] * x[x < 0])


def other_place(x):
    y = np.zeros(3)
    y[x > 0] = x[x < 0]
    return y.sum()


def length(x):
    return np.sum(x[x > 0]) / len(x[x > 0])


def element(x):
    return x[x > 0][0]


def itself(x):
    return x[x > 0] ** 2


def loop(x):
    return sum(v for v in x[x > 0])


@pytest.mark.parametrize("function", [other_mask, other_place, length, element, itself, loop], ids=lambda f: f.__name__)
def test_what_depends_on_how_many_there_are_has_none(function: Callable[..., Any]) -> None:
    with pytest.raises(sd.SymdiffError):
        sd.trace(function, shapes={"x": 3})
    followed = sd.jacobian(function)
    x = np.array([1.0, -2.0, 3.0])
    if function not in (other_mask, other_place):
        assert np.sum(followed(x)) > 0.0
        assert followed.mode == "guarded"


def rows_put_back(A):
    keep = A.sum(axis=1) > 1.0
    B = A.copy()
    B[keep] = 0.5 * B[keep] + 1.0
    B[~keep] *= 2
    B[keep] -= A[keep].sum(axis=0)
    return B.sum() * B[0, 1]


def statistics_of_rows(A):
    rows = A[A[:, 0] > 0]
    spread = ((rows - rows.mean(axis=0)) ** 2).sum(axis=1)
    largest = rows.max(axis=0).sum() + np.sum(rows, axis=-1).max()
    return np.sqrt(spread + 1).mean() + largest + rows.shape[0] * rows.std() / rows.size + rows.shape[1] * rows.ndim


def least_squares_of_rows(A):
    m = A[:, 0] > 0
    w = np.array([1.0, -2.0, 0.5])
    residual = A[m] @ w - A[:, 1][m]
    return residual @ residual + (residual @ A[m]).sum() + (A[m] @ np.outer(w, w)).sum() + A[m].sum()


def masks_among_numbers_and_slices(A):
    m, B = A[:, 0] > 0, A.copy()
    B[m, 1] = 7.0 * A[0, 0]
    B[~m, 1:] *= 2
    B[:, A[0] > 0.1] = A[1, 1]
    B[m, 0] = np.sqrt(A[m, 0])
    B[1, A[0] > 0.5] = 3.0
    B[m, 1:] = np.array([1.0, 2.0]) * A[2, 2]
    B[-1, m[:3]] += 1.0
    pages = np.stack([A, 2 * A])
    pages[0, m, 1], pages[:, m[::-1]], pages[1, m, ::2] = 5.0, 4.0, A[0, 1]
    return np.sum(B * np.arange(12.0).reshape(4, 3)) * A[m, 1].mean() + np.sum(pages**2)


MATRIX = np.array([[1.0, 2.0, -0.3], [0.5, -1.0, 0.2], [-0.7, 0.3, 0.9], [0.2, 0.4, 0.8]])


@pytest.mark.parametrize(
    "function", [rows_put_back, statistics_of_rows, least_squares_of_rows], ids=lambda f: f.__name__
)
def test_rows(function: Callable[..., Any]) -> None:
    closed, followed = (sd.value_and_grad(function, mode=mode) for mode in ("closed", "guarded"))  # type: ignore[arg-type]
    for matrix in (MATRIX, -MATRIX, abs(MATRIX) + 0.1):
        (value, gradient), (_, expected) = closed(matrix), followed(matrix)
        assert value == pytest.approx(function(matrix), rel=1e-13)
        np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-13)


def test_shapes_that_go_together_only_for_some_numbers_of_rows_are_refused() -> None:
    def rows_and_elements(A):
        m = A[:, 0] > 0
        return (A[m] * A[:, 1][m]).sum()

    with pytest.raises(sd.SymdiffError):
        sd.trace(rows_and_elements, shapes={"A": (3, 3)})
