"""A small neural network, fitted to a cubic by gradient descent with momentum.

In: 100 noisy points of x³ - 20 x + 10, layers of 1, 4, 4 and 1 neurons, parameters in a dict. Out: the loss at every
step, for tanh and for rectified units, and figures where matplotlib is installed.
"""

import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

import symdiff as sd

SIZES = (1, 4, 4, 1)
Activation = Callable[[Any], Any]


def data() -> tuple[Any, Any]:
    """Inputs and targets as columns; the noise has variance 1, which is the floor of the loss."""
    x = np.linspace(-5.0, 5.0, 100)[:, None]
    noise = np.random.default_rng(0).standard_normal(x.shape)
    return x, x**3 - 20.0 * x + 10.0 + noise


def relu(x: Any) -> Any:
    """A rectified unit."""
    return np.maximum(x, 0.0)


def start(seed: int) -> dict[str, Any]:
    """Random weights and biases."""
    random = np.random.default_rng(seed)
    parameters: dict[str, Any] = {}
    for layer, (n, m) in enumerate(pairwise(SIZES)):
        parameters[f"W{layer}"] = random.standard_normal((n, m)) * np.sqrt(2.0 / n)
        parameters[f"b{layer}"] = random.standard_normal(m)
    return parameters


def predict(parameters: Any, x: Any, activation: Activation) -> Any:
    """What the network makes of the inputs; the last layer is linear."""
    last = len(SIZES) - 2
    for layer in range(last):
        x = activation(x @ parameters[f"W{layer}"] + parameters[f"b{layer}"])
    return x @ parameters[f"W{last}"] + parameters[f"b{last}"]


def loss(parameters: Any, x: Any, y: Any, activation: Activation) -> Any:
    """The mean of the squared residuals."""
    return np.mean((predict(parameters, x, activation) - y) ** 2)


VALUE_AND_GRADIENT = sd.value_and_grad(loss)


def train(
    activation: Activation, seed: int, steps: int = 6000, rate: float = 2e-4, momentum: float = 0.9
) -> tuple[dict[str, Any], list[float]]:
    """The parameters at the end, and the loss before every step."""
    x, y = data()
    parameters = start(seed)
    velocity = {key: np.zeros_like(value) for key, value in parameters.items()}
    losses: list[float] = []
    for _ in range(steps):
        value, slopes = VALUE_AND_GRADIENT(parameters, x, y, activation)
        losses.append(float(value))
        velocity = {key: momentum * velocity[key] - rate * slopes[key] for key in parameters}
        parameters = {key: parameters[key] + velocity[key] for key in parameters}
    return parameters, losses


RUNS: dict[str, tuple[Activation, int]] = {"tanh": (np.tanh, 2), "relu": (relu, 2)}


def plot(path: str) -> None:
    """Data and fits, and the losses, as a figure."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    x, y = data()
    left.plot(x, y, ".")
    for name, (activation, seed) in RUNS.items():
        parameters, losses = train(activation, seed)
        left.plot(x, predict(parameters, x, activation), label=name)
        right.semilogy(losses, label=name)
    right.legend()
    figure.savefig(path)
    plt.close(figure)


def main(figure: str = "") -> None:
    """Print how the loss falls."""
    for name, (activation, seed) in RUNS.items():
        _, losses = train(activation, seed)
        steps = (0, 100, 1000, len(losses) - 1)
        print(f"{name}: " + ", ".join(f"{losses[step]:.2f} at step {step}" for step in steps))
    print("the variance of the noise is 1: no fit can be expected to fall far below it")
    if figure:
        plot(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
