"""Primitives that a generated module imports, and functions that call them."""

import math
from typing import Any

import numpy as np

import symdiff as sd


@sd.primitive
def logsumexp(x: Any) -> Any:
    """log(sum(exp(x)))."""
    largest = np.max(x)
    return largest + np.log(np.sum(np.exp(x - largest)))


sd.defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))


@sd.primitive
def erf(x: float, scale: float = 1.0) -> float:
    """A function of numbers."""
    return scale * math.erf(x)


@erf.derivative
def erf_slope(x: float, scale: float = 1.0) -> float:
    """Its derivative."""
    return scale * 2.0 / math.sqrt(math.pi) * math.exp(-(x**2))


@sd.primitive
def mistaken(x: float) -> float:
    """A function whose rule is wrong."""
    return math.erf(x)


@mistaken.derivative
def mistaken_slope(x: float) -> float:
    """Without the factor 2 / sqrt(pi)."""
    return math.exp(-(x**2))


@sd.primitive
def polar(x: Any, y: Any) -> tuple[Any, Any]:
    """A function with two results."""
    return np.hypot(x, y), np.arctan2(y, x)


@polar.vjp
def polar_rule(g: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Its reverse rule."""
    r, _ = polar(x, y)
    return g[0] * x / r - g[1] * y / r**2, g[0] * y / r + g[1] * x / r**2


def area(x: Any, y: Any) -> Any:
    """A function of both results."""
    r, angle = polar(x, y)
    return np.sum(r**2 * angle)


def energy(y: Any) -> Any:
    """A function of an array."""
    return logsumexp(y**2)


def bell(x: float, a: float) -> float:
    """A function of numbers."""
    return a * erf(x, scale=2.0)


def misled(x: float) -> float:
    """A function that the proof must refuse."""
    return mistaken(x) ** 2
