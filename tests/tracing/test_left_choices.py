"""An exception that leaves one side of a choice, or a round of a loop, says nothing of the other sides."""

# ruff: noqa: SIM108, RET504 (choices as users write them)

from collections.abc import Callable
from typing import Any

import pytest

import symdiff as sd

TABLE = {"a": 1.0}
COUNT = 0
POINTS = (2.5, 1.5, 0.75, -1.0)


def key_that_is_missing_on_one_side(x):
    try:
        if x > 0:
            y = x * TABLE["missing"]
        else:
            y = x
    except KeyError:
        y = 2 * x
    return y


def position_beyond_the_end(x):
    def lookup(k):
        return [1.0, 2.0][k]

    total = 0.0
    for k in range(3):
        try:
            total += lookup(k) * x if x > 1 else x
        except IndexError:
            total += 10.0
    return total


def text_that_is_no_number(x):
    try:
        y = (x if x > 0 else int("k")) * 2
    except ValueError:
        y = -x
    return y


def raising_without_being_rewritten(v):
    global COUNT
    raise ValueError("bad")


def caught_from_a_helper(x):
    try:
        if x > 0:
            y = x
        else:
            y = raising_without_being_rewritten(x)
    except ValueError:
        y = -3 * x
    return y


def raised_from_a_helper(x):
    above = [1.0 for v in [x] if v > 2]
    if x > 0:
        y = x
    else:
        y = raising_without_being_rewritten(x)
    return y + len(above)


class Suppressing:
    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        return kind is KeyError


def left_by_a_context(x):
    y = x
    with Suppressing():
        if x > 0:
            y = y + TABLE["none"]
        y = y * 3
    return y


def iterator_that_ends_on_one_side(x):
    values = iter([x, 2 * x])
    total = 0.0
    try:
        while True:
            total += next(values) if x > 0 else next(values) * 3
    except StopIteration:
        total += 1
    return total


class Squares:
    def __init__(self, value):
        self.value = value

    def __getitem__(self, place):
        return self.value * (1.0, 4.0)[place] if self.value > 1 else [self.value][place]


def sequence_that_ends_by_its_exception(x):
    return sum(Squares(x))


def division_by_what_is_known(x):
    total = 0.0
    for k in range(4):
        try:
            if x > k:
                total += 1 / (k - 1) * x
            else:
                total += x
        except ZeroDivisionError:
            continue
        finally:
            total += 0.5
    return total


def round_that_raises(x):
    y = x
    try:
        while y > 0.5:
            y = y * 0.5
            if TABLE:
                y += [1.0][3]
    except IndexError:
        y = -x
    return y


def mean_of_positive(x):
    data = [v for v in (x, x - 1) if v > 0]
    return sum(data) / len(data)


def popped_too_often(x):
    stack = [x, 2 * x]
    if x > 1:
        stack.pop()
    if x > 2:
        stack.pop()
    return stack.pop() ** 2


def place_that_is_decided(x):
    place = 0 if x > 0 else 5
    return [1.0, 2.0][place] * x


FUNCTIONS = [
    key_that_is_missing_on_one_side,
    position_beyond_the_end,
    text_that_is_no_number,
    caught_from_a_helper,
    raised_from_a_helper,
    left_by_a_context,
    iterator_that_ends_on_one_side,
    sequence_that_ends_by_its_exception,
    division_by_what_is_known,
    round_that_raises,
    mean_of_positive,
    popped_too_often,
    place_that_is_decided,
]


def outcome(function: Callable[..., Any], x: float) -> Any:
    try:
        return function(x)
    except (ArithmeticError, LookupError, ValueError) as error:
        return type(error)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("mode", ["closed", "auto"])
def test_values_and_exceptions_are_those_of_plain_python(function: Callable[..., Any], mode: Any) -> None:
    both = sd.value_and_grad(function, mode=mode)
    for x in POINTS:
        expected = outcome(function, x)
        found = outcome(both, x)
        if isinstance(expected, type):
            assert found is expected
        else:
            value, slope = found
            assert value == pytest.approx(expected, rel=1e-13)
            assert slope == pytest.approx((function(x + 1e-6) - function(x - 1e-6)) / 2e-6, rel=1e-6)
