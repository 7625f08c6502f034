"""A network of two layers with shared weights, taught to tell the points inside a circle from those outside.

In: random points of the plane. Out: a network built from `Layer` objects, trained by gradient descent with momentum,
each velocity a shared variable updated together with its weights.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.symbolic import Function, Shared, Symbol, function, grad, matrix, shared, vector

POINTS, HIDDEN, STEPS, RATE, MOMENTUM = 300, 10, 1500, 0.3, 0.9


class Layer:
    """activation(W @ x + b), one column of x for each example."""

    def __init__(self, weights: Any, biases: Any, activation: Callable[[Any], Any]) -> None:
        self.W = shared(weights, name="W")
        self.b = shared(biases[:, None], name="b")
        self.activation = activation
        self.parameters = [self.W, self.b]

    def output(self, x: Symbol) -> Any:
        """What the layer makes of its input."""
        return self.activation(self.W @ x + self.b)


class Network:
    """Layers one behind another."""

    def __init__(self, sizes: Sequence[int], activations: Sequence[Callable[[Any], Any]], seed: int = 2) -> None:
        generator = np.random.default_rng(seed)
        self.layers = [
            Layer(generator.normal(size=(after, before)) / np.sqrt(before), np.zeros(after), activation)
            for before, after, activation in zip(sizes, sizes[1:], activations, strict=False)
        ]
        self.parameters: list[Shared] = [each for layer in self.layers for each in layer.parameters]

    def output(self, x: Any) -> Any:
        """What the last layer makes of it."""
        for layer in self.layers:
            x = layer.output(x)
        return x

    def cross_entropy(self, x: Symbol, y: Symbol) -> Any:
        """The mean loss of predicted probabilities."""
        probability = self.output(x)[0]
        return -np.mean(y * np.log(probability) + (1 - y) * np.log(1 - probability))


def logistic(x: Any) -> Any:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def momentum_updates(cost: Symbol, parameters: Sequence[Shared]) -> list[tuple[Shared, Any]]:
    """Velocities that keep a share of themselves, and parameters that follow them."""
    updates: list[tuple[Shared, Any]] = []
    for parameter, slope in zip(parameters, grad(cost, list(parameters)), strict=True):
        velocity = shared(np.zeros_like(parameter.get_value()), name=f"{parameter.name}_velocity")
        moved = MOMENTUM * velocity - RATE * slope
        updates += [(velocity, moved), (parameter, parameter + moved)]
    return updates


def circle(seed: int = 3) -> tuple[Any, Any]:
    """Points in a square, a column each, and whether each lies within 0.7 of the centre."""
    points = np.random.default_rng(seed).uniform(-1.0, 1.0, size=(2, POINTS))
    return points, (np.hypot(*points) < 0.7).astype(float)


def trained(steps: int = STEPS) -> tuple[Function, list[float]]:
    """The network's output as a function of points, and the loss before every step."""
    network = Network([2, HIDDEN, 1], [np.tanh, logistic])
    x, y = matrix("x"), vector("y")
    cost = network.cross_entropy(x, y)
    train = function([x, y], cost, updates=momentum_updates(cost, network.parameters))
    points, inside = circle()
    losses = [float(train(points, inside)) for _ in range(steps)]
    return function([x], network.output(x)[0]), losses


def main() -> None:
    """Train, print the loss, and draw what the network takes for the circle."""
    output, losses = trained()
    for step in (0, 50, 200, STEPS - 1):
        print(f"step {step:4d}: loss {losses[step]:.4f}")
    points, inside = circle()
    print(f"{np.mean((output(points) > 0.5) == inside):.1%} of the points on the right side")
    rows, columns = np.linspace(1.0, -1.0, 11), np.linspace(-1.0, 1.0, 31)
    grid = np.stack([part.ravel() for part in np.meshgrid(columns, rows)])
    for line in (output(grid) > 0.5).reshape(len(rows), len(columns)):
        print("".join("#" if taken else "·" for taken in line))


if __name__ == "__main__":
    main()
