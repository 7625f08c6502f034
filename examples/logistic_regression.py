"""Logistic regression: the sigmoid's derivative staged by hand and derived, and a fit by gradient descent.

In: four points with three features each, and whether they belong to a class. Out: weights, and the loss on the way.
"""

import math
from typing import Any

import numpy as np

import symdiff as sd

INPUTS = np.array([[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]])
TARGETS = np.array([True, True, False, True])


def logistic(x: float) -> float:
    """The logistic function of one number."""
    return 1.0 / (1.0 + math.exp(-x))


def staged(x: float) -> float:
    """The derivative of the logistic function, step by step as a reverse sweep takes them."""
    negated = -x
    decay = math.exp(negated)
    total = 1.0 + decay
    by_total = -1.0 / total**2
    by_decay = by_total
    by_negated = by_decay * decay
    return -by_negated


DERIVED = sd.derivative(logistic)


def sigmoid(x: Any) -> Any:
    """The sigmoid as autograd's users write it: the logistic function of 2 x."""
    return 0.5 * (np.tanh(x) + 1.0)


def predictions(weights: Any, inputs: Any) -> Any:
    """The probability that each input belongs to the class."""
    return sigmoid(np.dot(inputs, weights))


def training_loss(weights: Any) -> Any:
    """Minus the logarithm of the likelihood of the targets."""
    probabilities = predictions(weights, INPUTS)
    return -np.sum(np.log(probabilities * TARGETS + (1 - probabilities) * (1 - TARGETS)))


def trajectory(gradient: Any, steps: int = 100, rate: float = 0.01) -> Any:
    """The weights at the start and after every step, one row each."""
    weights = np.zeros(3)
    path = [weights]
    for _ in range(steps):
        weights = weights - rate * gradient(weights)
        path.append(weights)
    return np.array(path)


GRADIENT = sd.grad(training_loss)


def main() -> None:
    """Print the derivatives of the sigmoid, and how the loss falls."""
    print(f"logistic slope at 2: {staged(2.0):.12f} by hand, {DERIVED(2.0):.12f} derived")
    path = trajectory(GRADIENT)
    print(f"loss {training_loss(path[0]):.6f} at the start, {training_loss(path[-1]):.6f} after {len(path) - 1} steps")
    print("weights:", np.array2string(path[-1], precision=12))


if __name__ == "__main__":
    main()
