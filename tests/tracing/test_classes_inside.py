"""Private names, classes and generators inside of functions: the choices around them and in them are seen."""

import contextlib
import math
from collections.abc import Callable
from typing import Any

import pytest

import symdiff as sd
from symdiff.tracing import trace_function
from tests.holds import assert_as_on_numbers


class Meter:
    def __init__(self, level):
        self.__level = level

    def push(self, by, __factor=0.5):
        flag = by > 0.5
        if flag is True:
            self.__level += by
        elif self.__is_low(0.25):
            self.__level -= by * __factor
        return self

    def __is_low(self, __limit):
        return self.__level < __limit

    def level(self):
        return self.__level


class Gauge(Meter):
    def __init__(self, level):
        super().__init__(level)
        self.__level = 2.0

    def level(self):
        match self.__level > 1.0, super().level() > 0.75:
            case (True, True):
                return super().level()
        return self.__level


def private_names(x):
    return Meter(x).push(0.3).level() + Meter(0.1).push(x).level()


def private_names_of_two_classes(x):
    return Gauge(x).level()


def class_inside(x):
    class Held:
        __own = 0.5

        def __init__(self, value):
            self.__value = value

        def of(self):
            return self.__value if (self.__value > 0.6) is True else self.__own

    return Held(x).of()


def default_of_an_inner_function(x):
    def inner(k=(x > 0.6) is True):
        return 2.0 if k else x

    class Held:
        def __init__(self):
            self.__value = 0.5

    return inner() * Held()._Held__value


def branches_of_a_method_inside(x):
    class Held:
        def __init__(self, value):
            self.value = value

        def stepped(self):
            if self.value > 0.5:
                return 0.75 * self.value
            return self.value + 0.3

    held = Held(x)
    for _ in range(20):
        held.value = held.stepped()
    return held.value


def generator_inside(x):
    def halves(value):
        while True:
            value = 0.5 * value
            yield value

    taken = halves(x)
    total = 0.0
    for k in range(20):
        half = next(taken)
        if half * k > 0.1:
            total += half
    return total


def deleted(x):
    y = 2.0 * x
    total = 0.0
    for k in range(20):
        if y * k > 7.0:
            total += y
    if x > 0.6:
        del y
        y = 0.5
    return y + total


@contextlib.contextmanager
def doubled(value):
    yield 2.0 * math.sin(value) if (value > 0.6) is True else math.cos(value)


def block_of_a_library(x):
    with doubled(x) as y:
        return y * x


@pytest.mark.parametrize(
    "function",
    [
        private_names,
        private_names_of_two_classes,
        class_inside,
        default_of_an_inner_function,
        branches_of_a_method_inside,
        generator_inside,
        deleted,
        block_of_a_library,
    ],
)
def test_they_do_what_they_do_on_numbers(function: Callable[..., Any]) -> None:
    assert_as_on_numbers(function, (0.22, 0.57, 0.9, 1.3))


def test_a_name_that_is_deleted_cannot_be_read() -> None:
    def f(x):
        y = x
        if x > 0.0:
            del y
        return y

    with pytest.raises(sd.errors.TraceError, match="UnboundLocalError"):
        trace_function(f)


class Positive:
    def __init__(self, value):
        self.value = value
        self.asked = 0

    def __bool__(self):
        self.asked += 1
        return self.value > 0.5


def truth_of_an_object(x):
    held, other = Positive(x), Positive(1.0 - x)
    y = x * x if held else 2.0 * x
    if not held:
        y += 0.25
    elif held and other:
        y += 4.0
    while Positive(other.value - 0.3):
        other.value *= 0.5
        y += other.value
    return y + 0.1 * held.asked


def test_the_truth_of_an_object_may_be_traced() -> None:
    assert_as_on_numbers(truth_of_an_object, (0.22, 0.44, 0.57, 0.9))
