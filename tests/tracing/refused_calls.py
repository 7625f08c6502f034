"""Functions that leave the work to a library, or make an ordinary mistake: each is refused with what to do about it."""

import math
from pathlib import Path

import numpy as np
from scipy import integrate, interpolate, optimize, special

from tests.tracing.refused import refused
from tests.tracing.refused_rounds import REFUSED as REFUSED


@refused()
def compared_with_text(mode, x):
    return x**2 if mode == "square" else x**3


@refused()
def integrated_by_a_library(a):
    return integrate.quad(lambda t: math.exp(-a * t * t), 0, 1)[0]


@refused()
def solved_by_a_library(a):
    return optimize.brentq(lambda x: x**3 - a, 0, 10)


@refused()
def interpolated_by_a_library(x):
    return interpolate.CubicSpline([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 4.0, 9.0])(x)


@refused()
def misspelt_function(x):
    return np.sine(x)


@refused()
def number_as_a_dict(p):
    return p["a"] * p["b"] ** 2


@refused()
def file_that_is_not_there(x):
    return x * float(Path("rate of next year.txt").read_text())


@refused()
def ufunc_of_scipy(x):
    return special.kolmogorov(x) * x


@refused()
def faddeeva_of_a_complex_number(x, width):
    return special.wofz(x + 1j * width).real
