"""Random programs that need guarded mode, from a seed, the arguments of their calls, and what changes between these.

In: a seed. Out: the source of a module with `f(x, y)` and `several(x, y)`, statements that change what these read, and
arguments of many types. The same seed gives the same in every process.
"""

import random
from dataclasses import dataclass
from string import Template
from typing import Any

import numpy as np

from tests.random_guarded_steps import Step, steps

_HEAD = """import bisect
import collections
import dataclasses
import functools
import heapq
import itertools
import math
import operator
import statistics
import types

import numpy as np

import symdiff as sd


def bend(t):
    return np.sin(t) + 0.5 * t


def bell(t):
    return np.exp(-(t**2)) + 0.3 * t


def ratio(t):
    return t / (2.0 + t**2)


def cube(t):
    return 0.1 * t**3 - t
"""
_SMOOTH = ("bend", "bell", "ratio", "cube")
_WEIGHTS = {"arrays": 4, "scalars": 4, "state": 4, "libraries": 1}


@dataclass(frozen=True)
class Program:
    """A module: whether it has a file, what changes between calls, the number of elements of `x` (0: a number)."""

    text: str
    has_source: bool
    changes: tuple[str, ...]
    length: int

    def point(self, rng: random.Random) -> tuple[Any, Any]:
        """Arguments of a call, of one of many types."""
        x = _array(rng, self.length) if self.length else _number(rng)
        return x, _number(rng) if rng.random() < 0.7 else rng.randrange(-2, 3)


def program(seed: int) -> Program:
    """The program of the seed."""
    rng = random.Random(seed)
    length = rng.choice([0, 0, 3, 4])
    scalars = ["x[0]", "x[-1]", "x[1]", "y", "np.sum(x)"] if length else ["x", "x", "y", "(x * y)", "(0.5 * x - y)"]
    array = "x" if length else "np.array([x, y, x * y, 0.5 * x - y])"
    modules, body, changes = [_HEAD], ["total = 0.0"], []
    if length:
        body.append("x = np.asarray(x)")
    for number in range(rng.randrange(1, 5)):
        filled = _filled(rng, _chosen(rng), number, scalars, array)
        modules += [filled.module + "\n"] if filled.module else []
        body += filled.body.split("\n")
        changes += filled.changes
        if rng.random() < 0.4:
            body.append(f"s{number} = {rng.choice(_SMOOTH)}(total)")
            scalars = [*scalars, f"s{number}"]
        if rng.random() < 0.15:
            body.append(f"total = {rng.choice(_SMOOTH)}(total)")
        if rng.random() < 0.1:
            body += [f"if total > {_constant(rng)}:", f"    return total * {scalars[0]}"]
    body.append("return total")
    lines = "".join(f"    {line}\n" for line in body)
    first = scalars[0].replace("np.asarray(x)", "x")
    modules.append(f"def f(x, y):\n{lines}")
    modules.append(f"def several(x, y):\n    t = f(x, y)\n    return np.array([t, {first} * y, np.sin(t) * y])\n")
    return Program("\n\n".join(modules), rng.random() < 0.7, tuple(changes), length)


def _chosen(rng: random.Random) -> Step:
    kind = rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    return rng.choice(steps()[kind])


def _filled(rng: random.Random, step: Step, number: int, scalars: list[str], array: str) -> Step:
    s, t = rng.choice(scalars), rng.choice(scalars)
    words = {"s": s, "t": t, "a": array, "n": str(number), "k": str(rng.randrange(4))}
    words["l"] = "list(x)" if array == "x" and rng.random() < 0.7 else f"[{s}, {t}, 0.5 * {s} + {_constant(rng)}]"

    def fill(text: str) -> str:
        functions = rng.choices(_SMOOTH, k=2)
        numbers = sorted([rng.uniform(-1.5, 1.5) for _ in range(2)])
        some = {"F": functions[0], "G": functions[1], "c": f"{numbers[0]:.3f}", "d": f"{numbers[1]:.3f}"}
        return Template(text).substitute(words, **some)

    return Step(fill(step.body), fill(step.module), tuple([fill(change) for change in step.changes]))


def _constant(rng: random.Random) -> str:
    return f"{rng.uniform(-1.5, 1.5):.3f}"


def _number(rng: random.Random) -> Any:
    value = rng.uniform(-2.5, 2.5)
    kinds = {
        (lambda: value): 12,
        (lambda: rng.randrange(-2, 4)): 1.5,
        (lambda: np.float64(value)): 2,
        (lambda: np.float32(value)): 1,
        (lambda: np.array(value)): 1.5,
        (lambda: rng.choice([-0.0, 0.0, 1.0, -1.0, 0.5])): 1,
        (lambda: rng.choice([float("nan"), float("inf"), float("-inf")])): 0.5,
    }
    return rng.choices(list(kinds), list(kinds.values()))[0]()


def _array(rng: random.Random, length: int) -> Any:
    if rng.random() < 0.1:
        length += 1
    values = [rng.uniform(-2.5, 2.5) for _ in range(length)]
    if rng.random() < 0.1:
        values[0] = rng.choice([0.0, -0.0, 1.0, float("nan"), float("inf")])
    kinds = {
        (lambda: np.array(values)): 12,
        (lambda: np.repeat(values, 2)[::2]): 1.5,
        (lambda: np.array(values[::-1])[::-1]): 1,
        (lambda: np.array([rng.randrange(-2, 3) for _ in values])): 1,
        (lambda: np.array(values, dtype=np.float32)): 1,
        (lambda: values): 1,
    }
    return rng.choices(list(kinds), list(kinds.values()))[0]()
