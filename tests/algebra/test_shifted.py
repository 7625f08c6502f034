"""Sums of exponentials by hand, in logarithms and in quotients: no overflow, no underflow, and derivatives likewise."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.algebra.passes import simplify
from symdiff.algebra.shifted import better_sum
from symdiff.tracing import trace_function

WEIGHTS = np.array([0.1, 0.2, 0.3])
ROWS = np.array([[800.0, 1.0, -5.0], [0.1, 0.2, -0.3], [-900.0, -901.0, -905.0]])

OF_VECTORS: dict[str, Callable[..., Any]] = {
    "log-sum-exp": lambda v: np.log(np.sum(np.exp(v))),
    "log-mean-exp": lambda v: np.log(np.mean(np.exp(v))),
    "three terms": lambda v: np.log(np.exp(v[0]) + np.exp(v[1]) + np.exp(v[2])),
    "weighted": lambda v: np.log(np.sum(WEIGHTS * np.exp(v))),
    "weighted by a product": lambda v: np.log(WEIGHTS @ np.exp(v)),
    "soft minimum": lambda v: -0.1 * np.log(np.sum(np.exp(-v / 0.1))),
    "softmax": lambda v: (np.exp(v) / np.sum(np.exp(v)))[1],
    "cross entropy": lambda v: -np.log(np.exp(v) / np.sum(np.exp(v)))[1],
    "expected value": lambda v: np.sum(v * np.exp(-v)) / np.sum(np.exp(-v)),
    "expected value by a product": lambda v: (v @ np.exp(-v)) / np.exp(-v).sum(),
    "attention": lambda v: (np.exp(v) / np.exp(v).sum()) @ WEIGHTS,
}
OF_MATRICES: dict[str, Callable[..., Any]] = {
    "rows": lambda x: np.sum(np.log(np.sum(np.exp(x), axis=1)) * WEIGHTS),
    "columns": lambda x: np.sum(np.log(np.sum(np.exp(x), axis=0)) * WEIGHTS),
    "rows that stay columns": lambda x: np.sum(np.log(np.sum(np.exp(x), axis=1, keepdims=True)) * WEIGHTS[:, None]),
    "everything": lambda x: np.log(np.exp(x).sum()),
    "softmax of rows": lambda x: np.sum(np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True) * np.sin(x)),
    "softmax, turned": lambda x: np.sum((np.exp(x).T / np.sum(np.exp(x), axis=1)).T * WEIGHTS),
    "likelihood": lambda x: -np.sum(np.log(np.exp(x) / np.sum(np.exp(x), axis=1)[:, None]) * np.eye(3)),
    "mixture": lambda x: np.sum(np.log(np.exp(-0.5 * x * x) @ WEIGHTS)),
    "mixture, turned": lambda x: np.sum(np.log(WEIGHTS @ np.exp(-0.5 * x * x))),
}
POINTS = [WEIGHTS * [8e3, 5.0, -17.0], WEIGHTS, WEIGHTS * [-9e3, -7e3, -6e3]]
CASES = [(name, function, point) for name, function in OF_VECTORS.items() for point in POINTS]
CASES += [(name, function, x) for name, function in OF_MATRICES.items() for x in (ROWS, ROWS * 1e-3, -ROWS, ROWS.T)]


def exact(function: Callable[..., Any], x: Any) -> tuple[float, Any]:
    """The value and central differences in extended precision, whose range is wide enough here."""
    x = np.asarray(x, np.longdouble)
    gradient = np.zeros(x.shape, np.longdouble)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = 1e-6
        gradient[place] = (function(x + step) - function(x - step)) / 2e-6
    return float(function(x)), gradient.astype(float)


@pytest.mark.skipif(np.finfo(np.longdouble).maxexp < 16000, reason="no extended precision to compare with")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("name", "function", "x"), CASES)
def test_values_and_gradients(name: str, function: Callable[..., Any], x: Any) -> None:
    value, gradient = exact(function, x)
    found, slope = sd.value_and_grad(function)(x)
    assert np.all(np.isfinite(slope))
    if np.isfinite(value):  # a mixture far from all of its parts is out of the range of extended precision, too
        assert found == pytest.approx(value, rel=1e-13)
        np.testing.assert_allclose(slope, gradient, rtol=2e-8, atol=1e-9)


@pytest.mark.parametrize("name", OF_VECTORS)
def test_second_derivatives_far_out(name: str) -> None:
    """They are finite, symmetric, and do not change when all exponents grow alike."""
    hessian = sd.hessian(OF_VECTORS[name])(POINTS[0])
    assert np.all(np.isfinite(hessian))
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-12)


def test_infinite_exponents() -> None:
    lse = sd.value_and_grad(OF_VECTORS["log-sum-exp"])
    value, slope = lse(np.array([-np.inf, 1.0, 2.0]))
    assert value == pytest.approx(np.log(np.exp(1.0) + np.exp(2.0)))
    np.testing.assert_allclose(slope, [0.0, *np.exp([1.0, 2.0]) / np.exp([1.0, 2.0]).sum()], rtol=1e-14)
    closed = sd.trace(OF_VECTORS["log-sum-exp"], shapes={"v": "n"})
    with np.errstate(divide="ignore"):
        assert closed(np.array([-np.inf, -np.inf])) == -np.inf
    assert closed(np.array([np.inf, 1.0])) == np.inf


def test_what_has_been_shifted_by_hand_stays() -> None:
    def softmax(x):
        shifted = np.exp(x - np.max(x))
        return shifted / np.sum(shifted)

    program = trace_function(softmax, shapes={"x": "n"})
    assert simplify(program).outputs == program.outputs


@pytest.mark.parametrize(
    "function",
    [
        lambda v: np.exp(v) / np.sum(np.exp(2.0 * v)),
        lambda v: np.log(1.0 + np.sum(np.exp(v))),
        lambda v: np.sum(np.exp(v)) / 2.0,
        lambda v: np.log(np.sum(np.exp(v) + v)),
    ],
)
def test_what_depends_on_the_shift_stays(function: Callable[..., Any]) -> None:
    program = trace_function(function, shapes={"v": "n"})
    assert all(better_sum(node) is None for node in program.nodes())
