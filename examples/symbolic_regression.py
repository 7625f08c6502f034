"""Logistic regression with 784 inputs, trained by a compiled function that updates shared weights.

In: 400 random examples with random targets. Out: weights that predict every target, and the loss on the way.
"""

from typing import Any, NamedTuple

import numpy as np

from symdiff.symbolic import Function, Shared, function, grad, matrix, shared, vector

EXAMPLES, FEATURES, STEPS, RATE = 400, 784, 2000, 0.1


class Model(NamedTuple):
    """What is called, and what it changes."""

    train: Function
    predict: Function
    weights: Shared
    bias: Shared


def build(seed: int = 0) -> Model:
    """The model: 1 / (1 + exp(-x·w - b)), its cross-entropy with a penalty, and one step of gradient descent."""
    x, y = matrix("x"), vector("y")
    w = shared(np.random.default_rng(seed).normal(size=FEATURES), name="w")
    b = shared(0.0, name="b")
    probability = 1 / (1 + np.exp(-np.dot(x, w) - b))
    prediction = probability > 0.5
    errors = -y * np.log(probability) - (1 - y) * np.log(1 - probability)
    cost = errors.mean() + 0.01 * (w**2).sum()
    slope_w, slope_b = grad(cost, [w, b])
    train = function([x, y], [prediction, errors], updates=[(w, w - RATE * slope_w), (b, b - RATE * slope_b)])
    return Model(train, function([x], prediction), w, b)


def data(seed: int = 1) -> tuple[Any, Any]:
    """Random examples, and a random target for each."""
    generator = np.random.default_rng(seed)
    return generator.normal(size=(EXAMPLES, FEATURES)), generator.integers(0, 2, size=EXAMPLES)


def trained(steps: int = STEPS) -> tuple[Model, list[float]]:
    """The model after training, and the mean error after every step."""
    model, (examples, targets) = build(), data()
    return model, [float(model.train(examples, targets)[1].mean()) for _ in range(steps)]


def main() -> None:
    """Train, and print how the error falls and how many targets are predicted."""
    model, errors = trained()
    for step in (0, 10, 100, STEPS - 1):
        print(f"step {step:4d}: mean error {errors[step]:.6f}")
    examples, targets = data()
    right = int(np.sum(model.predict(examples) == targets))
    print(f"{right} of {EXAMPLES} targets predicted")


if __name__ == "__main__":
    main()
