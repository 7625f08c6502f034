"""The tape: what happens inside a gradient, for those who learn, and the computational graph, drawn.

In: plain functions. Out: for every intermediate value its gradient, the local derivative on each edge, the routes from
an input to the output (multiply along a route, add the routes), a linear layer fitted by the same gradients, and a
picture of cos(x1) + x1 x2.
"""

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np

import symdiff as sd


def sum_times(a: float, b: float) -> float:
    """Two steps: a sum, and a product with one of its terms."""
    c = a + b
    d = a * c
    return d  # noqa: RET504 (the tape shows the name)


def quotients(a: float, b: float) -> float:
    """Three factors that all depend on both arguments."""
    return (a / b - a) * (b / a + a + b) * (a - b)


def waves(a: float, b: float, c: float) -> float:
    """An oscillation that a shrinking exponential hardly changes."""
    return math.log((math.sin(a * b) + math.exp(c - a / b)) ** 2) * c


def cosine_and_product(x1: float, x2: float) -> float:
    """The example of textbooks."""
    return math.cos(x1) + x1 * x2


def layer_loss(layer: dict[str, Any], x: Any, wanted: Any) -> Any:
    """The mean square error of a linear layer."""
    error = x @ layer["weights"] + layer["bias"] - wanted
    return np.mean(error**2)


LAYER_GRADIENT = sd.value_and_grad(layer_loss)


def fitted_layer(steps: int = 100, rate: float = 1.0, seed: int = 0) -> tuple[list[float], dict[str, Any], Any, Any]:
    """A layer from 50 inputs to 10 outputs, fitted to noise: the losses, the layer, and the data."""
    noise = np.random.default_rng(seed)
    x, wanted = noise.normal(size=(100, 50)), noise.normal(size=(100, 10))
    layer = {"weights": np.zeros((50, 10)), "bias": np.zeros(10)}
    losses = []
    for _ in range(steps):
        loss, slopes = LAYER_GRADIENT(layer, x, wanted)
        layer = {name: value - rate * slopes[name] for name, value in layer.items()}
        losses.append(float(loss))
    return losses, layer, x, wanted


def main(picture: str = "") -> None:
    """Print the tapes and routes, fit the layer, and draw the graph, into a file that is named on the command line."""
    tape = sd.tape(sum_times)(4.0, 3.0)
    print(tape)
    print(tape.routes(from_="a", to="d"))
    tape = sd.tape(quotients)(230.3, 33.2)
    print(f"\nquotients: {tape.gradient('a')!r}, {tape.gradient('b')!r}")
    tape = sd.tape(waves)(43.0, 3.0, 2.0)
    print(f"waves: {tape.gradient('a')!r}, {tape.gradient('b')!r}, {tape.gradient('c')!r}")
    losses, layer, x, wanted = fitted_layer()
    print(f"\na layer fitted to noise: loss {losses[0]:.4f}, after {len(losses)} steps {losses[-1]:.4f}")
    print(sd.tape(layer_loss)(layer, x, wanted))
    graph = sd.draw(cosine_and_product)
    print(f"\n{graph}")
    if picture:
        print(f"drawn in {graph.save(Path(picture))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
