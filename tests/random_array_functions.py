"""Random plain NumPy functions of a vector w (d,), a matrix X (n, d) and a vector y (n,), from a seed.

In: a seed. Out: a function of w, X and y that works for every n and d, and gives one number. The same seed gives the
same function in every process.
"""

import random
from collections.abc import Callable
from typing import Any

import numpy as np

Function = Callable[[Any, Any, Any], Any]
Values = dict[str, list[Any]]  # numbers, arrays (n,), (d,) and (n, d), by the kinds "", "n", "d", "nd"

_STEPS: list[tuple[str, tuple[str, ...], Callable[..., Any]]] = [
    ("", ("n",), lambda a: np.sum(a)),
    ("", ("nd",), lambda a: np.mean(a)),
    ("", ("nd",), lambda a: np.var(a)),
    ("", ("n",), lambda a: np.max(a)),
    ("", ("d",), lambda a: a[0] - a[-1]),
    ("", ("n", "n"), lambda a, b: a @ b / len(a)),
    ("", ("nd",), lambda a: np.sum(a) / a.size + a.shape[0] / (a.shape[1] + 1)),
    ("", ("n",), lambda a: np.sum(a[1:] * a[:-1])),
    ("", ("n",), lambda a: np.sum(a[::2]) - np.sum(a[1::2])),
    ("", ("d",), lambda a: np.sum(a[2:]) + np.sum(a[:3]) + np.sum(a[-2:])),
    ("", ("nd",), lambda a: np.trace(a.T @ a)),
    ("", ("",), lambda a: np.tanh(a)),
    ("n", ("n",), lambda a: np.tanh(a)),
    ("n", ("n", "n"), lambda a, b: a + b * b),
    ("n", ("n", ""), lambda a, s: a * np.tanh(s)),
    ("n", ("nd", "d"), lambda a, b: a @ b),
    ("n", ("nd",), lambda a: np.sum(a, axis=1)),
    ("n", ("nd",), lambda a: a[:, 0] + a[:, -1]),
    ("n", ("n",), lambda a: a[::-1]),
    ("n", ("n",), lambda a: np.concatenate([a[1:], a[:1]])),
    ("n", ("n",), lambda a: np.roll(a, 1)),
    ("n", ("n", "n"), lambda a, b: np.where(a > b, a, 0.5 * b)),
    ("n", ("n",), lambda a: a + np.linspace(0.0, 1.0, len(a))),
    ("n", ("n",), lambda a: a * np.arange(1, len(a) + 1) / len(a)),
    ("n", ("n",), lambda a: np.concatenate([np.diff(a), np.ones(1)])),
    ("n", ("n",), lambda a: np.eye(len(a)) @ a),
    ("n", ("n",), lambda a: _shifted(a)),
    ("n", ("nd",), lambda a: np.max(a, axis=1)),
    ("d", ("n", "nd"), lambda a, b: a @ b),
    ("d", ("nd",), lambda a: np.mean(a, axis=0)),
    ("d", ("nd",), lambda a: a[0] * a[-1]),
    ("d", ("d",), lambda a: np.sin(a)),
    ("d", ("d", "d"), lambda a, b: a - b),
    ("d", ("d", "d"), lambda a, b: np.einsum("i,j->ij", a, b).sum(axis=0)),
    ("nd", ("nd", "n"), lambda a, b: a * b[:, None]),
    ("nd", ("nd", "d"), lambda a, b: a + b),
    ("nd", ("nd",), lambda a: a - np.mean(a, axis=0)),
    ("nd", ("n", "d"), lambda a, b: np.outer(a, b)),
    ("nd", ("nd",), lambda a: a[::-1]),
    ("nd", ("nd",), lambda a: np.tanh(a.T).T),
    ("nd", ("nd",), lambda a: a.reshape(-1).reshape(a.shape)),
    ("nd", ("nd",), lambda a: a.reshape(-1, a.shape[1])[:, ::-1]),
    ("nd", ("nd", "n"), lambda a, b: np.concatenate([a[:, 1:], b[:, None]], axis=1)),
    ("nd", ("nd",), lambda a: np.vstack([a[1:], np.zeros((1, a.shape[1]))])),
    ("nd", ("n", "d"), lambda a, b: np.full((len(a), len(b)), 0.5) + np.broadcast_to(b, (len(a), len(b)))),
]


def _shifted(a: Any) -> Any:
    shifted = np.zeros(len(a))
    shifted[1:] = a[:-1]
    return shifted + a


def random_array_function(seed: int, size: int = 12) -> Function:
    """The function of this seed."""
    generator = random.Random(seed)
    counts = {"": 0, "n": 1, "d": 1, "nd": 1}
    chosen: list[tuple[str, Callable[..., Any], list[tuple[str, int]]]] = []
    while len(chosen) < size:
        kind, arguments, step = generator.choice(_STEPS)
        if all(counts[argument] for argument in arguments):
            places = [(argument, generator.randrange(counts[argument])) for argument in arguments]
            chosen.append((kind, step, places))
            counts[kind] += 1

    def random_function(w: Any, X: Any, y: Any) -> Any:
        values: Values = {"": [], "n": [y], "d": [w], "nd": [X]}
        for kind, step, places in chosen:
            values[kind].append(step(*[values[argument][place] for argument, place in places]))
        total = 0.0
        for kind in ("", "n", "d", "nd"):
            for value in values[kind][-2:]:
                total = total + np.sum(np.tanh(value))
        return total

    return random_function
