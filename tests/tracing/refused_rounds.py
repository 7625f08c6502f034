"""Exceptions, truth values, whole numbers and loops that have no closed form: each is refused with its line."""

import contextlib
import itertools
import math

import numpy as np

from tests.tracing.refused import REFUSED as REFUSED
from tests.tracing.refused import refused


@refused()
def guarded_division_in_rounds(x):
    try:
        while x > 0.1:
            x = x - 1.0 / (x * x - 2.0)
    except ZeroDivisionError:
        x = 0.0
    return x


@refused()
def guarded_division_in_many_rounds(x):
    try:
        for _ in range(80):
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
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(ZeroDivisionError))
        x = 1.0 / x
    return 2.0 * x


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
def step_that_depends_on_the_arguments(x):
    total = 0.0
    for k in range(0, int(x), int(x) // 2):
        total += k * x
    return total


class PowersOfTwo:
    """A sequence without an end."""

    def __iter__(self):
        power = 1.0
        while True:
            yield power
            power = 2.0 * power


@refused()
def generator_that_some_arguments_leave(x):
    total = 0.0
    for power in PowersOfTwo():
        if power > x:
            break
        total += x / power
    return total


@refused()
def items_that_run_out(x):
    steps = iter([0.5, 0.25])
    for _ in range(3):
        x = x - next(steps) * x
    return x


@refused()
def bound_on_one_side(x):
    if x > 0:
        result = math.sqrt(x)
    return result


@refused()
def bound_nowhere(x):
    while False:
        result = x
    return result


@refused()
def bound_in_one_of_many_choices(x):
    level = 0.0
    for bound in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0):
        if x > bound:
            level += 1.0
    if level * x > 20.0:
        result = level
    return result


@refused(shapes={"v": 5})
def position_that_is_no_whole_number(v):
    k = 0
    while v[k] > 0.0:
        k = k + v[k]
    return v[0]


@refused()
def objects_in_a_round(x):
    step = 1.0
    while x > 1.0:
        x = x / 2.0 - step * 0.0
        step = str
    return x


@refused()
def another_kind_in_a_round(x):
    y = x
    while x > 1.0:
        x = x / 2.0
        y = (x, x)
    return y


@refused()
def truth_values_in_a_round(x):
    y = x
    while x > 1.0:
        x = x / 2.0
        y = x > 2.0
    return y


@refused()
def complex_numbers_in_a_round(x):
    y = 1.0
    while x > 1.0:
        x = x / 2.0
        y = y * 1j
    return y.real


@refused()
def loop_that_the_arguments_never_reach(x):
    k = 0
    while k >= 0:
        k = (k + 1) % 3
    return x


@refused(shapes={"v": 8})
def bound_in_the_first_of_many_choices(v):
    if v[0] > 0.0:
        result = v[0]
    level = 0.0
    for each in v:
        if each > 1.0:
            level += 1.0
    return result, level


@refused()
def said_in_rounds(x):
    status = "first"
    while x > 0.1:
        x = x * (0.25 if status == "first" else 0.5)
        status = "later"
    return x


@refused()
def raised_out_of_a_round(x):
    y = x
    while y > 1.0:
        y = y * 0.5
    try:
        while y > 0.5:
            y = y * [0.5][1]
    except IndexError:
        y = -x
    return y


@refused()
def items_taken_in_a_round(x):
    steps = iter([0.5, 0.25, 0.125])
    total = 0.0
    while x > 1.0:
        total += next(steps)
        x = x / 2.0
    return total


class Spring:
    def __init__(self, x):
        self.x = x


@refused()
def object_of_two_names(x):
    spring = Spring(x)
    last = spring
    while x > 1.0:
        spring = last
        last = Spring(x)
        x = x / 2.0
    last.x = 1.0
    return spring.x


@refused()
def items_without_end(x):
    def scaled():
        for each in iter(lambda: 2.0, 0.0):
            yield each * x

    return max(scaled())


@refused()
def list_that_a_generator_makes_longer(x):
    def halved():
        items = [x]
        for each in items:
            items.append(each)
            yield 0.0

    return x + sum(halved())


@refused()
def builtin_that_is_given_no_end(x):
    return x * sum(itertools.repeat(1.0))


@refused()
def condition_that_stays_true(x):
    while x > 0:
        x = x + 1.0
    return x * x


@refused()
def whole_numbers_that_leave_their_loop(x):
    p, y = 1, x
    while y > 1e-9:
        p = p * 3
        y = y * 0.7
    return x * (p % 7)


@refused()
def exceptions_on_every_path(x):
    items = [1.0, 2.0] if x > 1 else [1.0]
    if x > 2:
        raise ValueError("too large")
    raise ValueError(f"{len(items)} items")
