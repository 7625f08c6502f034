"""Names that autograd's users know beside the operators: convolutions, fixed points, functions of vectors."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd

IMAGES = {"axes": ([2, 3], [2, 3]), "dot_axes": ([1], [0])}
CONVOLUTIONS: dict[str, tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = {
    "vectors": ((5,), (3,), {}),
    "a shorter first one": ((3,), (5,), {}),
    "valid": ((5,), (3,), {"mode": "valid"}),
    "valid, the other way round": ((3,), (5,), {"mode": "valid"}),
    "same": ((5,), (3,), {"mode": "same"}),
    "same, an even window": ((6,), (4,), {"mode": "same"}),
    "matrices": ((5, 4), (3, 2), {}),
    "images": ((2, 3, 6, 5), (3, 4, 3, 2), {**IMAGES, "mode": "valid"}),
    "images, full": ((2, 3, 6, 5), (3, 4, 3, 2), {**IMAGES, "mode": "full"}),
    "images, same": ((2, 3, 6, 5), (3, 4, 3, 2), {**IMAGES, "mode": "same"}),
    "filters that are larger": ((2, 3, 3, 2), (3, 4, 6, 5), {**IMAGES, "mode": "valid"}),
    "axes that are left alone": ((2, 7), (3, 4), {"axes": ([1], [1])}),
    "axes in another order": ((2, 7, 3), (3, 2, 4), {"axes": ([1], [2]), "dot_axes": ([0], [1])}),
}


@pytest.mark.parametrize("case", CONVOLUTIONS)
def test_convolutions(case: str) -> None:
    first, second, options = CONVOLUTIONS[case]
    generator = np.random.default_rng(0)
    a, b = generator.normal(size=first), generator.normal(size=second)
    theirs = pytest.importorskip("autograd.scipy.signal")
    expected = theirs.convolve(a, b, **options)
    np.testing.assert_allclose(sd.convolve(a, b, **options), expected, rtol=1e-12, atol=1e-12)
    sd.check_grads(lambda a, b: sd.convolve(a, b, **options), order=1)(a, b)


def test_convolutions_that_do_not_fit() -> None:
    with pytest.raises(sd.ArgumentError):
        sd.convolve(np.ones(3), np.ones(2), mode="circular")
    with pytest.raises(sd.ShapeError):
        sd.convolve(np.ones((3, 2)), np.ones((2, 3)), mode="valid")
    with pytest.raises(sd.ShapeError):
        sd.convolve(np.ones((3, 2)), np.ones(2))


def relaxation(a: Any) -> Any:
    return lambda x: x - 0.05 * (x * x - a)


def root(a: Any, guess: float = 10.0) -> Any:
    return sd.fixed_point(relaxation, a, guess, lambda x, y: np.abs(x - y), 1e-10)


def test_fixed_points_and_their_derivatives() -> None:
    for a in (2.0, 3.5):
        assert root(a) == pytest.approx(a**0.5, abs=1e-8)
        assert sd.grad(root)(a) == pytest.approx(0.5 * a**-0.5, abs=1e-7)
        assert sd.grad(sd.grad(root))(a) == pytest.approx(-0.25 * a**-1.5, abs=1e-6)
    assert "while " in sd.derivative(root).source()
    np.testing.assert_allclose(sd.derivative(root)([2.0, 3.5]), [0.5 * 2.0**-0.5, 0.5 * 3.5**-0.5], atol=1e-7)


def test_a_fixed_point_of_vectors() -> None:
    matrix = np.array([[0.3, 0.1], [0.2, 0.4]])

    def total(b: Any) -> Any:
        return np.sum(sd.fixed_point(lambda b: lambda x: matrix @ x + b, b, np.zeros(2), distance, 1e-13) ** 2)

    def distance(x: Any, y: Any) -> Any:
        return np.max(np.abs(x - y))

    b = np.array([1.0, 2.0])
    inverse = np.linalg.inv(np.eye(2) - matrix)
    np.testing.assert_allclose(sd.grad(total)(b), 2.0 * inverse.T @ inverse @ b, rtol=1e-10)


def test_functions_of_vectors() -> None:
    loss, unflatten, start = sd.flatten_func(lambda p: np.sum(p["w"] ** 2) * p["b"], {"w": np.ones((2, 2)), "b": 3.0})
    gradient = unflatten(sd.grad(loss)(start))
    np.testing.assert_array_equal(gradient["w"], np.full((2, 2), 6.0))
    assert gradient["b"] == 4.0
    np.testing.assert_array_equal(sd.hessian_vector_product(loss)(start, np.eye(5)[0]), [0.0, 2.0, 2.0, 2.0, 2.0])


@pytest.mark.parametrize("name", ["vector", "tangent", "cotangent"])
def test_parameters_that_are_called_as_the_vector_of_a_product(name: str) -> None:
    function = {
        "vector": lambda vector: np.sum(vector**3),
        "tangent": lambda tangent: np.sum(tangent**3),
        "cotangent": lambda cotangent: np.sum(cotangent**3),
    }[name]
    x, v = np.array([1.0, 2.0]), np.array([1.0, 10.0])
    np.testing.assert_array_equal(sd.hvp(function)(x, v), 6.0 * x * v)
    assert sd.jvp(function)(x, v) == np.sum(3.0 * x**2 * v)
    np.testing.assert_array_equal(sd.vjp(function)(x, 2.0), 6.0 * x**2)
