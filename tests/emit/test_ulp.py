"""Errors in units in the last place."""

import math

import mpmath
import numpy as np
import pytest

from symdiff.emit.ulp import error_in_ulp, largest_error, stated_bound


@pytest.mark.parametrize(
    ("computed", "exact", "expected"),
    [
        (1.0, mpmath.mpf(1), 0.0),
        (1.0 + 2.0**-52, mpmath.mpf(1), 1.0),
        (5e-324, mpmath.mpf(0), 1.0),
        (0.1, mpmath.mpf(1) / 10, 0.4),
        (math.nan, mpmath.nan, 0.0),
        (math.inf, mpmath.inf, 0.0),
        (math.inf, mpmath.mpf(10) ** 400, 0.0),
        (math.nan, mpmath.mpf(1), math.inf),
        (math.inf, mpmath.mpf(1), math.inf),
        (-math.inf, mpmath.inf, math.inf),
        (1.0, mpmath.nan, math.inf),
    ],
)
def test_errors(computed: float, exact: mpmath.mpf, expected: float) -> None:
    with mpmath.workdps(50):
        exact = mpmath.mpf(1) / 10 if expected == 0.4 else exact
        assert error_in_ulp(computed, exact) == pytest.approx(expected)


def test_noise_counts_where_it_is_larger() -> None:
    assert error_in_ulp(1.5, mpmath.mpf(1), noise=0.25) == 2.0
    assert error_in_ulp(1.0 + 2.0**-52, mpmath.mpf(1), noise=1e-30) == 1.0


def test_arrays_of_other_shapes_are_wrong() -> None:
    exact = np.array([mpmath.mpf(1), mpmath.mpf(2)], dtype=object)
    assert largest_error(np.array([1.0, 2.0]), exact) == 0.0
    assert largest_error(1.0, exact) == math.inf


@pytest.mark.parametrize(("error", "bound"), [(0.0, 1), (1.0, 1), (1.01, 2), (4.0, 4), (15.0, 16), (1000.0, 1024)])
def test_stated_bounds_hold(error: float, bound: int) -> None:
    assert stated_bound(error) == bound
