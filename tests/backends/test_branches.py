"""In `math` code only the side that is taken is computed."""

import math
from typing import Any

import pytest

from symdiff.calculus.derivatives import elementwise, value_and_gradient
from symdiff.emit.function import function_text
from symdiff.errors import BackendError
from symdiff.ir.evaluate import evaluate
from symdiff.ir.make import select
from symdiff.ir.nodes import Node
from symdiff.ops.elementary import exp, log, sin, sqrt
from symdiff.ops.piecewise import equal, greater, less, logical_and, logical_not
from symdiff.runtime.compile import compile_program
from tests.programs import program_of


def guarded(x: Node) -> Node:
    return select(greater(x, 0.0), sqrt(x) * log(x) + sqrt(x), 0.0)


def nested(x: Node) -> Node:
    inner = select(greater(x, 1.0), log(x - 1.0) * log(x - 1.0), x)
    return select(greater(x, 0.0), sqrt(x) + inner, select(less(x, -5.0), sqrt(-5.0 - x), 1.0 / (x - 9.0)))


def shared_by_two_guards(x: Node) -> Node:
    value = log(x)
    return select(greater(x, 0.0), value * value, 1.0) + select(greater(x, 2.0), sin(value) + value, 2.0)


def used_between(x: Node) -> Node:
    """A second choice on the condition needs a value that needs the first."""
    positive = greater(x, 0.0)
    first = select(positive, sqrt(x) * sqrt(x), -1.0)
    between = sin(first) * first
    return select(positive, between * sqrt(x), between) + first


def negated(x: Node) -> Node:
    zero = equal(x, 0.0)
    return select(zero, 1.0, sin(x) / x) + select(logical_not(zero), exp(x) / x / x, 3.0)


def negation_of_what_is_guarded(x: Node) -> Node:
    """Both choices are turned round, so nothing needs the negation, and it must not be computed outside the guard."""
    small = logical_not(greater(log(x), 1.0))
    first = select(greater(x, 0.0), select(small, log(x) * x, x), 1.0)
    return first * select(greater(x, 0.0), select(small, sqrt(x), sin(x)), 2.0)


def condition_behind_a_guard(x: Node) -> Node:
    """The inner condition has a value only where the outer one holds: so it must stay in the derivative."""
    inner = select(greater(log(x), 1.0), x * x, 3.0 * x)
    return select(greater(x, 0.0), inner * sin(inner), 1.0)


def deep(x: Node) -> Node:
    """A table by a chain of choices."""
    result: Any = 1.0 / x
    for step in range(60):
        result = select(
            logical_and(greater(x, float(step)), less(x, step + 1.0)), sqrt(x - step) + log(x) * sqrt(x - step), result
        )
    return result


POINTS = [-7.0, -2.0, -0.0, 0.5, 1.0, 1.5, 3.0, 9.5, 59.5]


@pytest.mark.parametrize(
    "function",
    [
        guarded,
        nested,
        shared_by_two_guards,
        used_between,
        negated,
        negation_of_what_is_guarded,
        condition_behind_a_guard,
        deep,
    ],
)
@pytest.mark.parametrize("point", POINTS)
def test_the_side_not_taken_raises_nothing(function: Any, point: float) -> None:
    program = program_of(function)
    for derived in (program, elementwise(program, ["x"]), value_and_gradient(program, ["x"])):
        expected = evaluate(derived, point)
        if all(math.isfinite(value) for value in derived.structure.flatten(expected)):
            found = compile_program(derived, "math")(point)
            for one, other in zip(derived.structure.flatten(found), derived.structure.flatten(expected), strict=True):
                assert math.isclose(one, other, rel_tol=1e-13)


def test_a_chain_of_choices_is_flat() -> None:
    lines = function_text(program_of(deep), "math").lines
    assert max(len(line) - len(line.lstrip()) for line in lines) <= 8
    assert sum("elif" in line for line in lines) == 59


def test_choices_on_one_condition_are_one_if() -> None:
    program = value_and_gradient(program_of(guarded), ["x"])
    assert sum(line.strip().startswith("if ") for line in function_text(program, "math").lines) == 1


def too_deep(x: Node) -> Node:
    result = x
    for step in range(90):
        result = select(greater(sin(x), step / 100.0), log(result) + sqrt(x), 0.0)
    return result


def test_branches_that_nest_too_deeply_are_refused() -> None:
    with pytest.raises(BackendError, match="nest too deeply"):
        function_text(program_of(too_deep), "math")


def too_long(x: Node) -> Node:
    result = x
    for step in range(3000):
        result = select(less(x, -step), step * sin(x), result)
    return result


def test_a_chain_of_branches_that_no_compiler_takes_is_refused() -> None:
    with pytest.raises(BackendError, match="too long"):
        function_text(program_of(too_long), "math")


@pytest.mark.parametrize("function", [too_deep, too_long])
@pytest.mark.parametrize("point", [0.5, 1.5])
def test_in_memory_branches_that_python_does_not_take_are_computed_by_arrays(function: Any, point: float) -> None:
    program = program_of(function)
    assert math.isclose(compile_program(program, "auto")(point), evaluate(program, point), rel_tol=1e-13)


def test_a_name_of_the_users_goes_through_a_chain() -> None:
    text = "\n".join(function_text(program_of(deep), "math").lines)
    assert text.count("return v") == 1
    assert "v1 = v0" not in text
