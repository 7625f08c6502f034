"""Functions whose paths depend on their input, most without a closed form; inputs on every path, near the borders."""

import bisect
from collections.abc import Callable
from typing import Any

import numpy as np

HAVE_CLOSED_FORMS = {"sorted_by_key", "bisected", "of_other_lengths"}  # of several paths; guarded when asked for
CASES: dict[str, tuple[Callable[..., Any], list[Any]]] = {}


def case(*inputs: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        CASES[function.__name__] = (function, list(inputs))
        return function

    return register


@case(5.0, 0.3, 17.0, 0.9, 5.1)
def list_that_grows(x):
    steps = [x]
    while steps[-1] > 1.0:
        steps.append(steps[-1] / 2.0)
    return sum(step**2 for step in steps) * len(steps)


@case(np.array([1.0, -2.0, 3.0]), np.array([1.0, 2.0, 3.0]), np.array([-1.0, -2.0, -3.0]), np.array([1.5, -2.0, 3.0]))
def masked(x):
    return np.sum(np.exp(x[x > 0.0])) * len(x[x > 0.0])


@case(np.array([1.0, -2.0, 3.0]), np.array([-1.0, 2.0, 0.5]))
def assigned_by_mask(x):
    y = np.zeros(3)
    y[x > 0.0] = np.sqrt(np.flip(x[x > 0.0]))
    y[x <= 0.0] = x[x <= 0.0] ** 3
    return np.sum(y * np.array([1.0, 2.0, 3.0]))


@case(0.4, 2.6, 1.2, 2.7)
def table_by_key(x):
    return {0: x, 1: x**2, 2: x**3}[int(x)]


@case([3.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 3.0, 1.0])
def sorted_by_key(xs):
    ordered = sorted(xs, key=lambda x: -x)
    return sum(i * x**2 for i, x in enumerate(ordered))


@case(0.5, 1.5, 2.5, 7.0)
def bisected(x):
    knots = [0.0, 1.0, 2.0]
    return (x - knots[bisect.bisect_right(knots, x) - 1]) ** 3


@case(2.1, 3.4, 4.7)
def counted(x):
    return sum(x**i for i in range(int(x)))


@case(7.0, 1.0, 40.0, 6.5)
def recursive(x):
    return x * x if x < 2.0 else x + recursive(x / 2.0)


@case(1.5, -0.5, 0.5)
def of_other_lengths(x):
    parts = [x] if x < 0.0 else [x, x**2] if x < 1.0 else [x, x**2, x**3]
    return sum(parts)


@case(0.5, 2.0)
def raises_on_the_other_path(x):
    if x < 0.0:
        raise ValueError("negative: " + "-" * len(str(x)))
    return x**1.5
