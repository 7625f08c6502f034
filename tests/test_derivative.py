"""`derivative` where a function is more than one formula of its own: arrays inside it, traces around it."""

import gc
import inspect
import math
import weakref
from collections.abc import Callable
from types import FunctionType
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


def test_it_is_a_plain_function_that_shows_itself() -> None:
    slope = sd.derivative(lambda x, k=2.0: k * math.sin(x))
    assert isinstance(slope, FunctionType)
    assert "expr" not in [key for key in vars(slope) if type(key) is str]  # it waits until it is asked for
    assert str(slope.expr) == "k*cos(x)"
    assert slope.expr is slope.expr
    assert slope._repr_mimebundle_()["text/plain"] == "<symdiff: f_dx(x, k)>"
    assert slope._repr_mimebundle_()["text/latex"] == rf"$\displaystyle {slope.latex()}$"
    assert "math.cos(x)" in inspect.getsource(slope)
    assert list(inspect.signature(slope).parameters) == ["x", "k"]


def test_it_is_freed_without_the_collector() -> None:
    gc.disable()
    try:
        slope = sd.derivative(lambda x: x * x)
        gone = weakref.ref(slope)
        assert slope(3.0) == 6.0
        del slope
        assert gone() is None
    finally:
        gc.enable()


def test_inside_a_trace_it_is_the_derivative_for_what_the_trace_gives_it() -> None:
    slope = sd.derivative(lambda z: z * z * z)
    assert sd.derivative(lambda x: slope(2.0 * x) + slope(1.0))(1.0) == 24.0 * 1.0
    assert sd.trace(lambda z: slope(z) * 1j)(2.0) == 12.0j
