"""Jacobians and Hessians of small arrays: by elements or as whole arrays, whichever reads and runs better."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd

P = np.array([0.3, -0.7, 0.2])
R = np.array([1.0, 0.5, -0.8])


def dipole(r, p):
    distance = np.sqrt(r @ r)
    return p @ r / distance**3


def layer(A, x):
    return np.tanh(A @ x)


def lorenz(state, sigma, rho, beta):
    x, y, z = state
    return np.array([sigma * (y - x), x * (rho - z) - y, x * y - beta * z])


def midpoint(y, h, a):
    def slope(y):
        return np.array([a * y[0] - y[0] * y[1], y[0] * y[1] - y[1]])

    return y + h * slope(y + 0.5 * h * slope(y))


def module(function: Callable[..., Any], emit: str, wrt: str, backend: str, **shapes: str) -> tuple[list[str], Any]:
    """The statements of the derivative, and the derivative."""
    text = sd.generate(function, emit=emit, wrt=wrt, backend=backend, shapes=shapes).text
    names: dict[str, Any] = {}
    exec(text, names)
    return text.rpartition('"""\n')[2].splitlines(), names[f"{function.__name__}_{emit}"]


def test_a_function_of_whole_arrays_has_a_short_hessian() -> None:
    lines, hessian = module(dipole, "hess", "r", "numpy", r="3", p="3")
    assert len(lines) < 15
    assert "np.eye(3" in "".join(lines)
    np.testing.assert_allclose(hessian(R, P), sd.hessian(dipole)(R, P), rtol=1e-13, atol=1e-15)


def test_a_layer_of_a_network_has_its_matrix() -> None:
    lines, jacobian = module(layer, "jac", "x", "numpy", A="3 3", x="3")
    assert lines[-1] == "    return A * (4.0 * _bell(2.0 * (A @ x)))[:, None]"
    A = np.arange(9.0).reshape(3, 3) / 10.0
    np.testing.assert_allclose(jacobian(A, R), sd.jacobian(layer, 1)(A, R), rtol=1e-14)


def test_what_picks_elements_is_listed_by_elements() -> None:
    lines, _ = module(lorenz, "jac", "state", "numpy", state="3")
    assert "[-sigma, sigma, 0.0]," in "".join(lines)
    lines, _ = module(midpoint, "jac", "y", "numpy", y="2")
    assert "np.stack" not in "".join(lines)


@pytest.mark.parametrize("backend", ["numpy", "math", "numexpr"])
def test_every_backend_gives_the_same(backend: str) -> None:
    for function, wrt, arguments, shapes in (
        (dipole, "r", (R, P), {"r": "3", "p": "3"}),
        (midpoint, "y", (P[:2], 0.1, 1.5), {"y": "2"}),
    ):
        emit = "hess" if function is dipole else "jac"
        found = module(function, emit, wrt, backend, **shapes)[1](*arguments)
        expected = (sd.hessian if emit == "hess" else sd.jacobian)(function)(*arguments)
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)
