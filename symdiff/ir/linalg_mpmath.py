"""Routines of linear algebra in mpmath, for matrices given as object arrays of mpmath numbers.

In: arrays. Out: arrays, at mpmath's present precision. Where a routine chooses between signs, as for eigenvectors, the
choice is LAPACK's: the factors are those nearest to what NumPy computes from the same numbers in double precision.
"""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

Array = Any


def _matrix(a: Array) -> Any:
    return mpmath.matrix(a.tolist())


def _array(matrix: Any) -> Array:
    return np.array(matrix.tolist(), dtype=object).reshape(matrix.rows, matrix.cols)


def _floats(a: Array) -> Array:
    return np.array(a, dtype=float)


def _batched(function: Callable[..., Any], *ranks: int) -> Callable[..., Any]:
    """The function of matrices, for each matrix of a batch. `ranks` are the axes that each argument's matrices have."""

    def apply(*args: Array, **options: Any) -> Any:
        own = [min(rank, arg.ndim) for arg, rank in zip(args, ranks, strict=True)]
        batches = [arg.shape[: arg.ndim - rank] for arg, rank in zip(args, own, strict=True)]
        batch = np.broadcast_shapes(*batches)
        if not batch:
            return function(*args, **options)
        full = [np.broadcast_to(arg, batch + arg.shape[arg.ndim - rank :]) for arg, rank in zip(args, own, strict=True)]
        found = [function(*(arg[position] for arg in full), **options) for position in np.ndindex(*batch)]
        if isinstance(found[0], tuple):
            return tuple(_stacked(list(part), batch) for part in zip(*found, strict=True))
        return _stacked(found, batch)

    return apply


def _stacked(items: list[Any], batch: tuple[int, ...]) -> Array:
    shape = np.shape(items[0])
    result = np.empty((len(items), *shape), dtype=object)
    for position, item in enumerate(items):
        result[position] = item
    return result.reshape(batch + shape)


def _as_scalar(value: Any) -> Array:
    result = np.empty((), dtype=object)
    result[()] = value
    return result


def _solve(a: Array, b: Array) -> Array:
    """LU with partial pivoting; every right side shares it."""
    columns = b.reshape(b.shape[0], -1)
    factors, pivots = mpmath.mp.LU_decomp(_matrix(a))
    solved = np.empty(columns.shape, dtype=object)
    for number in range(columns.shape[1]):
        right = mpmath.mp.L_solve(factors, mpmath.matrix(columns[:, number].tolist()), pivots)
        solved[:, number] = list(mpmath.mp.U_solve(factors, right))
    return solved.reshape(b.shape)


def _inverse(a: Array) -> Array:
    identity = np.empty(a.shape, dtype=object)
    identity[...] = mpmath.mpf(0)
    np.fill_diagonal(identity, mpmath.mpf(1))
    return _solve(a, identity)


def _determinant(a: Array) -> Array:
    return _as_scalar(mpmath.det(_matrix(a)))


def _log_determinant(a: Array) -> tuple[Array, Array]:
    value = mpmath.det(_matrix(a))
    return _as_scalar(mpmath.sign(value)), _as_scalar(mpmath.log(abs(value)) if value else mpmath.mpf("-inf"))


def _eigh(a: Array, *, lower: bool) -> tuple[Array, Array]:
    half = np.tril(a) if lower else np.triu(a).T
    symmetric = half + np.tril(half, -1).T
    values, vectors = mpmath.eigsy(_matrix(symmetric))
    order = sorted(range(values.rows), key=lambda number: values[number])
    found = _array(vectors)[:, order]
    _, nearest = np.linalg.eigh(_floats(symmetric))
    return np.array([values[number] for number in order], dtype=object), found * _signs(found, nearest)


def _signs(columns: Array, nearest: Array) -> Array:
    """The sign of every column that brings it nearest to the one in double precision."""
    products = np.sum(_floats(columns) * nearest, axis=0)
    return np.array([mpmath.mpf(-1 if product < 0 else 1) for product in products], dtype=object)


MPMATH: dict[str, Callable[..., Any]] = {
    "solve": _batched(_solve, 2, 2),
    "inv": _batched(_inverse, 2),
    "det": _batched(_determinant, 2),
    "slogdet": _batched(_log_determinant, 2),
    "eigh": _batched(_eigh, 2),
    "tril": np.tril,
    "triu": np.triu,
}
