"""What a loop or an iterator runs over is held there, by no name: a choice must not put another object in its place."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.holds import assert_as_on_numbers


class Held:
    def __init__(self, a):
        self.a = a


def by_a_loop(x):
    v, w = Held(x), Held(0.5 * x)
    for each in [v, w]:
        each.a *= 0.5
        if x > 0.5:
            w = Held(0.25)
    return v.a + 2.0 * w.a + each.a


def by_pairs(x):
    v, w = Held(x), Held(0.5 * x)
    for each, _ in zip([v, w], itertools.count()):
        each.a *= 0.5
        if x > 0.5:
            w = Held(x * x)
    return v.a + 2.0 * w.a + each.a


def by_numbered_pairs(x):
    v, w = Held(x), Held(0.5 * x)
    for k, each in enumerate((v, w)):
        each.a *= 0.5 + k
        if x > 0.5:
            w = Held(x * x)
    return v.a + 2.0 * w.a + each.a


def by_an_iterator(x):
    v, w = Held(x), Held(0.5 * x)
    each = iter([v, w])
    if x > 0.5:
        w = Held(0.25)
    next(each)
    next(each).a += 1.0
    return v.a + 2.0 * w.a


def by_a_generator(x):
    v, w = Held(x), Held(0.5 * x)
    each = (held for held in (v, w))
    next(each)
    if x > 0.5:
        w = Held(0.25)
    next(each).a += 1.0
    return v.a + 2.0 * w.a


def taken_as_far_as_it_is_asked_for(x):
    numbers = iter([x, 2.0, 0.5, x * x])
    total = 0.0
    for k, (_, number) in zip([1, 2], enumerate(numbers), strict=False):
        total += k * number
    return total + 10.0 * sum(numbers)


@pytest.mark.parametrize(
    "function",
    [by_a_loop, by_pairs, by_numbered_pairs, by_an_iterator, by_a_generator, taken_as_far_as_it_is_asked_for],
)
def test_they_do_what_they_do_on_numbers(function: Callable[..., Any]) -> None:
    assert_as_on_numbers(function, (0.2, 0.9))
