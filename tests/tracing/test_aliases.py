"""Names that stand for one object on one side of a branch only: a write is seen by all who hold it, and no others."""

import enum
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import AssignmentError, LoopError, SymdiffError

POINTS = [(1.0, 0.7), (-1.0, 0.7), (0.3, 0.25), (-0.3, 0.3), (0.05, -0.4), (-2.0, -1.5)]


class Mode(enum.Enum):
    HALF = 0.5
    FULL = 1.0


class Box:
    def __init__(self, value):
        self.value = value


@dataclass
class State:
    first: float
    second: float


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


RED, BLUE = Box(1.0), Box(2.0)
TABLE = [1.0, 2.0]


def a_name_bound_under_another_branch(x, y):
    p, r = [0.5, x, y], [0.5, 0.5, -1.25]
    if x > 0.2:
        p = r
    if x < -5.0:
        r = [y, y, y]
    r[2] += y
    return 0.4 * p[1] - 0.9 * p[2] + r[0]


def an_array_under_a_branch_that_writes(x, y):
    u, w = np.array([0.5, y, -1.25]), np.zeros(3) + y
    if x < y:
        w = u
        x -= 0.5 * y
    u[1] *= y
    return 0.4 * w[1] - 0.9 * w[2] + x


def an_attribute(x, y):
    p, q = [x, y], [y, x]
    box = Box(p)
    if x > 0.1:
        box.value = q
    q[0] += y * y
    return box.value[0] + 2.0 * p[0]


def an_attribute_of_objects_that_are_chosen(x, y):
    p = [x, y]
    one, other = Box(p), Box([y, y])
    if x > 0.1:
        one = other if y > 0.0 else Box([x, x])
    p[0] += 3.0
    return one.value[0] * y


def assigned_on_both_sides_apart(x, y):
    q, r = [x, 1.0], [2.0, x]
    if x > 0:
        p = q
    if x <= 0:
        p = r
    p[0] += y
    return q[0] * y + r[0]


def written_where_it_is_assigned(x, y):
    if x > 0:
        p = [y, 1.0]
    if y > 0.5:
        y = 2.0 * y
        if x > 0:
            p[0] += 1
    if x > 0:
        return p[0] * y
    return 0.0


def in_a_loop_over_lists(x, y):
    a, b = [x, y], [y, x]
    for p in (a, b):
        q = p if p[0] > 0.2 else [1.0, 1.0]
        q[1] *= 2
    return a[1] + b[1] * 3


def one_list_by_two_names(x, y):
    if x > 0:
        p = q = [x, y]
    else:
        p, q = [y, y], [x, x]
    p[0] = 7.0 * y
    return q[0] + p[1]


def one_list_in_two_places(x, y):
    rows = [[x, y]] * 2 if x > 0 else [[y, y], [x, x]]
    rows[0][0] = 7.0 * y
    return rows[1][0] + rows[1][1] * y


def an_element_of_a_dict(x, y):
    table = {"row": [x, y]}
    p = table["row"] if x > 0 else [1.0, 2.0]
    p[1] = y * y
    return table["row"][1]


def through_a_closure(x, y):
    a = [x, y]

    def look():
        return a[0]

    if x > 0:
        a = [y, y]
    a[0] += 1
    return look() * y


def in_a_tuple(x, y):
    a = [x, y]
    held = (a, a)
    chosen = (a, [x, x]) if x > 0 else ([y, y], [y, y])
    chosen[0][0] = 9.0 * y
    return held[0][0] + held[1][1] * y


def queues(x, y):
    a, b = deque([x, y]), deque([y, x])
    if x > 0:
        a = b
    a.append(a.popleft())
    return b[0] * y


def swapped_and_written(x, y):
    a, b, c = [x, y], [y, x], [1.0, 2.0]
    if x > y:
        a, b = b, a
    if y > 0:
        b = c
    b[0] += x
    a[1] -= y
    return a[0] * a[1] + 2.0 * b[0] * b[1] + 3.0 * c[0]


def members_of_an_enumeration(x, y):
    mode = Mode.HALF if x > 0 else Mode.FULL
    return y * mode.value if mode is Mode.HALF else -y


def objects_known_by_name(x, y):
    box = RED if x > 0 else BLUE
    return y if box is RED else -y * box.value


def objects_that_are_compared(x, y):
    a, b = Box(x), Box(y)
    c = a if x > 0 else Box(3.0)
    return a.value * y if c is a else b.value


def a_global_list(x, y):
    p = TABLE if x > 0 else [y, y]
    return p[0] * y


def an_object_that_is_chosen_and_written(x, y):
    a, b = Box(x), Box(y)
    c = a if x > 0 else b
    c.value += y * y
    return a.value + 2 * b.value + 3 * c.value


def a_view_of_what_the_other_side_writes(x, y):
    a, b = np.array([[0.5, y], [0.25, x]]), np.array([[2.0, 2.0], [0.5, y]])
    if y < x:
        b = a[::-1]
    else:
        a[0][1] += 3.0
    return 0.33 * b[1, 0] - 0.6 * b[1, 1] + a[0, 1] * y


def an_array_that_rounds_replace(x, y):
    v, w, rest = np.ones(2) * x, np.zeros(2) - 1.25, y
    while rest > 0.6:
        rest *= 0.7
        v = w
    return v[0] * x + v[1] * y


def by_a_test_that_binds_a_name(x, y):
    g, s = 0.0, y
    for k in range(3):
        if x > 0.1 * k:
            if (g := y * x) > 0.31:
                s -= g
            continue
        s += 1
    return s * y + g


def by_a_test_that_binds_a_name_and_holds(x, y):
    p, g = [-1.25, y], y
    if x > -0.7:
        if (g := 0.5 if x > 0.1 else 2.0) > 0.25:
            p[1] -= g
        y = 2.0 * y
    return p[1] * y + g


def by_a_test_that_binds_a_list(x, y):
    if x > 0.35:
        s = 1.0
    elif (g := [x, y])[0] > -0.31:
        g[0] = 5.0
        s = g[0]
    else:
        s = g[0]
    return s * y


def by_a_test_that_takes_an_item(x, y):
    p = [x, y, 1.0]
    if x > 0.35:
        s = 1.0
    elif p.pop() > y:
        s = 2.0
    else:
        s = p[-1] + len(p)
    return s * y


def by_a_test_that_writes(x, y):
    p = [x, y]

    def more():
        p[0] += 1
        return p[0]

    if more() > 1.4:
        s = p[0]
    elif more() > 1.9:
        s = 2 * p[0]
    elif more() > 2.1:
        s = 3 * p[0]
        p[0] = 0.0
    else:
        s = 4 * p[0]
    return s * y + p[0]


def the_largest_of_lists_by_a_key(x, y):
    rows = [[x], [y]]
    max(rows, key=lambda row: row[0])[0] += y
    return rows[0][0] + 2 * rows[1][0] * y


def the_smallest_of_lists(x, y):
    rows = [[x, y], [y, x]]
    min(rows)[1] = 5.0 * y
    return rows[0][1] + 2 * rows[1][1] * x


def lists_in_order(x, y):
    rows = [[x, 1.0], [y, 2.0], [0.1, 3.0]]
    ordered = sorted(rows, key=lambda row: row[0])
    ordered[0][1] *= y
    return rows[0][1] + 2 * rows[1][1] + rows[2][1] * y


def lists_put_together(x, y):
    rows = [[x], [y, x]]
    whole = sum(rows, [])  # noqa: RUF017 (as users write it)
    whole[0] = 3.0
    return rows[0][0] + len(whole) * whole[1] * y


def through_another_holder_in_rounds(x, y):
    q, r = [x, -1.25, x], [y, -1.25, 0.5]
    rows = [r, q]
    rest, rounds = 1.1 + abs(y), 0
    while rest > 0.6 and rounds < 4:
        rest, rounds = rest * 0.7, rounds + 1
        rows[1][1] += x * y
        if x > 90.0:
            q[:2], r[1:] = r[1:], q[:2]
    return 0.4 * q[1] - 0.9 * q[2]


def bound_to_another_list_in_rounds(x, y):
    p, q = [x, y], [y, 0.5]
    rest = 1.1 + abs(y)
    while rest > 0.6:
        rest *= 0.7
        q = p
        q[0] -= x * q[1]
    return 0.3 * q[0]


FUNCTIONS = [value for value in list(globals().values()) if getattr(value, "__module__", "") == __name__]
FUNCTIONS = [each for each in FUNCTIONS if isinstance(each, Callable) and not isinstance(each, type)]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("backend", ["math", "numpy"])
def test_values_and_slopes_are_those_of_plain_python(f: Callable[..., Any], backend: str) -> None:
    program = sd.lambdify(f, backend=backend)
    gradient = sd.grad(f, argnum=(0, 1), mode="closed")
    for x, y in POINTS:
        assert program(x, y) == pytest.approx(f(x, y), rel=1e-14)
        h = 1e-6
        slopes = (f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)
        assert gradient(x, y) == pytest.approx(slopes, rel=1e-7, abs=1e-8)


def twelve_objects(make):
    def f(x, y):
        state = make(x, y)
        for k in range(12):
            state = make(state.low, state.high * 0.9) if state.low > 0.1 * k else make(state.low + 0.3, state.high)
        return state.low * state.high

    return f


@pytest.mark.parametrize("make", [Interval, lambda low, high: Pair(low, high)], ids=["frozen", "plain"])
def test_objects_are_merged_and_do_not_double_the_paths(make: Callable[..., Any]) -> None:
    f = twelve_objects(make)
    for point in POINTS:
        assert sd.trace(f)(*point) == pytest.approx(f(*point), rel=1e-14)


class Pair:
    def __init__(self, low, high):
        self.low, self.high = low, high


def test_what_does_not_change_may_be_held_by_many() -> None:
    def bisection(x):
        whole = Interval(0.0, 2.0)
        for _ in range(8):
            middle = 0.5 * (whole.low + whole.high)
            upper, lower = Interval(middle, whole.high), Interval(whole.low, middle)
            whole = lower if middle * middle > x else upper
        return whole.low + x * whole.high

    for x in (0.3, 1.7, 2.9):
        assert sd.trace(bisection)(x) == bisection(x)


def test_the_base_of_a_view_that_is_held_on_one_side_is_traced_apart_or_not_written_to() -> None:
    def f(x, y):
        a, b = np.array([x, y, 2.0]), np.zeros(2) + y
        if x > 0:
            b = a[1:]
        a[1] = x * y
        return b[0] + a[2]

    for point in [(1.0, 0.5), (-1.0, 0.5)]:
        try:
            assert sd.trace(f)(*point) == pytest.approx(f(*point), rel=1e-14)
        except AssignmentError as error:
            assert error.origin is not None  # noqa: PT017


def test_a_global_that_is_chosen_is_not_written_to() -> None:
    def f(x):
        p = TABLE if x > 0 else [x, x]
        p[0] += x
        return p[0] + TABLE[0]

    with pytest.raises(SymdiffError, match="outlives the call"):
        sd.trace(f)(1.0)
    assert TABLE == [1.0, 2.0]


def bound_in_rounds(p, q, rest):
    while rest > 0.6:
        rest *= 0.7
        q = p
    return q


def written_around_the_loop(x, y):
    p, q = [x, y], [y, 0.5]
    for _ in range(2):
        q[1] += x
        q = bound_in_rounds(p, q, y)
    return p[1]


def written_by_the_caller(x, y):
    p = [x, y]
    q = bound_in_rounds(p, [x, x], y)
    q[0] += 1
    return p[0]


def written_by_a_function_inside(x, y):
    p, q, rest = [x, y], [y, x], y

    def more():
        p[0] += y

    while rest > 0.6:
        rest *= 0.7
        q = p
    more()
    return q[0]


@pytest.mark.parametrize("f", [written_around_the_loop, written_by_the_caller, written_by_a_function_inside])
def test_a_list_that_rounds_may_have_shared_is_not_written_behind_them(f: Callable[..., Any]) -> None:
    with pytest.raises(LoopError, match="shares with others"):
        sd.trace(f)
