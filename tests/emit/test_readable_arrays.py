"""Array code as somebody would write it: one buffer for a sum of parts, matrices by rows, results as they are."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def tridiagonal(x):
    return np.array([x[0] * x[1], x[0] - x[1] ** 2, x[1]])


def mean_square(x):
    return np.mean(x**2)


def ends(x, y):
    return x[0] * x[-1] + np.sum(x * y)


def generated(function: Callable[..., Any], emit: str, **options: Any) -> tuple[str, Callable[..., Any]]:
    """The last function of a module without its docstring, and the function itself."""
    module = sd.generate(function, emit=emit, **options)
    namespace: dict[str, Any] = {}
    exec(module.text, namespace)
    return module.text.rpartition('"""\n')[2], namespace[f"{function.__name__}_{emit}"]


def test_parts_of_a_gradient_are_added_in_one_buffer() -> None:
    body, slope = generated(rosenbrock, "grad", shapes={"x": "n"})
    assert body.count("np.zeros") == 1
    assert "[1:] += " in body
    x = np.array([0.5, -1.0, 2.0])
    np.testing.assert_array_equal(slope(x), sd.grad(rosenbrock)(x))
    np.testing.assert_allclose(slope(x), [249.0, 146.0, 200.0], rtol=1e-15)


def test_what_is_there_is_not_written_to() -> None:
    body, slope = generated(ends, "grad", wrt="x", shapes={"x": "n", "y": "n"})
    assert "np.array(y)" in body
    x, y = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])
    np.testing.assert_array_equal(slope(x, y), [7.0, 5.0, 7.0])
    np.testing.assert_array_equal(y, [4.0, 5.0, 6.0])


@pytest.mark.parametrize("emit", ["grad", "hess"])
def test_results_that_have_the_right_dtype_are_returned_as_they_are(emit: str) -> None:
    body, function = generated(rosenbrock, emit, shapes={"x": "n"})
    assert "asarray" not in body
    assert function(np.array([0.5, 1.0], dtype=np.float32)).dtype == np.float32


def test_lengths_do_not_widen_single_precision() -> None:
    body, slope = generated(mean_square, "grad", shapes={"x": "n"})
    assert "float64" not in body.replace("np.float64(1.0) /", "")
    assert slope(np.array([0.5, 1.0], dtype=np.float32)).dtype == np.float32


def test_matrices_are_written_by_rows() -> None:
    body, jacobian = generated(tridiagonal, "jac", shapes={"x": "2"})
    assert "reshape" not in body
    assert "np.array([[x[1], x[0]], [1.0, -2.0 * x[1]], [0.0, 1.0]], dtype=x.dtype)" in body
    np.testing.assert_array_equal(jacobian([3.0, 4.0]), [[4.0, 3.0], [1.0, -8.0], [0.0, 1.0]])


def test_long_matrices_are_broken_between_rows() -> None:
    body, _ = generated(of_neighbours, "jac", shapes={"x": "4"})
    assert "            [0.0, 0.0, 2.0 * (x[3] * x[2]), x[2] * x[2]],\n" in body


def of_neighbours(x):
    return np.array([x[i] ** 2 * x[(i + 1) % 4] for i in range(4)])


def log_likelihood(K, y):
    return -0.5 * (y @ np.linalg.solve(K, y) + np.linalg.slogdet(K)[1])


def test_negative_factors_are_subtracted() -> None:
    body, _ = generated(log_likelihood, "grad", wrt="y", shapes={"K": "n n", "y": "n"})
    assert body.endswith("    return -0.5 * np.linalg.solve(K, y) - 0.5 * np.linalg.solve(K.T, y)\n")
