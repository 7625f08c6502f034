"""`derivative` where a function is more than one formula of its own: arrays inside it, traces around it."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def test_a_derivative_is_elementwise_whatever_arrays_the_function_makes_inside() -> None:
    def f(x: float) -> Any:
        v = np.array([x, 2.0 * x, 1.0])
        return np.sum(v[:2] * v[1:]) + np.linalg.norm(v)

    slope = sd.derivative(f)
    norms = [math.sqrt(5.0 * x * x + 1.0) for x in (0.5, 2.0)]
    expected = [4.0 * x + 2.0 + 5.0 * x / norm for x, norm in zip((0.5, 2.0), norms, strict=True)]
    assert slope([0.5, 2.0]).tolist() == pytest.approx(expected, rel=1e-14)
    assert [slope(0.5), slope(2.0)] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("inner", [sd.derivative, sd.trace, sd.lambdify, sd.grad])
def test_every_function_of_ours_may_close_over_a_traced_value(inner: Callable[..., Any]) -> None:
    def outer(x: float) -> Any:
        return inner(lambda y: y * y * x)(x) + inner(lambda y: y * x)(2.0)

    assert sd.derivative(outer)(3.0) == (13.0 if inner in (sd.derivative, sd.grad) else 29.0)
