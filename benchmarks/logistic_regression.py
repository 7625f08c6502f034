"""Value and gradient of logistic regression, 1000 × 784, beside hand-written NumPy and the peers.

In: the loss as it is written with plain NumPy. Out: a table of times and ratios, in one run, turn by turn; exit code
1 where symdiff takes more than 1.1 times the time of the hand-written function. All values are compared first.

Run: python benchmarks/logistic_regression.py
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import symdiff as sd
from measure import beside_numpy, installed, on_one_thread

ROWS, COLUMNS = 1000, 784
LIMIT = 1.1


def loss(m: Any) -> Callable[..., Any]:
    """The mean negative log-likelihood, on top of a library's functions."""

    def mean_loss(w, X, y):
        z = X @ w
        return m.mean(m.logaddexp(0.0, z) - y * z)

    return mean_loss


def by_hand(w: Any, X: Any, y: Any) -> tuple[Any, Any]:
    """Value and gradient with the least work."""
    z = X @ w
    value = np.mean(np.logaddexp(0.0, z) - y * z)
    return value, (1.0 / (1.0 + np.exp(-z)) - y) @ X / len(y)


def variants() -> dict[str, Callable[..., Any]]:
    """Every way to compute the pair, by name."""
    found: dict[str, Callable[..., Any]] = {"NumPy by hand": by_hand, "symdiff": sd.value_and_grad(loss(np))}
    if installed("autograd"):
        import autograd
        import autograd.numpy as autograd_numpy

        found["autograd"] = autograd.value_and_grad(loss(autograd_numpy))
    if installed("jax"):
        import jax

        jax.config.update("jax_enable_x64", True)
        found["jax.jit"] = jax.jit(jax.value_and_grad(loss(jax.numpy)))
    return found


def main() -> int:
    """Compare, measure, print; 1 where the limit is passed."""
    on_one_thread()
    rng = np.random.default_rng(0)
    X = rng.normal(size=(ROWS, COLUMNS))
    w = rng.normal(size=COLUMNS) / COLUMNS**0.5
    y = (rng.uniform(size=ROWS) < 0.5).astype(float)
    title = f"logistic regression {ROWS} × {COLUMNS}: value and gradient"
    return int(beside_numpy(title, variants(), (w, X, y)) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
