"""examples/ordinary_python.py against what is known in another way: closed forms, linear algebra, all paths, mpmath."""

import itertools
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import symdiff as sd
from tests.test_examples import example

EXAMPLE = example("ordinary_python")
RANDOM = np.random.default_rng(7)


def complex_slopes(function: Callable[[Any], Any], x: Any) -> Any:
    """The Jacobian by steps of 1e-30 i, which is exact for analytic functions (Squire and Trapp, 1998)."""
    columns = [np.imag(function(x + 1e-30j * direction)) / 1e-30 for direction in np.eye(len(x))]
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize(
    ("income", "rate"),
    [
        (10.0, 0.0),
        (15.0, (2 * 0.92298 * 0.34 + 1.4) / 10.0),
        (40.0, (2 * 0.18119 * 2.3 + 2.397) / 10.0),
        (100.0, 0.42),
        (300.0, 0.45),
    ],
)
def test_marginal_tax_rates_are_those_of_the_zones(income: float, rate: float) -> None:
    assert EXAMPLE.MARGINAL_RATE(income) == pytest.approx(rate, rel=1e-13)
    assert EXAMPLE.MARGINAL_RATE(np.array([income, 200.0])) == pytest.approx([rate, 0.42], rel=1e-13)


def test_slopes_of_piecewise_functions() -> None:
    r = np.array([-3.0, -0.4, 0.0, 0.9, 5.0])
    np.testing.assert_array_equal(sd.derivative(EXAMPLE.huber)(r), np.clip(r, -1.0, 1.0))
    u = np.array([-2.0, -0.5, -0.1, 0.0, 0.15, 0.6, 1.0])
    np.testing.assert_array_equal(sd.derivative(EXAMPLE.actuator)(u), [0.0, 1.5, 0.0, 0.0, 0.0, 1.5, 0.0])
    for x in (-2.0, -0.05, 0.05, 1.0):
        active = [w for w in (1.3, -0.7, 0.4) if w * x + 0.1 > 0]
        assert sd.derivative(EXAMPLE.hidden_layer)(x) == pytest.approx(sum(active), rel=1e-15)


def test_horner_is_a_polynomial() -> None:
    for x in (-1.5, 0.3, 2.0):
        expected = [np.polyval(np.polyder(EXAMPLE.COEFFICIENTS, order), x) for order in (1, 2, 3)]
        found = [sd.derivative(EXAMPLE.horner, order=order)(x) for order in (1, 2, 3)]
        assert found == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("x", [-2.5, -0.3, 0.2, 0.5, 1.0, 4.7])
def test_gamma_has_the_slope_of_the_digamma_function(x: float) -> None:
    assert EXAMPLE.gamma(x) == pytest.approx(float(mpmath.gamma(x)), rel=1e-13)
    assert EXAMPLE.GAMMA_SLOPE(x) == pytest.approx(float(mpmath.gamma(x) * mpmath.digamma(x)), rel=1e-12)


def test_sensitivities_of_predators_and_prey() -> None:
    theta, start = np.array([1.1, 0.4, 0.4, 0.1]), np.array([10.0, 5.0])
    by_rates, by_start = EXAMPLE.SENSITIVITY(theta, start)
    np.testing.assert_allclose(by_rates, complex_slopes(lambda t: EXAMPLE.predators(t, start), theta), rtol=1e-12)
    np.testing.assert_allclose(by_start, complex_slopes(lambda s: EXAMPLE.predators(theta, s), start), rtol=1e-12)


def test_elimination_in_place_solves_the_system() -> None:
    A, b = RANDOM.normal(size=(4, 4)) + 4.0 * np.eye(4), RANDOM.normal(size=4)
    x, inverse = np.linalg.solve(A, b), np.linalg.inv(A)
    np.testing.assert_allclose(sd.trace(EXAMPLE.lu_solve, shapes={"A": (4, 4), "b": 4})(A, b), x, rtol=1e-12)
    by_matrix, by_side = sd.jacobian(EXAMPLE.lu_solve, argnum=("A", "b"))(A, b)
    np.testing.assert_allclose(by_side, inverse, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(by_matrix, -inverse[:, :, None] * x, rtol=1e-11, atol=1e-14)


def test_the_tridiagonal_system() -> None:
    lower, upper, diagonal = RANDOM.uniform(size=4), RANDOM.uniform(size=4), RANDOM.uniform(3.0, 4.0, size=5)
    b = RANDOM.normal(size=5)
    A = np.diag(diagonal) + np.diag(lower, -1) + np.diag(upper, 1)
    x, inverse = np.linalg.solve(A, b), np.linalg.inv(A)
    by_diagonal, by_side = sd.jacobian(EXAMPLE.thomas, argnum=("diagonal", "b"))(lower, diagonal, upper, b)
    np.testing.assert_allclose(EXAMPLE.thomas(lower, diagonal, upper, b), x, rtol=1e-13)
    np.testing.assert_allclose(by_side, inverse, rtol=1e-12)
    np.testing.assert_allclose(by_diagonal, -inverse * x, rtol=1e-12)


def test_the_kalman_gain_in_closed_form() -> None:
    x, P, z, q, r = np.array([1.0, -0.3]), np.array([[0.5, 0.1], [0.1, 0.8]]), 1.3, 0.02, 0.4
    F = np.array([[1.0, 0.1], [0.0, 1.0]])
    predicted = F @ P @ F.T + q * np.eye(2)
    gain = predicted[:, 0] / (predicted[0, 0] + r)
    by_state, by_measurement = sd.jacobian(EXAMPLE.kalman_step, argnum=("x", "z"))(x, P, z, q, r)
    np.testing.assert_allclose(by_measurement, gain, rtol=1e-13)
    np.testing.assert_allclose(by_state, F - np.outer(gain, F[0]), rtol=1e-12)
    by_noise = sd.jacobian(EXAMPLE.kalman_step, argnum="q")(x, P, z, q, r)
    slope = (np.eye(2)[0] - gain) / (predicted[0, 0] + r) * (z - F[0] @ x)
    np.testing.assert_allclose(by_noise, slope, rtol=1e-12)


def test_the_best_path_is_that_of_all_paths() -> None:
    scores = RANDOM.normal(size=(4, 3))

    def total(path: tuple[int, ...]) -> float:
        changes = sum(a != b for a, b in itertools.pairwise(path))
        return float(sum(scores[t, state] for t, state in enumerate(path)) - 0.7 * changes)

    best = max(itertools.product(range(3), repeat=4), key=total)
    assert EXAMPLE.best_path(scores, 0.7) == pytest.approx(total(best), rel=1e-14)
    by_scores, by_switch = sd.grad(EXAMPLE.best_path, argnum=("scores", "switch"))(scores, 0.7)
    np.testing.assert_array_equal(by_scores, np.eye(3)[list(best)])
    assert by_switch == -sum(a != b for a, b in itertools.pairwise(best))


def test_the_heat_equation_is_a_power_of_a_matrix() -> None:
    u, steps = RANDOM.normal(size=6), 12
    second = np.zeros((6, 6))
    for i in range(1, 5):
        second[i, i - 1 : i + 2] = 1.0, -2.0, 1.0
    step = np.eye(6) + 0.2 * second
    by_start = sd.jacobian(EXAMPLE.heat, argnum="u", static=("steps",))(u, 0.2)
    np.testing.assert_allclose(by_start, np.linalg.matrix_power(step, steps), atol=1e-14)
    by_diffusivity = sd.jacobian(EXAMPLE.heat, argnum="diffusivity", static=("steps",))(u, 0.2)
    expected = steps * np.linalg.matrix_power(step, steps - 1) @ second @ u
    np.testing.assert_allclose(by_diffusivity, expected, rtol=1e-11, atol=1e-13)


def test_the_logistic_map_has_the_product_of_its_slopes() -> None:
    for n in (1, 8, 20):
        x, product = 0.3, 1.0
        for _ in range(n):
            product *= 3.7 * (1.0 - 2.0 * x)
            x = 3.7 * x * (1.0 - x)
        slope = sd.derivative(EXAMPLE.logistic, static={"n": n})
        assert slope(0.3, n=n) == pytest.approx(product, rel=1e-9)
