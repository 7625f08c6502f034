"""What the target of a `for` holds behind the loop, where arguments decide when it is left."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import LoopError
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function


def found_place(x):
    knots, heights = [0.0, 1.0, 2.0, 3.0, 4.0], [1.0, 0.5, 2.0, 1.5, 3.0]
    for i in range(len(knots) - 1):
        if knots[i] <= x < knots[i + 1]:
            break
    t = (x - knots[i]) / (knots[i + 1] - knots[i])
    return (1.0 - t) * heights[i] + t * heights[i + 1] ** 2


def found_pair(x):
    for k, (low, slope) in enumerate([(1.0, 2.0), (2.0, -1.0), (3.0, 0.5)]):  # noqa: B007 (read behind the loop)
        if x < low:
            break
    else:
        return -x * slope
    return slope * x + k


def found_among_many(x):
    for i in range(3_000):
        if i * x > 7.53:
            break
    i += 0.5
    return i * x


def counted_without_end(x):
    for k in itertools.count(1, 2):  # noqa: B007 (read behind the loop)
        x = x * 0.7
        if x < 0.2:
            break
    return x * k


def counted_to_a_number(x):
    signs = [1.0, -1.0, 0.5]
    for k in itertools.count():
        x = x + signs[k]
        if k == 2:
            break
    return x * k


def found_in_each_row(x):
    total = 0.0
    for row in range(3):
        for column in range(4):
            if row + column > x:
                break
        total = total * 1.5 + column * x
    return total


def found_letter(x):
    for letter in "abc":  # noqa: B007 (read behind the loop)
        x = x * 0.6
        if x < 1.0:
            break
    return x if letter == "a" else math.sin(x) if letter == "b" else -x


def one_after_the_other(x):
    for i in range(3):
        if x < i:
            break
    first = i
    for i in range(5):
        x = x + 0.1 * i
    return x * first + i


FUNCTIONS = [counted_without_end, counted_to_a_number, found_place, found_pair, found_among_many, found_in_each_row]
FUNCTIONS += [found_letter, one_after_the_other]


@pytest.mark.parametrize("f", FUNCTIONS)
def test_it_is_the_item_at_which_the_loop_was_left(f: Callable[[Any], Any]) -> None:
    xs = np.array([0.3, 0.7, 1.3, 1.9, 2.6, 3.4, 3.9])
    values, slopes = sd.value_and_grad(f), sd.derivative(f)
    for x in xs.tolist():
        slope = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
        assert sd.trace(f)(x) == pytest.approx(f(x), rel=1e-14)
        assert values(x) == pytest.approx((f(x), slope), rel=1e-7)
    assert slopes(xs) == pytest.approx([slopes(x) for x in xs.tolist()], rel=1e-14)
    for backend in ("math", "numpy", "numexpr"):
        assert compile_program(trace_function(f), backend)(1.9) == pytest.approx(f(1.9), rel=1e-14)


def test_a_target_that_nobody_reads_is_not_merged() -> None:
    def f(x):
        for _, name in zip(range(3), ("a", "b", "c"), strict=True):  # noqa: B007 (read behind the loop)
            x = x * 0.5
            if x < 1.0:
                break
        for name in ("d", "e"):
            x = x + len(name)
        return x

    assert sd.trace(f)(3.0) == f(3.0)


def test_items_without_end_that_only_arguments_stop_are_refused() -> None:
    def f(x):
        for factor in itertools.cycle([0.5, 0.7]):
            x = x * factor
            if x < 0.1:
                break
        return x

    with pytest.raises(LoopError, match="the number of rounds of this loop depends on a traced value") as caught:
        trace_function(f)
    assert "in itertools.cycle" in str(caught.value)
    assert sd.grad(f)(3.0) == pytest.approx(0.5**4 * 0.7**3, rel=1e-14)
