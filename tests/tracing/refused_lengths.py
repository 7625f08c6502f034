"""Functions of arrays of any length that cannot hold for every length: each is refused with its line."""

import numpy as np

from tests.tracing.refused import REFUSED as REFUSED
from tests.tracing.refused import refused


@refused(shapes={"x": "n", "y": "m"})
def compared_lengths(x, y):
    if len(x) != len(y):
        raise ValueError("x and y differ")
    return np.sum(x) * np.sum(y)


@refused(shapes={"x": "n"})
def list_of_an_open_length(x):
    return sum(list(x))


@refused(shapes={"x": "n"})
def position_that_may_be_negative(x):
    n = len(x)
    return np.sum(x[n - 3 :])


@refused(shapes={"x": "n"})
def columns_of_an_open_length(x):
    return np.eye(len(x), len(x) + 1).T @ x


@refused(shapes={"x": "n"})
def range_of_fractions(x):
    return x * np.arange(0.0, 0.1 * len(x), 0.1)


@refused(shapes={"x": "n"})
def positions_in_an_open_length(x):
    y = np.zeros(len(x))
    y[np.argsort(x)[:2]] = 1.0
    return y


@refused(shapes={"x": 0})
def length_of_nothing(x):
    return np.sum(x)
