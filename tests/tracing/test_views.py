"""Writing into arrays, views, lists and objects: what plain NumPy does, or a refusal; never another number."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.ir.evaluate import evaluate
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function
from tests.tracing import flat_functions, part_functions, view_functions, written_functions

FUNCTIONS = {
    name: function
    for module in (view_functions, flat_functions, part_functions, written_functions)
    for name, function in vars(module).items()
    if inspect.isfunction(function) and list(inspect.signature(function).parameters) == ["A", "x"]
}
# Those that write to what outlives the call, or whose memory NumPy orders in a way that is not known.
REFUSED = {
    "reshaped",
    "raveled",
    "sorted_by_mask",
    "writes_a_diagonal",
    "writes_an_argument",
    "writes_a_row_of_an_argument",
    "augments_an_argument",
    "writes_outside",
}
POINTS = (np.array([0.6, 1.5, -0.7, 0.4]), np.array([-0.6, -1.5, 0.7, 2.4]))
MATRIX = np.arange(9.0).reshape(3, 3) / 3.0 + 0.5


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - REFUSED))
def test_values_are_those_of_plain_numpy(name: str) -> None:
    function = FUNCTIONS[name]
    program = trace_function(function, args=(MATRIX, POINTS[0]))
    compiled = compile_program(program, "numpy")
    for point in POINTS:
        matrix, x = MATRIX.copy(), point.copy()
        expected = function(MATRIX.copy(), point.copy())
        np.testing.assert_allclose(evaluate(program, matrix, x), expected, rtol=1e-13)
        np.testing.assert_allclose(compiled(matrix, x), expected, rtol=1e-13)
        assert np.array_equal(matrix, MATRIX)
        assert np.array_equal(x, point)


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - REFUSED))
def test_derivatives_are_those_of_plain_numpy(name: str) -> None:
    function: Callable[..., Any] = FUNCTIONS[name]
    gradient = sd.grad(lambda A, x: np.sum(np.sin(function(A, x))), argnum="x", mode="closed")
    for point in POINTS:
        found = gradient(MATRIX, point)
        for at in range(4):
            step = np.eye(4)[at] * 1e-6
            ahead, behind = (np.sum(np.sin(function(MATRIX.copy(), point + s))) for s in (step, -step))
            assert found[at] == pytest.approx((ahead - behind) / 2e-6, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_not_known_is_refused_with_the_line(name: str) -> None:
    with pytest.raises(sd.SymdiffError) as refused:
        trace_function(FUNCTIONS[name], args=(MATRIX, POINTS[0]))
    assert refused.value.origin is not None
    assert refused.value.fix
