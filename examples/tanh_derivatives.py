"""The hyperbolic tangent and six of its derivatives, from its definition by exponentials.

In: tanh written as a plain function. Out: its derivatives as functions, at a point, on a grid, and as a figure where
matplotlib is installed.
"""

import sys
from typing import Any

import numpy as np

import symdiff as sd

GRID = np.linspace(-7.0, 7.0, 200)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent of x / 2."""
    y = np.exp(-x)
    return (1.0 - y) / (1.0 + y)


DERIVATIVES = [sd.derivative(tanh, order=order) for order in range(7)]


def curves() -> Any:
    """The function and its derivatives on the grid, one row each."""
    return np.array([derivative(GRID) for derivative in DERIVATIVES])


def plot(path: str) -> None:
    """The curves as a figure."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    for order, curve in enumerate(curves()):
        axes.plot(GRID, curve, label=f"order {order}")
    axes.legend()
    figure.savefig(path)
    plt.close(figure)


def main(figure: str = "") -> None:
    """Print the first derivative at 1, and the largest value of each on the grid; draw them where a path is given."""
    print(f"derivative at 1: {DERIVATIVES[1](1.0)!r}")
    print(f"by differences:  {(tanh(1.0001) - tanh(0.9999)) / 0.0002:.12f}")
    for order, curve in enumerate(curves()):
        print(f"order {order}: at most {np.max(np.abs(curve)):.6f} on [-7, 7]")
    if figure:
        plot(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
