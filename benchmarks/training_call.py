"""What a call of a gradient costs in a training loop, with the parameters in a dict: beside autograd, and by hand.

In: linear regression on 100 points, and a network of four layers with eight parameters. Out: a table for each, values
compared first; exit code 1 where symdiff takes more than half of autograd's time.

Run: python benchmarks/training_call.py
"""

import statistics
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import symdiff as sd
from measure import installed, interleaved, ratio, show

RANDOM = np.random.default_rng(1)
X, Y = RANDOM.standard_normal((100, 3)), RANDOM.standard_normal(100)
LINE = {"w": np.ones(3), "b": 0.5}
LAYERS = 4
NETWORK = {
    f"{kind}{layer}": RANDOM.standard_normal((4, 4) if kind == "W" else 4) for layer in range(LAYERS) for kind in "Wb"
}
BATCH = RANDOM.standard_normal((10, 4))


def line_loss(np: Any) -> Callable[[Any], Any]:
    """The mean squared residual, by a package's own NumPy."""
    return lambda p: np.mean((np.dot(X, p["w"]) + p["b"] - Y) ** 2)


def network_loss(np: Any) -> Callable[[Any], Any]:
    """The sum of squares of what a network of tanh layers makes of a batch."""

    def loss(p: Any) -> Any:
        x = BATCH
        for layer in range(LAYERS):
            x = np.tanh(np.dot(x, p[f"W{layer}"]) + p[f"b{layer}"])
        return np.sum(x**2)

    return loss


def line_by_hand(p: Any) -> Any:
    """The gradient of `line_loss`."""
    residuals = (0.02) * (X @ p["w"] + p["b"] - Y)
    return {"b": np.sum(residuals), "w": residuals @ X}


def network_by_hand(p: Any) -> Any:
    """The gradient of `network_loss`."""
    values = [BATCH]
    for layer in range(LAYERS):
        values.append(np.tanh(values[-1] @ p[f"W{layer}"] + p[f"b{layer}"]))
    slopes: dict[str, Any] = {}
    cotangent = 2.0 * values[-1]
    for layer in reversed(range(LAYERS)):
        cotangent = cotangent * (1.0 - values[layer + 1] ** 2)
        slopes[f"W{layer}"], slopes[f"b{layer}"] = values[layer].T @ cotangent, np.sum(cotangent, axis=0)
        cotangent = cotangent @ p[f"W{layer}"].T
    return slopes


def measured(title: str, loss: Callable[[Any], Callable[[Any], Any]], by_hand: Any, parameters: Any) -> bool:
    """Print the table of one program; whether symdiff is fast enough."""
    variants = {"by hand": by_hand, "symdiff": sd.grad(loss(np))}
    if installed("autograd"):
        import autograd

        variants["autograd"] = autograd.grad(loss(autograd.numpy))
    expected = by_hand(parameters)
    for name, gradient in variants.items():
        for key, slope in gradient(parameters).items():
            np.testing.assert_allclose(slope, expected[key], rtol=1e-10, atol=1e-12, err_msg=name)
    found = interleaved(variants, parameters)
    rows = [(name, f"{1e6 * statistics.median(times):,.1f} µs") for name, times in found.items()]
    show(title, ("", "a call"), rows)
    return "autograd" not in found or ratio(found, "symdiff", "autograd") < 0.5


def main() -> int:
    """Measure both programs."""
    fine = [
        measured("linear regression, 100 × 3, two parameters", line_loss, line_by_hand, LINE),
        measured("tanh network, 10 × 4, eight parameters", network_loss, network_by_hand, NETWORK),
    ]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
