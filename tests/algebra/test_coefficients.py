"""Numbers and signs where they cost least, as the last step before a program is written."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from symdiff.algebra.cost import cost, operation_count
from symdiff.algebra.passes import tidied
from symdiff.calculus.derivatives import hessian
from symdiff.emit.function import function_text
from symdiff.ir.evaluate import evaluate
from symdiff.ir.program import Program
from symdiff.tracing import trace_function
from tests.random_programs import arguments, scalar_program, vector_program


def written(function: Callable[..., object]) -> str:
    """The last line of the function in plain Python."""
    return function_text(trace_function(function), "math").lines[-1].strip()


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (lambda x, y: x + -2.0 * y / (x + 3.0), "return x - 2.0 * y / (x + 3.0)"),
        (lambda x, y: x - (-2.0 * y) * (x + 3.0), "return x + 2.0 * y * (x + 3.0)"),
        (lambda x, y: -64.0 / x + y, "return y - 64.0 / x"),
        (lambda x, y: 2.0 * (3.0 * x / y * (x + y)), "return 6.0 * (x / y * (x + y))"),
        (lambda x, y: 2.0 * (0.5 / y * x), "return x / y"),
        (lambda x, y: 6.0 * x / (2.0 * y), "return 3.0 * x / y"),
        (lambda x, y: 2.0 * x / (6.0 * y), "return x / (3.0 * y)"),
        (lambda x, y: -(x * y) - x * y, "return -2.0 * (x * y)"),
        (lambda x, y: -(x * (y - 3.0)), "return x * (3.0 - y)"),
        (lambda x, y: -(x * (2.0 * y)), "return x * (-2.0 * y)"),
        (lambda x, y: -((x - y) / (x * y)), "return (y - x) / (x * y)"),
        (lambda x, y: -(y / (2.0 * x)), "return -(y / (2.0 * x))"),
        (lambda x, y: -(x * y), "return -(x * y)"),
    ],
)
def test_numbers_and_signs_stand_where_a_person_would_write_them(function: Callable[..., object], line: str) -> None:
    assert written(function) == line


def test_a_quotient_that_is_there_is_not_made_again_by_a_reciprocal() -> None:
    text = "\n".join(function_text(trace_function(lambda a, d, x: (a / d, a * (1.0 / d) * x, 1.0 / d)), "math").lines)
    assert text.count("a / d") == 1
    assert text.count("v0 * x") == 1


def test_numbers_whose_quotient_is_not_exact_stay_apart() -> None:
    assert written(lambda x, y: 0.3 * x / (0.7 * y)) == "return 0.3 * x / (0.7 * y)"


def test_a_number_goes_to_the_factor_with_the_fewest_axes() -> None:
    program = trace_function(lambda s, x: 2.0 * (s * (3.0 * x)), shapes={"x": 3})
    assert "6.0 * s * x" in function_text(program, "numpy").lines[-1]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("made", [scalar_program, vector_program])
def test_no_program_costs_more_and_its_value_is_the_same(made: Callable[[int], Program], seed: int) -> None:
    program = made(seed)
    point = arguments(seed, program)
    better = tidied(program)
    assert cost(better.outputs) <= cost(program.outputs)
    with np.errstate(all="ignore"):
        values = zip(evaluate(program, *point), evaluate(better, *point), strict=True)
        assert all(np.allclose(old, new, rtol=1e-9, atol=1e-12, equal_nan=True) for old, new in values)


def test_the_second_derivatives_of_redlich_and_kwong_need_fewer_operations() -> None:
    def pressure(T: float, V: float, a: float, b: float) -> float:
        return 8.314 * T / (V - b) - a / (math.sqrt(T) * V * (V + b))

    raw = hessian(trace_function(pressure), ["T", "V"])
    assert operation_count(tidied(raw).outputs) < operation_count(raw.outputs)
