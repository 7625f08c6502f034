"""Branches and loops inside `try`, `with` and `match`, and names that only some rounds bind."""

import contextlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def loop_in_try(x):
    try:
        for k in range(5):
            if x * k > 2.0:
                break
            x += 0.1
        else:
            x = -x
    finally:
        y = 2.0 * k
    return x * y


def branch_in_try(x):
    try:
        if x > 1.0:
            y = math.sqrt(x)
        elif x > 0.7:
            y = 2.0
        else:
            y = x
    finally:
        z = x
    return y * z


def return_in_try(x):
    try:
        for k in range(5):
            if x * k > 2.0:
                return x
            x += 0.1
    finally:
        x = 0.0
    return k * 1.0


def loop_in_with(x):
    with contextlib.suppress(KeyError):
        for k in range(5):
            if x * k > 2.0:
                break
            x += 0.1
    return x * k


def branches_in_match(x, n=1):
    match n:
        case 0 | 3:
            return x
        case 1:
            if x > 1.0:
                return x * x
            return 2.0 * x
        case other:
            for k in range(4):
                if x * k > other:
                    break
    return x * k


def match_in_loop(x):
    total = 0.0
    for n in range(6):
        match n % 4:
            case 0:
                continue
            case 1 if x > 1.0:
                total += x
            case 2:
                total -= x * x
                if total < -6.0:
                    break
            case rest:
                total += 0.1 * rest * x
    return total


def taken_apart(x):
    for k in range(3):
        match (k, x):
            case (0, value):
                if value > 1.0:
                    x = x * 2.0
            case (1, _):
                continue
            case _:
                if x > 3.0:
                    return -x
    return x


def bound_before_both_exits(x):
    n = 0
    while True:
        x *= 0.7
        if x < 0.1:
            last = x
            break
        if n > 6:
            last = n * x
            break
        n += 1
    return last * (n + 1)


def bound_in_some_rounds(x):
    last = 7.0
    while x > 0.3:
        if x > 1.0:
            seen = x
        x = x * 0.7
    if last > 1.0 and x > 0.0:
        return seen * x
    return x


FUNCTIONS = [loop_in_try, branch_in_try, return_in_try, loop_in_with, branches_in_match, match_in_loop, taken_apart]
FUNCTIONS += [bound_before_both_exits, bound_in_some_rounds]


@pytest.mark.parametrize("f", FUNCTIONS)
def test_values_and_slopes_are_those_of_plain_python(f: Callable[..., Any]) -> None:
    derivative, xs = sd.derivative(f), np.array([0.43, 0.87, 1.2, 2.1, 9.6])
    xs = xs[2:] if f is bound_in_some_rounds else xs
    for x in xs.tolist():
        assert sd.trace(f)(x) == pytest.approx(f(x), rel=1e-14)
        assert derivative(x) == pytest.approx((f(x + 1e-6) - f(x - 1e-6)) / 2e-6, rel=1e-6, abs=1e-8)
    assert derivative(xs) == pytest.approx([derivative(x) for x in xs.tolist()], rel=1e-13)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
def test_what_is_matched_may_be_an_argument(n: int) -> None:
    for x in (0.43, 1.2, 2.1):
        expected = (branches_in_match(x + 1e-6, n) - branches_in_match(x - 1e-6, n)) / 2e-6
        assert sd.grad(branches_in_match)(x, n) == pytest.approx(expected, rel=1e-6)
