"""Nested parameters as one vector and back, for optimisers that know nothing but vectors.

In: tuples, lists, dicts of numbers and matrices. Out: the vector in a stated order, dict keys sorted, and the same
nesting again.
"""

from typing import Any

import numpy as np

import symdiff as sd

NESTINGS: dict[str, Any] = {
    "tuples in a list": [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0, 3.0)],
    "list of matrices": [np.eye(2), 2.0 * np.ones((2, 3)), np.zeros((1, 1))],
    "weights and biases": {"weights": np.arange(6.0).reshape(2, 3), "biases": np.array([10.0, 20.0])},
    "dicts of dicts": {"b": {"y": np.ones(2), "x": 5.0}, "a": {"w": (7.0, np.zeros((2, 1)))}},
}


def energy(parameters: Any) -> Any:
    """Half the sum of squares of weights, and the sum of biases."""
    return 0.5 * np.sum(parameters["weights"] ** 2) + np.sum(parameters["biases"])


def flat_gradient() -> Any:
    """The gradient of a function of a dict, by the vector of all its parameters."""
    vector, unflatten = sd.flatten(NESTINGS["weights and biases"])
    return sd.grad(lambda v: energy(unflatten(v)))(vector)


def main() -> None:
    """Print each nesting as a vector, and as it comes back."""
    for name, nesting in NESTINGS.items():
        vector, unflatten = sd.flatten(nesting)
        print(f"{name}: {vector}")
        print(f"  and back: {unflatten(vector)}")
    print("gradient by the vector:", flat_gradient())


if __name__ == "__main__":
    main()
