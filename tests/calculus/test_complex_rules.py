"""Complex derivatives against autograd, function by function; random programs against differences along both axes."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd

autograd = pytest.importorskip("autograd")
anp = pytest.importorskip("autograd.numpy")

Maker = Callable[[Any], Callable[..., Any]]  # numpy, or autograd's -> the function


def points(*shape: int, seed: int = 0) -> Any:
    generator = np.random.default_rng(seed)
    return generator.normal(size=shape) + 1j * generator.normal(size=shape)


Z, M, W = points(4), points(3, 3, seed=1), points(3, seed=2)

# Everything of autograd's numpy_vjps that takes complex numbers, as functions of one array.
FUNCTIONS: dict[str, tuple[Maker, Any]] = {
    **{
        name: ((lambda np, name=name: lambda z: getattr(np, name)(z)), Z)
        for name in (
            *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "square", "reciprocal", "negative"),
            *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"),
            *("arcsinh", "arctanh"),
            *("abs", "absolute", "real", "imag", "conj", "conjugate", "angle"),
            *("sum", "mean", "prod", "var", "std", "cumsum", "ravel", "flipud", "diff"),
        )
    },
    "add": (lambda np: lambda z: z + (2.0 - 1j) + z[::-1], Z),
    "subtract": (lambda np: lambda z: (1j - z) - z[0], Z),
    "multiply": (lambda np: lambda z: z * z[::-1] * 2j, Z),
    "divide": (lambda np: lambda z: z / (z[::-1] + 3.0) + 1j / z, Z),
    "power": (lambda np: lambda z: z**3 + z**-2 + z**1.5, Z),
    "complex exponent": (lambda np: lambda z: z ** (0.3 + 0.7j) + (1.2 - 0.4j) ** z, Z),
    "sum along an axis": (lambda np: lambda z: np.sum(z * z, axis=1, keepdims=True) * z, M),
    "mean along an axis": (lambda np: lambda z: np.mean(z * z, axis=-1), M),
    "var along an axis": (lambda np: lambda z: np.var(z, axis=0, ddof=1), M),
    "prod along an axis": (lambda np: lambda z: np.prod(z, axis=0), M),
    "dot": (lambda np: lambda z: np.dot(z, z), M),
    "matmul": (lambda np: lambda z: z @ z @ W, M),
    "outer": (lambda np: lambda z: np.outer(z, z * z), Z),
    "inner": (lambda np: lambda z: np.inner(z, z), M),
    "tensordot": (lambda np: lambda z: np.tensordot(z, z, 1), M),
    "einsum": (lambda np: lambda z: np.einsum("ij,kj->ik", z, z), M),
    "kron": (lambda np: lambda z: np.kron(z, z), points(2, 2)),
    "trace": (lambda np: lambda z: np.trace(z @ z), M),
    "arccosh": (lambda np: lambda z: np.arccosh(z), np.abs(Z.real) + 1j * Z.imag),
    "transpose": (lambda np: lambda z: np.transpose(z) * z, M),
    "reshape": (lambda np: lambda z: np.reshape(z, (9,)) ** 2, M),
    "index": (lambda np: lambda z: z[1:, ::2] ** 2, M),
    "concatenate": (lambda np: lambda z: np.concatenate([z, z[:1] ** 2]), M),
    "stack": (lambda np: lambda z: np.stack([z, z * 1j]), M),
    "where": (lambda np: lambda z: np.where(np.array([True, False, True, False]), z * z, 1j / z), Z),
    "max": (lambda np: lambda z: np.max(z * 1j) * z, Z),
    "min along axes": (lambda np: lambda z: np.min(z, axis=1, keepdims=True) * np.max(z, axis=0), M),
    "sort": (lambda np: lambda z: np.sort(z) * z, Z),
    "roll": (lambda np: lambda z: np.roll(z, 1) * z, Z),
    "tile": (lambda np: lambda z: np.tile(z, 2) ** 2, Z),
    "repeat": (lambda np: lambda z: np.repeat(z, 2) ** 2, Z),
    "inv": (lambda np: lambda z: np.linalg.inv(z), M),
    "solve": (lambda np: lambda z: np.linalg.solve(z, z[0] + W), M),
    "det": (lambda np: lambda z: np.linalg.det(z), M),
    "norm": (lambda np: lambda z: np.linalg.norm(z), M),
    "norm along an axis": (lambda np: lambda z: np.linalg.norm(z, axis=1), M),
    "norm of order 3": (lambda np: lambda z: np.linalg.norm(z, 3, axis=0), M),
}


def loss_of(make: Maker, np_: Any) -> Callable[[Any], Any]:
    """A real loss that feels both parts of every element differently."""

    def loss(z: Any) -> Any:
        out = make(np_)(z)
        weight = np.exp(1j * np.arange(np.size(out) if not hasattr(out, "size") else out.size))
        return np_.sum(np_.real(weight * np_.ravel(out)) + 0.25 * np_.abs(np_.ravel(out)) ** 2)

    return loss


@pytest.mark.parametrize("name", FUNCTIONS)
def test_value_and_gradient_are_autograds(name: str) -> None:
    make, z = FUNCTIONS[name]
    value, gradient = sd.value_and_grad(loss_of(make, np))(z)
    np.testing.assert_allclose(value, loss_of(make, np)(z), rtol=1e-12)
    expected = autograd.grad(loss_of(make, anp))(z)
    assert gradient.dtype == np.complex128
    np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_second_derivatives_are_autograds(name: str) -> None:
    """The gradient of a real function of the gradient."""
    make, z = FUNCTIONS[name]
    direction = points(*z.shape, seed=3)

    def along(np_: Any, grad: Any) -> Callable[[Any], Any]:
        return lambda z: np_.sum(np_.real(grad(loss_of(make, np_))(z) * direction))

    expected = autograd.grad(along(anp, autograd.grad))(z)
    np.testing.assert_allclose(sd.grad(along(np, sd.grad))(z), expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_forward_and_reverse_pair_to_the_same_number(name: str) -> None:
    """Re(cotangent · J tangent) = Re(pulled cotangent · tangent)."""
    make, z = FUNCTIONS[name]
    out = make(np)(z)
    tangent = points(*z.shape, seed=4)
    cotangent = points(*np.shape(out), seed=5)
    cotangent = cotangent if np.iscomplexobj(out) else np.real(cotangent)
    pushed = sd.jvp(make(np))(z, tangent)
    pulled = sd.vjp(make(np))(z, cotangent)
    assert np.iscomplexobj(pushed) == np.iscomplexobj(out)
    left, right = np.sum(np.real(cotangent * pushed)), np.sum(np.real(pulled * tangent))
    assert np.isclose(left, right, rtol=1e-10)


@pytest.mark.parametrize("name", ["exp", "abs", "matmul", "divide", "angle", "conj", "var", "power", "real"])
def test_products_with_jacobians_are_autograds(name: str) -> None:
    make, z = FUNCTIONS[name]
    out = make(np)(z)
    tangent, cotangent = points(*z.shape, seed=4), points(*np.shape(out), seed=5)
    cotangent = cotangent if np.iscomplexobj(out) else np.real(cotangent)
    pull, _ = autograd.make_vjp(make(anp))(z)
    np.testing.assert_allclose(sd.vjp(make(np))(z, cotangent), pull(cotangent), rtol=1e-11, atol=1e-13)
    _, pushed = autograd.make_jvp(make(anp))(z)(tangent)
    np.testing.assert_allclose(sd.jvp(make(np))(z, tangent), pushed, rtol=1e-11, atol=1e-13)


def test_arccosh_on_its_own_branch() -> None:
    """To the left of the imaginary axis autograd's 1/√(z² - 1) is the slope of the other branch."""
    z, step = -0.7 + 0.9j, 1e-6
    slope = (np.arccosh(z + step) - np.arccosh(z - step)) / (2 * step)
    assert np.isclose(sd.holomorphic_grad(np.arccosh)(z), slope, rtol=1e-8)
    assert np.isclose(autograd.holomorphic_grad(anp.arccosh)(z), -slope, rtol=1e-8)


def test_jacobian_of_real_outputs_is_autograds() -> None:
    def sizes(np_: Any) -> Callable[[Any], Any]:
        return lambda z: np_.abs(z * z + W) + np_.angle(z)

    np.testing.assert_allclose(sd.jacobian(sizes(np))(W), autograd.jacobian(sizes(anp))(W), rtol=1e-12, atol=1e-14)


def test_jacobian_of_complex_outputs_is_the_complex_derivative() -> None:
    step = 1e-6

    def f(z: Any) -> Any:
        return np.exp(z) * z[::-1] / (2.0 + z[0])

    found = sd.jacobian(f)(Z)
    for k in range(4):
        moved = np.eye(4)[k] * step
        for unit in (1.0, 1j):
            slope = (f(Z + unit * moved) - f(Z - unit * moved)) / (2 * step * unit)
            np.testing.assert_allclose(found[:, k], slope, rtol=1e-7, atol=1e-8)


def test_complex_curve_by_a_real_parameter() -> None:
    def curve(t: Any) -> Any:
        return np.exp(1j * t) * np.array([1.0, 2.0])

    expected = 1j * np.exp(0.7j) * np.array([1.0, 2.0])
    np.testing.assert_allclose(sd.jacobian(curve)(0.7), expected, rtol=1e-14)
    np.testing.assert_allclose(sd.deriv(curve)(0.7), expected, rtol=1e-14)
    np.testing.assert_allclose(sd.derivative(lambda t: np.exp(1j * t) * t)(0.7), np.exp(0.7j) * (1 + 0.7j), rtol=1e-14)
    np.testing.assert_allclose(
        sd.elementwise_grad(lambda t: np.exp(1j * t))(np.array([0.1, 0.2])), 1j * np.exp(1j * np.array([0.1, 0.2]))
    )


class TestHolomorphicGrad:
    @pytest.mark.parametrize("name", ["exp", "tanh", "arcsin", "log1p", "prod", "power", "det", "trace"])
    def test_autograds_and_the_limit_in_every_direction(self, name: str) -> None:
        make, z = FUNCTIONS[name]
        found = sd.holomorphic_grad(lambda z: np.sum(make(np)(z)))(z)
        expected = autograd.holomorphic_grad(lambda z: anp.sum(make(anp)(z)))(z)
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)
        direction = points(*z.shape, seed=6)
        step = 1e-6
        ahead, behind = (np.sum(make(np)(z + sign * step * direction)) for sign in (1, -1))
        assert np.isclose(np.sum(found * direction), (ahead - behind) / (2 * step), rtol=1e-6)

    @pytest.mark.parametrize("name", ["conj", "abs", "real", "imag", "angle"])
    def test_what_is_not_complex_differentiable_is_refused(self, name: str) -> None:
        with pytest.raises(sd.HolomorphicError, match="no derivative by a complex parameter"):
            sd.holomorphic_grad(lambda z: getattr(np, name)(z) * z)(0.3 + 0.4j)

    def test_gradient_of_a_complex_output_is_refused(self) -> None:
        with pytest.raises(sd.ScalarOutputError, match="holomorphic_grad"):
            sd.grad(lambda z: z * z)(1j)


class TestPolicyAtZero:
    def test_abs(self) -> None:
        assert sd.grad(np.abs)(0j) == 0
        assert autograd.grad(anp.abs)(0j) == 0
        np.testing.assert_array_equal(sd.grad(lambda z: np.sum(np.abs(z)))(np.array([0j, 3 + 4j])), [0, 0.6 - 0.8j])

    def test_square_of_abs_has_no_kink(self) -> None:
        np.testing.assert_array_equal(sd.hvp(lambda z: abs(z) ** 2)(0j, 1.0 + 2.0j), 2.0 * (1.0 - 2.0j))


class TestRealAndComplexTogether:
    """A real number's derivative is real, wherever it was promoted."""

    def test_mixed_parameters(self) -> None:
        def loss(np_: Any) -> Callable[..., Any]:
            return lambda a, z: np_.sum(np_.abs(a * z + np_.exp(1j * a)) ** 2) + a**2

        a = np.array([0.3, -0.7, 1.1])
        for position in (0, 1):
            found = sd.grad(loss_sum(loss(np)), position)(a, W)
            expected = autograd.grad(loss_sum(loss(anp)), position)(a, W)
            assert found.dtype == expected.dtype
            np.testing.assert_allclose(found, expected, rtol=1e-12)

    def test_function_of_both_dtypes_is_traced_for_each(self) -> None:
        square = sd.grad(lambda z: abs(z * z))
        assert square(3.0) == 6.0
        assert isinstance(square(3.0), float)
        assert np.isclose(square(3.0j), -6.0j)
        assert np.isclose(square(3.0), 6.0)

    def test_derivative_is_traced_anew_and_never_cast(self) -> None:
        slope = sd.derivative(lambda x, k=2.0: np.sqrt(x) * k)
        assert slope(4.0) == 0.5
        assert np.isclose(slope(-4.0 + 0j), 1.0 / np.sqrt(-4.0 + 0j))
        assert np.isclose(slope(4.0, k=1j), 0.25j)
        np.testing.assert_allclose(slope(np.array([1j, 2.0])), 1.0 / np.sqrt(np.array([1j, 2.0])))
        with np.errstate(invalid="ignore"):
            assert np.isnan(slope(-4.0))


def loss_sum(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: function(*args).sum()


# -- random programs ------------------------------------------------------------------------------------------------

UNARY: tuple[Callable[[Any], Any], ...] = (
    np.exp,
    np.sin,
    np.tanh,
    np.conj,
    np.arctan,
    lambda z: z * z,
    lambda z: np.sqrt(z + 3.0),
    lambda z: 1j * z,
    lambda z: 0.5 * z - (1.0 + 0.5j),
    lambda z: z.real + 2j * z.imag,
    lambda z: abs(z) * z,
    lambda z: np.angle(z + 4.0) * z,
    lambda z: np.where(z.real > 0.1, z, 2.0 * z.conjugate()),
)
BINARY: tuple[Callable[[Any, Any], Any], ...] = (
    lambda z, w: z + w,
    lambda z, w: z - w * 1j,
    lambda z, w: z * w,
    lambda z, w: z / (w + 5.0),
)


def random_program(seed: int) -> Callable[..., Any]:
    """A real function of a complex z and a real a, made of ten operations."""
    choose = random.Random(seed)
    steps = [
        (choose.random() < 0.55, choose.randrange(100), choose.randrange(100), choose.randrange(100)) for _ in range(10)
    ]

    def program(z: Any, a: Any) -> Any:
        values = [z, a + 0.0 * z, np.exp(1j * a)]
        for is_unary, which, first, second in steps:
            x, y = values[first % len(values)], values[second % len(values)]
            made = UNARY[which % len(UNARY)](x) if is_unary else BINARY[which % len(BINARY)](x, y)
            values.append(0.5 * made / (1.0 + 0.1 * abs(made)))
        return sum(abs(value) ** 2 for value in values) + (values[-1] * values[-2]).imag

    return program


@pytest.mark.parametrize("seed", range(40))
def test_random_programs_against_differences_along_both_axes(seed: int) -> None:
    program = random_program(seed)
    z, a, step = 0.7 - 0.4j, 0.3, 1e-6
    found_z, found_a = sd.grad(program, (0, 1))(z, a)
    by_x = (program(z + step, a) - program(z - step, a)) / (2 * step)
    by_y = (program(z + 1j * step, a) - program(z - 1j * step, a)) / (2 * step)
    by_a = (program(z, a + step) - program(z, a - step)) / (2 * step)
    assert isinstance(found_a, float)
    np.testing.assert_allclose([found_z, found_a], [by_x - 1j * by_y, by_a], rtol=2e-7, atol=2e-8)


class TestOrderOfComplexNumbers:
    """NumPy's: by the real part, and where that is equal by the imaginary one."""

    Z = np.array([[1 + 1j, 1 - 1j, 1 + 3j], [0.0, 2.0, 2 - 1j]])

    @pytest.mark.parametrize("function", [np.argmax, np.argmin, np.max, np.min, np.sort, np.argsort])
    @pytest.mark.parametrize("axis", [0, 1, None])
    def test_values(self, function: Callable[..., Any], axis: int | None) -> None:
        found = sd.lambdify(lambda x, y: function(x + 1j * y, axis=axis), shapes={"x": (2, 3), "y": (2, 3)})
        np.testing.assert_array_equal(found(self.Z.real, self.Z.imag), function(self.Z, axis=axis))

    def test_in_mpmath_and_in_plain_python(self) -> None:
        """The order is a part of the proof of an emitted module, and of code without arrays."""

        def extremes(x: Any) -> Any:
            z = np.sort(x[:2] + 1j * x[2:])
            return np.abs(np.max(z * (1 + 2j)) * z[0])

        place = np.array([0.3, 0.3, 1.5, -0.5])
        assert "ULP of mpmath" in sd.grad(extremes, shapes={"x": 4}).source()
        plain = sd.lambdify(extremes, backend="math", shapes={"x": 4})
        assert plain(place) == pytest.approx(extremes(place), rel=1e-15)


def test_error_functions_of_complex_numbers() -> None:
    special = pytest.importorskip("scipy.special")
    z = 0.3 + 0.2j
    slope = 2.0 / np.sqrt(np.pi) * np.exp(-(z**2))
    assert sd.holomorphic_grad(special.erf)(z) == pytest.approx(slope, rel=1e-15)
    assert sd.holomorphic_grad(lambda z: special.erfc(z) ** 2)(z) == pytest.approx(-2.0 * special.erfc(z) * slope)
    assert "ULP of mpmath" in sd.grad(lambda x: np.abs(special.erf(x + 1j))).source()
