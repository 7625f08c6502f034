"""Unusual arrays: empty, of zero size, without axes, of other dtypes, read-only, with gaps, with nan, ragged.

Each gives what plain NumPy gives, or is refused with the user's line; what the caller passed is never changed.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import SymdiffError
from symdiff.ir.check import check
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function

REDUCTIONS: dict[str, Callable[..., Any]] = {
    "sum": lambda x: np.sum(x),
    "sum of an axis": lambda x: np.sum(x, axis=0),
    "prod": lambda x: np.prod(x),
    "cumsum": lambda x: np.cumsum(x, axis=-1),
    "cumprod": lambda x: np.cumprod(x),
    "sort": lambda x: np.sort(x, axis=0),
    "argsort": lambda x: np.argsort(x, axis=-1),
    "reshape": lambda x: np.reshape(x, -1),
    "concatenate": lambda x: np.concatenate([x, x]),
    "stack": lambda x: np.stack([x, x], axis=1),
    "transpose": lambda x: x.T,
    "flip": lambda x: x[::-1],
    "roll": lambda x: np.roll(x, 1),
    "tile": lambda x: np.tile(x, 2),
    "repeat": lambda x: np.repeat(x, 2),
    "diff": lambda x: np.diff(x, axis=0),
    "matmul": lambda x: x @ x.T,
    "einsum": lambda x: np.einsum("i...->...", x),
    "gather": lambda x: x[[0, 0] if len(x) else []],
    "mask": lambda x: x[np.ones(len(x), dtype=bool)],
    "where": lambda x: np.where(x > 0.0, x, 1.0),
    "outer": lambda x: np.outer(x, x),
    "exp": lambda x: np.exp(x) * 2.0,
    "pad": lambda x: np.pad(x, 1),
    "nansum": lambda x: np.nansum(x),
}
EMPTY = [np.zeros((0,)), np.zeros((0, 3)), np.zeros((2, 0))]


def computed(function: Callable[..., Any], array: Any) -> Any:
    """The value by the emitted NumPy code."""
    return compile_program(check(trace_function(function, args=[array])), "numpy")(array)


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("array", EMPTY, ids=[str(array.shape) for array in EMPTY])
def test_empty_arrays_give_what_numpy_gives(name: str, array: Any) -> None:
    function = REDUCTIONS[name]
    try:
        expected = np.asarray(function(array))
    except (ValueError, IndexError):
        with pytest.raises((SymdiffError, ValueError, IndexError)):
            computed(function, array)
        return
    found = np.asarray(computed(function, array))
    assert found.shape == expected.shape
    np.testing.assert_array_equal(found, expected)
    if expected.dtype == float:
        slope = sd.grad(lambda x: np.sum(function(x)))(array)
        assert np.shape(slope) == array.shape


@pytest.mark.parametrize("function", [np.max, np.min, np.argmax, np.median], ids=lambda function: function.__name__)
def test_what_nothing_has_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises((SymdiffError, ValueError)):
        sd.grad(lambda x: function(x))(np.zeros((0,)))


def loss(x: Any) -> Any:
    return np.sum(np.cumsum(x, axis=0) * x) + np.sum(np.sort(x, axis=-1)[..., 0]) + np.sum(x[[1, 0]] ** 2)


BASE = np.arange(12.0).reshape(3, 4) % 5.0 - 1.5
FORMS: dict[str, Any] = {
    "int": np.arange(12).reshape(3, 4) % 5,
    "float32": BASE.astype(np.float32),
    "read-only": BASE.copy(),
    "with gaps": np.repeat(BASE, 2, axis=1)[:, ::2],
    "backwards": BASE[::-1],
    "columns first": np.asfortranarray(BASE),
    "lists": BASE.tolist(),
}
FORMS["read-only"].flags.writeable = False


@pytest.mark.parametrize("name", FORMS)
def test_arrays_of_every_form_give_the_same_derivative_and_stay_as_they_are(name: str) -> None:
    given = FORMS[name]
    kept = np.array(given, copy=True)
    plain = np.asarray(given, dtype=float)
    expected = sd.grad(loss)(plain)
    found = sd.grad(loss, shapes={"x": (3, 4)})(given)
    np.testing.assert_allclose(np.asarray(found, dtype=float), expected, rtol=1e-5 if name == "float32" else 1e-13)
    np.testing.assert_array_equal(np.asarray(given), kept)
    if name == "float32":
        assert found.dtype == np.float32


@pytest.mark.parametrize("given", [BASE > 0.0, BASE.astype(object)], ids=["truth values", "objects"])
def test_what_is_no_array_of_numbers_is_not_differentiated_by(given: Any) -> None:
    with pytest.raises(SymdiffError, match="nothing can be differentiated by it"):
        sd.grad(loss)(given)


def test_arrays_without_axes() -> None:
    assert sd.grad(lambda x: np.cumsum(x)[0] * np.sort(x, axis=None)[0])(np.array(3.0)) == 6.0
    assert sd.grad(lambda x: np.sum(np.atleast_2d(x)) ** 2)(np.float64(3.0)) == 6.0


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.sort(x),
        lambda x: np.median(x),
        lambda x: np.quantile(x, 0.3),
        lambda x: np.cumsum(x),
        lambda x: np.max(x),
        lambda x: np.nanmax(x),
        lambda x: np.nanmean(x),
        lambda x: np.nanmedian(x),
        lambda x: np.argmax(x),
        lambda x: np.nan_to_num(x),
        lambda x: np.interp(0.5, [0.0, 1.0, 2.0, 3.0], x),
        lambda x: np.maximum.accumulate(x),
    ],
)
def test_nan_goes_where_numpy_lets_it_go(function: Callable[..., Any]) -> None:
    given = np.array([2.0, np.nan, -1.0, 0.5])
    np.testing.assert_array_equal(computed(function, given), function(given))


def test_a_gradient_around_nan_is_right_where_it_exists() -> None:
    given = np.array([2.0, np.nan, -1.0, 0.5])
    np.testing.assert_array_equal(sd.grad(lambda x: np.nansum(x**2))(given), [4.0, 0.0, -2.0, 1.0])
    np.testing.assert_array_equal(sd.grad(lambda x: np.nanmax(x))(given), [1.0, 0.0, 0.0, 0.0])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.array([[x[0], x[1]], [x[2]]]),
        lambda x: np.array([x, x[:2]]),
        lambda x: x[x > 0.0],
        lambda x: x[0.5],
        lambda x: x[[0.5]],
        lambda x: x[x],
        lambda x: x[5],
        lambda x: x[[0, 7]],
        lambda x: np.where(x > 0.0),
        lambda x: np.unique(x),
        lambda x: np.histogram(x),
        lambda x: np.arange(x[0]),
        lambda x: np.reshape(x, (2, 2)),
        lambda x: np.take(x, x),
        lambda x: np.einsum("i,j->k", x, x),
        lambda x: np.concatenate([x, x[None]]),
        lambda x: np.pad(x, 1, mode="median"),
        lambda x: np.quantile(x, 0.5, method="inverted_cdf"),
    ],
)
def test_what_has_no_fixed_shape_or_no_meaning_is_refused_with_the_line(function: Callable[..., Any]) -> None:
    with pytest.raises((SymdiffError, IndexError, ValueError)) as caught:
        sd.lambdify(function, shapes={"x": 3})(np.array([0.5, 1.5, -1.0]))
    if isinstance(caught.value, SymdiffError):
        assert "test_hostile_arrays.py" in str(caught.value)


def test_a_large_array_makes_no_more_code_than_a_small_one() -> None:
    def function(x):  # type: ignore[no-untyped-def]
        y = np.zeros(len(x))
        y[1:-1] = np.diff(x, n=2) ** 2
        y[0] = x[0]
        padded = np.pad(np.roll(y, 3), (2, 1), mode="reflect")
        return np.sum(np.sort(padded)[: len(x)] * np.cumprod(np.tile(x, 2)[: len(x)]) + np.linspace(x[0], x[1], len(x)))

    small, large = (sd.trace(function, shapes={"x": length}) for length in (10_000, 1_000_000))
    assert len(small.program.nodes()) == len(large.program.nodes())
    assert len(large.program.nodes()) < 60


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.trapezoid(x[0], x),
        lambda x: np.trapezoid(x, np.stack([x, 2.0 * x])),
        lambda x: np.trapezoid(x, np.stack([x, 2.0 * x]), axis=-2),
        lambda x: np.trapezoid(x, x[1]),
    ],
)
def test_coordinates_of_a_trapezoid_have_axes_of_their_own(function: Callable[..., Any]) -> None:
    given = np.array([[0.3, -1.0, 2.0], [1.5, 0.2, 0.7], [0.1, 0.9, -0.4]])
    np.testing.assert_allclose(computed(function, given), function(given), rtol=1e-14)


def test_knots_at_one_place_are_a_step() -> None:
    """The last of them counts, and no gradient divides by the width of the step."""
    knots, heights = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0]), np.array([1.0, 2.0, 4.0, 5.0, 8.0, 9.0])
    for place in (-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0):
        value, slopes = sd.value_and_grad(np.interp, argnum=(1, 2))(place, knots, heights)
        assert value == np.interp(place, knots, heights)
        assert np.all(np.isfinite(slopes))
    assert sd.grad(np.interp, argnum=0)(1.5, knots, heights) == 3.0


def test_coefficients_of_a_polynomial_may_be_arrays() -> None:
    c, x = np.array([[1.0, 2.0, 3.0], [-1.0, 0.5, 2.0]]), np.array([0.5])
    np.testing.assert_allclose(computed(lambda c: np.polyval(c, 0.5), c), np.polyval(c, 0.5))
    np.testing.assert_allclose(computed(lambda x: np.polyval(c, x), x), np.polyval(c, x))
    ascending = np.polynomial.polynomial.polyval
    np.testing.assert_allclose(computed(lambda c: ascending(np.array([0.5, 2.0]), c), c), ascending([0.5, 2.0], c))
