"""Python's constructs and built-ins on traced values: plain Python's values, and slopes of central differences."""

import inspect
from collections.abc import Callable

import pytest

import symdiff as sd
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function
from tests.tracing import builtin_functions

FUNCTIONS = {
    name: function
    for name, function in vars(builtin_functions).items()
    if inspect.isfunction(function) and function.__module__ == builtin_functions.__name__
}
POINTS = ((0.62, 1.53), (-0.73, 0.41), (1.31, 0.87), (2.24, -1.36), (-1.47, -0.23))
STEP = 1e-6


@pytest.mark.parametrize("backend", ["math", "numpy", "numexpr"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_values(name: str, backend: str) -> None:
    function = FUNCTIONS[name]
    program = trace_function(function)
    if backend == "math" and not program.is_elementwise:
        backend = "numpy"
    compiled = compile_program(program, backend)
    for point in (*POINTS, (0.0, 0.3)):
        assert compiled(*point) == pytest.approx(function(*point), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_slopes(name: str) -> None:
    function: Callable[..., float] = FUNCTIONS[name]
    gradient = sd.grad(function, argnum=("x", "y"), mode="closed")
    for x, y in POINTS:
        expected = (
            (function(x + STEP, y) - function(x - STEP, y)) / (2 * STEP),
            (function(x, y + STEP) - function(x, y - STEP)) / (2 * STEP),
        )
        assert gradient(x, y) == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_globals_that_were_read_stand_in_the_header() -> None:
    assert "SCALE = 3.0" in sd.trace(FUNCTIONS["unpacked_arguments"]).source()
