"""Every double comes back with the same bits, through the executed code of every backend."""

import math
import random
import struct
from typing import Any

import numpy as np
import pytest

from symdiff.backends import backend_named
from symdiff.backends.numpy_axes import array_text
from symdiff.errors import BackendError
from symdiff.ir import make
from symdiff.ir.nodes import Input
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.ops.table import OPS
from symdiff.runtime.compile import compile_program
from tests.programs import program_of

SPECIAL = [5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 1 / 3, 1e22, 1e300, 1e-5]


def doubles(count: int) -> list[float]:
    """Doubles with random bits, all finite."""
    rng = random.Random(7)
    found = list(SPECIAL)
    while len(found) < count:
        (value,) = struct.unpack("<d", rng.getrandbits(64).to_bytes(8, "little"))
        if math.isfinite(value) and value:
            found.append(value)
    return found


def bits(values: object) -> bytes:
    return np.asarray(values, dtype=float).tobytes()


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "math"])
def test_ten_thousand_random_doubles_keep_their_bits(backend: str) -> None:
    values = doubles(10_000)
    x = Input("x")
    for start in range(0, len(values), 500):
        some = values[start : start + 500]
        outputs = tuple(make.lift(x * value) for value in some)  # the constant stands inside an expression
        program = Program("f", (Parameter("x"),), (x,), outputs, tuple_of([LEAF] * len(some)))
        assert bits(compile_program(program, backend)(1.0)) == bits([value * 1.0 for value in some])


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "math"])
def test_infinities_nan_and_negative_zero(backend: str) -> None:
    program = program_of(lambda x: (x + math.inf, x - math.inf, x + math.nan, OPS["copysign"](x, -0.0)))
    assert bits(compile_program(program, backend)(1.0)) == bits([math.inf, -math.inf, math.nan, -1.0])


def test_arrays_keep_their_bits() -> None:
    array = np.array(doubles(600)).reshape(20, 30)
    program = program_of(lambda x: x * array, shapes={"x": (20, 30)})
    assert bits(compile_program(program, "numpy")(np.ones((20, 30)))) == bits(array)


def test_an_unknown_backend_names_the_nearest() -> None:
    with pytest.raises(BackendError) as caught:
        backend_named("nunpy")
    assert 'backend="numpy"' in str(caught.value)


@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (40, 40), (1, 5)])
@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_identity_matrices_are_not_written_out(shape: tuple[int, int], dtype: Any) -> None:
    text = array_text(np.eye(*shape, dtype=dtype), "np")
    assert text.startswith("np.eye(")
    made = eval(text, {"np": np})
    assert made.dtype == dtype
    np.testing.assert_array_equal(made, np.eye(*shape))
    signed = np.eye(*shape)
    signed[0, 1] = -0.0
    for other in (2.0 * np.eye(*shape), signed, np.eye(*shape, k=1)):
        assert "eye" not in array_text(other, "np")
