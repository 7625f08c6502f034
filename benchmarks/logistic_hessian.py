"""The Hessian of logistic regression, 1000 rows, beside `X.T @ (s[:, None] * X)` by hand and the peers.

In: the loss as it is written with plain NumPy. Out: tables of times and ratios for 10, 100 and 500 parameters, in one
run and turn by turn; exit code 1 where symdiff takes more than 1.2 times the time of the hand-written function. All
values are compared first.

Run: python benchmarks/logistic_hessian.py
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import symdiff as sd
from logistic_regression import loss
from measure import beside_numpy, installed, on_one_thread

ROWS, COLUMNS = 1000, (10, 100, 500)
AUTOGRAD_MOST = 100  # it differentiates the gradient row by row
LIMIT = 1.2


def by_hand(w: Any, X: Any, y: Any) -> Any:
    """The weights of the rows are p (1 - p)."""
    z = X @ w
    p = 1.0 / (1.0 + np.exp(-z))
    s = p * (1.0 - p) / len(y)
    return X.T @ (s[:, None] * X)


def variants(columns: int) -> dict[str, Callable[..., Any]]:
    """Every way to compute the matrix, by name."""
    found: dict[str, Callable[..., Any]] = {"NumPy by hand": by_hand, "symdiff": sd.hessian(loss(np))}
    if installed("autograd") and columns <= AUTOGRAD_MOST:
        import autograd
        import autograd.numpy as autograd_numpy

        found["autograd"] = autograd.hessian(loss(autograd_numpy))
    if installed("jax"):
        import jax

        jax.config.update("jax_enable_x64", True)
        found["jax.jit"] = jax.jit(jax.hessian(loss(jax.numpy)))
    return found


def main() -> int:
    """Compare, measure, print; 1 where the limit is passed."""
    on_one_thread()
    rng = np.random.default_rng(0)
    ratios = []
    for columns in COLUMNS:
        X = rng.normal(size=(ROWS, columns))
        w = rng.normal(size=columns) / columns**0.5
        y = (rng.uniform(size=ROWS) < 0.5).astype(float)
        title = f"logistic regression {ROWS} × {columns}: Hessian"
        ratios.append(beside_numpy(title, variants(columns), (w, X, y)))
    return int(max(ratios) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
