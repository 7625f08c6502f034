"""The rates of a decay chain A -> B -> C, fitted through an integrator that chooses its own steps.

In: measured amounts of B. Out: the rates, by Gauss-Newton. The integrator (P. Bogacki and L. F. Shampine, "A
3(2) pair of Runge-Kutta formulas", 1989) keeps a step whose error is small, tries a shorter one otherwise,
and collects the steps in lists; a measurement is looked up between two of them. How many steps there are
depends on the rates: there is no closed form for all rates, and `sd.jacobian` follows the steps of each call.
Bateman's solution of the chain (1910) says what is right.
"""

import bisect
import math

import numpy as np

import symdiff as sd

TRUE_RATES = np.array([0.9, 0.35])
TIMES = [0.5, 1.0, 2.0, 3.5, 5.0, 8.0]
TOLERANCE = 1e-4


def slopes(amounts, rates):
    decayed = rates * amounts
    return np.array([-decayed[0], decayed[0] - decayed[1]])


def integrated(rates, end):
    """Times and amounts of the steps until `end`, beginning with one unit of A."""
    times, states, step = [0.0], [np.array([1.0, 0.0])], 0.5
    while times[-1] < end:
        before = states[-1]
        k1 = slopes(before, rates)
        k2 = slopes(before + 0.5 * step * k1, rates)
        k3 = slopes(before + 0.75 * step * k2, rates)
        after = before + step * (2.0 * k1 + 3.0 * k2 + 4.0 * k3) / 9.0
        k4 = slopes(after, rates)
        error = np.max(np.abs(step * (-5.0 * k1 / 72.0 + k2 / 12.0 + k3 / 9.0 - k4 / 8.0)))
        if error < TOLERANCE:
            times.append(times[-1] + step)
            states.append(after)
        step = step * min(5.0, max(0.2, 0.9 * (TOLERANCE / error) ** (1.0 / 3.0)))
    return times, states


def amounts_of_b(rates):
    """B at the times of the measurements, by cubic Hermite interpolation between the steps."""
    times, states = integrated(rates, TIMES[-1])
    found = []
    for time in TIMES:
        at = bisect.bisect_right(times, time) - 1
        width = times[at + 1] - times[at]
        s = (time - times[at]) / width
        left, right = states[at], states[at + 1]
        rise, fall = width * slopes(left, rates)[1], width * slopes(right, rates)[1]
        bend = s * (1.0 - s) * ((1.0 - 2.0 * s) * (right[1] - left[1]) + (s - 1.0) * rise + s * fall)
        found.append((1.0 - s) * left[1] + s * right[1] - bend)
    return np.array(found)


def bateman(rates):
    """B in closed form."""
    a, b = rates
    return np.array([a / (b - a) * (math.exp(-a * time) - math.exp(-b * time)) for time in TIMES])


def fit(measured, rates, rounds=5):
    """Gauss-Newton; the rates of every round, and the derivative that was used."""
    derivative = sd.jacobian(amounts_of_b)
    path = [rates]
    for _ in range(rounds):
        residuals = measured - amounts_of_b(path[-1])
        path.append(path[-1] + np.linalg.lstsq(derivative(path[-1]), residuals, rcond=None)[0])
    return path, derivative


def main():
    path, derivative = fit(bateman(TRUE_RATES), np.array([0.5, 0.6]))
    print("round   rates                  steps")
    for number, rates in enumerate(path):
        print(f"{number:5d}   {rates[0]:.6f}   {rates[1]:.6f}   {len(integrated(rates, TIMES[-1])[0]) - 1:5d}")
    print(derivative)
    print("the last path was decided by", len(derivative.guards), "conditions, the first:", derivative.guards[0])


if __name__ == "__main__":
    main()
