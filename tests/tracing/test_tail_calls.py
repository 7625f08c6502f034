"""Functions that call themselves last, and loops that only a `return` ends, are loops."""

import functools
import math
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def mean_of(x: float, y: float) -> float:
    """Gauss's arithmetic-geometric mean."""
    if abs(x - y) < 1e-14 * x:
        return x
    return mean_of(0.5 * (x + y), math.sqrt(x * y))


def shrunk(x, y):
    return x * y if y < 0.05 else shrunk(y, x - 0.7 * y) if x > y else shrunk(y=0.5 * y, x=0.9 * x)


def power(x, n, made=1.0):
    if n == 0:
        return made
    if n % 2:
        return power(x * x, n // 2, made * x)
    return power(x * x, n // 2, made)


def with_default(x, step=0.5):
    return x if x < 1.0 else with_default(x * step)


def in_a_loop(x):
    for _ in range(2):
        if x > 1.0:
            return in_a_loop(x / 2.0)
    return x


@functools.cache
def kept(x):
    return x if x < 1.0 else kept(x / 2.0)


def slope(f: Any, *args: float, at: int = 0, step: float = 1e-6) -> float:
    ahead, behind = ([v + s * step * (place == at) for place, v in enumerate(args)] for s in (1.0, -1.0))
    difference: float = (f(*ahead) - f(*behind)) / (2.0 * step)
    return difference


@pytest.mark.parametrize("f", [mean_of, shrunk])
@pytest.mark.parametrize("point", [(3.0, 2.0), (1.0, 7.5), (0.2, 0.1)])
def test_a_tail_call_on_traced_values_is_a_loop(f: Any, point: tuple[float, float]) -> None:
    assert sd.trace(f)(*point) == f(*point)
    found = sd.grad(f, argnum=(0, 1))(*point)
    for at in (0, 1):
        assert found[at] == pytest.approx(slope(f, *point, at=at), rel=1e-7)
    assert "while " in sd.derivative(f).source("math")


def test_elements_end_apart() -> None:
    x, y = np.array([3.0, 1.0, 0.2]), np.array([2.0, 7.5, 0.1])
    expected = [sd.derivative(mean_of)(a, b) for a, b in zip(x, y, strict=True)]
    np.testing.assert_allclose(sd.derivative(mean_of)(x, y), expected, rtol=1e-14)


def test_static_values_still_end_it() -> None:
    assert sd.grad(power, static=["n"])(1.5, 5) == 5 * 1.5**4
    assert sd.trace(power, static={"n": 6})(2.0) == 64.0
    assert "while" not in sd.derivative(power, static={"n": 5}).source("math")


def test_a_local_function_may_call_itself() -> None:
    def halved(x):
        return x if x < 1.0 else halved(x / 2.0)

    assert sd.derivative(halved)(5.0) == 0.125


@pytest.mark.parametrize("f", [with_default, in_a_loop, kept])
def test_what_is_no_plain_tail_call_is_refused(f: Any) -> None:
    with pytest.raises(sd.SymdiffError):
        sd.derivative(f)(5.0)


def test_a_name_that_means_another_function_by_now_is_called_as_it_is() -> None:
    def first(x):
        return x if x < 1.0 else first(x / 2.0)

    inner, first = first, lambda x: 10.0 * x
    assert sd.derivative(inner)(5.0) == 5.0


def test_a_loop_that_only_a_return_ends() -> None:
    def newton(a):
        x = a
        while True:
            step = (x * x - a) / (2.0 * x)
            x = x - step
            if abs(step) < 1e-12:
                return x

    assert sd.derivative(newton)(2.0) == pytest.approx(0.5 / math.sqrt(2.0), rel=1e-12)
    assert sd.derivative(newton, order=2)(2.0) == pytest.approx(-0.25 * 2.0**-1.5, rel=1e-9)

    def found_or_not(x):
        for k in range(4):
            while True:
                x = 0.5 * x
                if x < 1.0:
                    break
                if x > 40.0:
                    return -x
            x = x + k
        return x

    for x in (0.3, 5.0, 100.0):
        assert sd.trace(found_or_not)(x) == found_or_not(x)
        assert sd.derivative(found_or_not)(x) == pytest.approx(slope(found_or_not, x), rel=1e-6)


def inner_sum(x):
    def halved(y, total):
        if y <= 1.0:
            return total
        return halved(y / 2.0, total + math.sin(y))

    return halved(x, 0.0)


def inner_of_inner(x):
    def outer(y):
        def inner(z, n):
            return z if z > 10.0 else inner(z * y, n + 1)

        return inner(1.0, 0) + y

    return outer(x + 1.0)


@pytest.mark.parametrize("f", [inner_sum, inner_of_inner])
@pytest.mark.parametrize("x", [0.5, 3.7, 29.3])
def test_a_tail_call_of_an_inner_function_is_a_loop(f: Any, x: float) -> None:
    df: Any = sd.derivative(f)
    assert sd.trace(f)(x) == pytest.approx(f(x), rel=1e-15)
    assert df(x) == pytest.approx(slope(f, x), rel=1e-6, abs=1e-9)
    assert "while" in df.source("math")


def test_inner_functions_whose_name_means_something_else_are_called_as_they_are() -> None:
    def bound_twice(x):
        def step(y):
            return y if y < 1.0 else step(y / 2.0)

        first = step

        def step(y):
            return y * 10.0

        return first(x)

    def handed_on(x):
        def step(step, y):
            return step(step, y / 2.0)

        return step(lambda f, y: y * y, x)

    for f in (bound_twice, handed_on):
        for x in (0.5, 3.0):
            assert sd.trace(f)(x) == f(x)


def doubling(y, n):
    if n > 20 or y > 100.0:
        return y
    if math.sin(y) > 0.0:
        return 1.0 + doubling(y * 1.5, n + 1)
    return 2.0 + doubling(y + 0.7, n + 1)


def test_a_recursion_that_doubles_with_every_level_is_refused_in_seconds() -> None:
    with pytest.raises(sd.LoopError, match="the depth of this recursion depends on a traced value"):
        sd.trace(lambda x: doubling(x, 0))
    assert sd.grad(lambda x: doubling(x, 0))(2.3) == 7.59375
