"""What a `for` runs over, and what is picked in a round, are views of arrays that the rounds write into."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import AssignmentError

POINT = np.array([0.31, 0.52, 0.23, -0.4])
FUNCTIONS: dict[str, Callable[[Any], Any]] = {}
NOT_CLOSED = {"row_of_a_list_at_a_traced_place"}  # which of the rows sees the change is not known


def case(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    FUNCTIONS[function.__name__] = function
    return function


def scale(row, by):
    row *= 2.0
    row += by


@case
def array_that_changes_under_its_loop(v):
    b, s = 1.0 * v, 0.0
    for i, g in enumerate(b):
        if g > 0.25:
            b[-1] += g
        elif g < -1.0:
            break
        s += g * i
    return s


@case
def rows_that_change_under_their_loop(v):
    b, s = np.outer(v, v), 0.0
    for g in b:
        if g[0] > 0.05:
            b[-1] += g
        elif g[0] < -1.0:
            break
        s += g.sum()
    return s


@case
def rows_that_are_written_into(v):
    b, s = np.outer(v, v), 0.0
    for g in b:
        if g[0] > 0.05:
            g[1] += 2.0 * g[0]
        elif g[0] < -1.0:
            break
        s += g.sum()
    return s + b.sum()


@case
def columns_that_a_helper_writes_into(v):
    b, s = np.outer(v, v), 0.0
    for i, g in enumerate(b.T):
        if g[0] > 0.05:
            scale(g, s)
        elif g[0] < -1.0:
            break
        s += g[0] * i
    return s + b.sum()


@case
def rows_in_a_list(v):
    b, s = np.outer(v, v), 0.0
    for i, g in enumerate(list(b)):
        if g[0] > 0.05:
            b[2] = 2.0 * g
            g[1] = 5.0 * s
        elif g[0] < -1.0:
            break
        s += g[0] * i
    return s + (b * np.arange(4)).sum()


@case
def row_of_a_list_at_a_traced_place(v):
    rows, s = [v[:2] * 1.0, v[2:] * 2.0, v[1:3] * 3.0], 0.0
    for i in range(int(3 * v[1] + 1)):
        rows[i][0] += s
        s += rows[i].sum()
    return s + sum(row.sum() for row in rows)


@case
def row_at_the_place_of_a_round(v):
    b, s, n = np.outer(v, v), 0.0, 0
    while s < 1.0 and n < 4:
        row = b[n]
        scale(row, s)
        s += row[0] + 0.1
        n += 1
    return s + (b * np.arange(4)).sum()


@case
def two_arrays_at_once(v):
    a, b, s = np.outer(v, v), np.zeros((3, 4)), 0.0
    for x, y in zip(a, b, strict=False):
        y[:] = 2.0 * x
        y += s
        if y[0] < -2.0:
            break
        s += y[1]
        x[1] = s
    return s + (a * np.arange(4)).sum() + (b * np.arange(4)).sum()


def slopes(function: Callable[[Any], Any]) -> Any:
    steps = 1e-6 * np.eye(4)
    return [(function(POINT + step) - function(POINT - step)) / 2e-6 for step in steps]


@pytest.mark.parametrize("mode", ["closed", "guarded"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_slopes_are_those_of_plain_numpy(name: str, mode: Any) -> None:
    function = FUNCTIONS[name]
    found = sd.value_and_grad(function, mode=mode)
    if mode == "closed" and name in NOT_CLOSED:
        with pytest.raises(AssignmentError):
            found(POINT)
        return
    value, slope = found(POINT)
    assert value == pytest.approx(function(POINT), rel=1e-12)
    np.testing.assert_allclose(slope, slopes(function), rtol=1e-7, atol=1e-7)


def test_rounds_that_change_nothing_are_not_written_out() -> None:
    """The first element has a sweep of its own, which finds the same slope in every round."""

    def first_stays(v):
        b, c, t = 1.0 * v, 2.0 * v, v[0]
        while t > 0.1:
            t = 0.5 * t
            if c[0] > 2.0 * c[1]:
                b[1:] += c[1]
            else:
                c *= 0.5
                c += v[1]
        return b

    np.testing.assert_allclose(sd.jacobian(first_stays, mode="closed")(POINT), np.transpose(slopes(first_stays)), 1e-7)
