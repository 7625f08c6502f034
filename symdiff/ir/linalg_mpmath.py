"""Routines of linear algebra in mpmath, for matrices given as object arrays of mpmath numbers.

In: arrays. Out: arrays, at mpmath's present precision. Where a routine chooses between signs, as for eigenvectors, the
choice is LAPACK's: the factors are those nearest to what NumPy computes from the same numbers in double precision.
Between the phases of complex vectors it chooses so that one element is real (see `calculus/phases.py`).
"""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from symdiff.ir.linalg_values import dense, triangular

Array = Any


def _matrix(a: Array) -> Any:
    return mpmath.matrix(a.tolist())


def _array(matrix: Any) -> Array:
    return np.array(matrix.tolist(), dtype=object).reshape(matrix.rows, matrix.cols)


def _floats(a: Array) -> Array:
    """In double precision, complex where an element is."""
    return np.array(a, dtype=complex if _is_complex(a) else float)


def _is_complex(a: Array) -> bool:
    return any(isinstance(element, mpmath.mpc | complex) for element in a.flat)


def _conjugate(a: Array) -> Array:
    return np.frompyfunc(mpmath.conj, 1, 1)(a)


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
    try:
        factors, pivots = mpmath.mp.LU_decomp(_matrix(a))
    except TypeError as error:  # mpmath looks for a pivot where all are 0
        raise ZeroDivisionError("the matrix is singular") from error
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
    is_complex = _is_complex(a)
    half = np.tril(a, -1) if lower else _conjugate(np.triu(a, 1)).T
    diagonal = np.array([mpmath.re(element) for element in np.diagonal(a)], dtype=object)
    matrix = _matrix(half + _conjugate(half).T + np.diag(diagonal))
    values, vectors = mpmath.eighe(matrix) if is_complex else mpmath.eigsy(matrix)
    order = sorted(range(values.rows), key=lambda number: values[number])
    found = _array(vectors)[:, order]
    _, nearest = np.linalg.eigh(_floats(a), UPLO="L" if lower else "U")
    turned = _phases(found, nearest, 0 if lower else -1) if is_complex else _signs(found, nearest)
    return np.array([values[number] for number in order], dtype=object), found * turned


def _signs(columns: Array, nearest: Array) -> Array:
    """The sign of every column that brings it nearest to the one in double precision."""
    products = np.real(np.sum(np.conj(_floats(columns)) * nearest, axis=0))
    return np.array([mpmath.mpf(-1 if product < 0 else 1) for product in products], dtype=object)


def _phases(columns: Array, nearest: Array, rows: Any) -> Array:
    """The number of size 1 for every column that makes its element in one row real, and brings it nearest."""
    elements = columns[rows, np.arange(columns.shape[1])]
    found = np.array([mpmath.conj(each) / abs(each) if each else mpmath.mpf(1) for each in elements], dtype=object)
    return found * _signs(columns * found, nearest)


def _eig(a: Array, *, is_real: bool) -> tuple[Array, Array]:
    """In LAPACK's order; vectors have length 1, and their largest element is real."""
    values, vectors = mpmath.eig(_matrix(a))
    wanted, nearest = np.linalg.eig(_floats(a))
    if is_real and np.iscomplexobj(wanted):
        return np.full(wanted.shape, mpmath.nan, dtype=object), np.full(nearest.shape, mpmath.nan, dtype=object)
    order, left = [], list(range(len(values)))
    for value in wanted:
        order.append(min(left, key=lambda number: abs(complex(values[number]) - value)))
        left.remove(order[-1])
    found = _array(vectors)[:, order]
    found = found / np.array([mpmath.norm(column.tolist()) for column in found.T], dtype=object)
    found = found * _phases(found, nearest, np.argmax(np.abs(nearest), axis=0))
    kind = np.frompyfunc(mpmath.re if is_real else mpmath.mpc, 1, 1)
    return kind(np.array([values[number] for number in order], dtype=object)), kind(found)


def _cholesky(a: Array) -> Array:
    """Of the Hermitian part."""
    return _array(mpmath.cholesky(_matrix((a + _conjugate(a).T) / 2)))


def _svd(a: Array, *, full: bool) -> tuple[Array, Array, Array]:
    is_complex = _is_complex(a)
    decomposed = (mpmath.svd_c if is_complex else mpmath.svd_r)(_matrix(a), full_matrices=full)
    u, s, vh = (np.array(part.tolist(), dtype=object) for part in decomposed)
    nearest, _, other = np.linalg.svd(_floats(a), full_matrices=full)
    count = min(a.shape)
    if is_complex:
        turned = _phases(u, nearest, 0) if a.shape[0] < a.shape[1] else _phases(_conjugate(vh).T, _adjoint(other), 0)
        return u * turned, np.ravel(s), (vh.T * _conjugate(turned)).T
    left, right = _signs(u, nearest), _signs(vh.T, other.T)
    right[:count] = left[:count]  # the sign of a pair of vectors is one
    return u * left, np.ravel(s), (vh.T * right).T


def _adjoint(a: Array) -> Array:
    return np.conj(a).T


def _qr(a: Array) -> tuple[Array, Array]:
    q, r = (_array(part) for part in mpmath.qr(_matrix(a), mode="skinny"))
    nearest, _ = np.linalg.qr(_floats(a))
    signs = _signs(q, nearest)
    return q * signs, (r.T * signs).T


def _pinv(a: Array, *, rcond: float) -> Array:
    """By singular values: those below `rcond` times the largest count as 0."""
    u, s, vh = _svd(a, full=False)
    kept = [mpmath.mpf(0) if value <= rcond * s[0] else 1 / value for value in s]
    return np.dot(_conjugate(vh).T * np.array(kept, dtype=object), _conjugate(u).T)


def _lstsq(a: Array, b: Array, *, rcond: float | None) -> Array:
    return np.dot(_pinv(a, rcond=max(a.shape) * 2.0**-52 if rcond is None else rcond), b)


def _solve_triangular(a: Array, b: Array, **options: bool) -> Array:
    return _solve(triangular(a, **options) + mpmath.mpf(0), b)


def _solve_banded(bands: Array, b: Array, **options: int) -> Array:
    return _solve(dense(bands, **options) + mpmath.mpf(0), b)


def _solve_sylvester(a: Array, b: Array, q: Array) -> Array:
    """The linear system for all elements of x, row by row: a ⊗ 1 + 1 ⊗ bᵀ."""
    m, n = q.shape
    system = np.kron(a, np.eye(n, dtype=int)) + np.kron(np.eye(m, dtype=int), b.T)
    return _solve(system, q.reshape(-1)).reshape(m, n)


def _function(name: str) -> Callable[..., Array]:
    """A function of matrices; of real ones, what is complex has no value."""

    def real(value: Any, scale: Any) -> Any:
        value = mpmath.mpmathify(value)
        return value.real if abs(value.imag) <= scale else mpmath.nan

    def function(a: Array) -> Array:
        found = _array(getattr(mpmath, name)(_matrix(a)))
        if _is_complex(a):
            return np.frompyfunc(mpmath.mpc, 1, 1)(found)
        scale = mpmath.sqrt(mpmath.eps) * (1 + max(abs(value) for value in found.flat))
        return np.frompyfunc(real, 2, 1)(found, scale)

    return function


MPMATH: dict[str, Callable[..., Any]] = {
    "solve": _batched(_solve, 2, 2),
    "inv": _batched(_inverse, 2),
    "det": _batched(_determinant, 2),
    "slogdet": _batched(_log_determinant, 2),
    "eig": _batched(_eig, 2),
    "eigh": _batched(_eigh, 2),
    "cholesky": _batched(_cholesky, 2),
    "svd": _batched(_svd, 2),
    "qr": _batched(_qr, 2),
    "pinv": _batched(_pinv, 2),
    "lstsq": _lstsq,
    "tril": np.tril,
    "triu": np.triu,
    "solve_triangular": _batched(_solve_triangular, 2, 2),
    "solve_banded": _solve_banded,
    "solve_sylvester": _batched(_solve_sylvester, 2, 2, 2),
    "expm": _batched(_function("expm"), 2),
    "logm": _batched(_function("logm"), 2),
    "sqrtm": _batched(_function("sqrtm"), 2),
}
