"""Functions whose tapes and drawings are golden files: the lines that they stand on are part of these."""

from typing import Any

import numpy as np

DATA = np.arange(6.0).reshape(3, 2)


def sum_times(a: Any, b: Any) -> Any:
    c = a + b
    d = a * c
    return d  # noqa: RET504 (the tape shows the name)


def quotients(a: Any, b: Any) -> Any:
    return (a / b - a) * (b / a + a + b) * (a - b)


def waves(a: Any, b: Any, c: Any) -> Any:
    return np.log((np.sin(a * b) + np.exp(c - a / b)) ** 2) * c


def loss(p: Any, y: Any) -> Any:
    r = DATA @ p["w"] + p["b"] - y
    s = np.sum(r**2)
    if s > 100.0:
        s = np.max(np.abs(r))
    return s


def cosine_and_product(x1: Any, x2: Any) -> Any:
    return np.cos(x1) + x1 * x2
