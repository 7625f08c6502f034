"""Exceptions that are caught in rounds, under choices, by several clauses: a `try` runs for every place that raises."""

import contextlib
import math
from contextlib import suppress

import numpy as np
import pytest

import symdiff as sd
from tests.holds import assert_as_on_numbers


class FarError(Exception):
    def __init__(self, value):
        super().__init__("far")
        self.value = value


def far(value):
    if value > 1.0:
        raise FarError(value * value)
    if value < -1.0:
        raise ValueError("low")
    return 0.5 * value


def newton(x):
    y, n = x, 0
    while abs(y * y - 2.0) > 1e-10 and n < 60:
        try:
            y = y - (y * y - 2.0) / (2.0 * y)
        except ZeroDivisionError:
            y = 1.0
        n += 1
    return y * x


def logarithms(x):
    total = 0.0
    while x > 0.1:
        try:
            total += math.log(x - 1.0)
        except ValueError:
            total -= x
        x = 0.7 * x
    return total


def continued(x):
    total = 0.0
    while x > 0.1:
        x *= 0.7
        try:
            root = math.log(x - 0.5)
        except ValueError:
            continue
        total += root
    return total + x


def left(x):
    total = 0.0
    for k in range(100):
        try:
            total += math.sqrt(x - 0.1 * k)
        except ValueError:
            break
    else:
        total += 100.0
    return total * x


def returned(x):
    total = 0.0
    while x > 0.1:
        x *= 0.7
        try:
            total += math.log(x - 0.5)
        except ValueError:
            return 2.0 * total * x
    return total


def overflowing(x):
    total = 0.0
    while x < 1000.0:
        try:
            total += x / math.exp(x)
        except OverflowError:
            total += 0.5
            x += 1.0
        x = 2.0 * x
    return total + x


def thrown(x):
    total = 0.0
    while x > 0.2:
        try:
            total += far(x)
            total += far(2.0 * x - 2.5)
        except FarError as error:
            total += 0.1 * error.value
        except ValueError:
            total -= x
        x *= 0.6
    return total


def suppressed(x):
    total = 0.0
    while x > 0.01:
        with contextlib.suppress(ValueError):
            total += math.sqrt(x - 0.2)
        x *= 0.5
    return total + x


class Sum:
    def __init__(self):
        self.value = 0.0

    def add(self, x):
        self.value += x
        self.value += math.log(x)
        self.value += 1.0 / (x - 0.5)


def changed_before_it_is_raised(x):
    total = Sum()
    while x > -3.0:
        try:
            total.add(x)
        except ValueError:
            total.value *= 0.5
        finally:
            total.value += 0.1
        x -= 0.7
    return total.value


def rounds_of_what_is_raised(x):
    y, total = 0.0, x
    while -3.0 < total < 3.0:
        try:
            y = 1.0 / math.floor(x)
            while abs(y) > 0.5:  # without end where the division raises
                y *= 0.5
        except ZeroDivisionError:
            y = 1.0
        total += abs(y) + 0.3 * abs(x)
    return total * y


IN_ROUNDS = (
    newton,
    logarithms,
    continued,
    left,
    returned,
    overflowing,
    thrown,
    suppressed,
    changed_before_it_is_raised,
    rounds_of_what_is_raised,
)


@pytest.mark.parametrize("function", IN_ROUNDS)
def test_what_rounds_catch(function):
    assert_as_on_numbers(function, [0.43, 1.37, 2.21, 7.57])


def by_two_statements(x):
    try:
        try:
            a = math.sqrt(x)
            b = 1.0 / (a - 1.0)
        except ValueError:
            a, b = 0.0, 3.0 * x
        c = math.log(b + 3.0)
    except ZeroDivisionError:
        return -x
    except ValueError:
        c = 0.1 * x
    return a + b + c


def under_a_choice(x):
    y = 0.5
    try:
        if x > 0.0:
            y = 1.0 / (x - 1.0)
            y += x
        else:
            y = math.log(x + 2.0)
        y += math.sqrt(x + 2.0)
    except ZeroDivisionError:
        y = x * x
    except ValueError as error:
        y = y * len(str(error)) * x
    else:
        y += 1.0
    finally:
        y *= 2.0
    return y


def raised_anew(x):
    try:
        try:
            y = math.sqrt(x - 1.0)
        except ValueError:
            raise ZeroDivisionError("negative")  # noqa: B904
        y += 1.0
    except ZeroDivisionError:
        y = x * x
    return y


def on_one_side(x):
    try:
        y = math.log(x) if x < 1.5 else far(x)
    except ValueError:
        y = 2.0 * x
    except FarError as error:
        y = error.value
    return y


def left_by_return(x):
    with suppress(ValueError):
        return math.sqrt(x)
    return 3.0 * x


def in_a_list(x):
    try:
        total = sum([math.log(x + k) for k in range(5)])
    except ValueError:
        total = x
    return total


OUTSIDE = (by_two_statements, under_a_choice, raised_anew, on_one_side, left_by_return, in_a_list)


@pytest.mark.parametrize("function", OUTSIDE)
def test_what_is_caught_under_choices(function):
    assert_as_on_numbers(function, [-2.53, -0.57, 0.43, 1.37, 2.21])


@pytest.mark.parametrize("function", [*IN_ROUNDS, *OUTSIDE])
def test_paths_of_calls_catch_the_same(function):
    followed = sd.value_and_grad(function, mode="guarded")
    for x in (0.43, 1.37, 2.21):
        assert followed(x)[0] == pytest.approx(function(x), rel=1e-13)


def many(x):
    total = 0.0
    for k in range(40):
        try:
            total += math.sqrt(x - 0.1 * k)
        except ValueError:
            total += 0.1
    return total


def test_places_of_many_rounds_are_no_paths():
    gradient = sd.derivative(many)
    points = np.array([0.43, 1.37, 2.21])
    expected = [sum(0.5 / math.sqrt(x - 0.1 * k) for k in range(40) if x > 0.1 * k) for x in points]
    assert gradient(points) == pytest.approx(expected, rel=1e-12)
