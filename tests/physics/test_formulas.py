"""Twenty physics formulas: every first and second partial derivative, in every backend, against mpmath at 50 digits.

At least 14 digits are asked for, except where the derivative itself is ill-conditioned. The measure of that is
independent of our code: the condition number of the exact derivative, the sum over arguments of |x ∂D/∂x| / |D|, taken
from the reference in mpmath. Rounding the arguments alone already costs that many ULP (N. Higham, "Accuracy and
Stability of Numerical Algorithms", chapter 1).
"""

import inspect
from functools import cache
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

import symdiff as sd
from tests.physics.formulas import FORMULAS, Formula

DIGITS = 50
TOLERANCE = 0.5e-14


@cache
def exact(formula: Formula, point: tuple[mpf, ...], order: tuple[int, ...]) -> mpf:
    """A partial derivative of the reference, by differences in mpmath that leave 50 correct digits."""
    with mp.workdps(DIGITS):
        return mp.diff(formula.reference, point, order)


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


def problems(formula: Formula, tables: list[dict[tuple[int, ...], Any]]) -> list[str]:
    """What is wrong with the tables of partial derivatives, one for each point."""
    found = []
    for point, table in zip(formula.points, tables, strict=True):
        assert len(table) == len(point) * (len(point) + 3) // 2
        found += [check(formula, point, order, value) for order, value in table.items()]
    return [problem for problem in found if problem]


def check(formula: Formula, point: tuple[float, ...], order: tuple[int, ...], found: float) -> str:
    """Nothing, or what is wrong with a derivative that was computed."""
    expected = exact(formula, tuple(mpf(x) for x in point), order)
    with mp.workdps(DIGITS):
        # x^n D is the derivative in the scale of the function; where it is nothing beside f, it vanishes identically.
        scale = mp.fprod(abs(mpf(x)) ** n for x, n in zip(point, order, strict=True)) / abs(formula.reference(*point))
        if abs(expected) * scale < mpf(10) ** -35:
            vanishes = abs(found) * scale <= TOLERANCE
            return "" if vanishes else f"order {order} at {point}: {found!r} for a derivative that vanishes"
        error = float(abs(mpf(float(found)) - expected) / abs(expected))
    if error <= TOLERANCE or error <= TOLERANCE * condition(formula, point, order):
        return ""
    return f"order {order} at {point}: {found!r}, exact {float(expected)!r}, relative error {error:.1e}"


def as_table(gradient: Any, hessian: Any) -> dict[tuple[int, ...], Any]:
    """The partial derivatives by their multi-indices: how often each argument is differentiated by."""
    count = len(gradient)

    def order(*by: int) -> tuple[int, ...]:
        return tuple(by.count(position) for position in range(count))

    found = {order(i): gradient[i] for i in range(count)}
    return found | {order(i, j): hessian[i][j] for i in range(count) for j in range(i + 1)}


def emitted(formula: Formula, backend: str) -> dict[str, Any]:
    """The names that the emitted module defines."""
    names = list(inspect.signature(formula.function).parameters)
    text = sd.generate(formula.function, wrt=names, emit=["grad", "hess"], backend=backend).text
    module: dict[str, Any] = {}
    exec(compile(text, f"<{formula.name}, {backend}>", "exec"), module)
    return module


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.name)
@pytest.mark.parametrize("backend", ["math", "numpy", "numexpr"])
def test_emitted_module(formula: Formula, backend: str) -> None:
    module = emitted(formula, backend)
    gradient, hessian = module[f"{formula.name}_grad"], module[f"{formula.name}_hess"]
    if backend == "math":
        tables = [as_table(gradient(*point), hessian(*point)) for point in formula.points]
    else:  # all points in one call
        columns = np.array(formula.points).T
        whole = as_table(gradient(*columns), hessian(*columns))
        tables = [{order: value[row] for order, value in whole.items()} for row in range(len(formula.points))]
    assert problems(formula, tables) == []


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.name)
def test_in_memory(formula: Formula) -> None:
    names = tuple(inspect.signature(formula.function).parameters)
    gradient, hessian = sd.grad(formula.function, argnum=names), sd.hessian(formula.function, argnum=names)
    assert problems(formula, [as_table(gradient(*point), hessian(*point)) for point in formula.points]) == []


def test_there_are_enough_and_large_ones() -> None:
    assert len(FORMULAS) >= 20
    assert sum(len(formula.points[0]) >= 5 for formula in FORMULAS) >= 5


def test_the_check_finds_a_wrong_thirteenth_digit() -> None:
    formula = next(formula for formula in FORMULAS if formula.name == "vis_viva")
    point = formula.points[0]
    right = float(exact(formula, tuple(mpf(x) for x in point), (1, 0, 0)))
    assert check(formula, point, (1, 0, 0), right) == ""
    assert "relative error" in check(formula, point, (1, 0, 0), right * (1 + 1e-13))
