"""The example of an adaptive integrator, against differences of itself, and Bateman's solution of the decay chain."""

import numpy as np

import symdiff as sd
from tests.test_examples import example


def test_derivatives_are_those_of_the_steps_that_are_taken() -> None:
    chain = example("adaptive_steps")
    derivative = sd.jacobian(chain.amounts_of_b)
    for rates in (np.array([0.9, 0.35]), np.array([0.4, 0.7]), np.array([0.9, 0.35])):
        shifts = 1e-6 * np.eye(2)
        columns = [(chain.amounts_of_b(rates + h) - chain.amounts_of_b(rates - h)) / 2e-6 for h in shifts]
        np.testing.assert_allclose(derivative(rates), np.transpose(columns), rtol=1e-6, atol=1e-8)
        exact = [(chain.bateman(rates + h) - chain.bateman(rates - h)) / 2e-6 for h in shifts]
        np.testing.assert_allclose(derivative(rates), np.transpose(exact), atol=5e-3)
    assert derivative.mode == "guarded"


def test_the_rates_are_found() -> None:
    chain = example("adaptive_steps")
    path, _ = chain.fit(chain.bateman(chain.TRUE_RATES), np.array([0.5, 0.6]))
    np.testing.assert_allclose(path[-1], chain.TRUE_RATES, atol=5e-4)
