"""Primitives of complex numbers: their rules, their code, and which of them are holomorphic."""

from typing import Any, ClassVar

import numpy as np
import pytest

import symdiff as sd


class TestComplexNumbers:
    """Cotangents are those of du = Re(g · dz), as in rules of autograd's."""

    Z = np.array([0.3 + 1.2j, -0.7 + 0.4j, 1.1 - 0.2j])
    RULES: ClassVar[dict[str, tuple[Any, Any, Any]]] = {
        "complex to complex": (lambda z: z * z * 1j, lambda ans, z: lambda g: 2j * g * z, Z),
        "conjugate": (np.conj, lambda ans, z: lambda g: np.conj(g), Z),
        "complex to real": (np.abs, lambda ans, z: lambda g: g * np.conj(z) / ans, Z),
        "real to complex": (lambda x: np.exp(1j * x), lambda ans, x: lambda g: np.real(g * 1j * ans), Z.real),
    }

    @staticmethod
    def loss(function: Any) -> Any:
        return lambda z: np.sum(np.real(function(z) ** 3 * (2.0 - 1j)) + np.abs(function(z) * z) ** 2)

    @pytest.mark.parametrize("name", RULES)
    def test_derivatives(self, name: str) -> None:
        function, rule, z = self.RULES[name]
        opaque = sd.primitive(function)
        sd.defvjp(opaque, rule)
        ours, known = self.loss(opaque), self.loss(function)
        np.testing.assert_allclose(sd.grad(ours)(z), sd.grad(known)(z), rtol=1e-12)
        direction = z[::-1] * (0.5 + 1j) if np.iscomplexobj(z) else z[::-1]
        np.testing.assert_allclose(sd.jvp(ours)(z, direction), sd.jvp(known)(z, direction), rtol=1e-12)
        np.testing.assert_allclose(sd.hvp(ours)(z, direction), sd.hvp(known)(z, direction), rtol=1e-12)

    def test_the_forward_rule_turned_round(self) -> None:
        turned = sd.primitive(lambda z: np.cumsum(z) * (1.0 + 1j))
        sd.defjvp(turned, "same")
        found = sd.grad(lambda z: np.sum(np.abs(turned(z)) ** 3))(self.Z)
        np.testing.assert_allclose(found, sd.grad(lambda z: np.sum(np.abs(np.cumsum(z) * (1.0 + 1j)) ** 3))(self.Z))

    def test_several_results(self) -> None:
        polar = sd.primitive(lambda z: (np.abs(z), z / np.abs(z)))
        polar.vjp(lambda g, z: g[0] * np.conj(z) / np.abs(z) + 1j * np.imag(g[1] * z / np.abs(z)) / z)
        ours, known = (
            lambda z, f=f: np.sum(f(z)[0] ** 3 * np.real(f(z)[1] ** 2)) for f in (polar, lambda z: (abs(z), z / abs(z)))
        )
        np.testing.assert_allclose(sd.grad(ours)(self.Z), sd.grad(known)(self.Z), rtol=1e-12)

    def test_holomorphic_ones_are_known_by_their_rules(self) -> None:
        root = sd.primitive(lambda z: z**0.5)
        root.derivative(lambda z: 0.5 / root(z))
        square = sd.primitive(lambda z: z * z)
        sd.defvjp(square, lambda ans, z: lambda g: 2.0 * g * z)
        assert sd.holomorphic_grad(lambda z: square(root(z)) * z)(1 + 2j) == pytest.approx(2 * (1 + 2j))
        conjugate = sd.primitive(np.conj)
        sd.defvjp(conjugate, lambda ans, z: lambda g: np.conj(g))
        with pytest.raises(sd.HolomorphicError, match="not complex-differentiable"):
            sd.holomorphic_grad(lambda z: conjugate(z) * z)(1 + 2j)

    @pytest.mark.parametrize("backend", ["numpy", "math"])
    def test_generated_code(self, backend: str) -> None:
        wave = sd.primitive(lambda t: complex(np.exp(1j * t)))
        value = sd.lambdify(lambda t: (wave(t), np.abs(wave(t) + t)), backend=backend)
        assert value(0.3) == pytest.approx((np.exp(0.3j), abs(np.exp(0.3j) + 0.3)))

    def test_a_declared_shape_is_complex_where_an_argument_is(self) -> None:
        spectrum = sd.primitive(shape=lambda shape: shape)(np.fft.fft)
        sd.defvjp(spectrum, lambda ans, z: lambda g: spectrum(g))
        found = sd.grad(lambda z: np.sum(np.abs(spectrum(z)) ** 2), shapes={"z": "complex n"})(self.Z)
        np.testing.assert_allclose(found, 6.0 * np.conj(self.Z))

    def test_results_that_turn_complex_are_refused(self) -> None:
        root = sd.primitive(lambda x: np.emath.sqrt(x))
        code = sd.lambdify(lambda x: 2.0 * root(x), shapes={"x": 2})
        np.testing.assert_allclose(code(np.array([1.0, 4.0])), [2.0, 4.0])
        with pytest.raises(TypeError, match="returned complex numbers"):
            code(np.array([1.0, -4.0]))
