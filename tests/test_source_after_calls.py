"""What `source`, `expr` and `save` show of a derivative that is traced when it is called."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import TraceError


def energy(x):
    return np.sum(x[1:] * x[:-1])


def power_sum(x, terms):
    return sum(x**k for k in range(terms))


def test_before_a_call_shapes_must_be_stated() -> None:
    with pytest.raises(TraceError, match="no shape is stated"):
        sd.grad(energy).source()


def test_after_a_call_its_shapes_hold() -> None:
    slopes = sd.grad(energy)
    slopes(np.ones(3))
    assert "returns d/dx, an array of shape (3,)" in slopes.source().lower()
    slopes(np.ones(4))
    assert "returns d/dx, an array of shape (4,)" in slopes.source().lower()


def test_stated_shapes_come_first() -> None:
    slopes = sd.grad(energy, shapes={"x": "n"})
    slopes(np.ones(3))
    assert "For any n: x of shape (n,)." in slopes.source()


def test_numbers_that_count_keep_the_value_of_the_call() -> None:
    slopes = sd.grad(power_sum)
    assert slopes(2.0, 4) == 17.0
    namespace: dict[str, object] = {}
    exec(slopes.source(), namespace)
    assert namespace["power_sum_grad"](2.0, 4) == 17.0  # type: ignore[operator]
