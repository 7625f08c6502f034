"""Loops that end when they are done, as a scientist writes them, differentiated as they stand.

In: plain functions with `while`, `break` and `for` over many rounds. Out: their derivatives, beside what is known of
them in closed form. A loop stays a loop in the derivative, and in its source.
"""

import math

import numpy as np

import symdiff as sd


def taylor_sine(x):
    """The sine by its series, as long as the terms matter (autograd's example)."""
    ans = currterm = x
    i = 0
    while np.abs(currterm) > 0.001:
        currterm = -currterm * x**2 / ((2 * i + 3) * (2 * i + 2))
        ans = ans + currterm
        i += 1
    return ans


def square_root(a):
    """Newton's iteration."""
    x = a
    while True:
        new = 0.5 * (x + a / x)
        if abs(new - x) < 1e-13 * new:
            break
        x = new
    return new


def eccentric_anomaly(mean, eccentricity):
    """Kepler's equation, E - e sin E = M, by Newton's iteration."""
    anomaly, change = mean, 1.0
    while abs(change) > 1e-14:
        excess = anomaly - eccentricity * math.sin(anomaly) - mean
        change = excess / (1.0 - eccentricity * math.cos(anomaly))
        anomaly = anomaly - change
    return anomaly


def logistic_map(x, n, rate=3.7):
    """The map after n rounds; n may be an argument like any other, or static."""
    for _ in range(n):
        x = rate * x * (1.0 - x)
    return x


def bisected_root(a):
    """The square root of a by bisection: the bounds move by halves, whatever a is, so this has the derivative 0."""
    low, high = 0.0, 2.0
    while high - low > 1e-12:
        middle = 0.5 * (low + high)
        if middle * middle < a:
            low = middle
        else:
            high = middle
    return low


def polished_root(a):
    """One Newton step at the end gives the derivative back: that of the last step."""
    x = bisected_root(a)
    return x - (x * x - a) / (2.0 * x)


def prey_at_the_end(alpha, beta, gamma, delta, prey, hunters):
    """The equations of Lotka and Volterra over 10 units of time, in 4,000 steps of Heun's method."""
    step = 10.0 / 4_000
    for _ in range(4_000):
        grows, eats = prey * (alpha - beta * hunters), hunters * (delta * prey - gamma)
        prey_ahead, hunters_ahead = prey + step * grows, hunters + step * eats
        prey = prey + 0.5 * step * (grows + prey_ahead * (alpha - beta * hunters_ahead))
        hunters = hunters + 0.5 * step * (eats + hunters_ahead * (delta * prey_ahead - gamma))
    return prey


RATES_AND_STATE = ("alpha", "beta", "gamma", "delta", "prey", "hunters")


def main() -> None:
    """Print each derivative beside what it should be, and the source of one."""
    print(f"taylor_sine'(pi)       {sd.grad(taylor_sine)(math.pi)!r}")
    print(f"square_root'(2)        {sd.grad(square_root)(2.0)!r}, 1/(2 sqrt 2) = {0.5 / math.sqrt(2.0)!r}")
    by_mean = sd.grad(eccentric_anomaly)(1.0, 0.3)
    anomaly = eccentric_anomaly(1.0, 0.3)
    print(f"eccentric_anomaly'(1)  {by_mean!r}, implicitly {1.0 / (1.0 - 0.3 * math.cos(anomaly))!r}")
    print(f"logistic_map'(0.3)     {sd.grad(logistic_map)(0.3, 20)!r} after 20 rounds")
    print(f"bisection              {sd.grad(bisected_root)(0.5)!r}, polished {sd.grad(polished_root)(0.5)!r}")
    gradient = sd.grad(prey_at_the_end, RATES_AND_STATE)(1.1, 0.4, 0.4, 0.1, 10.0, 5.0)
    print("prey_at_the_end        " + ", ".join(f"{float(part):.6g}" for part in gradient))
    print(sd.grad(taylor_sine).source(backend="math"))


if __name__ == "__main__":
    main()
