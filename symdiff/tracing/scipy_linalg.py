"""scipy.linalg: what its functions do to tracers.

In: matrices, as the user gives them. Out: Linalg nodes, the same as for np.linalg where the two libraries agree.
"""

from collections.abc import Callable
from typing import Any

from symdiff.ir import make
from symdiff.ir.complex_arguments import conjugate
from symdiff.ir.lengths import larger
from symdiff.ir.make_linalg import PINV_RCOND, adjoint, inverse, linalg, solve
from symdiff.ir.make_linalg import transposed as _transposed
from symdiff.ir.nodes import Node
from symdiff.tracing.calls import unsupported
from symdiff.tracing.forking import refuse
from symdiff.tracing.numpy_linalg import lstsq, results_of, singular_values, svd
from symdiff.tracing.numpy_linalg import qr as numpy_qr
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node

# Keywords that say how to compute, and change no value: `overwrite_a`, `check_finite`, … are taken and not used.
_TRANSPOSED = ("T", "C", 1, 2)


@rule("scipy.linalg.solve")
def _solve(
    a: Any,
    b: Any,
    lower: bool = False,
    overwrite_a: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
    assume_a: Any = None,
    transposed: bool = False,
) -> Node:
    """The structure that is assumed of a matrix does not change the solution; that of triangles says what is read."""
    if assume_a in ("lower triangular", "upper triangular"):
        return _solve_triangular(a, b, int(transposed), assume_a == "lower triangular")
    matrix = to_node(a)
    if assume_a in ("sym", "symmetric"):
        matrix = _mirrored(matrix, lower, _transposed)
    elif assume_a in ("pos", "her", "hermitian", "positive definite"):
        matrix = _mirrored(matrix, lower, adjoint)
    return solve(_transposed(matrix) if transposed else matrix, to_node(b))


def _mirrored(matrix: Node, lower: bool, mirror: Callable[[Node], Node]) -> Node:
    """The symmetric or Hermitian matrix of one triangle: the other is not looked at."""
    if lower:
        return linalg("tril", matrix, k=0) + mirror(linalg("tril", matrix, k=-1))
    return linalg("triu", matrix, k=0) + mirror(linalg("triu", matrix, k=1))


@rule("scipy.linalg.inv")
def _inv(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Node:
    return inverse(to_node(a))


@rule("scipy.linalg.det")
def _det(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Node:
    return linalg("det", to_node(a))


@rule("scipy.linalg.cholesky")
def _cholesky(a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True) -> Node:
    matrix = to_node(a)
    return linalg("cholesky", matrix) if lower else _transposed(linalg("cholesky", _transposed(matrix)))


@rule("scipy.linalg.cho_factor")
def _cho_factor(a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True) -> tuple[Node, bool]:
    """SciPy leaves anything in the other triangle; here it is zeros."""
    return _cholesky(a, lower), lower


@rule("scipy.linalg.cho_solve")
def _cho_solve(c_and_lower: Any, b: Any, overwrite_b: bool = False, check_finite: bool = True) -> Node:
    factor, lower = c_and_lower
    first = _solve_triangular(factor, b, 0 if lower else 2, lower)
    return _solve_triangular(factor, first, 2 if lower else 0, lower)


@rule("scipy.linalg.solve_triangular")
def _solve_triangular(
    a: Any,
    b: Any,
    trans: Any = 0,
    lower: bool = False,
    unit_diagonal: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
) -> Node:
    options = {"lower": bool(lower), "trans": trans in _TRANSPOSED, "unit": bool(unit_diagonal)}
    matrix = conjugate(to_node(a)) if trans in ("C", 2) else to_node(a)
    return linalg("solve_triangular", matrix, to_node(b), **options)


@rule("scipy.linalg.solve_banded")
def _solve_banded(
    l_and_u: Any, ab: Any, b: Any, overwrite_ab: bool = False, overwrite_b: bool = False, check_finite: bool = True
) -> Node:
    low, up = l_and_u
    return linalg("solve_banded", to_node(ab), to_node(b), low=int(low), up=int(up))


@rule("scipy.linalg.solve_sylvester")
def _solve_sylvester(a: Any, b: Any, q: Any) -> Node:
    return linalg("solve_sylvester", to_node(a), to_node(b), to_node(q))


@rule("scipy.linalg.eigh")
def _eigh(
    a: Any,
    b: Any = None,
    lower: bool = True,
    eigvals_only: bool = False,
    overwrite_a: bool = False,
    overwrite_b: bool = False,
    type: int = 1,
    check_finite: bool = True,
) -> Any:
    """Of the pencil (a, b) by the Cholesky factor of b, as LAPACK does it."""
    if type != 1:
        refuse(unsupported("`type=` of scipy.linalg.eigh", "L = np.linalg.cholesky(b); np.linalg.eigh(L.T @ a @ L)[0]"))
    matrix = to_node(a)
    if b is None:
        found = results_of(linalg("eigh", matrix, lower=bool(lower)), "w", "v")
        return found[0] if eigvals_only else tuple(found)
    factor = linalg("cholesky", _mirrored(to_node(b), lower, adjoint))
    reduced = solve(factor, adjoint(solve(factor, _mirrored(matrix, lower, adjoint))))
    values, vectors = results_of(linalg("eigh", reduced, lower=True), "w", "v")
    return values if eigvals_only else (values, solve(adjoint(factor), vectors))


@rule("scipy.linalg.eigvalsh")
def _eigvalsh(
    a: Any, b: Any = None, lower: bool = True, overwrite_a: bool = False, overwrite_b: bool = False, type: int = 1
) -> Any:
    return _eigh(a, b, lower, True, type=type)


@rule("scipy.linalg.svd")
def _svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, overwrite_a: bool = False) -> Any:
    found = svd(a, full_matrices, compute_uv)
    return tuple(found) if compute_uv else found


@rule("scipy.linalg.svdvals")
def _svdvals(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Node:
    return singular_values(a)


@rule("scipy.linalg.qr")
def _qr(
    a: Any, overwrite_a: bool = False, lwork: Any = None, mode: str = "full", pivoting: bool = False
) -> tuple[Node, ...]:
    if pivoting:
        refuse(unsupported("`pivoting=` of scipy.linalg.qr", 'scipy.linalg.qr(a, mode="economic")'))
    m, n = to_node(a).shape[-2:]
    if mode not in ("economic", "r") and not (mode == "full" and m == n):
        refuse(unsupported(f"mode={mode!r} of scipy.linalg.qr", 'scipy.linalg.qr(a, mode="economic")'))
    found = tuple(numpy_qr(a))
    return found[1:] if mode == "r" and m <= n else found


@rule("scipy.linalg.pinv")
def _pinv(a: Any, atol: Any = None, rtol: Any = None) -> Node:
    matrix = to_node(a)
    longest = larger(*matrix.shape[-2:])
    default = longest * 2.0**-52 if isinstance(longest, int) else PINV_RCOND
    return linalg("pinv", matrix, rcond=default if rtol is None else float(rtol))


@rule("scipy.linalg.lstsq")
def _lstsq(a: Any, b: Any, cond: Any = None, overwrite_a: bool = False, overwrite_b: bool = False) -> Any:
    return lstsq(a, b, cond)


@rule("scipy.linalg.expm")
def _expm(A: Any) -> Node:  # noqa: N803 (SciPy's name)
    return linalg("expm", to_node(A))


@rule("scipy.linalg.logm")
def _logm(A: Any) -> Node:  # noqa: N803 (SciPy's name)
    return linalg("logm", to_node(A))


@rule("scipy.linalg.expm_frechet")
def _expm_frechet(A: Any, E: Any, compute_expm: bool = True) -> Any:  # noqa: N803 (SciPy's names)
    matrix, direction = to_node(A), to_node(E)
    zeros = make.broadcast(make.constant(0.0), matrix.shape)
    above, below = make.concatenate([matrix, direction], 1), make.concatenate([zeros, matrix], 1)
    count = matrix.shape[0]
    moved = make.index(linalg("expm", make.concatenate([above, below], 0)), (slice(0, count), slice(count, None)))
    return (linalg("expm", matrix), moved) if compute_expm else moved


@rule("scipy.linalg.block_diag")
def _block_diag(*arrs: Any) -> Node:
    """Rows of blocks, with zeros beside them."""
    blocks = [to_node(array) for array in arrs]
    blocks = [make.reshape(block, (1, block.size)) if block.ndim < 2 else block for block in blocks]
    zero = make.constant(0.0)
    lines = [
        make.concatenate(
            [
                block if at == number else make.broadcast(zero, (block.shape[0], other.shape[1]))
                for number, other in enumerate(blocks)
            ],
            1,
        )
        for at, block in enumerate(blocks)
    ]
    return make.concatenate(lines, 0)


@rule("scipy.linalg.toeplitz")
def _toeplitz(c: Any, r: Any = None) -> Node:
    """The first column going down, the first row going right."""
    column = to_node(c)
    row = column if r is None else to_node(r)
    count, width = column.shape[0], row.shape[0]
    values = make.concatenate([make.flip(column, [0]), make.index(row, slice(1, None))])
    return make.stack([make.index(values, slice(count - 1 - i, count - 1 - i + width)) for i in range(count)])


@rule("scipy.linalg.circulant")
def _circulant(c: Any) -> Node:
    column = to_node(c)
    row = make.concatenate([make.index(column, slice(0, 1)), make.flip(make.index(column, slice(1, None)), [0])])
    return _toeplitz(column, row)


@rule("scipy.linalg.solve_toeplitz")
def _solve_toeplitz(c_or_cr: Any, b: Any, check_finite: bool = True) -> Node:
    column, row = c_or_cr if isinstance(c_or_cr, tuple) else (c_or_cr, None)
    return solve(_toeplitz(column, row), to_node(b))


@rule("scipy.linalg.khatri_rao")
def _khatri_rao(a: Any, b: Any) -> Node:
    """Columns of the one times those of the other."""
    x, y = to_node(a), to_node(b)
    (m, n), k = x.shape, y.shape[0]
    return make.reshape(make.reshape(x, (m, 1, n)) * make.reshape(y, (1, k, n)), (m * k, n))
