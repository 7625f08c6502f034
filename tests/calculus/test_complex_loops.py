"""Loops on complex numbers: the gradient by a real argument is real, that by a complex one has both directions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def iterated(x, n):
    z = complex(0.1, 0.2)
    for _ in range(n):
        z = z * z + np.sum(x) * (0.3 + 0.1j)
    return abs(z) ** 2


def not_holomorphic(z, n):
    w = z
    for _ in range(n):
        w = w * np.conj(w) * 0.5 + z * z * 0.3j + np.real(w) * 0.1
    return np.sum(np.real(w * np.conj(w)) + np.imag(w))


def difference(function: Callable[..., Any], z: Any, direction: Any, n: int) -> Any:
    return (function(z + 1e-6 * direction, n) - function(z - 1e-6 * direction, n)) / 2e-6


@pytest.mark.parametrize("n", [0, 1, 4])
@pytest.mark.parametrize("length", [1, 3, 6])
def test_gradients(length: int, n: int) -> None:
    z = np.linspace(0.1, 0.5, length) + 1j * np.linspace(0.4, -0.3, length)
    slope = sd.grad(not_holomorphic)(z, n)
    expected = [
        difference(not_holomorphic, z, e, n) - 1j * difference(not_holomorphic, z, 1j * e, n) for e in np.eye(length)
    ]
    np.testing.assert_allclose(slope, expected, rtol=1e-6, atol=1e-8)
    x = z.real
    slope = sd.grad(iterated)(x, n)
    assert slope.dtype == np.float64
    np.testing.assert_allclose(slope, [difference(iterated, x, e, n) for e in np.eye(length)], rtol=1e-6, atol=1e-8)
    curved = sd.hessian(iterated)(x, n)
    assert curved.dtype == np.float64
    steps = 1e-5 * np.eye(length)
    expected = [(sd.grad(iterated)(x + e, n) - sd.grad(iterated)(x - e, n)) / 2e-5 for e in steps]
    np.testing.assert_allclose(curved, expected, rtol=1e-5, atol=1e-7)
