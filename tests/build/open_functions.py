"""Functions of arrays of any length, whose generated modules are kept in tests/golden."""

from typing import Any

import numpy as np


def logistic(w: "d", X: "n d", y: "n") -> Any:  # type: ignore[name-defined]  # noqa: F821, F722
    """The mean loss of a logistic regression."""
    return np.mean(np.log1p(np.exp(-y * (X @ w))))


def network(params: Any, X: Any, y: Any) -> Any:
    """A network with one hidden layer and a softmax, its mean cross entropy."""
    (W, b), (V, c) = params
    hidden = np.tanh(X @ W + b)
    logits = hidden @ V + c
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    logp = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(np.sum(y * logp, axis=1))


def rough(n: Any, x: Any) -> Any:
    """A parameter that is called as the size: slices, a ramp, and what depends on the length itself."""
    steps = np.diff(x) * len(x)
    ramp = np.linspace(0.0, 1.0, len(x))
    return n * np.sum(steps * steps) + np.var(x - ramp) + x[-1] * x[0]
