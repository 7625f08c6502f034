"""Nested guards, found by a generator and kept as they were: whatever the path, nothing of another one is felt.

Every function is well defined on the path that it takes; the others would divide by zero or leave a domain.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.runtime.compile import compile_program

Function = Callable[[float, float], float]


def seed_43(x: float, y: float) -> float:
    if x > -1:
        u0 = math.log1p(x) * x
        if y < 5:
            u1 = math.exp(y) * y * u0
            if x**2 < 1:
                u2 = math.atanh(x) * u0
                if u2**2 < 1:
                    u3 = math.atanh(u2) * u1
                    return u3 * x
                return u1 * y
            else:
                if u1 != 0:
                    u4 = 1.0 / (u1) * u0
                    return math.sin(u4) + u4 * u1
                return x * y
        return x * u0
    else:
        if x**2 < 1:
            u5 = math.atanh(x) - x
            if u5 != 1:
                u6 = math.sin(u5) - u5
                if x > 0:
                    u7 = math.sqrt(x) - u6
                    return math.sin(u7) + u7 * u5
                return u6 * y
            else:
                if x > 0:
                    u8 = np.sqrt(x) * x
                    return math.sin(u8) + u8 * y
                return x * x
        return x * y


def inner_77(x: float, y: float) -> float:
    if -1 < x < 1:
        u0 = math.acos(x) + x
        if y > -1:
            u1 = math.log1p(y) - u0
            if y != 0:
                u2 = 1.0 / (y) - x
                return math.sin(u2) + u2 * x
            return u1 * y
        return x * 2.0
    else:
        if y > 0:
            u3 = math.sqrt(y) + y
            if u3 > -1:
                u4 = math.log1p(u3) + x
                return u4 * x
            return u3 * 2.0
        return x * x


def seed_77(x: float, y: float) -> float:
    h = inner_77(x, y)
    return h * math.sin(h) + (math.log(h) if h > 0 else h * x)


def seed_96(x: float, y: float) -> float:
    if -1 < y < 1:
        u0 = math.acos(y) + y
        if x > 0:
            u1 = math.pow(x, 1.3) + x
            if u1 != 1:
                u2 = math.sin(u1) * x
                if u0 > 0:
                    u3 = (u0) ** 0.5 * u0
                    return u3 * x
                return u1 * u2
            return u0 * y
        return y * u0
    else:
        if x > 0:
            u4 = math.sqrt(x) * x
            if y > 0:
                u5 = math.sqrt(y) + u4
                if x**2 < 1:
                    u6 = math.atanh(x) * u4
                    return u6 * y
                return u5 * 2.0
            else:
                if u4 > 0:
                    u7 = (u4) ** 0.5 - u4
                    return math.sin(u7) + u7 * y
                return u4 * y
        return y * x


def inner_106(x: float, y: float) -> float:
    if x**2 < 1:
        u0 = math.atanh(x) - y
        if x > 0:
            u1 = np.sqrt(x) * x
            if y > 0:
                u2 = np.sqrt(y) * u0
                return u2 * u0
            return u1 * u0
        return u0 * y
    else:
        if y > -1:
            u3 = math.log1p(y) * x
            if y > 0:
                u4 = (y) ** 0.5 * x
                return u4 * x
            return u3 * u3
        else:
            if x > 0:
                u5 = np.sqrt(x) - y
                return u5 * y
            return y * y


def seed_106(x: float, y: float) -> float:
    h = inner_106(x, y)
    return h * math.sin(h) + (math.log(h) if h > 0 else h * x)


POINTS: list[tuple[Function, float, float]] = [
    (seed_43, 0.6865870564710681, 1.1718050866211773),
    (seed_77, 1.196461476466908, -0.6963754237498545),
    (seed_96, -0.5176227595012541, 1.630500545304375),
    (seed_106, -1.9329452945173915, 1.768252924885772),
]


def central(function: Function, x: float, y: float, step: float = 1e-4) -> list[float]:
    """The two slopes and the two second derivatives along the axes, by central differences."""
    middle = function(x, y)
    sides = [
        (function(x + step, y), function(x - step, y)),
        (function(x, y + step), function(x, y - step)),
    ]
    slopes = [(ahead - behind) / (2.0 * step) for ahead, behind in sides]
    return slopes + [(ahead - 2.0 * middle + behind) / step**2 for ahead, behind in sides]


@pytest.mark.parametrize(("function", "x", "y"), POINTS, ids=lambda part: getattr(part, "__name__", None))
def test_derivatives_take_the_path_of_the_function(function: Function, x: float, y: float) -> None:
    expected = central(function, x, y)
    found = []
    for order in (1, 2):
        for name in ("x", "y"):
            derivative = sd.derivative(function, wrt=name, order=order)
            value = derivative(x, y)
            assert math.isfinite(value)
            assert compile_program(derivative.program, "math")(x, y) == pytest.approx(value, rel=1e-9, abs=1e-12)
            found.append(value)
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-4)
    assert sd.grad(function, argnum=(0, 1))(x, y) == pytest.approx(found[:2], rel=1e-12)


def halved_until_small(v: Any) -> Any:
    for _ in range(40):
        large = v > 1.0
        if not np.any(large):
            break
        v = np.where(large, 0.5 * v, v)
    return np.sum(v**2)


def test_a_sum_of_choices_that_share_their_sides_grows_with_their_number() -> None:
    """Each of 40 choices doubles the ways through the sum."""
    value, slopes = sd.value_and_grad(halved_until_small)(np.array([0.3, 7.0, 100.0]))
    np.testing.assert_allclose(value, 0.3**2 + 0.875**2 + 0.78125**2)
    np.testing.assert_allclose(slopes, [2 * 0.3, 2 * 0.875 / 8, 2 * 0.78125 / 128])
