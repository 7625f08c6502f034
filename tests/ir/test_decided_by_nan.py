"""A loop that ends because of a nan ends where the function has no value: no point to compare code at."""

import math

import numpy as np
import pytest

import symdiff as sd
from symdiff.ir.evaluate import evaluate
from symdiff.ir.loop_values import EndedByNan, rounds_at_most
from symdiff.tracing import trace_function


def complete_elliptic_integral(m):
    a, b = 1.0, math.sqrt(1.0 - m)
    while abs(a - b) > 1e-15 * a:
        a, b = (a + b) / 2, math.sqrt(a * b)
    return math.pi / (2 * a)


def halved_until_small(x):
    size = math.sqrt(x) if x > 0.0 else 0.25
    while size > 1.0 and not math.isnan(x):
        size = size / 2.0
    return size * x


@pytest.mark.parametrize("backend", ["math", "numpy"])
def test_no_code_is_compared_there(backend: str) -> None:
    module = sd.generate(complete_elliptic_integral, backend=backend)
    namespace: dict[str, object] = {"__name__": "emitted"}
    exec(compile(module.text, "emitted.py", "exec"), namespace)
    integral = namespace["complete_elliptic_integral"]
    assert integral(0.5) == complete_elliptic_integral(0.5)  # type: ignore[operator]


def test_it_is_told_from_a_loop_that_ends_by_itself() -> None:
    program = trace_function(complete_elliptic_integral)
    with rounds_at_most(100):
        assert evaluate(program, 0.5) == pytest.approx(complete_elliptic_integral(0.5))
        with pytest.raises(EndedByNan):
            evaluate(program, 1.5)
    assert np.isfinite(evaluate(program, 1.5))


def test_a_nan_on_a_side_that_is_not_taken_does_not_end_it() -> None:
    program = trace_function(halved_until_small)
    with rounds_at_most(100):
        assert evaluate(program, -2.0) == -0.5
        assert evaluate(program, 9.0) == 6.75
