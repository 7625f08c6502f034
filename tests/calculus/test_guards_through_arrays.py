"""A branch not taken is not felt behind any function of whole arrays: no nan, no infinity, no warning, no exception.

Each case has a twin whose untaken branch is harmless (`np.sqrt(np.where(x > 0, x, 1.0))`): both must agree.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd

Function = Callable[[Any], Any]
MATRIX = np.array([[3.0, 0.2, 0.1], [0.1, 2.0, 0.3], [0.4, 0.2, 4.0]])

GUARDED: dict[str, tuple[Function, Function]] = {
    "root": (
        lambda x: np.where(x > 0, np.sqrt(x), 0.0),
        lambda x: np.where(x > 0, np.sqrt(np.where(x > 0, x, 1.0)), 0.0),
    ),
    "reciprocal": (
        lambda x: np.where(x != 0, 1 / x, 2.0),
        lambda x: np.where(x != 0, 1 / np.where(x != 0, x, 1.0), 2.0),
    ),
}


def assigned(y: Any) -> Any:
    z = np.zeros(y.shape)
    z[0] = y[-1]
    z[1:] += y[:-1] ** 2
    return z


def near_matrix(y: Any) -> Any:
    return MATRIX @ MATRIX.T + np.outer(y.ravel()[:3], y.ravel()[:3])


FUNCTIONS: dict[str, Function] = {
    "cumsum": lambda y: np.cumsum(y, axis=0),
    "cumprod": lambda y: np.cumprod(y),
    "prod": lambda y: np.prod(y, axis=-1),
    "sort": lambda y: np.sort(y, axis=0),
    "median": lambda y: np.median(y),
    "matmul": lambda y: y @ y.T,
    "matrix times": lambda y: MATRIX @ y,
    "concatenate": lambda y: np.concatenate([y, y**2], axis=0),
    "stack": lambda y: np.stack([y, 2 * y]),
    "slices": lambda y: y[1:] * y[:-1],
    "positions": lambda y: y[[0, -1, 0]],
    "reversed": lambda y: y[::-1] * y,
    "assignment": assigned,
    "solve": lambda y: np.linalg.solve(MATRIX, y),
    "solve with a matrix of them": lambda y: np.linalg.solve(near_matrix(y), np.ones(3)),
    "inv": lambda y: np.linalg.inv(near_matrix(y)),
    "slogdet": lambda y: np.linalg.slogdet(near_matrix(y))[1],
    "cholesky": lambda y: np.linalg.cholesky(near_matrix(y)),
    "eigvalsh": lambda y: np.linalg.eigvalsh(near_matrix(y)),
    "norm": lambda y: np.linalg.norm(y + 0.1, axis=-1),
    "einsum": lambda y: np.einsum("...i,...i->...", y, y),
    "max": lambda y: np.max(y, axis=0),
    "var": lambda y: np.var(y, axis=-1),
    "roll": lambda y: np.roll(y, 1, axis=0) * y,
    "diff": lambda y: np.diff(y, axis=-1),
    "outer": lambda y: np.tril(np.outer(y, y)),
    "convolve": lambda y: np.convolve(y.ravel(), [1.0, 2.0]),
    "fft": lambda y: np.abs(np.fft.fft(y) + 3),
}
POINTS = [
    np.array([0.0, 1.3, -0.7]),
    np.array([0.4, 0.0, 2.0]),
    np.array([[0.0, 1.3], [0.5, -1.0], [2.0, 0.7]]),
    np.array([0.0, -1.0, 0.0]),
]
WAYS: dict[str, Callable[[Function], Function]] = {
    "gradient": sd.grad,
    "Hessian": sd.hessian,
    "along ones": lambda f: lambda x: sd.jvp(f)(x, np.ones_like(x)),
    "Hessian times ones": lambda f: lambda x: sd.hvp(f)(x, np.ones_like(x)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("guarded", GUARDED)
def test_the_untaken_branch_is_not_felt_behind(guarded: str, name: str) -> None:
    def loss(inner: Function) -> Function:
        return lambda x: np.sum(np.sin(FUNCTIONS[name](inner(x)))) * np.sum(inner(x))

    risky, harmless = map(loss, GUARDED[guarded])
    for make in WAYS.values():
        found, expected = make(risky), make(harmless)
        for point in POINTS:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # log of a median of -1, say
                reference = expected(point)
            if np.all(np.isfinite(reference)):
                np.testing.assert_allclose(found(point), reference, rtol=1e-8, atol=1e-8)


ROUTINES: dict[str, Function] = {
    "inv": lambda A: np.sum(np.linalg.inv(A)),
    "solve": lambda A: np.sum(np.linalg.solve(A, np.ones(3))),
    "cholesky": lambda A: np.sum(np.linalg.cholesky(A @ A.T)),
    "slogdet": lambda A: np.linalg.slogdet(A)[1],
    "pinv": lambda A: np.linalg.norm(np.linalg.pinv(A)),
    "root of a solution": lambda A: np.sum(np.sqrt(np.linalg.solve(A, np.ones(3)) + 5.0)),
    "twice": lambda A: np.sum(np.linalg.inv(A) @ np.linalg.solve(A, A.T)),
}
SINGULAR = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]])


@pytest.mark.parametrize("name", ROUTINES)
def test_no_routine_refuses_the_matrix_of_a_branch_not_taken(name: str) -> None:
    """As in plain Python, where only the branch that is taken is computed."""
    routine = ROUTINES[name]

    def chosen(A: Any) -> Any:
        if A[0, 0] > 0.0:
            return routine(A)
        return np.sum(A * A)

    def nested(A: Any) -> Any:
        if np.sum(A) > 0.0:
            return routine(A) * 2.0 if np.linalg.det(A) != 0.0 else np.sum(A * A)
        return np.sum(A)

    for function in (chosen, nested):
        np.testing.assert_array_equal(sd.grad(function)(SINGULAR), 2.0 * SINGULAR)
        np.testing.assert_array_equal(sd.hessian(function)(SINGULAR).reshape(9, 9), 2.0 * np.eye(9))
        times = 2.0 if function is nested else 1.0
        np.testing.assert_allclose(sd.grad(function)(MATRIX), times * sd.grad(routine)(MATRIX), rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(
            sd.hessian(function)(MATRIX), times * sd.hessian(routine)(MATRIX), rtol=1e-10, atol=1e-11
        )
        for backend in ("numpy", "numexpr"):
            value = sd.lambdify(function, backend, shapes={"A": (3, 3)})
            assert value(SINGULAR) == 4.0
            assert value(MATRIX) == pytest.approx(function(MATRIX), rel=1e-12)
