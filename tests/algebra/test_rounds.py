"""Stable forms reach into the rounds of kept loops."""

import math

import pytest

import symdiff as sd


def debye(t, theta=300.0, n=200.0):
    """The heat capacity of a crystal over that of its classical limit, by midpoints."""
    top = theta / t
    dx = top / n
    s = 0.0
    for i in range(1, int(n) + 1):
        x = (i - 0.5) * dx
        s += x**4 * math.exp(x) / (math.exp(x) - 1.0) ** 2 * dx
    return 3.0 * s / top**3


def exact(t: float, theta: float, n: int) -> float:
    top = theta / t
    middles = ((i + 0.5) * top / n for i in range(n))
    return 3.0 * sum(x**4 * math.exp(-x) / math.expm1(-x) ** 2 * top / n for x in middles) / top**3


@pytest.mark.parametrize("make", [sd.derivative, sd.grad])
def test_a_derivative_far_out(make: object) -> None:
    slope = make(debye)  # type: ignore[operator]
    for t, theta in ((100.0, 300.0), (0.588, 230.0), (0.4, 400.0)):
        expected = (exact(t * (1 + 1e-5), theta, 200) - exact(t * (1 - 1e-5), theta, 200)) / (2e-5 * t)
        assert slope(t, theta, 200.0) == pytest.approx(expected, rel=1e-7)


def test_emitted_code() -> None:
    text = sd.derivative(debye).source("math")
    assert "while" in text
    assert "_csch" in text
