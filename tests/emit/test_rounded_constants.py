"""The derivative of x / 20 has a constant that no double is: a formula that cancels magnifies its rounding.

Such a derivative is right, and one that is off by more than that is still found.
"""

import math
import random
from typing import Any

import mpmath
import pytest

import symdiff as sd
from symdiff.calculus import derivatives
from symdiff.emit.arithmetic import reference
from symdiff.emit.differences import Claim, _strays, agrees
from symdiff.emit.rounded_constants import with_moved_constants
from symdiff.ir.nodes import Const
from symdiff.ir.program import Program
from symdiff.tracing import trace_function


def bernoulli(x: Any) -> Any:
    return x / (math.exp(x / 20) - 1)


def rate(v: Any) -> Any:
    return 0.1 * (v + 40) / (1 - math.exp(-(v + 40) / 10))


def debye(x: Any) -> Any:
    return sum(3 * i**3 / (math.exp(x * i / 20) - 1) / 20**4 for i in range(1, 21)) * x


@pytest.mark.parametrize("emit", ["grad", "hess"])
@pytest.mark.parametrize("function", [bernoulli, rate, debye])
def test_scaled_arguments_of_formulas_that_cancel_are_proven(function: Any, emit: str) -> None:
    assert f"def {function.__name__}_{emit}" in sd.generate(function, emit=emit).text


@pytest.mark.parametrize(("kind", "derive"), [("grad", derivatives.gradient), ("hess", derivatives.hessian)])
def test_what_is_off_by_more_is_found(kind: str, derive: Any) -> None:
    def near(x: Any) -> Any:
        return x / (math.exp(x / 20) - 1) + 1e-12 * x * x

    primal, leaves = trace_function(lambda x: x / (math.exp(x / 20) - 1)), [0.7404435452706396]
    for function, is_right in ((lambda x: x / (math.exp(x / 20) - 1), True), (near, False)):
        claim = Claim(kind, primal, derive(trace_function(function), ("x",)), ("x",))
        values, arithmetic = reference(claim.program, leaves, None)
        assert agrees(claim, leaves, values, random.Random(0), arithmetic) is is_right


def test_only_numbers_that_may_have_been_rounded_move() -> None:
    def numbers(program: Program) -> list[float]:
        return sorted(node.value for node in program.nodes() if isinstance(node, Const))

    program = trace_function(lambda x: (x + 0.05) * 1e6 + math.inf * (x + 0.25) ** 3)
    before, after = numbers(program), numbers(with_moved_constants(program, random.Random(0)))
    pairs = list(zip(before, after, strict=True))
    assert [old for old, new in pairs if old != new] == [0.05]
    assert all(abs(new - old) <= 2.0 * math.ulp(old) for old, new in pairs if old != new)


def test_what_is_no_number_excuses_nothing() -> None:
    found, near, far = mpmath.mpf(1), mpmath.mpf("1.25"), mpmath.inf
    assert _strays(found, [(near, None, None), (near, None, None)]) == 1.0
    for other in (far, mpmath.nan):
        assert _strays(found, [(near, None, None), (other, None, None)]) == 0.0
