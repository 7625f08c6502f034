"""Hares and lynxes: the parameters of differential equations from data, by SciPy's solver and least squares.

In: the pelts, in thousands, that the Hudson's Bay Company collected from 1900 to 1920 (Howard, Data for the Hudson's
Bay Company, 2009), and the equations of Lotka and Volterra. Out: rates and initial numbers that fit best, with the
Jacobian of the residuals by `sd.jacobian`: `scipy.integrate.odeint` is traced along with its slope function.
"""

from typing import Any

import numpy as np
from scipy.integrate import odeint
from scipy.optimize import least_squares

import symdiff as sd

YEARS = np.arange(1900.0, 1921.0)
_HARES = "30.0 47.2 70.2 77.4 36.3 20.6 18.1 21.4 22.0 25.4 27.1 40.3 57.0 76.6 52.3 19.5 11.2 7.6 14.6 16.2 24.7"
_LYNXES = "4.0 6.1 9.8 35.2 59.4 41.7 19.0 13.0 8.3 9.1 7.4 8.0 12.3 19.5 45.7 51.1 29.7 15.8 9.7 10.1 8.6"
HARES, LYNXES = (np.array([float(count) for count in counts.split()]) for counts in (_HARES, _LYNXES))


def change(numbers: Any, year: float, birth: float, hunted: float, death: float, fed: float) -> Any:
    """How hares and lynxes change within a year."""
    hares, lynxes = numbers
    return [(birth - hunted * lynxes) * hares, (fed * hares - death) * lynxes]


def residuals(parameters: Any) -> Any:
    """The logarithms of computed over counted numbers; the parameters are four rates and two initial numbers."""
    numbers = odeint(change, parameters[4:], YEARS, args=tuple(parameters[:4]))
    return np.concatenate([np.log(numbers[:, 0] / HARES), np.log(numbers[:, 1] / LYNXES)])


START = np.array([0.5, 0.03, 0.8, 0.03, 30.0, 4.0])
JACOBIAN = sd.jacobian(residuals, shapes={"parameters": "6"})


def fit() -> Any:
    """What SciPy's least squares find with this Jacobian."""
    return least_squares(residuals, START, jac=JACOBIAN)


def main() -> None:
    """Print the fit beside that of a Jacobian by differences."""
    found, by_differences = fit(), least_squares(residuals, START)
    for name, result in (("symdiff", found), ("differences", by_differences)):
        print(f"{name:12}", *(f"{value:8.4f}" for value in result.x), f"  cost {result.cost:.6f}, {result.nfev} steps")
    print("largest slope left:", float(np.max(np.abs(found.grad))))


if __name__ == "__main__":
    main()
