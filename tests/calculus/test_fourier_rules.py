"""Discrete Fourier transforms: values against NumPy's and the sum they are, derivatives against autograd."""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.ir.evaluate import evaluate_mpmath
from symdiff.tracing import trace_function

autograd = pytest.importorskip("autograd")
anp = pytest.importorskip("autograd.numpy")

Transform = Callable[[Any], Callable[[Any], Any]]
GENERATOR = np.random.default_rng(11)


def real(*shape: int) -> Any:
    return GENERATOR.normal(size=shape)


def complex_(*shape: int) -> Any:
    return real(*shape) + 1j * real(*shape)


def transforms() -> dict[str, tuple[Transform, Any]]:
    found: dict[str, tuple[Transform, Any]] = {}
    for norm in (None, "ortho"):
        for how in ("fft", "ifft"):
            for n in (None, 4, 9):
                one = lambda np, how=how, n=n, norm=norm: lambda x: getattr(np.fft, how)(x, n, axis=0, norm=norm)  # noqa: E731
                found[f"{how} of complex, n={n}, norm={norm}"] = one, complex_(6, 2)
                found[f"{how} of real, n={n}, norm={norm}"] = one, real(6, 2)
            two = lambda np, how=how, norm=norm: lambda x: getattr(np.fft, f"{how}2")(x, norm=norm)  # noqa: E731
            many = lambda np, how=how, norm=norm: lambda x: getattr(np.fft, f"{how}n")(x, axes=(0, 2), norm=norm)  # noqa: E731
            found[f"{how}2, norm={norm}"] = two, complex_(3, 4)
            found[f"{how}n, norm={norm}"] = many, complex_(3, 2, 4)
        for how, array in (("rfft", real(6)), ("irfft", complex_(4))):
            for n in (None, 4, 8):
                half = lambda np, how=how, n=n, norm=norm: lambda x: getattr(np.fft, how)(x, n, norm=norm)  # noqa: E731
                found[f"{how}, n={n}, norm={norm}"] = half, array
        rfft2 = lambda np, norm=norm: lambda x: np.fft.rfft2(x, norm=norm)  # noqa: E731
        irfftn = lambda np, norm=norm: lambda x: np.fft.irfftn(x, norm=norm)  # noqa: E731
        found[f"rfft2, norm={norm}"] = rfft2, real(3, 4)
        found[f"irfftn, norm={norm}"] = irfftn, complex_(2, 3, 3)
    found["fftshift"] = (lambda np: lambda x: np.fft.fftshift(x)), complex_(3, 4)
    found["ifftshift along an axis"] = (lambda np: lambda x: np.fft.ifftshift(x, 0)), complex_(5, 2)
    return found


TRANSFORMS = transforms()
# autograd has no rule for lengths that are odd; its scaling of norm="forward" is that of "backward".
ALONE: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "rfft, odd": (np.fft.rfft, real(7)),
    "rfft, cut off to odd": (lambda x: np.fft.rfft(x, 5), real(7)),
    "irfft, odd": (lambda x: np.fft.irfft(x, 7), complex_(4)),
    "irfft, filled up": (lambda x: np.fft.irfft(x, 9), complex_(3)),
    "irfft of one frequency": (lambda x: np.fft.irfft(x, 1), complex_(2)),
    "forward": (lambda x: np.fft.fft(x, norm="forward"), complex_(5)),
    "rfft, forward": (lambda x: np.fft.rfft(x, norm="forward"), real(6)),
    "irfft, forward": (lambda x: np.fft.irfft(x, norm="forward"), complex_(4)),
    "rfftn": (lambda x: np.fft.rfftn(x, (4, 3), axes=(2, 0)), real(5, 2, 3)),
    "irfftn with s": (lambda x: np.fft.irfftn(x, (4, 5), axes=(0, 1)), complex_(3, 3)),
    "hfft": (np.fft.hfft, complex_(4)),
    "ihfft": (lambda x: np.fft.ihfft(x, 6), real(5)),
}
EVERY = {name: (make(np), array) for name, (make, array) in TRANSFORMS.items()} | ALONE


@pytest.mark.parametrize("name", EVERY)
def test_value(name: str) -> None:
    function, array = EVERY[name]
    dtype = "complex " if np.iscomplexobj(array) else ""
    shape = dtype + " ".join(map(str, array.shape))
    expected = function(array)
    np.testing.assert_allclose(sd.trace(lambda x: function(x), shapes={"x": shape})(array), expected, atol=1e-13)
    exact = evaluate_mpmath(trace_function(lambda x: function(x), args=(array,)), array)
    to_number = complex if np.iscomplexobj(expected) else float
    np.testing.assert_allclose(np.asarray(exact).astype(to_number), expected, atol=1e-13)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_gradient_is_autograds_to_second_order(name: str) -> None:
    make, array = TRANSFORMS[name]

    def loss(np_: Any) -> Callable[[Any], Any]:
        return lambda x: np_.sum(np_.abs(make(np_)(x)) ** 4) + np_.real(np_.sum(np_.ravel(make(np_)(x))[1:3] * 1j))

    found = sd.grad(loss(np))(array)
    expected = autograd.grad(loss(anp))(array)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)
    second = sd.grad(lambda x: np.sum(np.abs(sd.grad(loss(np))(x)) ** 2))(array)
    expected = autograd.grad(lambda x: anp.sum(anp.abs(autograd.grad(loss(anp))(x)) ** 2))(array)
    np.testing.assert_allclose(second, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())


@pytest.mark.parametrize("name", EVERY)
def test_transpose(name: str) -> None:
    """Re(g · F v) = Re(Fᵀg · v), and F v is the tangent itself."""
    function, array = EVERY[name]
    tangent = array[::-1] + 0.5
    out = function(array)
    cotangent = np.exp(1j * np.arange(out.size)).reshape(out.shape)
    cotangent = cotangent if np.iscomplexobj(out) else cotangent.real
    pushed = sd.jvp(lambda x: function(x))(array, tangent)
    np.testing.assert_allclose(pushed, function(tangent), atol=1e-13)
    pulled = sd.vjp(lambda x: function(x))(array, cotangent)
    assert np.iscomplexobj(pulled) == np.iscomplexobj(array)
    left, right = np.sum((cotangent * pushed).real), np.sum((pulled * tangent).real)
    assert np.isclose(left, right, rtol=1e-11, atol=1e-12)


def test_jacobian_is_the_matrix_of_the_transform() -> None:
    np.testing.assert_allclose(sd.jacobian(lambda x: np.fft.fft(x))(complex_(4)), np.fft.fft(np.eye(4)), atol=1e-15)
    found = sd.jacobian(lambda x: np.fft.rfft(x))(real(5))
    np.testing.assert_allclose(found, np.fft.rfft(np.eye(5)).T, atol=1e-15)


def test_hessian_of_a_power_spectrum() -> None:
    """Parseval: the sum of |F x|² over all frequencies is n |x|²."""
    found = sd.hessian(lambda x: np.sum(np.abs(np.fft.fft(x)) ** 2))(real(6))
    np.testing.assert_allclose(found, 12.0 * np.eye(6), atol=1e-12)


def test_convolution_theorem() -> None:
    x, y = real(8), real(8)

    def convolved(x: Any, y: Any) -> Any:
        return np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(y))

    circulant = np.array([[y[(i - j) % 8] for j in range(8)] for i in range(8)])
    np.testing.assert_allclose(sd.jacobian(convolved)(x, y), circulant, atol=1e-14)


def test_spectral_derivative_is_skew() -> None:
    """Its transpose is its negative: so the gradient of g · Dx by x is -Dg."""

    def slope(x: Any) -> Any:
        return np.fft.irfft(2j * np.pi * np.fft.rfftfreq(9, 1.0 / 9.0) * np.fft.rfft(x), 9)

    g = real(9)
    np.testing.assert_allclose(sd.vjp(slope)(real(9), g), -slope(g), atol=1e-12)


def test_frequencies_with_a_traced_spacing() -> None:
    found = sd.jacobian(lambda d: np.fft.fftfreq(4, d))(0.5)
    np.testing.assert_allclose(found, -np.fft.fftfreq(4) / 0.25)


class TestEmitted:
    def test_length_does_not_depend_on_the_size(self) -> None:
        def energy(x: Any) -> Any:
            return np.sum(np.abs(np.fft.rfft(x)) ** 2)

        lengths = [len(sd.grad(energy, shapes={"x": n}).source().splitlines()) for n in (8, 64)]
        assert lengths[0] == lengths[1]

    def test_text(self) -> None:
        gradient = sd.grad(
            lambda x: np.sum(np.fft.irfft(np.fft.rfft(x, axis=0) ** 2, axis=0) ** 3), shapes={"x": "6 2"}
        )
        text = gradient.source()
        assert "np.fft.rfft(x, axis=0)" in text
        assert 'norm="forward"' in text
        namespace: dict[str, Any] = {}
        exec(text, namespace)
        x = real(6, 2)
        found = next(value for name, value in namespace.items() if name.endswith("_grad"))(x)
        np.testing.assert_allclose(found, gradient(x), rtol=1e-14)
        single = next(value for name, value in namespace.items() if name.endswith("_grad"))(x.astype(np.float32))
        assert single.dtype == np.float32

    def test_math_is_refused_with_the_fix(self) -> None:
        with pytest.raises(sd.BackendError, match="numpy"):
            sd.trace(lambda x: np.fft.fft(x), shapes={"x": 4}).source("math")


def test_real_transform_of_complex_numbers_is_refused() -> None:
    with pytest.raises(sd.UnsupportedError, match="rfft of complex numbers"):
        sd.trace(lambda x: np.fft.rfft(x), shapes={"x": "complex 4"})


def test_exact_transform_is_the_sum_it_is_called() -> None:
    """A length with several prime factors, against the definition."""
    x = real(12)
    found = evaluate_mpmath(trace_function(lambda x: np.fft.fft(x), args=(x,)), x, digits=40)
    with mpmath.workdps(40):
        for k in range(12):
            expected = sum(mpmath.mpf(x[j]) * mpmath.expjpi(mpmath.mpf(-2 * j * k) / 12) for j in range(12))
            assert abs(found[k] - expected) < mpmath.mpf(10) ** -38


@pytest.mark.parametrize("transform", [np.fft.irfft, np.fft.hfft])
def test_a_real_half_spectrum_has_a_real_cotangent(transform: Transform) -> None:
    x, g = real(3), real(4)
    found = sd.vjp(transform)(x, g)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, g @ sd.jacobian(transform)(x), atol=1e-14)
