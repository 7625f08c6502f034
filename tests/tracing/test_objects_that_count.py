"""Objects that change when they are looked at: what a side of a branch that is not taken would have looked at."""

import collections
from collections.abc import Callable
from typing import Any

import pytest

import symdiff as sd


class Counting:
    def __init__(self):
        self.n = 0.0

    @property
    def v(self):
        self.n += 1
        return self.n

    def __getitem__(self, i):
        self.n += 1
        return self.n

    def __add__(self, o):
        self.n += 1
        return self.n + o

    def __lt__(self, o):
        self.n += 1
        return self.n < o

    def __neg__(self):
        self.n += 1
        return -self.n

    def __contains__(self, o):
        self.n += 1
        return True

    def __enter__(self):
        self.n += 1
        return self

    def __exit__(self, *a):
        self.n += 10
        return False

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        self.n += 1
        return self.n

    def __bool__(self):
        self.n += 1
        return True

    def __format__(self, f):
        self.n += 1
        return "q"

    def __iter__(self):
        self.n += 1
        yield self.n


def a_missing_key_that_is_read(x, y):
    d = collections.defaultdict(float)
    r = 0.0
    if x > 0:
        r = d["a"]
    return len(d) * y + r


def a_property_that_counts(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        r = c.v
    return c.n * y + r


def an_item(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        r = c[0]
    return c.n * y + r


def a_sum(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        r = c + 1
    return c.n * y + r


def a_comparison(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        r = 1.0 if c < 5 else 2.0
    return c.n * y + r


def a_sign(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        r = -c
    return c.n * y + r


def a_membership(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        r = 1.0 if 3 in c else 2.0
    return c.n * y + r


def a_block(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        with c:
            r = 1.0
    return c.n * y + r


def a_missing_attribute(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        r = c.other
    return c.n * y + r


def a_truth_value(x, y):
    c = Counting()
    r = 0.0
    if x > 0 and c:
        r = 1.0
    return c.n * y + r


def a_format(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        r = len(f"{c}")
    return c.n * y + r


def an_unpacking(x, y):
    c = Counting()
    r = 0.0
    if x > 0:
        [r] = c
    return c.n * y + r


def a_property_in_an_expression(x, y):
    c = Counting()
    r = c.v if x > 0 else 0.0
    return c.n * y + r


def a_property_of_an_element(x, y):
    c = [Counting()]
    r = c[0].v if x > 0 else 0.0
    return c[0].n * y + r


def a_sum_of_an_element(x, y):
    c = [Counting()]
    r = c[0] + 1 if x > 0 else 0.0
    return c[0].n * y + r


def a_property_behind_and(x, y):
    c = Counting()
    ok = x > 0 and c.v > 0.5
    return c.n * y + (1 if ok else 2)


FUNCTIONS = [value for value in list(globals().values()) if getattr(value, "__module__", "") == __name__]
FUNCTIONS = [each for each in FUNCTIONS if isinstance(each, Callable) and not isinstance(each, type)]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_a_side_that_is_not_taken_has_not_looked(f: Callable[..., Any]) -> None:
    traced = sd.trace(f)
    for point in [(1.0, 0.7), (-1.0, 0.7), (0.3, 0.2), (-0.3, 0.3)]:
        assert traced(*point) == pytest.approx(f(*point), rel=1e-14)
