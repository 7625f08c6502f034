"""Where there is no closed form, every call follows its own path, whatever was called before."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd
from tests.guarded.functions import CASES, HAVE_CLOSED_FORMS

STEP = 1e-6


def slope(function: Any, x: Any) -> Any:
    """Central differences."""
    flat = np.ravel(np.asarray(x, dtype=float))

    def at(values: np.ndarray) -> float:
        shaped = values.reshape(np.shape(x))
        return float(function(shaped.tolist() if isinstance(x, list) else shaped[()]))

    return np.reshape([(at(flat + e) - at(flat - e)) / (2 * STEP) for e in STEP * np.eye(len(flat))], np.shape(x))


@pytest.mark.parametrize("mode", ["auto", "guarded"])
@pytest.mark.parametrize("name", CASES)
def test_gradients_of_alternating_inputs(name: str, mode: Any) -> None:
    function, inputs = CASES[name]
    gradient = sd.grad(function, mode=mode)
    for x in [*inputs, *inputs[::-1], *inputs]:
        np.testing.assert_allclose(gradient(x), slope(function, x), rtol=1e-6, atol=1e-8)
    closed = mode == "auto" and name in HAVE_CLOSED_FORMS
    assert gradient.mode == ("closed" if closed else "guarded")
    assert bool(gradient.guards) is not closed


@pytest.mark.parametrize("name", sorted(CASES.keys() - HAVE_CLOSED_FORMS))
def test_closed_mode_refuses(name: str) -> None:
    function, inputs = CASES[name]
    with pytest.raises(sd.TraceError):
        sd.grad(function, mode="closed")(inputs[0])


@pytest.mark.parametrize("name", CASES)
def test_values_come_with_gradients(name: str) -> None:
    function, inputs = CASES[name]
    both = sd.value_and_grad(function, mode="guarded")
    for x in inputs:
        value, gradient = both(x)
        assert value == pytest.approx(function(x), rel=1e-14)
        np.testing.assert_allclose(gradient, slope(function, x), rtol=1e-6, atol=1e-8)


def before_the_largest(x):
    k = int(np.argmax(x))
    return np.sum(x[:k] ** 2)


def behind_the_small_ones(x):
    k = np.sum(x > 1.0)
    return np.sum(x[k:] ** 2)


def test_slices_whose_length_the_values_decide() -> None:
    before, behind = sd.grad(before_the_largest), sd.grad(behind_the_small_ones)
    assert before(np.array([1.0, 2.0, 5.0, 3.0])).tolist() == [2.0, 4.0, 0.0, 0.0]
    assert before(np.array([1.0, 5.0, 2.0, 3.0])).tolist() == [2.0, 0.0, 0.0, 0.0]
    assert behind(np.array([1.0, 2.0, 5.0, 0.5])).tolist() == [0.0, 0.0, 10.0, 1.0]
    assert before.mode == behind.mode == "guarded"
