"""The examples of fits and training, run as a user runs them, against autograd and figures from the literature."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from tests.examples import close, example


class TestTanhDerivatives:
    def test_at_one(self) -> None:
        assert example("tanh_derivatives").DERIVATIVES[1](1.0) == 0.39322386648296376

    def test_all_orders_on_the_grid(self) -> None:
        import mpmath

        module = example("tanh_derivatives")
        curves = module.curves()
        assert curves.shape == (7, 200)
        with mpmath.workdps(40):
            for column in (0, 57, 99, 131, 199):
                exact = [mpmath.diff(lambda x: mpmath.tanh(x / 2), module.GRID[column], order) for order in range(7)]
                np.testing.assert_allclose(curves[:, column], np.array(exact, dtype=float), rtol=1e-11)

    def test_figure(self, tmp_path: Path) -> None:
        assert_plots("tanh_derivatives", tmp_path)


class TestLogisticRegression:
    def test_slope_of_the_sigmoid(self) -> None:
        module = example("logistic_regression")
        for slope in (module.staged(2.0), module.DERIVED(2.0)):
            assert round(slope, 12) == 0.104993585404

    def test_the_trajectory_is_autograds(self) -> None:
        autograd = pytest.importorskip("autograd")
        module = example("logistic_regression")

        def loss(weights: Any) -> Any:
            p = 0.5 * (autograd.numpy.tanh(autograd.numpy.dot(module.INPUTS, weights)) + 1)
            return -autograd.numpy.sum(autograd.numpy.log(p * module.TARGETS + (1 - p) * (1 - module.TARGETS)))

        ours, theirs = module.trajectory(module.GRADIENT), module.trajectory(autograd.grad(loss))
        assert ours.shape == (101, 3)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
        assert module.training_loss(ours[-1]) < 0.4 < 2.7 < module.training_loss(ours[0])


class TestLogsumexp:
    def test_gradient(self) -> None:
        module = example("logsumexp")
        exact = 2 * module.POINT * np.exp(module.POINT**2 - np.log(np.sum(np.exp(module.POINT**2))))
        np.testing.assert_allclose(module.GRADIENT(module.POINT), exact, rtol=1e-13)
        np.testing.assert_array_equal(module.GRADIENT(1000.0 * module.POINT), [0.0, 13_400.0, 0.0])

    def test_the_module_stands_alone(self) -> None:
        module = example("logsumexp")
        found: dict[str, Any] = {}
        text = module.module()
        assert {line for line in text.splitlines() if line.startswith(("import", "from"))} == {
            "from typing import Any",
            "import numpy as np",
        }
        exec(text, found)
        np.testing.assert_allclose(found["example_grad"](module.POINT), module.GRADIENT(module.POINT), rtol=1e-14)


class TestFlattenParameters:
    def test_order_and_back(self) -> None:
        module = example("flatten_parameters")
        vectors = {name: sd.flatten(nesting)[0].tolist() for name, nesting in module.NESTINGS.items()}
        assert vectors == {
            "tuples in a list": [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0],
            "list of matrices": [1.0, 0.0, 0.0, 1.0, *[2.0] * 6, 0.0],
            "weights and biases": [10.0, 20.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            "dicts of dicts": [7.0, 0.0, 0.0, 5.0, 1.0, 1.0],
        }
        np.testing.assert_array_equal(module.flat_gradient(), [1.0, 1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0])


class TestRegression:
    def test_the_line_is_that_of_least_squares(self) -> None:
        module = example("regression")
        x, y = module.line_data()
        found = module.fitted_line()
        np.testing.assert_allclose([found["w"], found["b"]], np.polyfit(x, y, 1), rtol=1e-9)
        assert abs(found["w"] - 4.0) < 0.1 > abs(found["b"] - 10.0)

    def test_the_polynomial_nears_that_of_least_squares(self) -> None:
        module = example("regression")
        x, y = module.polynomial_data()
        best = np.polynomial.polynomial.polyfit(x, y, 4)
        start = np.linalg.norm(best)
        assert np.linalg.norm(module.fitted_polynomial()["c"] - best) < 0.01 * start

    def test_figure(self, tmp_path: Path) -> None:
        assert_plots("regression", tmp_path)


class TestNeuralNetwork:
    @pytest.mark.parametrize("name", ["tanh", "relu"])
    def test_the_loss_falls_from_hundreds_to_the_noise(self, name: str) -> None:
        module = example("neural_network")
        _, losses = module.train(*module.RUNS[name])
        assert losses[0] > 500.0
        assert losses[-1] < 3.0

    def test_gradients_are_autograds(self) -> None:
        autograd = pytest.importorskip("autograd")
        anp = autograd.numpy
        module = example("neural_network")
        x, y = module.data()
        parameters = module.start(1)

        def loss(p: Any) -> Any:
            hidden = anp.tanh(anp.dot(anp.tanh(anp.dot(x, p["W0"]) + p["b0"]), p["W1"]) + p["b1"])
            return anp.mean((anp.dot(hidden, p["W2"]) + p["b2"] - y) ** 2)

        value, ours = module.VALUE_AND_GRADIENT(parameters, x, y, np.tanh)
        theirs = autograd.grad(loss)(parameters)
        assert close(value, loss(parameters))
        for key, slope in theirs.items():
            np.testing.assert_allclose(ours[key], slope, rtol=1e-10, atol=1e-11)


def assert_plots(name: str, folder: Path) -> None:
    """The figure is drawn, where matplotlib is installed."""
    pytest.importorskip("matplotlib")
    example(name).plot(str(folder / "figure.png"))
    assert (folder / "figure.png").stat().st_size > 10_000


class TestHaresAndLynxes:
    """Against the fit with differences in place of derivatives, and the posterior means of Carpenter (Stan, 2018)."""

    def test_the_fit_is_the_one_of_differences(self) -> None:
        optimize = pytest.importorskip("scipy.optimize")
        hares = example("hares_and_lynxes")
        found, other = hares.fit(), optimize.least_squares(hares.residuals, hares.START)
        np.testing.assert_allclose(found.x, other.x, rtol=1e-4)
        np.testing.assert_allclose(found.x, [0.545, 0.0277, 0.803, 0.0242, 33.96, 5.93], rtol=0.05)
        assert np.max(np.abs(found.jac.T @ found.fun)) < 0.01


class TestGaussianProcess:
    """Against equation 5.9 of Rasmussen and Williams (2006), and the other way to write the likelihood."""

    THETA = np.array([0.2, -0.3, -1.2])

    def test_the_gradient_is_the_one_of_the_book(self) -> None:
        process = example("gaussian_process")
        X, y = process.data(12)
        _, gradient = process.SLOPE(self.THETA, X, y)
        kernel = process.covariance(self.THETA, X, X)
        K = kernel + np.exp(2.0 * self.THETA[2]) * np.eye(12)
        alpha = np.linalg.solve(K, y)
        distances = (X - X.T) ** 2 / np.exp(2.0 * self.THETA[1])
        slopes = [2.0 * kernel, kernel * distances, 2.0 * np.exp(2.0 * self.THETA[2]) * np.eye(12)]
        inner = np.linalg.inv(K) - np.outer(alpha, alpha)
        np.testing.assert_allclose(gradient, [0.5 * np.trace(inner @ slope) for slope in slopes], rtol=1e-9)

    def test_by_cholesky_it_is_the_same(self) -> None:
        process = example("gaussian_process")
        X, y = process.data(12)
        for kind in (sd.grad, sd.hessian):
            found = kind(process.surprise_by_cholesky)(self.THETA, X, y)
            np.testing.assert_allclose(found, kind(process.surprise)(self.THETA, X, y), rtol=1e-8)

    def test_the_noise_is_found(self) -> None:
        process = example("gaussian_process")
        X, y = process.data()
        theta = process.fitted(np.array([0.0, 0.0, -1.0]), X, y)
        assert math.isclose(np.exp(theta[2]), 0.1, rel_tol=0.3)
        assert np.max(np.abs(process.SLOPE(theta, X, y)[1])) < 0.05
