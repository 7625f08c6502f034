"""Objects that the rounds of a loop make and bind: what their attributes hold is the state of the loop."""

import math
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pytest

from symdiff.errors import LoopError, SymdiffError
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function
from tests.holds import assert_as_on_numbers


class Vec:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)

    def __rmul__(self, factor):
        return Vec(factor * self.x, factor * self.y)

    @property
    def length(self):
        return math.hypot(self.x, self.y)


class Slotted:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


@dataclass
class Counted:
    x: float
    n: int = 0

    def __post_init__(self):
        self.seen = 2.0 * self.n  # no field


@dataclass(frozen=True)
class Frozen:
    x: float
    v: float


class Named(NamedTuple):
    x: float
    v: float


class Body:
    def __init__(self, at, speed, name="body"):
        self.at = at
        self.speed = speed
        self.name = name

    def moved(self, h):
        return Body(self.at + h * self.speed, self.speed + (-h) * self.at, self.name)

    def move(self, h):
        self.at = self.at + h * self.speed
        self.speed = self.speed + (-h) * self.at


def operators(x):
    at, speed = Vec(x, 0.5), Vec(0.3, 1.0)
    while at.length < 3.0:
        at = at + 0.1 * speed
    return at.x * at.y


def augmented(x):
    at, speed = Vec(x, 0.5), Vec(0.3, 1.0)
    while at.length < 3.0:
        at += 0.1 * speed
    return at.x * at.y


def slots(x):
    s = Slotted(x, 1.0)
    while s.x > 0.1:
        s = Slotted(0.5 * s.x, s.y + s.x)
    return s.x * s.y


def attributes_that_are_no_fields(x):
    s = Counted(x)
    while s.x > 0.1:
        s = Counted(0.5 * s.x, s.n + 1)
    return s.x + s.seen * x


def frozen(x):
    s = Frozen(x, 1.0)
    while s.x > 0.1:
        s = replace(s, x=0.5 * s.x, v=s.v + s.x)
    return s.x * s.v


def named(x):
    s = Named(x, 1.0)
    while s.x > 0.1:
        s = s._replace(x=0.5 * s.x, v=s.v + s.x)
    return s.x * s.v


def objects_in_objects(x):
    body = Body(Vec(x, 0.5), Vec(0.3, 1.0))
    while body.at.x > 0.0:
        body = body.moved(0.05)
    return body.at.y + len(body.name) * body.speed.x


def attributes_bound_anew(x):
    body = Body(Vec(x, 0.5), Vec(0.3, 1.0))
    while body.at.x > 0.0:
        body.move(0.05)
    return body.at.y + len(body.name) * body.speed.x


def in_a_list(x):
    bodies = [Body(Vec(x, 0.5), Vec(0.3, 1.0)), Body(Vec(0.5, x), Vec(0.0, 1.0))]
    while bodies[0].at.x > 0.0:
        bodies = [body.moved(0.05) for body in bodies]
    return bodies[0].at.y * bodies[1].at.x


def chosen_between(x):
    p, q = Vec(x, 0.7), Vec(0.7, x)
    while p.length < 6.0:
        if p.x > q.x:
            p, q = q + 0.5 * p, p
        else:
            p = p + q
    return p.x * q.y


def changed_by_a_loop_over_them(x):
    bodies = [Body(x, 0.3), Body(0.7, x)]
    while bodies[0].at > 0.2:
        for body in bodies:
            body.speed -= 0.05 * body.at
        for body in bodies:
            body.at += 0.05 * body.speed
    body.at += 1.0
    return bodies[0].speed + bodies[1].at * bodies[1].speed


def held_by_another_name_in_each(x):
    old, now = Body(x, 0.3), Body(0.7, x)
    while x > 0.1:
        old = now
        old.at += 1.0
        now = Body(0.5 * old.at, 0.3)
        x *= 0.5
    old.at += 2.0
    return old.at * now.at + x


def made_in_each(x):
    total = 0.0
    while x > 0.1:
        v = Vec(x, 0.7)
        total += v.length
        x *= 0.6
    return total + v.x


def an_object_from_outside(x):
    start = Vec(x, 0.5)
    now = start
    while now.length < 3.0:
        now = now + start
    return now.x * start.y


def the_one_before(x):
    before, now = Vec(0.0, 0.0), Vec(x, 0.5)
    while (now + -1.0 * before).length > 0.1:
        before, now = now, 0.6 * now
    return before.x + now.y


def the_best(x):
    best, now = Frozen(x, 0.0), Frozen(x, 0.0)
    while now.x > 0.1:
        now = Frozen(0.7 * now.x, math.sin(3.0 * now.x))
        if now.v > best.v:
            best = now
    return best.x * best.v


@pytest.mark.parametrize(
    "function",
    [
        operators,
        augmented,
        slots,
        attributes_that_are_no_fields,
        frozen,
        named,
        objects_in_objects,
        attributes_bound_anew,
        in_a_list,
        chosen_between,
        changed_by_a_loop_over_them,
        held_by_another_name_in_each,
        made_in_each,
        an_object_from_outside,
        the_one_before,
        the_best,
    ],
)
def test_they_are_the_state(function):
    assert_as_on_numbers(function, [0.83, 1.37, 2.21])


@dataclass
class Pair:
    x: float
    y: float


def written_to_later(x):
    p, q = Pair(x, 1.0), Pair(1.0, x)
    while x > 0.1:
        p = q
        x *= 0.5
    p.x = 3.0
    return q.x + p.y


def compared_later(x):
    p, q = Pair(x, 1.0), Pair(1.0, x)
    while x > 0.1:
        p = q
        x *= 0.5
    return (1.0 if p is q else 2.0) * x


def compared_in_rounds(x):
    p, q = Vec(x, 1.0), Vec(1.0, x)
    total = 0.0
    while x > 0.1:
        if p is q:
            total += x
        p = 0.5 * p
        q = p
        x *= 0.5
    return total + p.x


def compared_by_equality(x):
    p, q = Vec(x, 1.0), Vec(1.0, x)
    while x > 0.1:
        q = 0.5 * p
        p = q
        x *= 0.5
    return (1.0 if p == q else 2.0) * x


def written_to_by_a_method(x):
    first = Body(Vec(x, 1.0), Vec(1.0, x))
    body = first
    while body.at.x > 1.5:
        body = body.moved(0.1)
    body.move(0.5)
    return first.at.x * body.at.y


def of_no_round(x):
    first = Pair(x, 1.0)
    last = first
    while last.x > 1.5:
        last = Pair(0.5 * last.x, last.y)
    last.x += 1.0
    return first.x


def changing_places(x):
    p = Pair(x, 1.0)
    q = p
    while x > 0.1:
        p, q = q, p
        x *= 0.5
    p.x = 7.0
    return q.x * x


def held_twice_in_one(x):
    p = Pair(x, 1.0)
    both = [p, p]
    while x > 0.1:
        both = [Pair(each.x * 0.5, 1.0) for each in both[:1]] * 2
        x *= 0.5
    both[0].x = 7.0
    return both[1].x


def made_and_held_twice(x):
    while x > 0.1:
        p = Vec(x, 1.0)
        q = p
        x *= 0.5
    p.x = 3.0
    return q.x * x


@pytest.mark.parametrize(
    "function",
    [
        made_and_held_twice,
        written_to_later,
        compared_later,
        compared_in_rounds,
        compared_by_equality,
        written_to_by_a_method,
        of_no_round,
        changing_places,
        held_twice_in_one,
    ],
)
def test_objects_of_several_names_are_not_told_apart(function):
    with pytest.raises(LoopError, match="others hold as well"):
        trace_function(function)


def list_of_no_round(x):
    first = [x, 1.0]
    last = first
    while last[0] > 1.5:
        last = [0.5 * last[0], last[1]]
    last[0] += 1.0
    return first[0]


def lists_that_change_places(x):
    p = [x, 1.0]
    q = p
    while x > 0.1:
        p, q = q, p
        x *= 0.5
    p[0] = 7.0
    return q[0] * x


def array_of_no_round(x):
    first = np.array([x, 1.0])
    last = first
    while last[0] > 1.5:
        last = 0.5 * last
    last[0] += 1.0
    return first[0]


@pytest.mark.parametrize("function", [list_of_no_round, lists_that_change_places, array_of_no_round])
def test_lists_and_arrays_that_had_two_names_before_the_loop(function):
    with pytest.raises(SymdiffError, match=r"shares with others|held by|shared"):
        trace_function(function)


def array_with_a_round(x):
    first = np.array([x, 1.0])
    last = first
    for _ in range(2_100):
        last = 0.999 * last
    last[0] += 1.0
    return first[0] + last[0]


def test_after_a_round_the_array_is_another_one():
    assert_as_on_numbers(array_with_a_round, [0.43, 1.37])


class Level(IntEnum):
    LOW = 1
    HIGH = 2


def member(x):
    level = Level.HIGH if x > 1.0 else Level.LOW
    return x * x if level is Level.HIGH else level * x


def test_members_of_enumerations_are_not_the_numbers_that_they_are_equal_to():
    assert_as_on_numbers(member, [0.5, 1.5])


def in_the_order_of_the_keys(x):
    held = {"b": x, "a": 1.0}
    total = 0.0
    while x > 0.1:
        for key in held:
            total = 0.5 * total + held[key]
        held = {"b": 0.5 * held["b"], "a": held["a"] + x}
        x *= 0.6
    for value in held.values():
        total = 2.0 * total + value
    return total


def over_dicts(x):
    total = 0.0
    for row in [{"b": 0.001 * k, "a": 0.5} for k in range(2_100)]:
        for value in row.values():
            total = 0.5 * total + x * value
    return total


def test_dicts_keep_the_order_of_their_keys():
    assert_as_on_numbers(in_the_order_of_the_keys, [0.83, 2.21])
    compiled = compile_program(trace_function(over_dicts), "numpy")
    assert compiled(0.83) == pytest.approx(over_dicts(0.83), rel=1e-13)
