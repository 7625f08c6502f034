"""Functions that raise for some arguments; apart from the tests, whose own `assert` pytest rewrites."""

import math

import numpy as np

import symdiff as sd


class UnphysicalError(ValueError):
    """Of the user's own."""


def asserted(x):
    assert x > 0, "positive numbers only"
    return math.log(x)


def raising(x):
    if x < 0:
        raise ValueError("negative")
    return math.sqrt(x) * 2.0


def raising_at_the_end(x):
    if x > 0:
        return math.sqrt(x)
    raise ArithmeticError


def named(x):
    if not -3.0 < x < 30.0:
        raise UnphysicalError(f"{x} is not between {-3.0:.1f} and {30}")
    return x * x


def bounded(x):
    if x > 30.0:
        raise UnphysicalError("large")
    return x * x


def checked_twice(x):
    assert x < 10.0
    if x <= 0.0:
        raise ValueError("not positive", 3)
    y = math.log(x)
    if y > 1.0:
        raise OverflowError("logarithm")
    return y


def in_a_helper(x):
    return raising(x - 1.0) + x


def in_a_loop(x):
    total = 0.0
    for k in range(3):
        if x > k:
            total += x * k
            if total > 9.0:
                raise RuntimeError("too much")
    return total


def in_an_inner_function(x):
    return sd.derivative(raising)(x) * x


def caught(x):
    try:
        return bounded(x * 20.0)
    except UnphysicalError:
        return x


without_source = eval("lambda x: in_a_helper(x) if x < 4.0 else x / 2", {"in_a_helper": in_a_helper})


def that_does_not_converge(x):
    steps = 0
    while abs(x) > 0.01:
        x = 0.5 * x
        steps += 1
        if steps > 10:
            raise RuntimeError("no convergence")
    return x * steps


def in_rounds_of_rounds(x):
    total = 0.0
    for k in range(2_500):
        z = x
        while z > 0.5:
            assert z < 12.0 + k, "too far"
            z = 0.4 * z
        total += z / (k + 1.0) ** 2
        if total < -3.0:
            raise ValueError("negative")
    if total > 0.75:
        raise ArithmeticError
    return total


def raising_or_returning_in_rounds(x):
    while True:
        x = x - 0.7
        if x < -2.0:
            raise OverflowError("below")
        if x < 1.0:
            return math.exp(x)


FUNCTIONS = [
    asserted,
    raising,
    raising_at_the_end,
    named,
    checked_twice,
    in_a_helper,
    in_a_loop,
    that_does_not_converge,
    in_rounds_of_rounds,
    raising_or_returning_in_rounds,
    in_an_inner_function,
    caught,
    without_source,
]


def normalised(p):
    assert np.all(p >= 0.0), "negative probability"
    if np.sum(p) == 0.0:
        raise ValueError("nothing to divide")
    return np.sum(p * p) / np.sum(p) ** 2


def mean_root(x):
    assert np.all(x > 0.0), "positive"
    return np.mean(np.sqrt(x))


def inside_of_a_box(x):
    if np.any(np.abs(x) > np.array([1.0, 2.0])):
        raise ValueError("outside")
    return np.sum(x * x) / 2.0


def below_all_limits(x):
    if np.any(x > np.array([2.0, 3.0])):
        raise ValueError("limit")
    return x * x
