"""The Faddeeva function at real numbers: w(x) = exp(-x²) + 2i/√π D(x), with Dawson's integral D."""

from typing import Any

import mpmath
import numpy as np
import pytest

import symdiff as sd

special = pytest.importorskip("scipy.special")
POINTS = [-4.0, -0.3, 0.0, 0.7, 12.0]


def parts(x: Any) -> Any:
    w = special.wofz(x)
    return w.real + 2.0 * w.imag


@pytest.mark.parametrize("backend", ["numpy", "math", "numexpr"])
@pytest.mark.parametrize("x", POINTS)
def test_values_are_scipy_s(x: float, backend: str) -> None:
    assert complex(sd.lambdify(special.wofz, backend=backend)(x)) == pytest.approx(special.wofz(x), rel=1e-14)


@pytest.mark.parametrize("x", [-1.4, -0.3, 0.0, 0.7])  # far out, the derivatives of Dawson's integral cancel
@pytest.mark.parametrize("order", [1, 2])
def test_derivatives(x: float, order: int) -> None:
    with mpmath.workdps(60):
        w = mpmath.diff(lambda z: mpmath.exp(-z * z) * mpmath.erfc(-1j * z), x, order, h=mpmath.mpf(10) ** -20)
        expected = float(w.real + 2 * w.imag)
    assert sd.derivative(parts, order=order)(x) == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_the_primitive_that_a_refusal_proposes() -> None:
    w = sd.primitive(special.wofz)
    w.derivative(lambda z: 2j / np.sqrt(np.pi) - 2 * z * w(z))

    def voigt(x: Any, width: Any) -> Any:
        return np.real(w(x + 1j * width))

    with mpmath.workdps(40):
        expected = mpmath.diff(lambda x: mpmath.re(mpmath.exp(-((x + 0.5j) ** 2)) * mpmath.erfc(-1j * (x + 0.5j))), 0.3)
    assert sd.derivative(voigt)(0.3, 0.5) == pytest.approx(float(expected), rel=1e-12)
