"""What stays true in a loop is known where everything in it only grows or only falls."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.ir import make
from symdiff.ir.nodes import Input, Node
from symdiff.ir.persistent import stays
from symdiff.ops import elementary, piecewise

X, Y, K = Input("x"), Input("y"), Input("k")
V = Input("v", (3,))
GROWS: dict[Node, Node] = {X: X + 1.0, V: V + np.array([0.0, 1.0, 2.0])}
FALLS: dict[Node, Node] = {X: X - 0.5, V: V - 1.0}
MIXED: dict[Node, Node] = {X: X + 1.0, Y: Y - 2.0}
SIDES: dict[Node, Node] = {X: make.select(piecewise.greater(Y, 0.0), X + 1.0, X)}


@pytest.mark.parametrize(
    ("condition", "changes", "expected"),
    [
        (piecewise.greater(X, 0.0), GROWS, True),
        (piecewise.greater_equal(X, K), GROWS, True),
        (piecewise.less(0.0, X), GROWS, True),
        (piecewise.less(X, 5.0), GROWS, False),
        (piecewise.less(X, 5.0), FALLS, True),
        (piecewise.greater(X, 0.0), FALLS, False),
        (piecewise.greater(-2.0 * X, K), FALLS, True),
        (piecewise.greater(3.0 - X, K), FALLS, True),
        (piecewise.greater(3.0 - X, K), GROWS, False),
        (piecewise.greater(X - Y, 0.0), MIXED, True),
        (piecewise.greater(X + Y, 0.0), MIXED, False),
        (piecewise.greater(X, Y), MIXED, True),
        (piecewise.greater(Y, X), MIXED, False),
        (piecewise.greater(X, 0.0), SIDES, True),
        (piecewise.equal(X, 0.0), GROWS, False),
        (piecewise.greater(elementary.sin(X), 0.0), GROWS, False),
        (piecewise.greater(X * X, 0.0), GROWS, False),
        (piecewise.greater(X, 0.0), {X: X + Y}, False),
        (piecewise.greater(X, 0.0), {X: 2.0 * X}, False),
        (piecewise.greater(X, 0.0), {X: X + math.nan}, False),
        (piecewise.greater(X, 0.0), {X: make.constant(2.0)}, False),
        (piecewise.logical_not(piecewise.less(X, 0.0)), GROWS, True),
        (piecewise.logical_not(piecewise.greater(X, 0.0)), GROWS, False),
        (make.select(piecewise.greater(X, 0.0), piecewise.less(K, 1.0), False), GROWS, True),
        (make.select(piecewise.greater(X, 0.0), piecewise.less(X, 9.0), False), GROWS, False),
        (make.select(piecewise.greater(X, 0.0), True, piecewise.greater(X, K)), GROWS, True),
        (make.select(piecewise.less(X, 0.0), piecewise.greater(X, K), True), GROWS, True),
        (make.select(piecewise.less(X, 0.0), piecewise.less(X, K), True), GROWS, False),
        (make.select(piecewise.less(X, 0.0), False, piecewise.greater(X, K)), GROWS, True),
        (make.select(piecewise.greater(X, 0.0), False, piecewise.greater(X, K)), GROWS, False),
        (make.select(piecewise.less(X, 0.0), piecewise.less(Y, 0.0), piecewise.less(K, 0.0)), FALLS, False),
        (piecewise.greater(make.reduce("sum", V), 0.0), GROWS, True),
        (piecewise.greater(make.reduce("prod", V), 0.0), GROWS, False),
        (make.reduce("any", piecewise.less(V, 0.0)), FALLS, True),
        (make.reduce("any", piecewise.less(V, 0.0)), GROWS, False),
    ],
)
def test_growth(condition: Node, changes: dict[Node, Node], expected: bool) -> None:
    assert stays(condition, True, changes) is expected


def runs_away(x):
    while x > 0.0:
        x = x + 1.0
    return x


def falls_for_ever(x):
    y = 2.0 * x
    while not y >= 10.0 or x - y > 1e300:
        y -= 0.5
        x += 0.25
    return x + y


def all_elements(x):
    v = np.array([x, 2.0 * x])
    while np.any(v > -1.0):
        v = v + 1.0
    return np.sum(v)


@pytest.mark.parametrize(
    ("f", "line"),
    [(runs_away, 1), (falls_for_ever, 2), (all_elements, 2)],
    ids=["away", "falls", "elements"],
)
def test_such_loops_are_refused_with_their_line(f: Callable[[Any], Any], line: int) -> None:
    with pytest.raises(sd.LoopError, match="never makes its condition false") as caught:
        sd.derivative(f)
    assert caught.value.origin is not None
    assert caught.value.origin.line == f.__code__.co_firstlineno + line


def test_arguments_for_which_they_never_begin_are_served() -> None:
    assert sd.value_and_grad(runs_away)(-3.0) == (-3.0, 1.0)


def test_loops_that_end_are_kept() -> None:
    def turns(x):
        step = 1.0
        while x > 0.0:
            x = x + step
            if x > 5.0:
                step = -1.0
        return x

    def until_it_is_large(x):
        while x - 100.0 < 5.0:
            x = x + 2.0
        return x * x

    assert sd.derivative(turns)(0.5) == 1.0
    assert sd.derivative(until_it_is_large)(1.0) == 210.0
