"""What a training step of a compiled symbolic function costs, beside the same step in NumPy by hand.

In: logistic regression with 784 inputs on 400 examples, with the errors of all examples as a result and the weights
updated, as in Theano's tutorial. Out: a table of times and ratios; exit code 1 where a step takes more than 1.2 times
that by hand. The values are compared first: small weights, for the textbook's form by hand gives nan for large ones.

Run: python benchmarks/symbolic_training.py
"""

import statistics
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from measure import interleaved, on_one_thread, ratio, show
from symdiff.symbolic import function, grad, matrix, shared, vector

LIMIT = 1.2
EXAMPLES, FEATURES, RATE = 400, 784, 0.1
HAND, STABLE, OURS = "NumPy by hand", "NumPy by hand, stable", "symdiff.symbolic"

Step = Callable[[Any], Any]


def data() -> tuple[Any, Any, Any]:
    """Examples, targets and first weights."""
    generator = np.random.default_rng(1)
    examples = generator.normal(size=(EXAMPLES, FEATURES))
    return examples, generator.integers(0, 2, EXAMPLES).astype(float), 0.01 * generator.normal(size=FEATURES)


def by_hand(weights: Any, *, stable: bool) -> tuple[Step, Callable[[], Any]]:
    """A step that keeps its weights between calls, and a look at them."""
    state = {"w": weights.copy(), "b": 0.0}

    def step(given: Any) -> Any:
        X, y = given
        w, b = state["w"], state["b"]
        z = X @ w + b
        p = 1.0 / (1.0 + np.exp(-z))
        errors = np.logaddexp(0.0, z) - y * z if stable else -y * np.log(p) - (1.0 - y) * np.log(1.0 - p)
        residual = (p - y) / len(y)
        state["w"] = w - RATE * (residual @ X + 0.02 * w)
        state["b"] = b - RATE * residual.sum()
        return p > 0.5, errors

    return step, lambda: (state["w"], state["b"])


def ours(weights: Any) -> tuple[Step, Callable[[], Any]]:
    """The same, derived."""
    x, y = matrix("x"), vector("y")
    w, b = shared(weights, name="w"), shared(0.0, name="b")
    p = 1 / (1 + np.exp(-np.dot(x, w) - b))
    errors = -y * np.log(p) - (1 - y) * np.log(1 - p)
    cost = errors.mean() + 0.01 * (w**2).sum()
    slopes = grad(cost, [w, b])
    updates = [(each, each - RATE * slope) for each, slope in zip((w, b), slopes, strict=True)]
    train = function([x, y], [p > 0.5, errors], updates=updates)
    return lambda given: train(*given), lambda: (w.get_value(), b.get_value())


def main() -> int:
    """Check the values, measure, print; 1 where the ratio is over the limit."""
    on_one_thread()
    examples, targets, weights = data()
    made = {HAND: by_hand(weights, stable=False), STABLE: by_hand(weights, stable=True), OURS: ours(weights)}
    expected = None
    for name, (step, look) in made.items():
        for _ in range(50):
            predicted, errors = step((examples, targets))
        found = (*look(), errors, predicted)
        expected = expected or found
        for value, right in zip(found, expected, strict=True):
            assert np.allclose(value, right, rtol=1e-9, atol=1e-12), f"{name} computes another value"
    times = interleaved({name: step for name, (step, _) in made.items()}, (examples, targets))
    rows = [
        (name, f"{statistics.median(seconds) * 1e6:.1f} µs", f"{ratio(times, name, HAND):.2f}")
        for name, seconds in times.items()
    ]
    show(f"a training step, {EXAMPLES} × {FEATURES}", ("", "a step", "ratio"), rows)
    found_ratio = ratio(times, OURS, HAND)
    print(f"\nlimit: {LIMIT} times NumPy by hand; found {found_ratio:.2f}")
    return int(found_ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
