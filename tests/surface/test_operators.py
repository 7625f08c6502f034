"""autograd's operators: the same names, conventions and numbers."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd

autograd = pytest.importorskip("autograd")
anp = autograd.numpy
RANDOM = np.random.default_rng(3)
X, Y = RANDOM.standard_normal(3), RANDOM.standard_normal((3, 3))
VECTOR = RANDOM.standard_normal(3)


def energy(x: Any, k: float = 2.0) -> Any:
    """A scalar function, for both packages: it calls methods and operators only."""
    return (k * x**3 * (x @ Y)).sum()


def field(x: Any) -> Any:
    return x**2 * (x @ Y)


def tanh(x: Any) -> Any:
    y = anp.exp(-2.0 * x)
    return (1.0 - y) / (1.0 + y)


def same(ours: Any, theirs: Any) -> None:
    """The same nesting of the same numbers."""
    flat, _ = sd.flatten(ours)
    their_flat, _ = sd.flatten(theirs)
    np.testing.assert_allclose(flat, their_flat, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", ["grad", "value_and_grad", "elementwise_grad", "hessian", "deriv"])
def test_of_a_scalar_function(name: str) -> None:
    same(getattr(sd, name)(energy)(X), getattr(autograd, name)(energy)(X))
    same(getattr(sd, name)(energy, 0)(X, 3.0), getattr(autograd, name)(energy, 0)(X, 3.0))


@pytest.mark.parametrize("argnum", [0, 1, (0, 1), (1, 0), (1,)])
def test_argnum_is_a_number_or_a_tuple(argnum: Any) -> None:
    ours, theirs = sd.grad(energy, argnum)(X, 3.0), autograd.grad(energy, argnum)(X, 3.0)
    assert isinstance(ours, tuple) == isinstance(theirs, tuple)
    same(ours, theirs)


def test_jacobian() -> None:
    same(sd.jacobian(field)(X), autograd.jacobian(field)(X))
    same(sd.jacobian(sd.jacobian(field))(X), autograd.jacobian(autograd.jacobian(field))(X))


def test_products() -> None:
    same(sd.make_jvp(field)(X)(VECTOR), autograd.make_jvp(field)(X)(VECTOR))
    pull, value = sd.make_vjp(field)(X)
    their_pull, their_value = autograd.make_vjp(field)(X)
    same((pull(VECTOR), value), (their_pull(VECTOR), their_value))
    product, slopes = sd.make_hvp(energy)(X)
    their_product, their_slopes = autograd.make_hvp(energy)(X)
    same((product(VECTOR), slopes), (their_product(VECTOR), their_slopes))
    same(sd.hessian_tensor_product(energy)(X, VECTOR), autograd.hessian_tensor_product(energy)(X, VECTOR))
    same(sd.tensor_jacobian_product(field)(X, VECTOR), autograd.tensor_jacobian_product(field)(X, VECTOR))


def test_a_tensor_over_the_leading_axes_of_the_result() -> None:
    ours = sd.tensor_jacobian_product(lambda x: np.outer(x, x**2))(X, VECTOR)
    same(ours, autograd.tensor_jacobian_product(lambda x: anp.outer(x, x**2))(X, VECTOR))


def test_gauss_newton() -> None:
    same(sd.make_ggnvp(field)(X)(VECTOR), autograd.make_ggnvp(field)(X)(VECTOR))
    ours = sd.make_ggnvp(field, lambda y: np.sum(y**4))(X)(VECTOR)
    same(ours, autograd.make_ggnvp(field, lambda y: anp.sum(y**4))(X)(VECTOR))


def test_auxiliary_results() -> None:
    def with_parts(x: Any) -> Any:
        return (x**2).sum(), {"cube": x**3, "sum": x.sum()}

    slopes, rest = sd.grad_and_aux(with_parts)(X)
    same(slopes, autograd.grad_and_aux(with_parts)(X)[0])
    assert rest.keys() == {"cube", "sum"}
    same([rest["cube"], rest["sum"]], [X**3, X.sum()])  # autograd leaves its boxes in them
    with pytest.raises(sd.ScalarOutputError, match="not a tuple of two"):
        sd.grad_and_aux(energy)(X)


def test_auxiliary_results_in_a_file() -> None:
    module = sd.grad_and_aux(lambda x, y: (x * y**2, x + y), (0, 1)).source()
    found: dict[str, Any] = {}
    exec(module, found)
    assert found["f_grad_and_aux"](3.0, 2.0) == ((4.0, 12.0), 5.0)


def test_by_name() -> None:
    same(sd.grad_named(energy, "k")(X, 3.0), autograd.grad_named(energy, "k")(X, 3.0))
    same(sd.multigrad(energy, [1, 0])(X, 3.0), autograd.grad(energy, [1, 0])(X, 3.0))


def test_by_all_arguments() -> None:
    def f(x: float, y: float = 2.0, *rest: float, flag: bool = True, **more: float) -> float:
        return x * y * sum(rest) * more["z"] if flag else 0.0

    assert sd.multigrad_dict(f)(3.0, 5.0, 7.0, 11.0, z=13.0) == {
        "x": 5.0 * 18.0 * 13.0,
        "y": 3.0 * 18.0 * 13.0,
        "rest": (3.0 * 5.0 * 13.0,) * 2,
        "z": 3.0 * 5.0 * 18.0,
    }
    assert sd.multigrad_dict(lambda x, y=2.0: x * y)(3.0) == {"x": 2.0, "y": 3.0}


class TestNesting:
    def test_perturbations_are_not_confused(self) -> None:
        assert sd.grad(lambda x: x * sd.grad(lambda y: x + y)(2.0))(3.0) == 1.0
        assert sd.grad(lambda x: x * sd.deriv(lambda y: x * y)(2.0))(3.0) == 6.0
        assert sd.deriv(lambda x: x * sd.deriv(lambda y: x + y)(2.0))(3.0) == 1.0

    def test_derivatives_of_derivatives(self) -> None:
        ours, theirs = np.tanh, tanh
        for _ in range(4):
            ours, theirs = sd.elementwise_grad(ours), autograd.elementwise_grad(theirs)
        points = np.linspace(-2.0, 2.0, 5)
        np.testing.assert_allclose(ours(points), theirs(points), rtol=1e-9, atol=1e-12)

    def test_derivatives_of_products(self) -> None:
        ours = sd.grad(lambda x, v: np.sum(sd.jvp(field)(x, v) ** 2))(X, VECTOR)
        same(ours, sd.grad(lambda x, v: np.sum((sd.jacobian(field)(x) @ v) ** 2))(X, VECTOR))
        assert sd.grad(sd.hvp(lambda x: x**3))(2.0, 1.0) == 6.0

    def test_training_is_differentiated(self) -> None:
        def trained(rate: float) -> Any:
            w = np.zeros(2)
            for _ in range(5):
                w = w - rate * sd.grad(lambda v: np.sum((v - 1.0) ** 2))(w)
            return np.sum((w - 1.0) ** 2)

        expected = 2.0 * 10 * (1.0 - 0.2) ** 9 * -2.0
        np.testing.assert_allclose(sd.grad(trained)(0.1), expected, rtol=1e-12)


class TestArguments:
    """autograd refuses integers; here they are numbers like others, and derivatives by them are floats."""

    def test_integers_are_converted(self) -> None:
        found = sd.grad(lambda x: x**2)(3)
        assert found == 6.0
        assert type(found) is float
        assert sd.grad(lambda x: np.sum(x**2))(np.array([1, 2])).dtype == np.float64

    def test_functions_of_numpy_themselves(self) -> None:
        np.testing.assert_array_equal(sd.grad(np.sum)(np.ones(2)), [1.0, 1.0])
        np.testing.assert_array_equal(sd.jacobian(np.sum)(np.ones((2, 2)), axis=0)[0], [[1.0, 0.0], [1.0, 0.0]])
        np.testing.assert_array_equal(sd.grad(np.prod)(np.array([2.0, 3.0])), [3.0, 2.0])

    @pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64])
    def test_numpy_scalars(self, kind: type) -> None:
        assert sd.grad(lambda x: x**3)(kind(2)) == 12.0

    def test_star_arguments(self) -> None:
        def f(*xs: float, **more: float) -> float:
            return xs[0] * xs[1] ** 2 * more["k"]

        assert sd.grad(f, (0, 1))(3.0, 2.0, k=5.0) == (20.0, 60.0)
        assert sd.grad(f)(3.0, 2.0, k=5.0) == 20.0

    def test_integers_that_count_or_index_keep_their_value(self) -> None:
        power = sd.grad(lambda x, n: sum(x**i for i in range(n)))
        assert power(2.0, 4) == 1.0 + 4.0 + 12.0
        assert power(2.0, 3) == 1.0 + 4.0
        element = sd.grad(lambda x, i: x[i] ** 2)
        np.testing.assert_array_equal(element(np.ones(3), 1), [0.0, 2.0, 0.0])
        np.testing.assert_array_equal(element(np.ones(3), 2), [0.0, 0.0, 2.0])

    def test_minibatches_by_the_number_of_the_iteration(self) -> None:
        data = np.arange(12.0).reshape(6, 2)

        def loss(w: Any, iteration: int) -> Any:
            start = 2 * (iteration % 3)
            return np.sum(data[start : start + 2] @ w)

        gradient = sd.grad(loss)
        for iteration in range(4):
            start = 2 * (iteration % 3)
            np.testing.assert_array_equal(gradient(np.ones(2), iteration), data[start : start + 2].sum(axis=0))

    def test_a_derivative_by_an_index_is_refused(self) -> None:
        with pytest.raises(sd.ConversionError):
            sd.grad(lambda i, x: x[i] ** 2)(1, np.ones(3))


class TestWithoutSlope:
    """Truth values and positions have a derivative of 0 in every direction."""

    def test_of_a_truth_value(self) -> None:
        pull, value = sd.make_vjp(lambda x, y: x == y)(0.7, 1.8)
        assert value == False  # noqa: E712 (a truth value of NumPy's)
        assert pull(1.0) == 0.0
        assert sd.jvp(lambda x, y: x < y)(0.7, 1.8, 1.0) == 0.0

    def test_of_a_position(self) -> None:
        pull, value = sd.make_vjp(lambda x: (np.argmax(x), x * x))(X)
        assert value[0] == np.argmax(X)
        np.testing.assert_array_equal(pull((5.0, VECTOR)), 2.0 * X * VECTOR)
        np.testing.assert_array_equal(sd.jacobian(np.argsort)(X), np.zeros((3, 3)))


def test_methods_of_distributions_as_functions() -> None:
    stats = pytest.importorskip("scipy.stats")
    same(sd.grad(stats.norm.logpdf)(0.3), -0.3)
    same(sd.grad(stats.norm(1.0, 2.0).logpdf)(0.3), 0.175)
    density = stats.gamma.pdf
    same(sd.grad(lambda x: x * density(x, 2.5))(0.3), sd.grad(lambda x: x * stats.gamma.pdf(x, 2.5))(0.3))


def test_a_normal_distribution_on_a_plane() -> None:
    """Its covariance is singular: there is a density in the plane, and none outside."""
    stats = pytest.importorskip("scipy.stats")
    root, inside = RANDOM.standard_normal((3, 2)), RANDOM.standard_normal(2)
    covariance, mean = root @ root.T, RANDOM.standard_normal(3)
    frozen = stats.multivariate_normal(mean, covariance, allow_singular=True)
    x = mean + root @ inside
    value, slope = sd.value_and_grad(frozen.logpdf)(x)
    np.testing.assert_allclose(value, frozen.logpdf(x), rtol=1e-12)
    np.testing.assert_allclose(slope, np.linalg.pinv(covariance) @ (mean - x), rtol=1e-9)
    assert (
        sd.value_and_grad(lambda x: stats.multivariate_normal.logpdf(x, mean, covariance, True))(x + 1.0)[0] == -np.inf
    )
