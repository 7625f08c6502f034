"""Loops of `refused*.py` that have been mended as their messages say; see `mended.py`."""

import math

import numpy as np

from tests.tracing.mended import mended


@mended()
def bound_on_one_side(x):
    result = 0.0
    if x > 0:
        result = math.sqrt(x)
    return result


@mended()
def items_that_run_out(x):
    for step in [0.5, 0.25]:
        x = x - step * x
    return x


@mended()
def step_that_depends_on_the_arguments(x):
    total = 0.0
    for k in range(0, int(x), 2):
        total += k * x
    return total


@mended(shapes={"v": 5})
def position_that_is_no_whole_number(v):
    k = 0
    while v[int(k)] > 0.0:
        k = k + v[int(k)]
    return v[0]


@mended()
def another_kind_in_a_round(x):
    y = (x, x)
    while x > 1.0:
        x = x / 2.0
        y = (x, x)
    return y


@mended()
def truth_values_in_a_round(x):
    y = x
    while x > 1.0:
        x = x / 2.0
        y = x > 2.0
        y = 1.0 if y else 0.0
    return y


@mended()
def complex_numbers_in_a_round(x):
    y = 1.0
    y = y + 0j
    while x > 1.0:
        x = x / 2.0
        y = y * 1j
    return y.real


@mended()
def growing_list(x):
    total = 0.0
    while x > 1:
        total = total + x
        x = x / 2
    return total


@mended()
def guarded_division_in_rounds(x):
    while x > 0.1:
        x = 0.0 if x * x - 2 == 0 else x - 1.0 / (x * x - 2.0)
    return x


@mended(shapes={"A": (2, 2), "b": 2})
def guarded_solution(A, b):
    if np.linalg.cond(A) < 1e12:
        return np.linalg.solve(A, b)
    return b


@mended()
def suppressed_division(x):
    result = 0.0
    try:  # noqa: SIM105 (it is the fix)
        result = 1.0 / x
    except ZeroDivisionError:
        pass
    return result


@mended()
def recursion_on_a_traced_value(x, n=3, total=1.0):
    return x * total if n == 0 else recursion_on_a_traced_value(x, n - 1, total * x)


@mended()
def generator_that_some_arguments_leave(x):
    total, power = 0.0, 1.0
    while True:
        if power > x:
            break
        total += x / power
        power = 2.0 * power
    return total


@mended()
def condition_that_stays_true(x):
    while x > 0:
        x = x - 1.0
    return x * x


@mended()
def whole_numbers_that_leave_their_loop(x):
    p, y = 1, x
    while y > 1e-9:
        p = p * 3 % 7
        y = y * 0.7
    return x * p
