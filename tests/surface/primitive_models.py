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


def energy(y: Any) -> Any:
    """A function of an array."""
    return logsumexp(y**2)


def bell(x: float, a: float) -> float:
    """A function of numbers."""
    return a * erf(x, scale=2.0)


def misled(x: float) -> float:
    """A function that the proof must refuse."""
    return mistaken(x) ** 2
