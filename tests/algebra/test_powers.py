"""Powers of one value in sums and products, as the last step before a program is written."""

from collections.abc import Callable

import pytest

import symdiff as sd
from symdiff.algebra.cost import operation_count
from symdiff.algebra.passes import tidied
from symdiff.emit.function import function_text
from symdiff.tracing import trace_function


def force(r: float, epsilon: float, sigma: float) -> float:
    return 4.0 * epsilon * ((sigma / r) ** 12 - (sigma / r) ** 6)


def test_the_force_of_lennard_and_jones_is_written_as_by_hand() -> None:
    lines = [line.partition("  #")[0] for line in sd.derivative(force).source("math").splitlines()]
    assert lines[-4:] == [
        "    v0 = sigma / r",
        "    v1 = v0 * v0 * v0",
        "    v2 = v1 * v1",
        "    return epsilon * (24.0 - 48.0 * v2) * v2 / r",
    ]


@pytest.mark.parametrize(
    ("function", "operations"),
    [
        (lambda x, y: 3.0 * x**5 + y * x**3, 6),  # x*x*x * (3*x*x + y)
        (lambda x, y: x**5 + x**3, 5),  # nothing to win
        (lambda x, y: y**3 * (y / x), 3),  # y*y, squared, / x
        (lambda x, y: y**4 * (y / x), 4),  # y**5 would be one product more
        (lambda x, y: (x**3 * y, x**3), 3),  # what others use stays
    ],
)
def test_no_more_operations_than_needed(function: Callable[..., object], operations: int) -> None:
    assert operation_count(tidied(trace_function(function)).outputs) == operations


def test_powers_that_others_use_stay_as_they_are() -> None:
    text = "\n".join(function_text(trace_function(lambda x, y: (3.0 * x**5 + y * x**3, x**5)), "math").lines)
    assert "3.0 * v1 + y * (v0 * x), v1" in text
