"""The classes, generators and helpers of the programs of `random_classes`, whose bodies have holes.

In: nothing. Out: source text with holes for expressions over the names that are in reach there: `<real self.a self.b>`
is a number, `<test self.a by>` a condition.
"""

IMPORTS = """import collections
import contextlib
import copy
import functools
import heapq
import itertools
import math
import operator
from collections import namedtuple
from dataclasses import dataclass, field, replace

import numpy as np
"""
PRELUDE = '''class Far(Exception):
    def __init__(self, value):
        super().__init__("far")
        self.value = value


class TooFar(Far):
    pass


class Vec:
    __slots__ = ("a", "b")

    def __init__(self, a, b=0.5):
        self.a = a
        self.b = b

    def __add__(self, other):
        if isinstance(other, Vec):
            return Vec(self.a + other.a, self.b + other.b)
        return Vec(self.a + other, self.b)

    __radd__ = __add__

    def __sub__(self, other):
        return self + (-other)

    def __mul__(self, factor):
        if isinstance(factor, Vec):
            return self.a * factor.a + self.b * factor.b
        return Vec(self.a * factor, self.b * factor)

    def __rmul__(self, factor):
        return Vec(factor * self.a, self.b)

    def __neg__(self):
        return Vec(-self.a, -self.b)

    def __iadd__(self, by):
        self.a += by
        if <test self.a by>:
            self.b -= 0.5 * by
        return self

    def __getitem__(self, at):
        return (self.a, self.b)[at]

    def __setitem__(self, at, value):
        if at == 0:
            self.a = value
        else:
            self.b = <real value self.a>

    def __len__(self):
        return 2

    def __iter__(self):
        yield self.a
        yield self.b

    def __eq__(self, other):
        return isinstance(other, Vec) and self.a == other.a and self.b == other.b

    def __lt__(self, other):
        return self.a < other.a

    def __call__(self, by):
        self.b += <real by>
        return <real self.a by>

    def __contains__(self, level):
        return self.a > level

    def __enter__(self):
        self.a += 0.25
        return self

    def __exit__(self, kind, error, trace):
        self.a -= <real self.b>
        return kind is not None and issubclass(kind, Far)


class Meter:
    made = 0
    limit = 0.75
    seen = []

    def __init__(self, level, other=None):
        self.__level = level
        self.other = other
        self.serial = 1
        <counts>

    @property
    def level(self):
        return self.__level

    @level.setter
    def level(self, value):
        self.__level = value if <test value> else <real value>

    def push(self, by):
        if <test by self.__level>:
            self.__level += <real by>
            return True
        self.serial += 1
        return False

    def total(self):
        found = self.__level + 0.1 * self.serial
        return found if self.other is None else found + 0.5 * self.other.total()

    @staticmethod
    def bent(value):
        return <real value> if <test value> else value

    @classmethod
    def of(cls, value):
        made = cls(value)
        made.level = <real value>
        return made

    def __bool__(self):
        return self.serial > 0

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return len(name) * 0.25


class Gauge(Meter):
    limit = 0.25

    def __init__(self, level, other=None):
        super().__init__(<real level>, other)
        self.__level = 0.5

    def push(self, by):
        self.__level += by
        done = super().push(<real by>)
        if done is True:
            self.level = self.level - 0.25
        return done

    def total(self):
        return super().total() + self.__level * self.limit


@dataclass
class Point:
    u: float
    v: float = 0.5
    items: list = field(default_factory=list)

    def moved(self, by):
        return replace(self, u=self.u + by)

    def shift(self, by):
        if <test self.u by>:
            self.u, self.v = self.v, <real self.u by>
            return self
        self.items = [by, *self.items[:2]]
        return Point(self.v, self.u, self.items)


@dataclass(frozen=True, order=True)
class Spot:
    u: float
    v: float = 0.25

    def moved(self, by):
        if <test by>:
            return replace(self, v=<real self.u by>)
        return self

    @property
    def size(self):
        return self.u * self.u + self.v


Named = namedtuple("Named", "u v")


def each(first, factor, vec):
    """A generator that is sent numbers."""
    held = first
    try:
        while True:
            got = yield held * factor
            held = <real held first> if got is None else got + 0.5 * held
    finally:
        vec.a += 0.5


def some(values, level):
    total = 0.0
    for value in values:
        if value > level:
            yield value
            total += value
    return total


def all_of(values, level):
    left = yield from some(values, level)
    yield 0.5 * left


@contextlib.contextmanager
def scaled(vec, factor):
    before = vec.a
    vec.a = before * factor
    try:
        yield vec
    except Far as error:
        vec.b += 0.5 * error.value
    finally:
        vec.a = <real before vec.a>


def twice(function):
    @functools.wraps(function)
    def called(*args, **kwargs):
        <calls>
        return function(*args, **kwargs) + 0.5 * function(*args, **kwargs)

    called.calls = 0
    return called


@twice
def bent(value, by=0.5):
    if <test value by>:
        return <real value by>
    return value


@functools.lru_cache(maxsize=None)
def weight(n):
    return 1.0 if n < 2 else 0.5 * weight(n - 1) + weight(n - 2)


def climbed(vec, depth):
    if depth == 0:
        return vec
    vec.a += <real vec.b>
    if <test vec.a>:
        return climbed(vec, depth - 1)
    return climbed(Vec(vec.b, vec.a), depth - 1)


def far(value):
    if <test value>:
        raise TooFar(<real value>)
    if <test value>:
        raise Far(<real value>)
    return <real value>


def safe(value, otherwise):
    try:
        return math.log(value) if value < 1.5 else far(value)
    except ValueError:
        return otherwise
    except TooFar as error:
        otherwise = error.value
    except Far:
        otherwise = 0.75
    finally:
        otherwise -= 0.25
    return 0.5 * otherwise
'''
