"""`check_grads` passes what is right, and finds what is wrong in either mode and at second order."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd

POINT = np.array([0.3, -0.8])


def wrong(vjp: Any = None, jvp: Any = None) -> Any:
    sine = sd.primitive(np.sin)
    sd.defvjp(sine, vjp or (lambda ans, x: lambda g: g * np.cos(x)))
    sd.defjvp(sine, jvp or (lambda g, ans, x: g * np.cos(x)))
    return lambda x: sine(x)


def test_what_is_right_passes() -> None:
    sd.check_grads(lambda x, p: np.sin(x) * p["k"], argnum=(0, 1), order=3)(POINT, {"k": 2.0})
    sd.check_grads(wrong(), order=2)(POINT)
    sd.check_grads(lambda x, k: k * x, 1)(POINT, 2.0)


@pytest.mark.parametrize("mode", ["fwd", "rev"])
def test_each_mode_is_looked_at(mode: str) -> None:
    forward = wrong(jvp=lambda g, ans, x: 1.001 * g * np.cos(x))
    backward = wrong(vjp=lambda ans, x: lambda g: 1.001 * g * np.cos(x))
    mistaken, right = (forward, backward) if mode == "fwd" else (backward, forward)
    with pytest.raises(AssertionError, match="jvp" if mode == "fwd" else "vjp"):
        sd.check_grads(mistaken, modes=[mode])(POINT)
    sd.check_grads(right, modes=[mode], order=1)(POINT)


def test_second_order_is_looked_at() -> None:
    slope = sd.primitive(np.cos)
    sd.defvjp(slope, lambda ans, x: lambda g: g * np.sin(x))  # the sign is wrong
    sine = sd.primitive(np.sin)
    sd.defvjp(sine, lambda ans, x: lambda g: g * slope(x))
    sd.check_grads(lambda x: sine(x), order=1)(POINT)
    with pytest.raises(AssertionError, match="along a random direction"):
        sd.check_grads(lambda x: sine(x), order=2)(POINT)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(sd.ArgumentError, match="no mode 'backwards'"):
        sd.check_grads(np.sin, modes=["backwards"])
