"""Fourier transforms along axes whose lengths stay open: one closed form for odd and even, long and short signals."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd

RANDOM = np.random.default_rng(23)
Loss = Callable[[Any], Any]

LOSSES: dict[str, Loss] = {
    "fft": lambda x: np.sum(np.abs(np.fft.fft(x)) ** 3),
    "ifft": lambda x: np.sum(np.abs(np.fft.ifft(1j * x + 1.0, norm="ortho")) ** 3),
    "rfft": lambda x: np.sum(np.abs(np.fft.rfft(x)) ** 3),
    "irfft": lambda x: np.sum(np.fft.irfft(np.fft.rfft(x) ** 2, len(x)) ** 3),
    "irfft of even length": lambda x: np.sum(np.fft.irfft((1.0 + 1j) * x) ** 3),
    "filled up": lambda x: np.sum(np.abs(np.fft.fft(x, 2 * len(x))) ** 3),
    "cut off": lambda x: np.sum(np.abs(np.fft.rfft(x, len(x) // 2 + 1)) ** 3),
    "of a number of points": lambda x: np.sum(np.abs(np.fft.fft(x, 5)) ** 3),
    "shifts": lambda x: np.sum(np.fft.fftshift(x) * np.fft.ifftshift(x) ** 2 * x),
    "frequencies": lambda x: np.sum(x * np.sin(np.fft.fftfreq(len(x), 0.3))),
    "frequencies that are not negative": lambda x: np.sum(np.abs(np.fft.rfft(x) * np.fft.rfftfreq(len(x))) ** 2),
}


@pytest.mark.parametrize("name", LOSSES)
def test_derivatives_are_those_of_each_length(name: str) -> None:
    loss = LOSSES[name]
    slope, product = sd.grad(loss, shapes={"x": "n"}), sd.hvp(loss, shapes={"x": "n"})
    for n in (2, 3, 6, 7):
        x, direction = RANDOM.normal(size=n), RANDOM.normal(size=n)
        np.testing.assert_allclose(slope(x), sd.grad(loss)(x), rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(product(x, direction), sd.hvp(loss)(x, direction), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", LOSSES)
def test_a_module_is_proven_at_several_lengths(name: str) -> None:
    assert "ULP of mpmath" in sd.grad(LOSSES[name], shapes={"x": "n"}).source()


def test_several_axes() -> None:
    def loss(x: Any) -> Any:
        spectrum = np.abs(np.fft.rfft2(x)) ** 3
        return np.sum(spectrum) + np.sum(np.abs(np.fft.fftn(x, s=(4, x.shape[1]), axes=(0, 1))) ** 3)

    slope = sd.grad(loss, shapes={"x": "n m"})
    for shape in ((2, 3), (5, 4), (4, 4)):
        x = RANDOM.normal(size=shape)
        np.testing.assert_allclose(slope(x), sd.grad(loss)(x), rtol=1e-10, atol=1e-10)


def test_jacobians_and_hessians() -> None:
    transform = sd.jacobian(np.fft.fft, shapes={"a": "n"})
    curvature = sd.hessian(LOSSES["rfft"], shapes={"x": "n"})
    for n in (3, 4):
        np.testing.assert_allclose(transform(np.ones(n)), np.fft.fft(np.eye(n)), atol=1e-14)
        x = RANDOM.normal(size=n)
        np.testing.assert_allclose(curvature(x), sd.hessian(LOSSES["rfft"])(x), rtol=1e-9, atol=1e-9)


def test_sizes_without_a_value_prove_nothing() -> None:
    """Among the sampled sizes is 1, where nothing is left to take the maximum of."""
    assert "ULP of mpmath" in sd.grad(lambda x: np.max(x[1:]), shapes={"x": "n"}).source()
