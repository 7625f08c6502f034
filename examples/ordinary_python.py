"""Functions as they stand in scientific programs, with branches, loops and assignment, and their derivatives.

In: a tax schedule, robust losses, Horner's rule, the gamma function by Lanczos' series, an integrator, linear solvers,
a Kalman filter, a dynamic programme, a heat equation, the logistic map: plain Python, nothing of it written for
differentiation. Out: derivatives, each beside a value that is known in another way.
"""

import math
from typing import Any

import numpy as np

import symdiff as sd

# A tax schedule with zones (income in thousands).


def tax(income: float) -> float:
    """Income tax by zones, rising within two of them."""
    if income <= 11.6:
        return 0.0
    if income <= 17.0:
        y = (income - 11.6) / 10.0
        return (0.92298 * y + 1.4) * y
    if income <= 66.7:
        z = (income - 17.0) / 10.0
        return (0.18119 * z + 2.397) * z + 1.02538
    return 0.42 * income - 10.60213 if income < 277.8 else 0.45 * income - 18.93613


# Robust losses and actuators.


def huber(r: float, delta: float = 1.0) -> float:
    """Quadratic near 0, linear beyond delta (Huber, 1964)."""
    if abs(r) <= delta:
        return 0.5 * r * r
    return delta * (abs(r) - 0.5 * delta)


def actuator(u: float, width: float = 0.2, limit: float = 1.0) -> float:
    """A dead zone, then a gain, then clipping."""
    if -width < u < width:
        return 0.0
    v = u - width if u > 0 else u + width
    return max(-limit, min(limit, 1.5 * v))


def hidden_layer(x: float, weights: tuple[float, ...] = (1.3, -0.7, 0.4), bias: float = 0.1) -> float:
    """The sum of three rectified units."""
    total = 0.0
    for w in weights:
        activation = w * x + bias
        total += activation if activation > 0 else 0.0
    return total


# Polynomials and special functions.

COEFFICIENTS = [2.0, -1.0, 0.5, 3.0, -2.5]


def horner(x: float) -> float:
    """2 x⁴ - x³ + x²/2 + 3 x - 5/2 by Horner's rule."""
    value = 0.0
    for coefficient in COEFFICIENTS:
        value = value * x + coefficient
    return value


LANCZOS = (
    *(0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059),
    *(12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7),
)


def gamma(x: float) -> float:
    """The gamma function by Lanczos' series, with reflection for x < 1/2 (Press et al., Numerical Recipes, 6.1)."""
    if x < 0.5:
        return math.pi / (math.sin(math.pi * x) * gamma_right(1.0 - x))
    return gamma_right(x)


def gamma_right(x: float) -> float:
    """The series, for x of at least 1/2."""
    x -= 1.0
    series = LANCZOS[0]
    for k in range(1, len(LANCZOS)):
        series += LANCZOS[k] / (x + k)
    t = x + len(LANCZOS) - 1.5
    return math.sqrt(2.0 * math.pi) * t ** (x + 0.5) * math.exp(-t) * series


# Lotka and Volterra's predators and prey by Runge and Kutta's method.


def predators(theta: Any, start: Any, steps: int = 40, h: float = 0.05) -> Any:
    """Prey and predators after `steps` steps; theta holds the four rates."""
    a, b, c, d = theta

    def slope(state: Any) -> Any:
        prey, hunters = state
        return np.array([a * prey - b * prey * hunters, d * prey * hunters - c * hunters])

    state = start
    for _ in range(steps):
        k1 = slope(state)
        k2 = slope(state + 0.5 * h * k1)
        k3 = slope(state + 0.5 * h * k2)
        k4 = slope(state + h * k3)
        state = state + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return state


# Linear systems, in place.


def lu_solve(A: Any, b: Any) -> Any:
    """The solution of A x = b by elimination without pivots, in place on copies."""
    n = len(b)
    U, x = A.copy(), b.copy()
    for k in range(n):
        for i in range(k + 1, n):
            factor = U[i, k] / U[k, k]
            for j in range(k, n):
                U[i, j] -= factor * U[k, j]
            x[i] -= factor * x[k]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            x[i] -= U[i, j] * x[j]
        x[i] /= U[i, i]
    return x


def thomas(lower: Any, diagonal: Any, upper: Any, b: Any) -> Any:
    """The solution of a tridiagonal system (Thomas, 1949)."""
    n = len(b)
    c, d = np.zeros(n), np.zeros(n)
    c[0], d[0] = upper[0] / diagonal[0], b[0] / diagonal[0]
    for i in range(1, n):
        pivot = diagonal[i] - lower[i - 1] * c[i - 1]
        if i < n - 1:
            c[i] = upper[i] / pivot
        d[i] = (b[i] - lower[i - 1] * d[i - 1]) / pivot
    for i in range(n - 2, -1, -1):
        d[i] -= c[i] * d[i + 1]
    return d


# Estimation and decisions.


def kalman_step(x: Any, P: Any, z: float, q: float, r: float) -> Any:
    """Position and speed after one prediction and the measurement z of the position (Kalman, 1960)."""
    F = np.array([[1.0, 0.1], [0.0, 1.0]])
    H = np.array([1.0, 0.0])
    x, P = F @ x, F @ P @ F.T
    P[0, 0] += q
    P[1, 1] += q
    innovation = z - H @ x
    spread = H @ P @ H + r
    gain = P @ H / spread
    return x + gain * innovation


def best_path(scores: Any, switch: float) -> Any:
    """The score of the best sequence of states, where each change costs `switch` (Viterbi, 1967)."""
    best = [scores[0, state] for state in range(scores.shape[1])]
    for t in range(1, scores.shape[0]):
        new = []
        for state in range(len(best)):
            stay = best[state]
            for other in range(len(best)):
                if other != state and best[other] - switch > stay:
                    stay = best[other] - switch
            new.append(stay + scores[t, state])
        best = new
    return max(best)


# Fields and maps.


def heat(u: Any, diffusivity: float, steps: int = 12) -> Any:
    """A rod with fixed ends after some explicit steps."""
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += diffusivity * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return u


def logistic(x: float, r: float = 3.7, n: int = 8) -> float:
    """The logistic map after n rounds."""
    for _ in range(n):
        x = r * x * (1.0 - x)
    return x


MARGINAL_RATE = sd.derivative(tax)
GAMMA_SLOPE = sd.derivative(gamma)
SENSITIVITY = sd.jacobian(predators, argnum=("theta", "start"), static=("steps", "h"))
LOGISTIC_SLOPE = sd.derivative(logistic, static=("n",))


def main() -> None:
    """Print each derivative beside what it must be."""
    for income in (10.0, 15.0, 40.0, 100.0, 300.0):
        print(f"tax({income:5.1f}) = {tax(income):8.4f}, marginal rate {MARGINAL_RATE(income):.4f}")
    print("Huber's slope at -3, 0.3, 2:", sd.derivative(huber)(np.array([-3.0, 0.3, 2.0])))
    print("actuator's gain at 0.1, 0.5, 2:", sd.derivative(actuator)(np.array([0.1, 0.5, 2.0])))
    print("polynomial's slope at 2:", sd.derivative(horner)(2.0), "of", 8 * 2.0**3 - 3 * 2.0**2 + 2.0 + 3.0)
    for x in (-1.5, 0.25, 4.0):
        print(f"gamma({x}) = {gamma(x):.12f}, of {math.gamma(x):.12f}; slope {GAMMA_SLOPE(x):.12f}")
    by_rates, by_start = SENSITIVITY(np.array([1.1, 0.4, 0.4, 0.1]), np.array([10.0, 5.0]))
    print("sensitivity of prey and predators to the rates:", by_rates.round(4).tolist())
    print("and to their numbers at the start:", by_start.round(4).tolist())
    print("logistic map: slope after 8 rounds", LOGISTIC_SLOPE(0.3))


if __name__ == "__main__":
    main()
