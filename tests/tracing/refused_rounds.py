"""Exceptions, truth values, whole numbers and loops that have no closed form: each is refused with its line."""

import contextlib

import numpy as np

from tests.tracing.refused import REFUSED as REFUSED
from tests.tracing.refused import refused


@refused()
def guarded_division_in_rounds(x):
    while x > 0.1:
        try:
            x = x - 1.0 / (x * x - 2.0)
        except ZeroDivisionError:
            x = 0.0
    return x


@refused()
def guarded_division_in_many_rounds(x):
    for _ in range(80):
        try:
            x = x - 0.5 * x / (x * x - 2.0)
        except ZeroDivisionError:
            return 0.0
    return x


@refused(shapes={"v": 2})
def guarded_division_of_elements(v):
    try:
        return v[0] / v[1]
    except ZeroDivisionError:
        return 0.0


@refused(shapes={"A": (2, 2), "b": 2})
def guarded_solution(A, b):
    try:
        return np.linalg.solve(A, b)
    except np.linalg.LinAlgError:
        return b


@refused()
def suppressed_division(x):
    result = 0.0
    with contextlib.suppress(ZeroDivisionError):
        result = 1.0 / x
    return result


@refused()
def truth_value_inside_a_pattern(x):
    match {"sign": x > 0.0}:
        case {"sign": True}:
            return x
        case _:
            return -x


@refused(shapes={"v": 2})
def truth_value_of_an_element(v):
    flag = v[0] > 0.0
    return v[1] if flag is True else v[0]


sign = lambda x: 1.0 if (x > 0.0) is True else -1.0  # noqa: E731 (lambdas are not rewritten)


@refused()
def truth_value_in_a_lambda(x):
    return x * sign(x)


@refused()
def large_whole_numbers(x):
    seed = 42
    while x > 1e-9:
        seed = (1_103_515_245 * seed + 12_345) % 2_147_483_648
        x = x * 0.5
    return x * seed


@refused()
def list_that_grows_under_its_loop(x):
    found = [1.0]
    for value in found:
        found.append(value * x)  # noqa: PERF401
    return x


def _halves(x):
    while x > 0.1:
        yield x
        x = x / 2.0


@refused()
def sum_of_a_generator(x):
    return sum(_halves(x))


@refused()
def said_in_rounds(x):
    status = "first"
    while x > 0.1:
        x = x * (0.25 if status == "first" else 0.5)
        status = "later"
    return x
