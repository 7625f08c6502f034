"""Errors in units in the last place.

In: numbers computed in double precision, and exact values in mpmath. Out: their distance, counted in the spacing of
doubles at the exact value (Muller et al., Handbook of Floating-Point Arithmetic, 2nd ed., section 2.6).
"""

import cmath
import math
import sys
from typing import Any

import numpy as np


def unit_in_last_place(exact: Any) -> float:
    """The spacing of doubles at the value; that of the largest doubles beyond their range."""
    magnitude = abs(float(exact))
    return math.ulp(magnitude) if magnitude <= 1.7976931348623157e308 else 2.0**971


def error_in_ulp(computed: Any, exact: Any, noise: float = 0.0) -> float:
    """The distance of a double from the exact value, in ULP, or in units of `noise` where that is larger.

    Equal infinities and two nans are no error; a value that is finite on one side only is an infinite one.

    >>> error_in_ulp(1.0 + 2.0**-52, 1.0)
    1.0
    """
    import mpmath

    if isinstance(computed, complex | np.complexfloating) or isinstance(exact, mpmath.mpc):
        return _complex_error(complex(computed), mpmath.mpc(exact), noise)
    number, reference = float(computed), mpmath.mpf(exact)
    if math.isnan(number) or mpmath.isnan(reference):
        return 0.0 if math.isnan(number) and mpmath.isnan(reference) else math.inf
    nearest = float(reference)
    if math.isinf(number) or math.isinf(nearest):
        return 0.0 if number == nearest else math.inf
    return float(abs(mpmath.mpf(number) - reference)) / max(unit_in_last_place(reference), noise)


def _complex_error(number: complex, reference: Any, noise: float) -> float:
    """The larger error of the two parts, in ULP of the absolute value: the smaller part has no accuracy of its own."""
    import mpmath

    nearest = complex(reference)
    if not (cmath.isfinite(number) and cmath.isfinite(nearest)):
        return 0.0 if repr(number) == repr(nearest) else math.inf
    unit = max(unit_in_last_place(abs(reference)), noise)
    difference = mpmath.mpc(number) - reference
    return float(max(abs(difference.real), abs(difference.imag))) / unit


def largest_error(computed: Any, exact: Any, noise: Any = 0.0) -> float:
    """The largest error among the elements of arrays of one shape; infinite where the shapes differ."""
    if np.shape(computed) != np.shape(exact):
        return math.inf
    if np.asarray(exact).dtype != object:
        return _largest_error_of_floats(np.asarray(computed), np.asarray(exact), noise)
    numbers, references = np.ravel(np.asarray(computed)), np.ravel(np.asarray(exact, dtype=object))
    noises = np.ravel(np.broadcast_to(noise, np.shape(exact)))
    pairs = zip(numbers, references, noises, strict=True)
    return max((error_in_ulp(number, reference, float(n)) for number, reference, n in pairs), default=0.0)


def _largest_error_of_floats(computed: Any, exact: Any, noise: Any) -> float:
    """The same where the exact values are floats, of more bits; the rules of `error_in_ulp`, for all elements."""
    with np.errstate(all="ignore"):
        nearest = exact.astype(complex if np.iscomplexobj(exact) else float)
        unit = np.maximum(np.spacing(np.minimum(np.abs(nearest), sys.float_info.max)), noise)
        difference = computed - exact
        errors = np.maximum(np.abs(difference.real), np.abs(difference.imag)) / unit
        same = (computed == nearest) | (np.isnan(computed) & np.isnan(nearest))
        errors = np.where(np.isfinite(computed) & np.isfinite(nearest), errors, np.where(same, 0.0, math.inf))
    return float(np.max(errors, initial=0.0))


_LARGEST = 2.0**1000  # an error where the exact value is 0 is any number of ULP


def stated_bound(error: float) -> int:
    """The power of two that a stated error is rounded up to: machines differ in the last bits of their libraries.

    >>> [stated_bound(error) for error in (0.0, 0.7, 1.2, 9.0)]
    [1, 1, 2, 16]
    """
    return 1 if error <= 1.0 else 2 ** math.ceil(math.log2(min(error, _LARGEST)))
