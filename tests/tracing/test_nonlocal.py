"""Variables that inner functions assign to (`nonlocal`), in branches and in rounds of loops."""

import math
from collections.abc import Callable
from typing import Any

import pytest

import symdiff as sd
from tests.holds import assert_as_on_numbers

POINTS = [(1.0, 0.7), (1.3, 0.7), (0.37, 0.2), (2.35, 0.31), (0.15, 0.6), (0.9, 0.5)]


def a_sum_on_one_side(x, y):
    n = 0.0

    def inc(v):
        nonlocal n
        n += v
        return n

    if x > 0:
        inc(y)
    else:
        n = 5.0
    inc(x)
    return n * y


def a_sum_in_rounds(x, y):
    n = 0.0
    k = x

    def inc():
        nonlocal n
        n += y

    while k > 0.3:
        inc()
        k *= 0.7
    return n * y


def the_best_so_far(x, y):
    best = None

    def see(v):
        nonlocal best
        if best is None or v < best:
            best = v

    for v in (x, y, 0.3, x * y):
        see(v)
    return best * y


def a_list_that_is_bound_anew(x, y):
    p = [x, y]

    def swap():
        nonlocal p
        p = [p[1], p[0]]

    q = p
    if x > 0.1:
        swap()
    p[0] += 1.0
    return q[0] + 2 * p[0] * y


def counted_calls_of_a_bisection(x, y):
    calls = 0

    def f(t):
        nonlocal calls
        calls += 1
        return math.cos(t) * x

    a, b = (0.0, y + 1.0)
    for _ in range(5):
        m = (a + b) / 2
        if f(m) > 0.5:
            a = m
        else:
            b = m
    return a + b + calls * y


def a_function_inside_a_function(x, y):
    state = 0

    def outer():

        def inner():
            nonlocal state
            if x > 0.2:
                state = state + 1
            else:
                state *= 2.0
                state += y
            return state

        return inner() + inner()

    r = outer()
    while state < 1.5:
        state += 0.4
    return r + state * y


def a_visit_that_calls_itself(x, y):
    total = 0.0

    def visit(d):
        nonlocal total
        if d == 0:
            return
        if x > 0.1 * d:
            total += y * d
        visit(d - 1)

    visit(3)
    return total + y


def a_loop_inside(x, y):
    k = x

    def shrink():
        nonlocal k
        while k > 0.3:
            k *= 0.7
        return k

    return shrink() * y + k


def in_expressions(x, y):
    a = 0.0

    def set_(v):
        nonlocal a
        a = v

    r = set_(x) or a if x > 0 else (set_(y), a)[1]
    return a * y + r


def counted_calls_of_newtons_method(x, y):
    calls = 0
    k = x

    def f(v):
        nonlocal calls
        calls += 1
        return v * v - y

    while abs(f(k)) > 0.001 and calls < 30:
        k = k - f(k) / (2 * k)
    return k * (1 + 0 * calls) + calls * 0.001


def bound_in_the_rounds_as_well(x, y):
    n = 0.0
    k = x

    def inc():
        nonlocal n
        n += y

    while k > 0.3:
        n = n * 0.5
        inc()
        k *= 0.7
    return n * y


def read_by_another_function(x, y):
    n = 0.0
    k = x

    def inc():
        nonlocal n
        n += y

    def get():
        return n

    while k > 0.3:
        inc()
        k *= 0.7
        if get() > 0.9:
            break
    return get() * y + n


def a_list_bound_anew_in_rounds(x, y):
    p = [x]
    k = x

    def app():
        nonlocal p
        p = [p[0] * 0.5 + y]

    while k > 0.3:
        app()
        k *= 0.7
    return p[0] * y


def under_a_branch_of_a_round(x, y):
    n = 0.0

    def inc(v):
        nonlocal n
        if v > 0.2:
            n += v * y
        else:
            n -= 1
        return n

    s = 0.0
    k = x
    while k > 0.1:
        if k > 0.5:
            s += inc(k)
        k *= 0.6
    return s + n


FUNCTIONS = [value for value in list(globals().values()) if getattr(value, "__module__", "") == __name__]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_values_and_slopes_are_those_of_plain_python(f: Callable[..., Any]) -> None:
    traced, gradient = sd.trace(f), sd.grad(f, argnum=(0, 1), mode="closed")
    for x, y in POINTS:
        assert traced(x, y) == pytest.approx(f(x, y), rel=1e-13)
        slopes = (f(x + 1e-7, y) - f(x - 1e-7, y)) / 2e-7, (f(x, y + 1e-7) - f(x, y - 1e-7)) / 2e-7
        assert gradient(x, y) == pytest.approx(slopes, rel=1e-6, abs=1e-6)


def test_a_variable_that_rounds_change_is_a_state_with_its_name() -> None:
    text = sd.grad(a_sum_in_rounds, argnum=(0, 1)).source()
    assert "while" in text and "n = " in text


def defined_in_a_side(x):
    s, t = x, 1.0
    if x < 0.6:

        def step(by):
            nonlocal s
            s += by
            return 2.0

        t += step(x)
    return s * t


def defined_in_a_side_of_an_inner_function(x):
    s, t = x, 1.0

    def middle(value):
        if x < 0.6:

            def step(by):
                nonlocal s
                s += by
                return 2.0

            value += step(x)
        return value

    t += middle(x)
    return s * t


def defined_in_a_round(x):
    s, t = x, 1.0
    for k in range(3):

        def step(by):
            nonlocal s
            s += by * k  # noqa: B023 (it is called in the round)
            return 2.0

        if s < 0.6 * k:
            t += step(x)
    return s * t


def method_of_a_class_in_a_side(x):
    s, t = x, 1.0
    if x < 0.6:

        class Stepping:
            def step(self, by):
                nonlocal s
                s += by
                return 2.0

        t += Stepping().step(x)
    return s * t


def two_functions_deep(x):
    s, t = x, 1.0
    waits = x + 0.3

    def step(by):
        def more():
            nonlocal s
            s += by * waits

        if by > 0.6:
            more()
        return by

    while waits > 0.2:
        waits *= 0.5
        if s < 2.0:
            t += step(x)
    return s * t


@pytest.mark.parametrize(
    "function",
    [
        defined_in_a_side,
        defined_in_a_side_of_an_inner_function,
        defined_in_a_round,
        method_of_a_class_in_a_side,
        two_functions_deep,
    ],
)
def test_functions_inside_assign_to_variables_of_those_around_them(function: Callable[..., Any]) -> None:
    assert_as_on_numbers(function, (0.27, 0.9))
