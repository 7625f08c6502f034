"""Rounds that write into arrays and objects: what others hold of them changes as in plain Python, or is refused."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import SymdiffError
from symdiff.tracing import trace_function


@dataclass
class Ball:
    height: float
    speed: float


class Decay:
    """An object with state and with settings."""

    def __init__(self, amount, rate):
        self.amount, self.rate, self.steps, self.name = amount, rate, 4, "decay"


def through_a_view(x, y):
    matrix = np.zeros((2, 2))
    row = matrix[0]
    row[0] = x
    while row[0] > 0.1:
        row[0] *= 0.7
        row[1] += y
    return matrix[0, 0] + matrix[0, 1] * 2.0


def seen_through_a_view(x, y):
    matrix = np.ones((2, 2))
    column = matrix[:, 1]
    total = 0.0
    while total < x:
        matrix[0, 1] += y * y
        total += column[0]
    return total * column[0] + column[1]


def by_another_name(x, y):
    u = np.zeros(2)
    same = u
    while u[0] < x:
        u += np.array([0.5, y])
    return same[1] * u[0] + x


def buffers_that_change_places(x, y):
    old, new = np.array([x, y, 0.0]), np.zeros(3)
    change = 1.0
    while change > 1e-3:
        new[0] = 0.3 * old[1] + 0.1 * x
        new[1] = 0.3 * (old[0] + old[2])
        new[2] = 0.2 * old[1] + y
        change = np.max(np.abs(new - old))
        old, new = new, old
    return old[0] + old[1] * old[2]


def rows_of_the_round(x, y):
    matrix = np.array([[x, y], [1.0, 2.0]])
    n = 0
    while matrix[0, 0] > 0.2:
        row = matrix[0]
        row *= 0.8
        row[1] += 0.1
        n += 1
    return matrix[0, 1] * row[0] + n * x


def attributes(x, y):
    ball = Ball(x, y)
    other = ball
    while ball.height > -1.0:
        ball.height += 0.1 * ball.speed
        ball.speed -= 0.98
    return other.height * ball.speed


def attributes_beside_settings(x, y):
    decay = Decay(x, 0.3 * y)
    while decay.amount > 0.1:
        for _ in range(decay.steps):
            decay.amount -= 0.1 * decay.rate * decay.amount + 0.001
    return decay.amount * len(decay.name)


def a_dataclass_made_anew(x, y):
    ball, best = Ball(x, y), -math.inf
    while ball.height > -1.0:
        moved = replace(ball, height=ball.height + 0.1 * ball.speed, speed=ball.speed - 0.98)
        best = max(best, moved.height)
        ball = moved
    return best * ball.speed


class Point:
    """What moves, with a part that is an object itself."""

    def __init__(self, x, y):
        self.at, self.trail = Ball(x, y), [0.0, x]

    def step(self, h):
        self.at.height = self.at.height + h * self.at.speed
        self.at.speed -= 9.8 * h
        self.trail[0] += self.at.height


def objects_in_objects(x, y):
    point = Point(x, y)
    while point.at.height > -1.0:
        point.step(0.1)
    return point.trail[0] * point.at.speed + point.trail[1]


def elements_of_a_list(x, y):
    s = [x, y]
    while s[0] > -1.0:
        s[0] += 0.1 * s[1]
        s[1] -= 0.98
    return s[0] * s[1]


def no_round_leaves_all_as_it_is(x, y):
    a, b = np.array([x, 1.0]), np.array([y, 2.0])
    while a[0] < -5.0:
        a = a + 1.0
        b = a
    return a[0] * b[0] + b[1]


WORKING = (
    through_a_view,
    seen_through_a_view,
    by_another_name,
    buffers_that_change_places,
    rows_of_the_round,
    attributes,
    attributes_beside_settings,
    a_dataclass_made_anew,
    objects_in_objects,
    elements_of_a_list,
    no_round_leaves_all_as_it_is,
)


@pytest.mark.parametrize("f", WORKING)
@pytest.mark.parametrize("point", [(2.03, 0.5), (0.7, 1.3)])
def test_values_and_slopes_are_those_of_plain_python(f: Callable[..., Any], point: tuple[float, float]) -> None:
    trace_function(f)  # holds for all arguments
    value, slopes = sd.value_and_grad(f, argnum=(0, 1))(*point)
    assert value == pytest.approx(f(*point), rel=1e-12)
    for at, slope in enumerate(slopes):
        ahead, behind = ([p + sign * 1e-6 * (k == at) for k, p in enumerate(point)] for sign in (1, -1))
        assert slope == pytest.approx((f(*ahead) - f(*behind)) / 2e-6, rel=1e-6, abs=1e-6)


def bound_and_written(x):
    u = np.array([x, 0.0])
    kept = u
    while u[0] > 0.1:
        u[1] += x
        u = u * 0.5
    return u[1] + kept[1]


def the_last_one_written(x):
    u = np.array([x, 0.0])
    last = u
    while u[0] > 0.1:
        u[0] *= 0.5
        u[1] += last[0]
        last = u
    return u[1]


def a_row_from_the_round_before(x):
    matrix = np.array([[x, 1.0], [2.0, 3.0]])
    row, total = matrix[0], 0.0
    while matrix[0, 0] > 0.1:
        matrix[0, 0] *= 0.5
        total += row[0]
        row = matrix[0]
    return total


def a_list_by_two_names(x):
    s = [x, 0.0]
    same = s
    while s[0] > 0.1:
        s[0] *= 0.5
        s[1] += x
    return same[1]


def written_after_the_loop(x):
    a, b = np.array([x, 1.0]), np.array([x, 2.0])
    while a[0] > 0.1:
        a = a * 0.5
        b = a
    b[0] = 7.0
    return a[0]


def a_row_written_after_the_loop(x):
    matrix = np.array([[x, 1.0], [2.0, 3.0]])
    while matrix[0, 0] > 0.1:
        row = matrix[0]
        row *= 0.5
    row[1] = 5.0
    return matrix[0, 1]


def the_argument(v):
    while v[0] > 0.1:
        v *= 0.5
    return v[1]


@pytest.mark.parametrize(
    "f",
    [
        bound_and_written,
        the_last_one_written,
        a_row_from_the_round_before,
        a_list_by_two_names,
        written_after_the_loop,
        a_row_written_after_the_loop,
    ],
)
def test_what_one_round_cannot_stand_for_is_refused(f: Callable[[Any], Any]) -> None:
    with pytest.raises(SymdiffError) as caught:
        trace_function(f)
    assert f.__name__ in str(caught.value)
    assert sd.value_and_grad(f)(2.0)[0] == pytest.approx(f(2.0), rel=1e-14)  # the path of the call is followed


def test_the_argument_of_the_caller_is_not_written_to() -> None:
    with pytest.raises(SymdiffError, match="assignment into the argument v"):
        trace_function(the_argument, shapes={"v": (2,)})
