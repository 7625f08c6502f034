"""Functions of matrices for tests: every routine of np.linalg and scipy.linalg that has a rule, in its variants.

In: nothing. Out: functions with their arguments at a point. `sl` is scipy.linalg.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import scipy.linalg as sl

Function = Callable[..., Any]


class Case(NamedTuple):
    """A function and its arguments. in_autograd: whether autograd has the right derivative."""

    function: Function
    args: tuple[Any, ...]
    in_autograd: bool = True
    argnum: int = 0


_random = np.random.default_rng(20_260)
SQUARE = _random.normal(size=(3, 3)) + 2.0 * np.eye(3)
OTHER = _random.normal(size=(3, 3))
COVARIANCE = OTHER @ OTHER.T + 2.0 * np.eye(3)
TALL, WIDE = _random.normal(size=(4, 2)), _random.normal(size=(2, 4))
VECTOR, COLUMNS, LONG = _random.normal(size=3), _random.normal(size=(3, 2)), _random.normal(size=4)
BATCH = _random.normal(size=(2, 3, 3)) + 2.0 * np.eye(3)
COVARIANCES = BATCH @ np.swapaxes(BATCH, -1, -2) + np.eye(3)
TALLS = _random.normal(size=(2, 4, 2))
BANDS = _random.normal(size=(4, 5)) + np.array([[0.0], [0.0], [6.0], [0.0]])
FIVE, FIVE_COLUMNS = _random.normal(size=5), _random.normal(size=(5, 2))
LARGE = _random.normal(size=(5, 5)) + 2.0 * np.eye(5)

CASES: dict[str, Case] = {}


def case(name: str, *args: Any, in_autograd: bool = True, argnum: int = 0) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        CASES[name] = Case(function, args, in_autograd, argnum)
        return function

    return register


def _solve(a, b):
    return np.sum(np.sin(np.linalg.solve(a, b)))


case("solve: matrix", SQUARE, VECTOR)(_solve)
case("solve: vector", SQUARE, VECTOR, argnum=1)(_solve)
case("solve: matrix, columns", SQUARE, COLUMNS)(_solve)
case("solve: columns", SQUARE, COLUMNS, argnum=1)(_solve)
case("solve: batch of matrices, one vector", BATCH, VECTOR, in_autograd=False)(_solve)
case("solve: one vector, batch of matrices", BATCH, VECTOR, in_autograd=False, argnum=1)(_solve)
case("solve: batch of columns", BATCH, BATCH[..., :1], argnum=1)(_solve)
case("solve: one matrix, batch of columns", SQUARE, BATCH[..., :2], in_autograd=False)(_solve)


@case("inv", SQUARE)
@case("inv: batch", BATCH)
def _inv(a):
    return np.sum(np.sin(np.linalg.inv(a)))


@case("det", SQUARE)
@case("det: large", LARGE)
@case("det: batch", BATCH)
def _det(a):
    return np.sum(np.linalg.det(a) ** 2)


@case("slogdet", SQUARE)
@case("slogdet: batch", BATCH)
def _slogdet(a):
    sign, logdet = np.linalg.slogdet(a)
    return np.sum(sign * logdet**2)


@case("cholesky", COVARIANCE)
@case("cholesky: batch", COVARIANCES)
def _cholesky(a):
    return np.sum(np.sin(np.linalg.cholesky(a)))


@case("cholesky: upper", COVARIANCE, in_autograd=False)
def _cholesky_upper(a):
    return np.sum(np.sin(np.linalg.cholesky(a, upper=True)))


@case("eigh", COVARIANCE)
@case("eigh: batch", COVARIANCES)
def _eigh(a):
    values, vectors = np.linalg.eigh(a)
    return np.sum(values**3) + np.sum(np.abs(vectors[..., 0] * vectors[..., 1]))


@case("eigh: upper triangle", COVARIANCE)
def _eigh_upper(a):
    values, vectors = np.linalg.eigh(a, UPLO="U")
    return np.sum(values**3) + np.sum(np.abs(vectors[:, 0] * vectors[:, 1]))


@case("eigvalsh", COVARIANCE, in_autograd=False)
def _eigvalsh(a):
    return np.sum(np.linalg.eigvalsh(a) ** 3)


@case("svd: tall", TALL)
@case("svd: wide", WIDE)
@case("svd: square", SQUARE)
@case("svd: batch", TALLS)
def _svd(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum(np.abs(u) ** 3) + np.sum(s**3) + np.sum(np.abs(vh) ** 3)


@case("svd: values", TALL)
def _singular_values(a):
    return np.sum(np.linalg.svd(a, compute_uv=False) ** 3)


@case("qr: tall", TALL, in_autograd=False)
@case("qr: wide", WIDE, in_autograd=False)
@case("qr: batch", TALLS, in_autograd=False)
def _qr(a):
    q, r = np.linalg.qr(a)
    return np.sum(np.sin(q)) + np.sum(r**3)


@case("pinv: tall", TALL)
@case("pinv: wide", WIDE)
@case("pinv: batch", TALLS)
def _pinv(a):
    return np.sum(np.sin(np.linalg.pinv(a)))


def _lstsq(a, b):
    return np.sum(np.sin(np.linalg.lstsq(a, b, rcond=None)[0]))


case("lstsq: tall", TALL, LONG, in_autograd=False)(_lstsq)
case("lstsq: tall, right side", TALL, LONG, in_autograd=False, argnum=1)(_lstsq)
case("lstsq: wide", WIDE, LONG[:2], in_autograd=False)(_lstsq)
case("lstsq: wide, right side", WIDE, LONG[:2], in_autograd=False, argnum=1)(_lstsq)
case("lstsq: columns", TALL, TALL**2, in_autograd=False)(_lstsq)


@case("lstsq: residuals", TALL, LONG, in_autograd=False)
def _residuals(a, b):
    return np.linalg.lstsq(a, b, rcond=None)[1][0]


@case("matrix_power", SQUARE, in_autograd=False)
def _powers(a):
    power = np.linalg.matrix_power
    return np.sum(power(a, 5)) + np.sum(power(a, -2)) + np.sum(power(a, 0) * a)


@case("multi_dot", SQUARE, VECTOR, in_autograd=False)
def _multi_dot(a, b):
    return np.linalg.multi_dot([b, a, a.T, a, b])


@case("tensorsolve", np.reshape(_random.normal(size=(6, 6)), (2, 3, 6)), COLUMNS.T, in_autograd=False)
def _tensorsolve(a, b):
    return np.sum(np.linalg.tensorsolve(a, b) ** 2)


@case("tensorinv", np.reshape(_random.normal(size=(4, 4)), (4, 2, 2)), in_autograd=False)
def _tensorinv(a):
    return np.sum(np.linalg.tensorinv(a, ind=1) ** 2)


@case("eig: of a complex matrix", SQUARE)
def _eigenvalues(a):
    values, vectors = np.linalg.eig(a + 1j * a.T)
    return np.sum(np.abs(values) ** 3) + np.sum(np.abs(vectors) ** 4)


@case("eigh: of a Hermitian matrix", SQUARE)
@case("eigh: of Hermitian matrices", BATCH)
def _hermitian(a):
    values, vectors = np.linalg.eigh(a + 1j * np.sin(a))
    return np.sum(values**3) + np.sum(np.abs(vectors) ** 4)


@case("eigh: with the phases of LAPACK", SQUARE, in_autograd=False)
def _phases(a):
    lower, upper = np.linalg.eigh(a + 1j * np.sin(a)), np.linalg.eigh(a + 1j * np.sin(a), UPLO="U")
    return np.sum(np.real((2.0 + 1j) * lower[1] ** 2)) + np.sum(np.imag(upper.eigenvectors))


@case("svd: of a complex matrix", TALL)
@case("svd: of a wide complex matrix", WIDE)
def _complex_svd(a):
    u, s, vh = np.linalg.svd(a + 1j * np.cos(2.0 * a), full_matrices=False)
    return np.sum(np.abs(u) ** 4) + np.sum(s**3) + np.sum(np.abs(vh) ** 4)


@case("svd: with the phases of LAPACK", TALL, in_autograd=False)
@case("svd: with the phases of LAPACK, wide", WIDE, in_autograd=False)
def _phases_of_svd(a):
    u, s, vh = np.linalg.svd(a + 1j * np.cos(2.0 * a), full_matrices=False)
    return np.sum(np.real((1.0 + 2j) * u**2)) + np.sum(s * np.imag(np.sum(vh, axis=1)))


@case("slogdet: of a complex matrix", SQUARE, in_autograd=False)
def _complex_slogdet(a):
    sign, logdet = np.linalg.slogdet(a + 1j * a.T)
    return np.real((2.0 + 1j) * sign) * logdet


@case("cholesky: of a Hermitian matrix", SQUARE, in_autograd=False)
def _complex_cholesky(a):
    root = np.linalg.cholesky(a @ a.T + 3.0 * np.eye(3) + 1j * (a - a.T))
    return np.sum(np.real((1.0 - 2j) * root**2))


@case("pinv: of a complex matrix", TALL, in_autograd=False)
@case("pinv: of a wide complex matrix", WIDE, in_autograd=False)
def _complex_pinv(a):
    return np.sum(np.real((1.0 - 2j) * np.linalg.pinv(a + 1j * np.cos(2.0 * a)) ** 2))


@case("norm of a complex matrix: nuc", TALL)
def _complex_nuclear(a):
    return np.linalg.norm(a + 1j * np.cos(2.0 * a), "nuc")


def _norms(order: Any) -> tuple[Function, Function, Function]:
    def whole(a):
        return np.linalg.norm(a, order) ** 2

    def along_an_axis(a):
        return np.sum(np.linalg.norm(a, order, axis=0) ** 2)

    def of_two_axes(a):
        return np.sum(np.linalg.norm(a, order, axis=(2, 0), keepdims=True) ** 2)

    return whole, along_an_axis, of_two_axes


for order in (None, "fro", "nuc", 2, -2, 1, -1, np.inf, -np.inf):
    whole, _, of_two_axes = _norms(order)
    case(f"norm of a matrix: {order}", TALL, in_autograd=order in (None, "fro", "nuc"))(whole)
    case(f"norm of matrices: {order}", np.moveaxis(TALLS, 0, 1), in_autograd=False)(of_two_axes)

for order in (None, 2, 3, 1.5, 1, 0.5, -2, np.inf, -np.inf):
    whole, along_an_axis, _ = _norms(order)
    known = order in (None, 2, 3, 1.5)
    case(f"norm of a vector: {order}", VECTOR, in_autograd=known)(whole)
    case(f"norm along an axis: {order}", TALL, in_autograd=known)(along_an_axis)


def _condition(order: Any) -> Function:
    def condition(a):
        return np.linalg.cond(a, order)

    return condition


for order in (None, -2, 1, np.inf, "fro"):
    case(f"cond: {order}", SQUARE, in_autograd=False)(_condition(order))


@case("scipy: expm", SQUARE, in_autograd=False)
def _expm(a):
    return np.sum(np.sin(sl.expm(a)))


@case("scipy: logm", COVARIANCE, in_autograd=False)
def _logm(a):
    return np.sum(np.sin(sl.logm(a)))


@case("scipy: sqrtm", COVARIANCE)
def _sqrtm(a):
    return np.sum(np.sin(sl.sqrtm(a)))


def _sylvester(a, b, q):
    return np.sum(np.sin(sl.solve_sylvester(a, b, q)))


for place in range(3):
    case(f"scipy: solve_sylvester {place}", SQUARE, COVARIANCE[:2, :2], COLUMNS, argnum=place)(_sylvester)


def _triangular_system(lower: bool, trans: int) -> Function:
    def system(a, b):
        return np.sum(np.sin(sl.solve_triangular(a, b, lower=lower, trans=trans)))

    return system


for lower in (False, True):
    for trans in (0, 1):
        system = _triangular_system(lower, trans)
        case(f"scipy: solve_triangular {lower} {trans}", SQUARE, VECTOR)(system)
        case(f"scipy: solve_triangular {lower} {trans}, columns", SQUARE, COLUMNS)(system)
        case(f"scipy: solve_triangular {lower} {trans}, right side", SQUARE, VECTOR, argnum=1)(system)


def _complex_triangle(trans: Any) -> Function:
    def system(a, b):
        return np.sum(np.abs(sl.solve_triangular(a + 1j * a.T, b, trans=trans)) ** 2)

    return system


for trans in ("T", "C"):
    case(f"scipy: solve_triangular of a complex matrix {trans}", SQUARE, COLUMNS, in_autograd=False)(
        _complex_triangle(trans)
    )


@case("scipy: cho_solve of a complex matrix", SQUARE, VECTOR, in_autograd=False)
def _complex_cho_solve(a, b):
    matrix = a @ a.T + 3.0 * np.eye(3) + 1j * (a - a.T)
    lower, upper = sl.cho_solve(sl.cho_factor(matrix, lower=True), b), sl.cho_solve(sl.cho_factor(matrix), b)
    return np.sum(np.imag((1.0 + 1j) * lower)) + np.sum(np.real((2.0 - 1j) * upper))


@case("scipy: functions of a complex matrix", SQUARE, in_autograd=False)
def _complex_functions(a):
    matrix = a + 0.2j * a.T
    return np.sum(np.imag(sl.expm(0.3 * matrix))) + np.sum(np.real((1.0 + 1j) * sl.sqrtm(matrix)))


@case("scipy: solve_sylvester of complex matrices", SQUARE, COVARIANCE, in_autograd=False)
def _complex_sylvester(a, b):
    return np.sum(np.abs(sl.solve_sylvester(a + 1j * a.T, b + 1j * a, a - 1j * b)) ** 2)


@case("scipy: solve_triangular, unit diagonal", SQUARE, COLUMNS, in_autograd=False)
def _unit_triangular(a, b):
    return np.sum(np.sin(sl.solve_triangular(a, b, lower=True, unit_diagonal=True)))


def _banded(bands, b):
    return np.sum(np.sin(sl.solve_banded((1, 2), bands, b)))


case("scipy: solve_banded", BANDS, FIVE)(_banded)
case("scipy: solve_banded, right side", BANDS, FIVE, argnum=1)(_banded)
case("scipy: solve_banded, columns", BANDS, FIVE_COLUMNS, in_autograd=False)(_banded)


@case("scipy: cho_factor, cho_solve", COVARIANCE, VECTOR, in_autograd=False)
def _cho_solve(a, b):
    return b @ sl.cho_solve(sl.cho_factor(a), b) + np.sum(sl.cho_solve(sl.cho_factor(a, lower=True), b))


@case("scipy: cholesky", COVARIANCE, in_autograd=False)
def _scipy_cholesky(a):
    return np.sum(sl.cholesky(a) ** 3) + np.sum(sl.cholesky(a, lower=True) ** 3)


@case("scipy: eigh of a pencil", COVARIANCE, SQUARE @ SQUARE.T, in_autograd=False)
def _pencil(a, b):
    values, vectors = sl.eigh(a, b)
    return np.sum(values**3) + np.sum(np.abs(vectors))


@case("scipy: solve with one triangle", COVARIANCE, VECTOR, in_autograd=False)
def _scipy_solve(a, b):
    return np.sum(sl.solve(a, b, assume_a="sym")) + np.sum(sl.solve(a, b, transposed=True) ** 3)


@case("scipy: toeplitz", LONG, in_autograd=False)
def _toeplitz(c):
    return np.sum(np.sin(sl.toeplitz(c, 2.0 * c[1:]) @ c[1:])) + np.sum(sl.circulant(c) @ c**2)


@case("scipy: block_diag", SQUARE, TALL, in_autograd=False)
def _block_diag(a, b):
    return np.sum(np.sin(sl.block_diag(a, b, a[0])) ** 2)


@case("scipy: svdvals, qr, pinv, inv, det", SQUARE, in_autograd=False)
def _scipy_others(a):
    q, r = sl.qr(a, mode="economic")
    total = np.sum(sl.svdvals(a) ** 3) + np.sum(np.sin(q)) + np.sum(r**3) + np.sum(sl.pinv(a))
    return total + np.sum(sl.inv(a)) + sl.det(a)
