"""Choices as a person writes them."""

import math

import numpy as np
import pytest

import symdiff as sd
from symdiff.emit.function import function_text
from symdiff.ir import make
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Input
from symdiff.ir.program import Parameter, Program
from symdiff.ops.piecewise import greater, logical_not
from symdiff.schedule.choices import plain_choices
from tests.random_programs import arguments, scalar_program


def program_of(x: Input, output: object) -> Program:
    return Program("f", (Parameter("x"),), (x,), (make.lift(output),))


def test_a_choice_inside_of_the_same_one_is_left_out() -> None:
    x = Input("x")
    positive = greater(x, 0.0)
    inner = make.select(positive, x * x, 3.0) + 1.0
    found = plain_choices(program_of(x, make.select(positive, inner, 0.0)))
    assert "3.0" not in "\n".join(function_text(found, "math").lines)
    assert [evaluate(found, value) for value in (2.0, -2.0)] == [5.0, 0.0]


def test_so_is_one_by_the_opposite() -> None:
    x = Input("x")
    positive = greater(x, 0.0)
    inner = make.select(logical_not(positive), 3.0, x * x) + 1.0
    found = plain_choices(program_of(x, make.select(positive, inner, 0.0)))
    assert [evaluate(found, value) for value in (2.0, -2.0)] == [5.0, 0.0]
    assert "3.0" not in "\n".join(function_text(found, "numpy").lines)


def test_what_somebody_else_needs_stays_whole() -> None:
    x = Input("x")
    positive = greater(x, 0.0)
    shared = make.select(positive, x * x, 3.0)
    found = plain_choices(program_of(x, make.select(positive, shared + 1.0, 0.0) + shared))
    assert [evaluate(found, value) for value in (2.0, -2.0)] == [9.0, 3.0]


def hill(x, k, n):
    return x**n / (k**n + x**n)


def test_a_power_by_a_traced_exponent_is_guarded_once() -> None:
    text = sd.generate(hill, emit="hess", backend="math").text
    module: dict[str, object] = {}
    exec(text, module)
    found = np.array(module["hill_hess"](1.3, 0.7, 2.2))  # type: ignore[operator]
    expected = sd.hessian(lambda v: v[0] ** v[2] / (v[1] ** v[2] + v[0] ** v[2]))(np.array([1.3, 0.7, 2.2]))
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.isfinite(module["hill_hess"](0.0, 0.7, 2.5)).all()  # type: ignore[operator]
    assert text.count("except") <= 2  # one for each logarithm


@pytest.mark.parametrize("seed", range(60))
def test_random_programs_keep_their_values(seed: int) -> None:
    program = scalar_program(seed, size=40)
    point = arguments(seed, program)
    before, after = evaluate(program, *point), evaluate(plain_choices(program), *point)
    assert all(
        math.isclose(old, new, rel_tol=1e-12) or (old != old and new != new)
        for old, new in zip(before, after, strict=True)
    )
