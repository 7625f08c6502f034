"""A Gaussian process fitted to data: the marginal likelihood, its gradient as a person writes it, and a prediction.

In: points, noisy values, and the logarithms of three hyperparameters. Out: the hyperparameters at the likelihood's
maximum, and what they say between the points. The model is that of Rasmussen and Williams, Gaussian Processes for
Machine Learning (2006), section 2.3 and algorithm 2.1; the gradient is their equation 5.9, found from the likelihood.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

import symdiff as sd

Array = np.ndarray[Any, Any]

SHAPES = {"theta": (3,), "X": "n d", "y": "n"}


def covariance(theta: Array, X: Array, Z: Array) -> Array:
    """The squared exponential kernel: theta holds the logarithms of height, length scale and noise."""
    distances = np.sum((X[:, None, :] - Z[None, :, :]) ** 2, axis=2)
    height, scale = np.exp(2.0 * theta[0]), np.exp(theta[1])
    result: Array = height * np.exp(-0.5 * distances / scale**2)
    return result


def surprise(theta: Array, X: Array, y: Array) -> Any:
    """Minus the logarithm of the marginal likelihood, up to a constant."""
    K = covariance(theta, X, X) + np.exp(2.0 * theta[2]) * np.eye(X.shape[0])
    _, logdet = np.linalg.slogdet(K)
    return 0.5 * y @ np.linalg.solve(K, y) + 0.5 * logdet


def surprise_by_cholesky(theta: Array, X: Array, y: Array) -> Any:
    """The same by the Cholesky factor, as algorithm 2.1 has it."""
    K = covariance(theta, X, X) + np.exp(2.0 * theta[2]) * np.eye(X.shape[0])
    L = np.linalg.cholesky(K)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return 0.5 * y @ alpha + np.sum(np.log(np.diagonal(L)))


SLOPE = sd.value_and_grad(surprise, shapes=SHAPES)


def fitted(
    theta: Array, X: Array, y: Array, slope: Callable[..., Any] = SLOPE, steps: int = 400, rate: float = 0.05
) -> Array:
    """The hyperparameters after gradient descent with momentum."""
    velocity = np.zeros_like(theta)
    for _ in range(steps):
        _, gradient = slope(theta, X, y)
        velocity = 0.8 * velocity - rate * gradient / len(y)
        theta = theta + velocity
    return theta


def predicted(theta: Array, X: Array, y: Array, Z: Array) -> Array:
    """The mean of the process at other points."""
    K = covariance(theta, X, X) + np.exp(2.0 * theta[2]) * np.eye(len(y))
    mean: Array = covariance(theta, Z, X) @ np.linalg.solve(K, y)
    return mean


def data(count: int = 40) -> tuple[Array, Array]:
    """A sine with noise of standard deviation 0.1."""
    random = np.random.default_rng(7)
    X = np.sort(random.uniform(-3.0, 3.0, (count, 1)), axis=0)
    return X, np.sin(2.0 * X[:, 0]) + 0.1 * random.normal(size=count)


def main() -> None:
    """Fit, and print the hyperparameters, a prediction, and the lines of the gradient that do linear algebra."""
    X, y = data()
    start = np.array([0.0, 0.0, -1.0])
    theta = fitted(start, X, y)
    before, after = SLOPE(start, X, y)[0], SLOPE(theta, X, y)[0]
    print(f"minus log likelihood {before:.3f} -> {after:.3f}")
    print("height {:.2f}, length scale {:.2f}, noise {:.3f}".format(*np.exp(theta)))
    Z = np.array([[0.4], [1.3]])
    for point, value in zip(Z[:, 0], predicted(theta, X, y, Z), strict=True):
        print(f"at {point}: {value:.3f}, sine {np.sin(2.0 * point):.3f}")
    print("\n".join(line.strip() for line in SLOPE.source().splitlines() if "np.linalg" in line))


if __name__ == "__main__":
    main()
