"""Functions that call themselves once more, for an argument that is known to be on the other side of the branch."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import LoopError, TraceError
from symdiff.tracing import trace_function


def odd(x):
    if x < 0:
        return -odd(-x)
    return math.sqrt(x) * math.exp(-x)


def arctangent(x):
    if x > 1.0:
        return math.pi / 2.0 - arctangent(1.0 / x)
    return x / (1.0 + 0.28 * x * x)


def complement(x):
    if x > 0.5:
        return 1.0 - complement(1.0 - x)
    return x**1.7 * (1.0 + x)


def gamma(x):
    """Lanczos, with reflection."""
    if x < 0.5:
        return math.pi / (math.sin(math.pi * x) * gamma(1.0 - x))
    t = x + 4.5
    series = 1.000000000190015 + 76.18009172947146 / x - 86.50532032941677 / (x + 1.0) + 24.01409824083091 / (x + 2.0)
    return math.sqrt(2.0 * math.pi) * t ** (x - 0.5) * math.exp(-t) * series


@pytest.mark.parametrize("f", [odd, arctangent, complement, gamma])
def test_the_other_side_ends_it(f: Callable[[Any], Any]) -> None:
    trace_function(f)  # holds for all arguments
    derivative, points = sd.derivative(f), np.array([0.13, 0.37, 0.62, 0.94])
    points = np.concatenate([points, 3.0 * points if f is not complement else points**2])
    for x in points.tolist():
        assert sd.trace(f)(x) == pytest.approx(f(x), rel=1e-14)
        assert derivative(x) == pytest.approx((f(x + 1e-6) - f(x - 1e-6)) / 2e-6, rel=1e-7)
    assert derivative(points) == pytest.approx([derivative(x) for x in points.tolist()], rel=1e-13)


def test_one_that_may_come_back_to_the_same_side_is_refused() -> None:
    def back(x):
        if x > 1.0:
            return 2.0 * back(0.5 * x)
        return x

    with pytest.raises(LoopError, match="the depth of this recursion depends on a traced value") as caught:
        trace_function(back)
    assert "if x > 1.0" in str(caught.value)
    assert sd.grad(back)(5.0) == 1.0  # the path of the call is followed


def test_one_that_always_comes_back_never_ends() -> None:
    def back(x):
        return 2.0 * back(0.5 * x) if x < 1.0 else x

    with pytest.raises(TraceError, match="the function calls itself without end"):
        trace_function(back)


@pytest.mark.parametrize("pole", [0.0, -1.0])
def test_an_interval_with_a_pole_says_nothing(pole: float) -> None:
    def f(x):
        if x < 2.0:
            y = 1.0 / (x - pole)
            return 1.0 if y > 0.5 else -1.0
        return 0.0

    for x in (-3.0, -0.5, 0.7, 1.9):
        assert sd.trace(f)(x) == f(x)
