"""Powers become products that share their partial powers."""

import pytest

from symdiff.ir.evaluate import evaluate, evaluate_mpmath
from symdiff.ir.nodes import Map
from symdiff.ir.program import Program
from symdiff.ops.elementary import power
from symdiff.schedule.lower import lower
from tests.programs import program_of


def powers(program: Program) -> int:
    return sum(isinstance(node, Map) and node.op is power for node in program.nodes())


@pytest.mark.parametrize("exponent", [*range(-16, 17), -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 15.5])
def test_small_powers_are_products(exponent: float) -> None:
    program = program_of(lambda x: power(x, float(exponent)))
    lowered = lower(program)
    assert powers(lowered) == 0
    exact = evaluate_mpmath(program, 1.7)
    assert abs(evaluate(lowered, 1.7) / exact - 1) < 16 * 2.0**-53


@pytest.mark.parametrize(("exponent", "operations"), [(3.0, 2), (4.0, 2), (8.0, 3), (15.0, 6), (16.0, 4), (-3.0, 3)])
def test_partial_powers_are_shared(exponent: float, operations: int) -> None:
    lowered = lower(program_of(lambda x: power(x, exponent)))
    assert sum(isinstance(node, Map) for node in lowered.nodes()) == operations


@pytest.mark.parametrize("exponent", [17.0, -17.0, 0.3, 16.5, float("inf")])
def test_other_powers_stay(exponent: float) -> None:
    program = program_of(lambda x: power(x, exponent))
    assert lower(program) is program


def test_powers_of_a_variable_exponent_stay() -> None:
    assert powers(lower(program_of(lambda x, y: power(x, y) + power(x, 3.0)))) == 1
