"""Value and gradient of two networks, beside hand-written NumPy and the peers.

In: a tanh network 1-4-4-1 on 1,000 points, and a classifier 784-128-10 on batches of 128, written with plain NumPy and
with parameters in a dict. Out: tables of times and ratios, in one run, turn by turn; exit code 1 where symdiff takes
more than 1.1 times the time of the hand-written function. All values are compared first.

Run: python benchmarks/networks.py
"""

import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

import symdiff as sd
from measure import beside_numpy, installed, on_one_thread

LIMIT = 1.1
Params = dict[str, Any]


def regression(m: Any) -> Callable[..., Any]:
    """The mean square error of two hidden layers."""

    def mean_square(p, x, y):
        h1 = m.tanh(x @ p["W1"] + p["b1"])
        h2 = m.tanh(h1 @ p["W2"] + p["b2"])
        return m.mean((h2 @ p["W3"] + p["b3"] - y) ** 2)

    return mean_square


def regression_by_hand(p: Params, x: Any, y: Any) -> tuple[Any, Params]:
    """Backpropagation, layer by layer."""
    h1 = np.tanh(x @ p["W1"] + p["b1"])
    h2 = np.tanh(h1 @ p["W2"] + p["b2"])
    error = h2 @ p["W3"] + p["b3"] - y
    d3 = (2.0 / error.size) * error
    d2 = (d3 @ p["W3"].T) * (1.0 - h2 * h2)
    d1 = (d2 @ p["W2"].T) * (1.0 - h1 * h1)
    slopes = {
        "W1": x.T @ d1,
        "W2": h1.T @ d2,
        "W3": h2.T @ d3,
        "b1": np.sum(d1, axis=0),
        "b2": np.sum(d2, axis=0),
        "b3": np.sum(d3, axis=0),
    }
    return np.mean(error * error), slopes


def classifier(m: Any) -> Callable[..., Any]:
    """The mean cross entropy of a hidden layer and a softmax; the targets are one-hot rows."""

    def cross_entropy(p, x, y):
        h = m.tanh(x @ p["W1"] + p["b1"])
        z = h @ p["W2"] + p["b2"]
        top = m.max(z, axis=1, keepdims=True)
        logsum = top[:, 0] + m.log(m.sum(m.exp(z - top), axis=1))
        return m.mean(logsum - m.sum(y * z, axis=1))

    return cross_entropy


def classifier_by_hand(p: Params, x: Any, y: Any) -> tuple[Any, Params]:
    """Backpropagation, with the softmax from the exponentials of the loss."""
    h = np.tanh(x @ p["W1"] + p["b1"])
    z = h @ p["W2"] + p["b2"]
    top = np.max(z, axis=1, keepdims=True)
    shares = np.exp(z - top)
    total = np.sum(shares, axis=1, keepdims=True)
    value = np.mean(top[:, 0] + np.log(total[:, 0]) - np.sum(y * z, axis=1))
    d2 = (shares / total - y) / len(y)
    d1 = (d2 @ p["W2"].T) * (1.0 - h * h)
    return value, {"W1": x.T @ d1, "W2": h.T @ d2, "b1": np.sum(d1, axis=0), "b2": np.sum(d2, axis=0)}


def variants(make: Callable[[Any], Callable[..., Any]], by_hand: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Every way to compute the pair, by name."""
    found: dict[str, Callable[..., Any]] = {"NumPy by hand": by_hand, "symdiff": sd.value_and_grad(make(np))}
    if installed("autograd"):
        import autograd
        import autograd.numpy as autograd_numpy

        found["autograd"] = autograd.value_and_grad(make(autograd_numpy))
    if installed("jax"):
        import jax

        jax.config.update("jax_enable_x64", True)
        found["jax.jit"] = jax.jit(jax.value_and_grad(make(jax.numpy)))
    return found


def parameters(rng: np.random.Generator, *widths: int) -> Params:
    """Weights and biases of the layers between the widths."""
    layers = list(enumerate(pairwise(widths), 1))
    weights = {f"W{number}": rng.normal(size=(n, k)) / n**0.5 for number, (n, k) in layers}
    return weights | {f"b{number}": 0.1 * rng.normal(size=k) for number, (_, k) in layers}


def main() -> int:
    """Compare, measure, print; 1 where the limit is passed."""
    on_one_thread()
    rng = np.random.default_rng(0)
    x = rng.uniform(-4.0, 4.0, size=(1000, 1))
    small = parameters(rng, 1, 4, 4, 1), x, (x**3 - 20.0 * x + 10.0) / 30.0
    images, digits = rng.uniform(size=(128, 784)), np.eye(10)[rng.integers(0, 10, size=128)]
    large = parameters(rng, 784, 128, 10), images, digits
    ratios = [
        beside_numpy(
            "tanh network 1-4-4-1, 1,000 points: value and gradient", variants(regression, regression_by_hand), small
        ),
        beside_numpy(
            "classifier 784-128-10, batch 128: value and gradient", variants(classifier, classifier_by_hand), large
        ),
    ]
    return int(max(ratios) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
