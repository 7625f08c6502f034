"""Logistic functions that share their exponential: the same values, to the last digits, on both sides of zero."""

import inspect
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.ops.stable import log_sigmoid, sigmoid, softplus
from symdiff.schedule.logistic import share_exponentials
from symdiff.tracing import trace_function

POINTS = np.array([-800.0, -700.0, -40.0, -1.5, -1e-9, 0.0, 1e-9, 0.3, 40.0, 700.0, 800.0])
EXACT: dict[Any, Callable[[Any], Any]] = {
    sigmoid: lambda x: 1 / (1 + mpmath.exp(-x)),
    softplus: lambda x: mpmath.log1p(mpmath.exp(x)),
    log_sigmoid: lambda x: -mpmath.log1p(mpmath.exp(-x)),
}


@pytest.mark.parametrize("second", EXACT, ids=lambda op: op.name)
@pytest.mark.parametrize("first", EXACT, ids=lambda op: op.name)
def test_values(first: Any, second: Any) -> None:
    both = sd.lambdify(lambda x: (first(x), second(-x)), shapes={"x": len(POINTS)})
    assert "np.abs(x)" in inspect.getsource(both)
    for op, sign, found in zip((first, second), (1, -1), both(POINTS), strict=True):
        with mpmath.workdps(400):
            expected = [EXACT[op](sign * mpmath.mpf(float(point))) for point in POINTS]
            for value, right in zip(found, expected, strict=True):
                assert abs(mpmath.mpf(float(value)) - right) <= abs(right) * 4 * 2.0**-52 + 1e-320


def test_at_the_ends() -> None:
    both = sd.lambdify(lambda x: (sigmoid(x), sigmoid(-x), softplus(x), log_sigmoid(x)), shapes={"x": 3})
    found = both(np.array([-np.inf, np.inf, np.nan]))
    assert np.array_equal(found[0], [0.0, 1.0, np.nan], equal_nan=True)
    assert np.array_equal(found[1], [1.0, 0.0, np.nan], equal_nan=True)
    assert np.array_equal(found[2], [0.0, np.inf, np.nan], equal_nan=True)
    assert np.array_equal(found[3], [-np.inf, 0.0, np.nan], equal_nan=True)


def test_float32_stays() -> None:
    both = sd.lambdify(lambda x: (sigmoid(x), softplus(-x)), shapes={"x": 2})
    assert [each.dtype for each in both(np.zeros(2, np.float32))] == [np.float32] * 2


def test_one_alone_and_others_values_stay() -> None:
    for alone in (lambda x: sigmoid(x) * x, lambda x, y: sigmoid(x) * softplus(y)):
        program = trace_function(alone)
        assert share_exponentials(program) is program
