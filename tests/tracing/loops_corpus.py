"""Functions whose loops depend on data, each with arguments at which it is run.

In: nothing. Out: functions as a scientist writes them, by name, with points away from changes of the number of rounds.
"""

# ruff: noqa: RET503 (nothing stands behind a loop without end)

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

LOOPS: dict[str, tuple[Callable[..., Any], tuple[tuple[float, ...], ...]]] = {}


def loop(*points: tuple[float, ...]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        LOOPS[function.__name__] = (function, points)
        return function

    return register


@loop((math.pi,), (0.3,), (-7.1,), (0.0001,))
def taylor_sine(x):
    ans = currterm = x
    i = 0
    while np.abs(currterm) > 0.001:
        currterm = -currterm * x**2 / ((2 * i + 3) * (2 * i + 2))
        ans = ans + currterm
        i += 1
    return ans


@loop((2.0,), (1e4,), (0.03,))
def newton_root(a):
    x = a
    while True:
        new = 0.5 * (x + a / x)
        if abs(new - x) < 1e-13 * new:
            break
        x = new
    return new


@loop((1.0, 0.3), (2.5, 0.7))
def kepler(mean, eccentricity):
    anomaly = mean
    change = 1.0
    while abs(change) > 1e-14:
        change = (anomaly - eccentricity * math.sin(anomaly) - mean) / (1.0 - eccentricity * math.cos(anomaly))
        anomaly = anomaly - change
    return anomaly


@loop((0.3, 0), (0.3, 1), (0.3, 6))
def logistic_map(x, n):
    for _ in range(n):
        x = 3.7 * x * (1.0 - x)
    return x


@loop((0.4, 0.5), (-0.1, 0.2), (1.5, 0.1))
def mandelbrot_distance(a, b):
    x, y, dx, dy, n = a, b, 1.0, 0.0, 0
    while x * x + y * y < 1e4 and n < 40:
        dx, dy = 2.0 * (x * dx - y * dy) + 1.0, 2.0 * (x * dy + y * dx)
        x, y = x * x - y * y + a, 2.0 * x * y + b
        n += 1
    size = math.sqrt(x * x + y * y)
    return size * math.log(size) / math.sqrt(dx * dx + dy * dy) if size > 2.0 else 0.0


@loop((1.05,), (0.05,), (0.45,))
def nested(x):
    total, y = 0.0, x
    while y > 0.1:
        z = y * x
        while z > 0.05:
            total += z
            z *= 0.5
        y = y - 0.3
    return total


@loop((0.7,), (2.0,), (-1.0,))
def skipping(x):
    total = 0.0
    for k in range(3000):
        if k % 3 == 1:
            continue
        total += x / (k + 1.0) ** 2
        if total > 1.5:
            break
    else:
        total = total * 2.0
    return total


@loop((0.5,), (3.0,), (40.0,))
def returning(x):
    n = 0.0
    while x > 0.01:
        x = x * 0.5
        n += 1.0
        if n > 9.0:
            return x * n
    return x - n


@loop((0.5,), (-0.5,), (4.0,))
def guarded(x):
    if x > 0:
        y = x
        while y > 0.1:
            y = y / 2.0
        return math.log(y)
    return x * x


@loop((4.0,), (0.5,))
def zero_rounds_behind_a_pole(x):
    y = x
    while y > 1.0:
        y = y - 0.5 / (y - 1.0 + 1e-3)
        y = y * 0.9
    return y


@loop((0.3,), (5.0,))
def choosing(x):
    y, steps = x, 0
    while abs(y) > 0.2 and steps < 50:
        if y > 1.0:
            y = math.sqrt(y)
            y = y * 0.9
        else:
            y = y * y * 0.95
        steps += 1
    return y + steps * x


@loop((1.2, 4), (0.4, 0))
def last_number(x, n):
    k = -1.0
    for k in range(1, n):
        x = math.sin(x) * k
    return x + k


@loop((1.5,), (3.0,), (0.2,))
def named_in_the_test(x):
    while (y := x * x) > 1.0:
        x = x * 0.9
    return y + x


@loop((0.3, 0), (0.3, 3), (0.3, 5))
def table_of_an_argument(x, n):
    weights = np.array([1.0, -2.0, 3.0, 4.0, 0.5])
    total = 0.0
    for k in range(n):
        total = total * x + weights[k]
    return total


@loop((1.1, 0.4, 0.4, 0.1, 10.0, 5.0))
def predators(alpha, beta, gamma, delta, prey, hunters):
    for _ in range(2500):
        prey, hunters = (
            prey + 1e-3 * (alpha * prey - beta * prey * hunters),
            hunters + 1e-3 * (delta * prey * hunters - gamma * hunters),
        )
    return prey * hunters


@loop((0.9,), (3.0,))
def counted_until_it_returns(x):
    for i in itertools.count():
        x = x / 2.0
        if x < 0.1:
            return x * i


@loop((0.3,), (0.8,), (-0.7,))
def series_that_returns(x):
    total = 0.0
    for i in itertools.count(1):
        term = x**i / i
        if abs(term) < 1e-12:
            return total
        total = total + term


@loop((0.9,), (3.0,))
def counted_in_quarters(x):
    for t in itertools.count(0.5, 0.25):
        x = 0.5 * x + 0.01 * t
        if x < 0.2 * t:
            return x * t


@loop((0.9, 2.3), (3.0, -0.2))
def counted_from_an_argument(x, start):
    for t in itertools.count(start, 2):
        if t > 7.3 + x:
            return t * x * x


@loop((0.9,), (3.0,))
def repeated_until_it_returns(x):
    for factor in itertools.repeat(0.5 * x):
        x = x * 0.5 - 0.001 * factor
        if x < 0.1:
            return x * factor


@loop((0.9,), (3.0,), (0.05,))
def returns_from_an_inner_count(x):
    for i in itertools.count(1, 3):
        for j in range(3):
            x = 0.5 * x
            if x < 0.01:
                return x * i + j


@loop((1.9, 0.3), (0.3, 0.9))
def counted_on_one_side(x, y):
    if x > y:
        for k in itertools.count():
            x = x * 0.7
            if x < 0.1:
                return x * k
            if k > 5:
                return 3.0 * x
    y = y + 1.0
    return y * x


@loop((2.0,), (3.5,), (1.2,))
def final_size(reproduction):
    share = 0.9
    for _ in range(50):
        gap = 1 - share - math.exp(-reproduction * share)
        if abs(gap) < 1e-15:
            break
        share = share - gap / (reproduction * math.exp(-reproduction * share) - 1)
    return share


@loop((2.0,), (9.0,), (1.0,))
def first_overshoot(x):
    y = x
    for k in range(40):
        y = y * 1.1 + math.sin(y) ** 2 / (1 + y * y)
        if y > 12.0:
            return y * k
    return y


@loop((3.0, 0.2), (1.5, 0.4))
def lambert_by_halley(y, seed):
    w, n = seed, 0
    while n < 30:
        power = math.exp(w)
        gap = w * power - y
        step = gap / (power * (w + 1) - (w + 2) * gap / (2 * w + 2))
        w -= step
        n += 1
        if abs(step) <= 1e-15 * (1 + abs(w)):
            break
    return w


@loop((1.0, 2.0), (2.5, 0.7))
def functions_made_in_rounds(y, rate):
    t, step, error = 0.0, 0.1, 1.0
    while t < 2.0:
        slope = lambda u: rate * u * (1 - u / 4.0) + t  # noqa: E731, B023 (of this round)

        def heun(v, share=0.5):
            return step * slope(v + share * step * slope(v))  # noqa: B023

        step = step * (1 + 0.1 * math.tanh(heun(y, share=0.4)))
        y, t = y + heun(y), t + step
    while error > 1e-6:
        square = lambda z: z * z - y  # noqa: E731, B023
        y = y - 0.3 * square(y) / (2 * y)
        error = abs(square(2.0)) * error * 0.01
    return y + square(0.5)


@loop((0.74, 0.13), (1.5, 0.1), (0.1, 0.2))
def smooth_escape_time(a, b):
    x = y = 0.0
    for i in range(30):
        x, y = x * x - y * y + a, 2 * x * y + b
        size = x * x + y * y
        if size > 256:
            return i + 1 - math.log(math.log(size) / 2) / math.log(2)
    return x + 30.0
