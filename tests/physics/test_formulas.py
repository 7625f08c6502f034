"""Twenty physics formulas: every first and second partial derivative, in every backend, against mpmath at 50 digits.

At least 14 digits are asked for, except where the derivative itself is ill-conditioned. The measure of that is
independent of our code: the condition number of the exact derivative, the sum over arguments of |x ∂D/∂x| / |D|, taken
from the reference in mpmath. Rounding the arguments alone already costs that many ULP (N. Higham, "Accuracy and
Stability of Numerical Algorithms", chapter 1).
"""

import inspect
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

import symdiff as sd
from tests.physics.formulas import FORMULAS, Formula

DIGITS = 50
TOLERANCE = 0.5e-14
BACKENDS = ("math", "numpy", "numexpr")


def orders(count: int) -> list[tuple[int, ...]]:
    """The multi-indices of all first and second partial derivatives."""
    unit = np.eye(count, dtype=int)
    first = [tuple(unit[i]) for i in range(count)]
    return first + [tuple(unit[i] + unit[j]) for i in range(count) for j in range(i + 1)]


@lru_cache(maxsize=None)
def exact(formula: Formula, point: tuple[mpf, ...], order: tuple[int, ...]) -> mpf:
    """A partial derivative of the reference, by mpmath's differences at a precision that makes them exact to 50 digits."""
    with mp.workdps(DIGITS):
        return mp.diff(formula.reference, point, tuple(int(n) for n in order))


def condition(formula: Formula, point: tuple[float, ...], order: tuple[int, ...]) -> float:
    """How much a relative change of the arguments is magnified in the derivative."""
    with mp.workdps(DIGITS):
        exact_point = tuple(mpf(x) for x in point)
        value = exact(formula, exact_point, order)
        total = mpf(0)
        for position, x in enumerate(exact_point):
            moved = list(exact_point)
            moved[position] = x * (1 + mpf(10) ** -20)
            total += abs(exact(formula, tuple(moved), order) - value) * mpf(10) ** 20
        return float(total / abs(value))


def check(formula: Formula, point: tuple[float, ...], order: tuple[int, ...], found: float) -> str:
    """Nothing, or what is wrong with a derivative that was computed."""
    expected = exact(formula, tuple(mpf(x) for x in point), order)
    with mp.workdps(DIGITS):
        if abs(expected) < mpf(10) ** -35 * abs(formula.reference(*map(mpf, point))):
            return "" if found == 0.0 else f"order {order}: {found!r} for a derivative that vanishes"
        error = float(abs(mpf(float(found)) - expected) / abs(expected))
    if error <= TOLERANCE or error <= TOLERANCE * condition(formula, point, order):
        return ""
    return f"order {order} at {point}: {found!r}, exact {float(expected)!r}, relative error {error:.1e}"
