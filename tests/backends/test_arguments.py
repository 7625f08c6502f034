"""What array code takes and gives: shapes, dtypes, scalars, memory."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.ir.make import constant, einsum, reduce, select, stack
from symdiff.ops.elementary import bell, exp, log, power, sin, sqrt
from symdiff.ops.piecewise import greater
from symdiff.ops.stable import xlogy
from symdiff.runtime.compile import compile_program
from tests.programs import program_of

ARRAYS = ["numpy", "numexpr", "auto"]
BOTH = program_of(lambda x, k: (sin(x) * exp(k), power(x, 3.0), select(greater(x, 0.0), 1.0, 0.0), constant(2.0)))


def values(x: Any, k: Any) -> list[Any]:
    x, k = np.broadcast_arrays(np.asarray(x, float), np.asarray(k, float))
    return [np.sin(x) * np.exp(k), x**3, np.where(x > 0, 1.0, 0.0), np.full(x.shape, 2.0)]


CASES = {
    "float": (0.5, 0.25),
    "int": (2, 3),
    "bool": (True, 0.5),
    "large int": (10**20, 0.0),
    "list": ([0.5, -1.0, 2.0], 0.25),
    "list of ints": ([1, -2, 3], 1),
    "0-d": (np.array(0.5), 0.25),
    "vector": (np.array([0.5, -1.0, 2.0]), 0.25),
    "int array": (np.array([1, -2, 3]), 0.25),
    "broadcast": (np.array([[0.5], [-1.0]]), np.array([0.1, 0.2, 0.3])),
    "empty": (np.zeros(0), 1.0),
    "strided": (np.linspace(-1, 1, 10)[::-3], 0.5),
    "transposed": (np.linspace(-1, 1, 6).reshape(2, 3).T, 0.5),
    "np.float64": (np.float64(0.5), np.float64(0.1)),
}


@pytest.mark.parametrize("backend", ARRAYS)
@pytest.mark.parametrize("case", CASES)
def test_shapes_and_values(case: str, backend: str) -> None:
    found = compile_program(BOTH, backend)(*CASES[case])
    for one, other in zip(found, values(*CASES[case]), strict=True):
        assert np.shape(one) == other.shape
        assert isinstance(one, float) if other.shape == () else one.dtype == np.float64
        np.testing.assert_allclose(one, other, rtol=1e-14)


@pytest.mark.parametrize("backend", ARRAYS)
@pytest.mark.parametrize("k", [2, 2.5, True, np.float32(0.5), np.ones(3, np.float32)])
def test_float32_stays_float32(k: Any, backend: str) -> None:
    x = np.array([0.5, -1.0, 2.0], np.float32)
    found = compile_program(BOTH, backend)(x, k)
    assert [one.dtype for one in found] == [np.float32] * 4
    for one, other in zip(found, values(x, k), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


@pytest.mark.parametrize("backend", ["numpy", "numexpr"])
def test_float32_vectors_stay_float32(backend: str) -> None:
    weights = np.array([0.5, 1.0, 2.0])
    program = program_of(
        lambda x: (reduce("sum", sin(x) * weights), stack([reduce("max", x), 1.0]), x * 2.0),
        shapes={"x": (3,)},
    )
    found = compile_program(program, backend)(np.ones(3, np.float32))
    assert [one.dtype for one in found] == [np.float32] * 3


@pytest.mark.parametrize("backend", ARRAYS)
def test_results_share_no_memory_with_arguments_or_each_other(backend: str) -> None:
    x = np.array([1.0, 2.0])
    x.flags.writeable = False
    found = compile_program(program_of(lambda x: (x, x, 2.0 * x, 2.0 * x)), backend)(x)
    for position, one in enumerate(found):
        assert one.flags.writeable
        one += 100.0 * (position + 1)
    assert [list(one) for one in found] == [[101.0, 102.0], [201.0, 202.0], [302.0, 304.0], [402.0, 404.0]]
    assert list(x) == [1.0, 2.0]


@pytest.mark.parametrize("backend", ["numpy", "numexpr"])
def test_a_diagonal_is_no_window_into_the_argument(backend: str) -> None:
    """np.einsum gives a view of it, which may be written to."""
    program = program_of(lambda A: einsum([[0, 0]], [0], A), shapes={"A": (3, 3)})
    matrix = np.eye(3)
    diagonal = compile_program(program, backend)(matrix)
    diagonal[:] = 7.0
    np.testing.assert_array_equal(matrix, np.eye(3))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_results_have_the_dtype_of_the_arguments_whatever_they_are_made_of(dtype: Any) -> None:
    """By NumPy's functions, by our own, also beside a number, and as choices of numbers."""

    def made(v: Any, w: Any) -> Any:
        chosen = select(greater(v, 0.0), 1.0, 0.0)
        return (bell(v) * w, xlogy(w, 0.5) + v, chosen, reduce("sum", chosen), reduce("sum", bell(v)))

    program = program_of(made, shapes={"v": (3,), "w": (3,)})
    v, w = np.array([0.5, -1.0, 2.0], dtype), np.array([1.0, 2.0, 0.5], dtype)
    assert [result.dtype for result in compile_program(program, "numpy")(v, w)] == [np.dtype(dtype)] * 5


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_open_lengths_are_numbers_that_take_any_dtype(dtype: Any) -> None:
    gradient = sd.lambdify(lambda x: (np.mean(x**2), 2.0 * x / x.size, x / (x.size + 1.0)), shapes={"x": "n"})
    assert [result.dtype for result in gradient(np.array([0.5, -1.0, 2.0], dtype))] == [np.dtype(dtype)] * 3


@pytest.mark.parametrize("backend", ["numpy", "numexpr"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(200, 3), (200, 64), (64, 2), (200, 65), (63, 3), (200, 1), (3, 200)])
def test_sums_of_rows_and_columns(shape: tuple[int, int], dtype: Any, backend: str) -> None:
    """Narrow matrices are added up by products, others by np.sum."""
    program = program_of(lambda A: (reduce("sum", A, [0]), reduce("sum", A, [1])), shapes={"A": shape})
    matrix = np.random.default_rng(0).normal(size=shape).astype(dtype)
    matrix[1, 0] = np.inf
    found = compile_program(program, backend)(np.asfortranarray(matrix))
    for axis, result in enumerate(found):
        exact = np.sum(matrix, axis=axis, dtype=np.longdouble)
        size = np.sum(np.abs(matrix), axis=axis, where=np.isfinite(matrix))
        assert result.dtype == dtype
        np.testing.assert_array_equal(np.isinf(result), np.isinf(exact))
        finite = np.isfinite(exact)
        error = np.abs(np.where(finite, result, 0.0) - np.where(finite, exact, 0.0))
        assert np.all(error <= max(shape) * np.finfo(dtype).eps * size)


@pytest.mark.parametrize("backend", ARRAYS)
@pytest.mark.parametrize("bad", [1j, "1.0", None, np.array([1j]), {"a": 1.0}])
def test_what_is_no_real_number_is_refused(bad: Any, backend: str) -> None:
    with pytest.raises(TypeError):
        compile_program(program_of(lambda x: 2.0 * x), backend)(bad)


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "math"])
def test_a_vector_of_another_length_is_refused(backend: str) -> None:
    function = compile_program(program_of(lambda x: reduce("sum", x * x), shapes={"x": (3,)}), backend)
    assert function([1, 2, 3]) == 14.0
    for bad in ([1.0, 2.0], [1.0, 2.0, 3.0, 4.0]):
        with pytest.raises(ValueError, match="shape"):
            function(bad)


def test_math_code_turns_integers_into_floats_before_they_can_wrap() -> None:
    program = program_of(lambda x: reduce("sum", x * x), shapes={"x": (2,)})
    assert compile_program(program, "math")(np.array([2**62, 1])) == 2.0**124
    result = compile_program(program_of(lambda x: x * x), "math")(3)
    assert (result, type(result)) == (9.0, float)


@pytest.mark.parametrize("backend", ARRAYS)
def test_no_warning_comes_from_a_branch_not_taken(backend: str) -> None:
    positive = program_of(lambda x: (select(greater(x, 0.0), sqrt(x), 0.0), select(greater(x, 0.0), log(x) / x, 0.0)))
    found = compile_program(positive, backend)(np.array([-1.0, 0.0, 4.0]))
    assert [list(one) for one in found] == [[0.0, 0.0, 2.0], [0.0, 0.0, np.log(4.0) / 4.0]]
    assert compile_program(positive, backend)(-1.0) == (0.0, 0.0)


@pytest.mark.parametrize("backend", ["numpy", "auto"])
def test_division_by_zero_is_numpys(backend: str) -> None:
    function = compile_program(program_of(lambda x: 1.0 / x), backend)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert function(0.0) == np.inf
