"""A function of one number against plain Python: value and slope, in memory and as modules of both backends."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

import symdiff as sd
from symdiff.emit.executing import execute
from symdiff.tracing import trace_function

STEP = 1e-6


def assert_as_on_numbers(function: Callable[..., Any], points: Sequence[float]) -> None:
    """The closed form does what the function does on numbers, at points where it is smooth."""
    trace_function(function)
    name = f"{function.__name__}_value_and_grad"
    found = sd.value_and_grad(function)
    for each in (found, *(execute(found.source(backend))[name] for backend in ("math", "numpy"))):
        for x in points:
            value, slope = each(x)
            assert value == pytest.approx(function(x), rel=1e-13), x
            expected = (function(x + STEP) - function(x - STEP)) / (2.0 * STEP)
            assert slope == pytest.approx(expected, rel=1e-6, abs=1e-6), x
