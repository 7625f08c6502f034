"""Rosenbrock's function: gradient and Hessian of two scalars and of a vector of any length, and Newton's method.

In: the function, written once for scalars and once for vectors. Out: derivatives in the shape of the arguments.
"""

from typing import Any

import numpy as np

import symdiff as sd


def banana(x: float, y: float) -> float:
    """Rosenbrock's function of two numbers; its minimum is at (1, 1)."""
    return (1.0 - x) ** 2 + 100.0 * (y - x**2) ** 2


def rosenbrock(x: Any) -> Any:
    """Rosenbrock's function of a vector; its minimum is at (1, 1, …, 1)."""
    total = 0.0
    for i in range(len(x) - 1):
        total = total + 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


BANANA_GRADIENT = sd.grad(banana, argnum=("x", "y"))
BANANA_HESSIAN = sd.hessian(banana, argnum=("x", "y"))
VALUE_AND_GRADIENT = sd.value_and_grad(rosenbrock)
HESSIAN = sd.hessian(rosenbrock)


def newton(start: Any, tolerance: float = 1e-12, steps: int = 100) -> tuple[Any, int]:
    """The minimum and the number of steps: Newton's method with halved steps where the value would rise."""
    x = np.asarray(start, dtype=float)
    for step in range(steps):
        value, gradient = VALUE_AND_GRADIENT(x)
        if np.max(np.abs(gradient)) < tolerance:
            return x, step
        direction = np.linalg.solve(HESSIAN(x), -gradient)
        length = 1.0
        while rosenbrock(x + length * direction) > value and length > 1e-10:
            length /= 2.0
        x = x + length * direction
    return x, steps


def main() -> None:
    """Print the derivatives at the classical starting point, and the way to the minimum."""
    print("gradient at (-1.2, 1):", BANANA_GRADIENT(-1.2, 1.0))
    print("Hessian  at (-1.2, 1):", BANANA_HESSIAN(-1.2, 1.0))
    minimum, steps = newton([-1.2, 1.0, -0.5, 0.8, 1.2])
    print(f"Newton's method for n = 5: {steps} steps to {np.array2string(minimum, precision=12)}")


if __name__ == "__main__":
    main()
