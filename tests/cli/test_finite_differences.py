"""Finite differences whose steps fit the argument: `symdiff compare … --against fd`."""

import math
from collections.abc import Callable

import pytest

from symdiff.compare.references import Problem, finite_differences
from symdiff.tracing import trace_function


def difference(function: Callable[..., float], x: float) -> float:
    found = finite_differences(Problem(function, trace_function(function), ("x",)), {"x": x})
    return float(found[0])


def logarithm(x: float) -> float:
    return math.log(x)


def wave(x: float) -> float:
    return math.sin(x)


def root(x: float) -> float:
    return math.sqrt(1.0 + x * x)


def shift(x: float) -> float:
    return math.exp(x)


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        (logarithm, 1e-9, 1e9),  # varies on the scale of x; a step of 6e-6 leaves the domain
        (logarithm, 1e9, 1e-9),
        (wave, 1e9, math.cos(1e9)),  # varies on the scale 1
        (wave, 1e-9, 1.0),
        (root, 1e12, 1.0),
        (shift, 0.0, 1.0),
        (shift, 0.7, math.exp(0.7)),
        (shift, -40.0, math.exp(-40.0)),
    ],
)
def test_the_step_suits_the_function(function: Callable[..., float], x: float, expected: float) -> None:
    assert difference(function, x) == pytest.approx(expected, rel=1e-9)


def test_a_function_that_no_step_can_leave_says_why() -> None:
    def beyond(x: float) -> float:
        return math.sqrt(-1.0 - x * x)

    with pytest.raises(ValueError, match=r"domain|nonnegative"):
        difference(beyond, 0.5)
