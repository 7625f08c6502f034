"""Choices that are merged while the function runs: the same values and derivatives as plain Python, in O(branches)."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Loop
from symdiff.tracing import trace_function
from symdiff.tracing.lowering.source import lowered


def ladder(x):
    if x < 10:
        return 0.0
    if x < 20:
        return 0.1 * (x - 10)
    y = x - 20
    if x < 40:
        return 1 + 0.2 * y
    return 5 + 0.4 * (x - 40)


def sometimes_returns(x):
    y = x * x
    if x > 0:
        y += 1.0
        if x > 2:
            return y * 3.0
    y = y * 2.0
    return y - x


def broken_loop(x):
    total, term = 0.0, x
    for i in range(30):
        total += term
        term = term * x / (i + 2)
        if abs(term) < 1e-3:
            break
    else:
        total = -1.0
    return total


def skipping(x):
    total = 0.0
    for i in range(6):
        if x > i:
            continue
        total += (i - x) ** 2
    return total


def found_in_a_loop(x):
    for i in range(5):
        if x < i * 1.5:
            return x * i
    return -x


def nested_loops(x):
    total = 0.0
    for i in range(4):
        for j in range(4):
            if x * j > i + 0.5:
                break
            total += x * (i + j)
        if total > 20:
            break
    return total


def one_branch_only(x):
    if x > 0.25:
        y = math.sqrt(x)
    z = 0.0
    if x > 0.25 and x < 5.0:
        z = 2.0
    elif x >= 5.0 or x < -1:
        z = -x
    if x > 0.25:
        z = z + y
    return z * 2 if not x > 3 else (z if 4.1 < x < 6.1 else x)


def mutated(x):
    values, buffer = [1.0, 2.0], np.zeros(2)
    state = {"n": 0.0}
    for i in range(3):
        if x > i + 0.5:
            values[0] = values[0] * x
            buffer[1] += x
            state["n"] += 1
        else:
            values[1] -= x
            buffer[0] -= 1.0
    return values[0] * values[1] + buffer[0] * buffer[1] + state["n"] * x


def appended(x):
    out = []
    if x > 0.1:
        out.append(x)
        out.append(2.0 * x)
    else:
        out.append(-x)
    return sum(out)


class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, value):
        if value > 0.3:
            self.total += value
        else:
            self.total -= 2.0 * value


def objects(x):
    counter = Counter()
    for k in range(4):
        counter.add(x - k)
    return counter.total


def named_on_both_sides(x):
    if x > 0:
        if abs(x) > 1:
            scale = x * 2
    else:
        if abs(x) > 1:
            scale = x * 3
    if abs(x) > 1:
        x = x + scale
    return x


def left_early(x):
    """Positions that are counted in a `while` which some arguments leave."""
    items = [x, 0.5, x * x]
    k = 0
    while k < 3:
        k += 1
        if x > -1.5:
            x = x / 2 + items[k % 3]
            if x > 0.7 and items[k % 2] > 0.4:
                break
        else:
            items[k % 3] += x
            continue
    else:
        x += 10.0
    return x + sum(items)


def membership(x):
    k = math.floor(x)
    if k in (1, 3):
        return x * x
    return x if k not in (2, 5) else -x


def guarded(x):
    a = x if x == 0 else math.sin(x) / x
    b = math.sqrt(x) if x > 0 else 0.0
    return a + b + (1 / x if x else 0.0)


def helpers(x):
    def huber(r, delta=1.0):
        if abs(r) <= delta:
            return 0.5 * r * r
        return delta * (abs(r) - 0.5 * delta)

    return sum(huber(x - k) for k in range(5))


def while_static(x):
    k, y = 0, x
    while k < 5:
        if y > 1.1:
            y = y / 2
            k += 1
        else:
            y = y * 1.5 + 0.1
            k += 1
    return y


FUNCTIONS = [
    ladder,
    sometimes_returns,
    broken_loop,
    skipping,
    found_in_a_loop,
    nested_loops,
    one_branch_only,
    mutated,
    appended,
    objects,
    membership,
    guarded,
    helpers,
    while_static,
    named_on_both_sides,
    left_early,
]
POINTS = (-2.53, -0.417, 0.137, 0.713, 1.831, 2.707, 3.33, 4.57, 5.77, 7.07, 13.3, 25.7, 55.1)


def slope(function: Callable[[float], float], x: float) -> float:
    h = 1e-6
    return (function(x + h) - function(x - h)) / (2 * h)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_values_and_derivatives_are_those_of_plain_python(function: Callable[[float], float]) -> None:
    program = trace_function(function)
    derivative = sd.derivative(function)
    slopes = derivative(np.array(POINTS))
    for x, on_array in zip(POINTS, slopes, strict=True):
        assert evaluate(program, x) == pytest.approx(function(x), rel=1e-13, abs=1e-13)
        assert derivative(x) == pytest.approx(slope(function, x), rel=1e-6, abs=1e-7)
        assert on_array == pytest.approx(derivative(x), rel=1e-12)


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f is not objects], ids=lambda f: f.__name__)
def test_all_of_them_are_rewritten(function: Callable[..., Any]) -> None:
    assert lowered(function.__code__) is not None


def test_sixty_four_branches_cost_no_more_than_sixty_four() -> None:
    def bumps(x):
        total = 0.0
        for i in range(64):
            if x > i / 10 + 0.05:
                total += math.sin(x * i)
            else:
                total -= x
        return total

    program = trace_function(bumps)
    assert len(program.nodes()) < 64 * 12
    assert len(sd.derivative(bumps).source("math").splitlines()) < 2000
    for x in (-1.0, 1.33, 5.0):
        assert evaluate(program, x) == pytest.approx(bumps(x), rel=1e-12)


def test_a_name_that_a_path_does_not_bind_is_refused_where_it_is_used() -> None:
    def unbound(x):
        if x > 0:
            y = x
        return y

    with pytest.raises(sd.SymdiffError, match="UnboundLocalError"):
        trace_function(unbound)


def test_sides_without_a_common_form_are_traced_apart() -> None:
    def mode(x):
        kind = "square" if x > 0 else "cube"
        shape = [x] if x > 1 else [x, x]
        return (x * x if kind == "square" else x**3) * len(shape)

    program = trace_function(mode)
    for x in (-1.5, 0.5, 2.0):
        assert evaluate(program, x) == mode(x)


def test_a_recursion_that_traced_values_would_end_is_refused() -> None:
    def factorial(n):
        return 1.0 if n <= 1 else n * factorial(n - 1)

    with pytest.raises(sd.LoopError, match="depth of this recursion"):
        trace_function(factorial)
    assert evaluate(trace_function(lambda x: x * factorial(4)), 2.0) == 48.0


def test_a_choice_on_a_constant_runs_one_side() -> None:
    ran = []

    def f(x, note, flag=True):
        if flag:
            note("yes")
            y = x
        else:
            note("no")
            y = -x
        return y

    trace_function(f, static={"note": ran.append})
    assert ran == ["yes"]


def test_the_rest_of_a_module_is_left_alone() -> None:
    before = ladder.__code__
    trace_function(ladder)
    assert ladder.__code__ is before
    assert ladder(15.0) == 0.5


def test_few_rounds_that_may_be_left_are_a_closed_form() -> None:
    def interpolated(x):
        for start, left, right in ((0.0, 1.0, 3.0), (1.0, 3.0, 2.0), (2.0, 2.0, 5.0)):
            if start <= x < start + 1.0:
                return left + (right - left) * (x - start)
        return math.nan

    assert not any(isinstance(node, Loop) for node in trace_function(interpolated).nodes())


def interpolation(count: int) -> Callable[[float], float]:
    places = np.linspace(0.0, 6.0, count)
    heights = np.sin(places)

    def between(x):
        for left, right, low, high in zip(places, places[1:], heights, heights[1:], strict=False):
            if left <= x < right:
                return low + (high - low) * (x - left) / (right - left)
        return 0.0

    return between


def test_a_table_is_looked_up_for_each_element() -> None:
    """Kept as a loop, which some arguments leave early, it would pick one place for all elements."""
    function, points = interpolation(61), np.array([0.37, 3.05, 7.0])
    found = sd.lambdify(function)(points)
    assert found == pytest.approx([function(float(x)) for x in points], rel=1e-14)
    slopes = [(function(x + 1e-6) - function(x - 1e-6)) / 2e-6 for x in points]
    assert sd.derivative(function)(points) == pytest.approx(slopes, abs=1e-8)


def test_neighbours_of_a_long_table_are_a_loop() -> None:
    function = interpolation(3_001)
    program = trace_function(function)
    assert any(isinstance(node, Loop) for node in program.nodes())
    assert evaluate(program, 4.1234) == pytest.approx(function(4.1234), rel=1e-14)
