"""State that no name shows: slots, shared variables, iterators, callable objects. A side of a choice that is not taken
leaves no trace in it, and a round of a loop that changes it is not taken for all of them."""

import collections
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import symdiff as sd


class Slotted:
    """State in slots."""

    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def step(self):
        self.x += 0.1 * self.y
        self.y -= 0.98
        return self.x


@dataclass(slots=True)
class SlottedData:
    x: float
    steps: int = 0


class Halving:
    """A callable with state."""

    def __init__(self):
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        return 0.5 * x


def counter():
    n = 0

    def count():
        nonlocal n
        n += 1
        return n

    return count


def slots(x):
    s = Slotted(x, 0.3)
    if x > 1.0:
        s.step()
    return s.x * s.y


def slots_in_rounds(x):
    s, n = Slotted(x, 0.5), 0
    while s.x > -1.0 and n < 30:
        s.step()
        n += 1
    return s.x * s.y


def slots_of_a_dataclass(x):
    s = SlottedData(x)
    while s.x > 0.1:
        s.x *= 0.5
        s.steps += 1
    return s.x * s.steps


def window(x):
    q = collections.deque([1.0, 2.0], maxlen=2)
    if x > 1.0:
        q.append(x)
    return q[0] + 2.0 * q[1]


def window_in_rounds(x):
    q = collections.deque([0.0, 0.0], maxlen=2)
    while x > 0.1:
        q.append(x)
        x = x * 0.5
    return q[0] + 2.0 * q[1]


def shared_variable(x):
    count = counter()
    if x > 1.0:
        x = x * count()
    return x * count()


def shared_variable_in_rounds(x):
    count = counter()
    while x > 0.1:
        x = x * 0.5 + 0.001 * count()
    return x * count()


def callable_with_state(x):
    f = Halving()
    if x > 1.0:
        x = f(x)
    while x > 0.1:
        x = f(x)
    return x * f.calls


def iterator(x):
    items = iter([0.3, 0.2, 0.1])
    y = x
    if x > 1.0:
        y = y * next(items)
    return y * next(items)


def iterator_in_rounds(x):
    numbers = itertools.count(1)
    while x > 0.1:
        x = x * 0.5 + 0.001 * next(numbers)
    return x


def iterator_of_a_for(x):
    items = iter([0.3, 0.2, 0.1])
    if x > 1.0:
        for item in items:
            x = x * item
    for item in items:
        x = x + item
    return x


def iterator_of_a_list(x):
    items = iter([0.3, 0.2, 0.1])
    if x > 1.0:
        x = x * sum(list(items))
    return x + sum(items)


def iterator_of_a_sum(x):
    items = iter([0.3, 0.2, 0.1])
    if x > 1.0:
        x = x * sum(items)
    return x + sum(items)


def generator_of_a_comprehension(x):
    items = (0.1 * number for number in range(1, 4))
    if x > 1.0:
        x = x * sum([x * item for item in items])
    return x + sum(items)


def generator_that_goes_on(x):
    items = (0.1 * number for number in range(1, 6))
    if x > 1.0:
        first, second, *_ = zip(items, [1.0, 2.0], strict=False)
        x = x * first[0] * second[1]
    return x + sum(items)


def in_an_expression(x):
    stack = [x, 2.0 * x, 3.0]
    y = stack.pop() if x > 1.0 else 0.5
    return y * stack[-1]


def in_a_condition(x):
    count = counter()
    far = x > 1.0 and count() > 0
    near = x > 1.5 or count() > 5
    return x * count() + (1.0 if far else 0.0) + (x if near else 0.0)


def in_a_chain(x):
    count = counter()
    inside = 1.0 < x < 3.0 * count()
    return x * count() if inside else -x * count()


@pytest.mark.parametrize(
    "f",
    [
        slots,
        slots_in_rounds,
        slots_of_a_dataclass,
        window,
        window_in_rounds,
        shared_variable,
        shared_variable_in_rounds,
        callable_with_state,
        iterator,
        iterator_in_rounds,
        iterator_of_a_for,
        iterator_of_a_list,
        iterator_of_a_sum,
        generator_of_a_comprehension,
        generator_that_goes_on,
        in_an_expression,
        in_a_condition,
        in_a_chain,
    ],
)
@pytest.mark.parametrize("x", [0.32, 1.2, 2.1])
def test_values_and_slopes_are_those_of_plain_python(f: Callable[[Any], Any], x: float) -> None:
    value, slope = sd.value_and_grad(f)(x)
    assert value == pytest.approx(f(x), rel=1e-12)
    assert slope == pytest.approx((f(x + 1e-6) - f(x - 1e-6)) / 2e-6, rel=1e-6)


@pytest.mark.parametrize(
    "f", [slots, slots_in_rounds, slots_of_a_dataclass, window, window_in_rounds, in_an_expression]
)
def test_what_can_be_set_back_has_a_closed_form(f: Callable[[Any], Any]) -> None:
    assert sd.derivative(f).source("math")
