"""The values of routines of linear algebra: in float64 by NumPy and SciPy, in mpmath at the present precision.

In: a Linalg node and the values of its arguments; object arrays hold mpmath numbers. Out: its value, a tuple where the
node has several results. What has no value, as the inverse of a singular matrix, is nan.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir.lengths import static
from symdiff.ir.make_linalg import shapes_for
from symdiff.ir.nodes import Linalg

Array = Any

_SYMMETRY = 1e-8  # how far the elements of a symmetric matrix may be apart, relative to the largest


def linalg_value(node: Linalg, args: Sequence[Array]) -> Any:
    """The value, in the arithmetic of the arguments."""
    exact = any(np.asarray(arg).dtype == object for arg in args)
    is_complex = any(np.iscomplexobj(arg) for arg in args)
    dtype = object if exact else complex if is_complex else float
    try:
        value = _function(node.how, exact)(*(np.asarray(arg, dtype=dtype) for arg in args), **dict(node.options))
    except (np.linalg.LinAlgError, ArithmeticError, ValueError):
        shapes = shapes_for(node, [np.shape(arg) for arg in args])
        value = tuple(np.full(static(shape, node.how), _no_value(exact), dtype=dtype) for shape in shapes)
        value = value if node.parts else value[0]
    return tuple(part[()] for part in value) if node.parts else value[()]


def _function(how: str, exact: bool) -> Callable[..., Any]:
    if not exact:
        return FLOAT[how]
    from symdiff.ir.linalg_mpmath import MPMATH

    return MPMATH[how]


def _no_value(exact: bool) -> Any:
    if not exact:
        return np.nan
    import mpmath

    return mpmath.nan


def _eig(a: Array, *, is_real: bool) -> Any:
    """What should be real and is not has no value."""
    values, vectors = np.linalg.eig(a)
    if is_real and np.iscomplexobj(values):
        return np.full(values.shape, np.nan), np.full(vectors.shape, np.nan)
    return (values, vectors) if is_real else (values.astype(complex), vectors.astype(complex))


def _eigh(a: Array, *, lower: bool) -> Any:
    return tuple(np.linalg.eigh(a, UPLO="L" if lower else "U"))


def _cholesky(a: Array) -> Array:
    """Of Hermitian matrices only: NumPy reads one triangle and takes the other for granted."""
    largest = np.max(np.abs(a), axis=(-2, -1), initial=0.0, keepdims=True)
    mirrored = np.conj(np.swapaxes(a, -1, -2))
    symmetric = np.all(np.abs(a - mirrored) <= _SYMMETRY * largest, axis=(-2, -1), keepdims=True)
    return np.where(symmetric, np.linalg.cholesky(a), np.nan)


def _svd(a: Array, *, full: bool) -> Any:
    return tuple(np.linalg.svd(a, full_matrices=full))


def _qr(a: Array) -> Any:
    return tuple(np.linalg.qr(a))


def _lstsq(a: Array, b: Array, *, rcond: float | None) -> Array:
    return np.linalg.lstsq(a, b, rcond=rcond)[0]


def triangular(a: Array, *, lower: bool, trans: bool, unit: bool) -> Array:
    """The triangular matrix that `solve_triangular` solves with."""
    triangle = np.tril(a) if lower else np.triu(a)
    if unit:
        triangle = np.where(np.eye(a.shape[-1], dtype=bool), 1, triangle)
    return np.swapaxes(triangle, -1, -2) if trans else triangle


def _solve_triangular(a: Array, b: Array, **options: bool) -> Array:
    return np.linalg.solve(triangular(a, **options), b)


def dense(bands: Array, *, low: int, up: int) -> Array:
    """The square matrix with these diagonals, `bands[up + i - j, j]` at row i and column j."""
    count = bands.shape[1]
    matrix = np.zeros((count, count), dtype=bands.dtype)
    for i, j in np.ndindex(count, count):
        if -up <= i - j <= low:
            matrix[i, j] = bands[up + i - j, j]
    return matrix


def _solve_banded(bands: Array, b: Array, **options: int) -> Array:
    return np.linalg.solve(dense(bands, **options), b)


def _scipy(name: str) -> Callable[..., Any]:
    """A function of scipy.linalg, imported when it is called; of real matrices, what is complex has no value."""

    def function(*args: Array) -> Array:
        import scipy.linalg

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = getattr(scipy.linalg, name)(*args)
        if any(np.iscomplexobj(arg) for arg in args):
            return np.asarray(value, dtype=complex)
        return np.where(np.iscomplex(value), np.nan, np.real(value))

    return function


FLOAT: dict[str, Callable[..., Any]] = {
    "solve": np.linalg.solve,
    "inv": np.linalg.inv,
    "det": np.linalg.det,
    "slogdet": np.linalg.slogdet,
    "eig": _eig,
    "eigh": _eigh,
    "cholesky": _cholesky,
    "svd": _svd,
    "qr": _qr,
    "pinv": np.linalg.pinv,
    "lstsq": _lstsq,
    "tril": np.tril,
    "triu": np.triu,
    "solve_triangular": _solve_triangular,
    "solve_banded": _solve_banded,
    "solve_sylvester": _scipy("solve_sylvester"),
    "expm": _scipy("expm"),
    "logm": _scipy("logm"),
    "sqrtm": _scipy("sqrtm"),
}
