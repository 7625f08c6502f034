"""Four ways to run a program agree with the reference interpreter, on hundreds of random programs."""

import warnings
from typing import Any

import numpy as np
import pytest

from symdiff.ir.evaluate import evaluate
from symdiff.ir.program import Program
from symdiff.runtime.compile import compile_program
from tests.random_programs import arguments, scalar_program, vector_program


def assert_close(found: Any, expected: Any) -> None:
    for one, other in zip(found, expected, strict=True):
        assert np.shape(one) == np.shape(other)
        np.testing.assert_allclose(np.asarray(one, float), np.asarray(other, float), rtol=1e-9, atol=1e-9)


def quietly(function: Any, args: list[Any]) -> Any:
    """The result, without NumPy's warnings about the poles that random arguments hit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return function(*args)


@pytest.mark.parametrize("seed", range(60))
def test_scalars(seed: int) -> None:
    program = scalar_program(seed)
    args = arguments(seed, program)
    expected = evaluate(program, *args)
    for backend in ("numpy", "numexpr", "auto"):
        assert_close(quietly(compile_program(program, backend), args), expected)
    try:
        found = compile_program(program, "math")(*args)
    except (ArithmeticError, ValueError):
        assert raises_somewhere(program, args)
    else:
        assert_close(found, expected)


def raises_somewhere(program: Program, args: list[Any]) -> bool:
    """Whether a value that the result may need is infinite or undefined, where `math` raises."""
    inner = program.with_outputs(program.nodes(), program.structure)
    from symdiff.ir.structure import LEAF, tuple_of

    values = evaluate(inner.with_outputs(inner.outputs, tuple_of([LEAF] * len(inner.outputs))), *args)
    return not all(np.all(np.isfinite(value)) for value in values)


@pytest.mark.parametrize("seed", range(40))
def test_arrays_that_broadcast(seed: int) -> None:
    program = scalar_program(seed)
    rng = np.random.default_rng(seed)
    args = [rng.uniform(-2, 2, shape) for shape in ((2, 1), (3,), ())]
    expected = evaluate(program, *args)
    for backend in ("numpy", "numexpr", "auto"):
        found = quietly(compile_program(program, backend), args)
        assert all(one.shape == (2, 3) for one in found)
        assert_close(found, [np.broadcast_to(value, (2, 3)) for value in expected])


@pytest.mark.parametrize("seed", range(60))
def test_vectors(seed: int) -> None:
    program = vector_program(seed)
    args = arguments(seed, program)
    expected = evaluate(program, *args)
    for backend in ("numpy", "numexpr", "math", "auto"):
        assert_close(quietly(compile_program(program, backend), args), expected)
