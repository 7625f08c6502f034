"""Small plain functions, each with the arguments it is compared at: the tracer must agree with Python itself.

Every path of every function is reached by some of its arguments. The functions are in
`python_corpus` and `numpy_corpus`.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np


class Case(NamedTuple):
    """A function, and the arguments of every call it is compared at."""

    function: Callable[..., Any]
    calls: Sequence[tuple[Any, ...]]


CASES: dict[str, Case] = {}
LINE = [(-1.7,), (-1.0,), (-0.4,), (0.0,), (0.3,), (0.5,), (1.0,), (2.6,)]
POSITIVE = [(0.2,), (1.0,), (3.5,)]
PAIRS = [(0.4, 1.7), (1.3, -0.6), (2.0, 2.0), (-1.5, 0.5)]
VECTORS = [([0.3, 1.2, -0.7],), ([2.0, 2.0, 1.0],)]
ARRAYS = [(np.array([0.3, 1.2, -0.7]),), (np.array([2.0, 2.0, 1.0]),)]
MATRICES = [(np.array([[1.0, 0.5], [-0.3, 2.0]]), np.array([0.7, -1.2])), (np.eye(2), np.array([1.0, 3.0]))]


def case(calls: Sequence[tuple[Any, ...]]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        CASES[f"{getattr(function, '__name__', 'partial')}_{len(CASES)}"] = Case(function, calls)
        return function

    return register
