"""Objects of every kind that one side of a branch changes: the other side has them as they were."""

import array
import collections
import functools
import heapq
import random
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd


class Stack(list):
    def __init__(self, *a):
        super().__init__(*a)
        self.n = 0

    def push(self, v):
        self.append(v)
        self.n += 1


def an_attribute_of_a_list(x, y):
    s = Stack([y])
    if x > 0:
        s.n += 1
    return s[-1] * (1 + s.n)


def an_array_of_the_standard_library(x, y):
    a = array.array("d", [1.0, 2.0])
    if x > 0:
        a[0] = 5.0
    return a[0] * y


def bytes_that_change(x, y):
    b = bytearray(b"ab")
    if x > 0:
        b[0] = 3
    return b[0] * y


def positions(x, y):
    a = np.arange(3)
    if x > 0:
        a[0] = 5
    return a[0] * y


def counts(x, y):
    a = np.zeros(3, dtype=int)
    if x > 0:
        a[0] = 5
    return a[0] * y


def an_attribute_of_a_function(x, y):

    def g():
        return y

    g.n = 1.0
    if x > 0:
        g.n += 1
    return g.n * g()


def an_attribute_of_a_class(x, y):

    class C:
        n = 1.0

    if x > 0:
        C.n = 5.0
    return C.n * y


def a_namespace(x, y):
    s = types.SimpleNamespace(a=1.0)
    if x > 0:
        s.a = y
    return s.a * y


def a_dict_with_defaults(x, y):
    d = collections.defaultdict(float)
    if x > 0:
        d["a"] += y
    return d["a"] + y


def the_order_of_a_dict(x, y):
    d = collections.OrderedDict(a=1.0, b=2.0)
    if x > 0:
        d.move_to_end("a")
    return next(iter(d.values())) * y


def a_counter(x, y):
    c = collections.Counter("aab")
    if x > 0:
        c["a"] += 3
    return c["a"] * y


def a_cache(x, y):
    k = [y]

    @functools.lru_cache
    def g(v):
        return v * k[0]

    r = g(2.0)
    if x > 0:
        k[0] = 3.0
        r += g(3.0)
    return r + g(3.0)


class CP:
    def __init__(self, v):
        self.v = v

    @functools.cached_property
    def w(self):
        return self.v * 2


def a_cached_property(x, y):
    c = CP(y)
    if x > 0:
        c.v = 3.0
    return c.w + c.v


def a_set(x, y):
    s = {1.0}
    if x > 0:
        s.add(2.0)
    return sum(s) * y


def a_list_of_a_library(x, y):
    u = collections.UserList([y, x])
    if x > 0:
        u[0] = 5.0
    return u[0] * y


class V:
    def __init__(self, a):
        self.a = a

    def __iadd__(self, o):
        self.a += o
        return self

    def __add__(self, o):
        return V(self.a + o)


def an_operator_in_place(x, y):
    v = V(y)
    w = v
    if x > 0:
        v += 1.0
    else:
        v = v + 2.0
    v += y
    return w.a + 10 * v.a


class Prop:
    def __init__(self, a):
        self._a = a

    @property
    def a(self):
        return self._a

    @a.setter
    def a(self, v):
        self._a = v * 2


def a_property(x, y):
    p = Prop(y)
    if x > 0:
        p.a = 3.0
    return p.a * y


def a_row_that_is_chosen(x, y):
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    r = a[0]
    if x > 0:
        r = a[1]
    r[0] = y
    return a.sum() * y + a[1, 0]


def a_heap(x, y):
    h = [3.0, 5.0]
    if x > 0:
        heapq.heappush(h, 1.0)
    else:
        heapq.heappush(h, 4.0)
    return heapq.heappop(h) * y + h[0]


def one_array_twice(x, y):
    a = np.zeros(2)
    b = [a, a]
    if x > 0:
        b[0] = np.ones(2) * y
    b[0][0] += 1
    return b[1][0] * 3 + b[0][0]


def an_iterator_inside_its_loop(x, y):
    it = iter([y, x, 1.0])
    r = 0
    for v in it:
        if x > 0:
            r += next(it, 0)
        r += v
    return r


def a_queue_of_fixed_length(x, y):
    s = collections.deque([1.0, 2.0], maxlen=2)
    if x > 0:
        s.append(y)
    return s[0] * y + s[1]


def a_key_that_may_be_missing(x, y):
    d = {}
    if x > 0:
        d["k"] = y
    return d.get("k", 2.0) * y


def a_list_in_a_tuple(x, y):
    t = (y, [x, y])
    u = t
    if x > 0:
        u = (x, [1.0, 2.0])
    u[1][0] = 9.0
    return t[1][0] * y


def a_text(x, y):
    ss = "a"
    if x > 0:
        ss += "b"
    return len(ss) * y


def what_a_function_notes(x, y):
    log = []

    def note(v):
        log.append(v)
        return v

    z = note(x) if x > 0 else note(y)
    return z * len(log) + sum(log)


def a_position_that_is_deleted(x, y):
    a = [1.0, 2.0, 3.0]
    del a[0 if x > 0 else 1]
    return a[0] * y


def items_of_a_generator(x, y):
    def each(values):
        yield from values

    it = each([y, y, y, x])
    total = next(it)
    if x > 0:
        total += 2.0 * next(it)
    return total * y + sum(it)


def numbers_of_a_generator(x, y):
    generator = random.Random(1)
    if x > 0:
        generator.random()
    return generator.random() * y


def numbers_of_numpys_generator(x, y):
    generator = np.random.default_rng(1)
    if x > 0:
        generator.random()
    return generator.random() * y


def numbers_of_an_old_generator(x, y):
    generator = np.random.RandomState(1)
    if x > 0:
        generator.rand()
    return generator.rand() * y


FUNCTIONS = [value for value in list(globals().values()) if getattr(value, "__module__", "") == __name__]
FUNCTIONS = [each for each in FUNCTIONS if isinstance(each, Callable) and not isinstance(each, type)]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_a_side_that_is_not_taken_changes_nothing(f: Callable[..., Any]) -> None:
    traced, gradient = sd.trace(f), sd.grad(f, argnum=(0, 1))
    for x, y in [(1.0, 0.7), (-1.0, 0.7), (0.3, 0.2), (-0.3, 0.3)]:
        assert traced(x, y) == pytest.approx(f(x, y), rel=1e-14)
        slopes = (f(x + 1e-6, y) - f(x - 1e-6, y)) / 2e-6, (f(x, y + 1e-6) - f(x, y - 1e-6)) / 2e-6
        assert gradient(x, y) == pytest.approx(slopes, rel=1e-7, abs=1e-8)
