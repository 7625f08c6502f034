"""Lists and tuples looked up at places that depend on the arguments."""

from typing import NamedTuple

from tests.tracing.corpus import case

PLACES = [(0.4, 1.7), (1.3, 0.6), (0.1, 0.2), (1.9, 1.1)]
HEIGHTS = [[1.0, 2.0, 4.0], [1.5, 2.5, 5.0], [3.0, 3.5, 7.0]]
KNOTS = ((0.0, 1.0), (1.0, 3.0), (2.5, 4.0))


class Region(NamedTuple):
    name: str
    slope: float
    terms: dict[str, list[float]]


REGIONS = [Region("r", 1.5, {"a": [1.0, 2.0], "b": [0.5]}), Region("r", -0.5, {"a": [3.0, 0.0], "b": [2.5]})]


@case(PLACES)
def bilinear(x, y):
    i, j = int(x), int(y)
    u, v = x - i, y - j
    low = HEIGHTS[i][j] * (1 - v) + HEIGHTS[i][j + 1] * v
    high = HEIGHTS[i + 1][j] * (1 - v) + HEIGHTS[i + 1][j + 1] * v
    return low * (1 - u) + high * u


@case(PLACES)
def between_knots(x, y):
    k = int(x)
    (x0, y0), (x1, y1) = KNOTS[k], KNOTS[k + 1]
    return y0 + (x - x0) / (x1 - x0) * (y1 - y0) + KNOTS[-k - 1][0] * y


@case(PLACES)
def regions(x, y):
    region = REGIONS[int(y)]
    total = sum(c * x**n for n, c in enumerate(region.terms["a"]))
    return total * region.slope + region.terms["b"][0] * len(region.name) + max(region.terms["a"])


@case(PLACES)
def made_in_the_function(x, y):
    order, powers = [1, 2, 0], [x, x**2, x**3]
    rows = [[x * (i + j) for j in range(3)] for i in range(3)]
    return powers[order[int(y)]], rows[int(x)][int(y)], list(HEIGHTS[int(x)])


@case(PLACES)
def weights_in_turn(x, y):
    total, k = 0.0, 0
    weights = (1.0, 2.0, 0.5, 0.25)
    while total < x and k < 4:
        total += weights[k] * y
        k += 1
    return total
