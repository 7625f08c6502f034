"""Linear and polynomial regression by gradient descent, with the parameters in a dict.

In: 100 points on a noisy line, and on a noisy polynomial of degree 4. Out: the parameters, and figures of data and fit
where matplotlib is installed.
"""

import sys
from typing import Any

import numpy as np

import symdiff as sd

SLOPE, OFFSET = 4.0, 10.0
COEFFICIENTS = np.array([1.0, -2.0, 0.5, 3.0, 2.0])


def line_data() -> tuple[Any, Any]:
    """100 points with noise of 0.1 about the line."""
    random = np.random.default_rng(7)
    x = np.linspace(0.0, 1.0, 100)
    return x, SLOPE * x + OFFSET + 0.1 * random.standard_normal(100)


def polynomial_data() -> tuple[Any, Any]:
    """100 points with noise of 0.1 about the polynomial."""
    random = np.random.default_rng(8)
    x = np.linspace(-1.0, 1.0, 100)
    return x, polynomial({"c": COEFFICIENTS}, x) + 0.1 * random.standard_normal(100)


def line(parameters: Any, x: Any) -> Any:
    """w x + b."""
    return parameters["w"] * x + parameters["b"]


def polynomial(parameters: Any, x: Any) -> Any:
    """The polynomial with the coefficients c, the constant one first (Horner)."""
    value = 0.0 * x
    for k in reversed(range(5)):
        value = value * x + parameters["c"][k]
    return value


def line_loss(parameters: Any, x: Any, y: Any) -> Any:
    """Half the sum of squares of the residuals of the line."""
    return 0.5 * np.sum((line(parameters, x) - y) ** 2)


def polynomial_loss(parameters: Any, x: Any, y: Any) -> Any:
    """Half the sum of squares of the residuals of the polynomial."""
    return 0.5 * np.sum((polynomial(parameters, x) - y) ** 2)


LINE_GRADIENT = sd.grad(line_loss)
POLYNOMIAL_GRADIENT = sd.grad(polynomial_loss)


def descend(gradient: Any, parameters: Any, data: tuple[Any, Any], steps: int, rate: float) -> Any:
    """The parameters after so many steps."""
    for _ in range(steps):
        slopes = gradient(parameters, *data)
        parameters = {key: value - rate * slopes[key] for key, value in parameters.items()}
    return parameters


def fitted_line() -> Any:
    """The parameters of the line after 1,000 steps of 0.01."""
    return descend(LINE_GRADIENT, {"w": 0.0, "b": 0.0}, line_data(), 1000, 0.01)


def fitted_polynomial() -> Any:
    """The coefficients of the polynomial after 10,000 steps of 0.001."""
    return descend(POLYNOMIAL_GRADIENT, {"c": np.zeros(5)}, polynomial_data(), 10_000, 0.001)


def plot(path: str) -> None:
    """Data and fits as a figure."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    for axes, (x, y), fit in (
        (left, line_data(), lambda x: line(fitted_line(), x)),
        (right, polynomial_data(), lambda x: polynomial(fitted_polynomial(), x)),
    ):
        axes.plot(x, y, ".", x, fit(x), "-")
    figure.savefig(path)
    plt.close(figure)


def main(figure: str = "") -> None:
    """Print the parameters that were found beside those of the data."""
    found = fitted_line()
    print(f"line: w = {found['w']:.4f} (data {SLOPE}), b = {found['b']:.4f} (data {OFFSET})")
    coefficients = fitted_polynomial()["c"]
    print("polynomial:", np.array2string(coefficients, precision=3))
    print("      data:", COEFFICIENTS)
    if figure:
        plot(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
