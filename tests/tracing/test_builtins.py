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


def largest_of_a_generator(x, y):
    scales = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    ordered = sorted(scale * x for scale in (3.0, 1.0, 2.0))
    return max(abs(scale * x - y) for scale in scales) + min(map(abs, (x, y))) + ordered[1]


def relaxed(x, y):
    """A state in a list, and the largest change of its elements as what the loop waits for."""
    u = [x, 0.0, 0.0, 0.0, y]
    change = 1.0
    while change > 1e-7:
        v = [u[0], *(0.5 * (u[i - 1] + u[i + 1]) for i in range(1, 4)), u[4]]
        change = max(abs(p - q) for p, q in zip(u, v, strict=True))
        u = v
    return u[2]


@pytest.mark.parametrize("function", [largest_of_a_generator, relaxed])
def test_what_goes_through_a_generator_makes_no_paths(function: Callable[..., float]) -> None:
    program = trace_function(function)
    assert len(program.nodes()) < 80
    gradient = sd.grad(function, argnum=("x", "y"), mode="closed")
    for x, y in POINTS[:3]:
        assert compile_program(program, "math")(x, y) == pytest.approx(function(x, y), rel=1e-12)
        slopes = (
            (function(x + STEP, y) - function(x - STEP, y)) / (2 * STEP),
            (function(x, y + STEP) - function(x, y - STEP)) / (2 * STEP),
        )
        assert gradient(x, y) == pytest.approx(slopes, rel=1e-5, abs=1e-6)
