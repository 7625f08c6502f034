"""Loops inside loops and functions that are run again and again: what is kept of them, and what is written out."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.backends import BACKENDS
from symdiff.ir.nodes import Loop
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function


def test_tables_of_inner_loops_in_every_backend() -> None:
    def f(x):
        while x > 0.1:
            for part in (0.75, 0.5, x):
                for _ in range(3000):
                    x = x * (1.0 - 1e-4 * part)
        return x

    program = trace_function(f)
    for backend in BACKENDS:
        assert float(compile_program(program, backend)(0.7)) == pytest.approx(f(0.7), rel=1e-10)


def test_a_loop_that_is_run_again_and_again_is_kept() -> None:
    def chained(a, data):
        state = a[0]
        for item in data:
            state = np.sum(np.tanh(state * a)) + a[item % 5]
        return state

    def of_all(a, rows):
        return sum(chained(a, row) for row in rows)

    rows, a = [np.arange(60) % 5] * 30, np.linspace(0.1, 0.5, 5)
    gradient = sd.grad(of_all)
    found = gradient(a, rows)
    assert sum(isinstance(node, Loop) for node in gradient.program.nodes()) > 10
    step = 1e-6 * np.eye(5)
    slope = [(of_all(a + e, rows) - of_all(a - e, rows)) / 2e-6 for e in step]
    np.testing.assert_allclose(found, slope, rtol=1e-6)


def folded(x, parts):
    """A function that calls itself, and has choices and loops that are merged while it runs."""
    if isinstance(parts, list):
        return sum([folded(x, part) for part in parts])
    for _ in range(3):
        x = x * parts if x > 1.0 else x + parts
    return x


def test_choices_of_a_function_that_calls_itself_are_merged() -> None:
    parts = [0.5, [1.5, 2.0, [3.0, 0.1]], 1.1, 0.2, 0.3]
    program = trace_function(folded, args=(1.0, parts), static=["parts"])
    assert len(program.nodes()) < 300
    gradient = sd.grad(folded)
    for x in (0.317, 0.873, 1.7):
        slope = (folded(x + 1e-6, parts) - folded(x - 1e-6, parts)) / 2e-6
        assert gradient(x, parts) == pytest.approx(slope, rel=1e-6)
