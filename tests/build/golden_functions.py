"""The functions whose generated modules are kept in tests/golden: a little of everything."""

import math
from typing import Any

import numpy as np

R = 8.314


def damped(t: Any, rate: Any = 0.5) -> Any:
    """A decaying oscillation."""
    envelope = math.exp(-rate * t)
    return envelope * math.cos(2.0 * t)


def arrhenius(T: Any, Ea: Any, A: Any = 1e3) -> Any:
    """A rate constant: calls a helper and reads a global."""
    return A * math.exp(_exponent(T, Ea))


def _exponent(T: Any, Ea: Any) -> Any:
    return -Ea / (R * T)


def clipped(x: Any) -> Any:
    """Branches and kinks."""
    y = abs(x)
    if y > 1.0:
        return math.log(y) + 1.0
    return y * y


def rosenbrock(x: Any) -> Any:
    """A function of a vector."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def polar(p: Any, *, scale: Any = 1.0) -> Any:
    """A dict in, a tuple out."""
    return scale * p["r"] * np.cos(p["phi"]), scale * p["r"] * np.sin(p["phi"])


def named(lambda_: Any, np_: Any, sin: Any) -> Any:
    """Names that look like ours."""
    math_ = math.sin(sin) * np_
    return math_ + lambda_


def special(x: Any, a: Any = 0.3) -> Any:
    """What NumPy lacks."""
    return math.erf(x) * math.gamma(a + 1.0) + math.copysign(x, a)


def anomaly(mean: Any, eccentricity: Any = 0.5) -> Any:
    """Kepler's equation by Newton's method: a loop without a known end, after a check."""
    if eccentricity >= 1.0:
        raise ValueError("not an ellipse")
    angle = mean
    while abs(angle - eccentricity * math.sin(angle) - mean) > 1e-10:
        slope = 1.0 - eccentricity * math.cos(angle)
        angle = angle - (angle - eccentricity * math.sin(angle) - mean) / slope
    return angle


def thrown(height: Any, speed: Any, gravity: Any, drag: Any, floor: Any, spring: Any) -> Any:
    """A ball that the floor throws back: a thousand rounds with a branch, and a gradient of six numbers."""
    for _ in range(1000):
        force = -gravity - drag * speed
        if height < floor:
            force = force + spring * (floor - height)
        speed = speed + 1e-3 * force
        height = height + 1e-3 * speed
    return height
