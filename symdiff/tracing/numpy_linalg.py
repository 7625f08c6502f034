"""np.linalg: what its functions do to tracers.

In: matrices, as the user gives them. Out: Linalg nodes, and compositions of them.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.ir import linalg_results, make
from symdiff.ir.lengths import larger
from symdiff.ir.make_linalg import PINV_RCOND, inverse, linalg, matmul, solve, transposed
from symdiff.ir.nodes import Node
from symdiff.ops import piecewise as p
from symdiff.tracing.calls import unsupported
from symdiff.tracing.forking import refuse
from symdiff.tracing.numpy_reductions import reduced
from symdiff.tracing.rules import rule
from symdiff.tracing.values import NamedResults, to_node

_EPSILON = 2.0**-52


def results_of(node: Node, *names: str) -> NamedResults:
    """The results of a node that has several, to be unpacked or reached by name."""
    return NamedResults([make.part(node, position) for position in range(len(names))], names)


def lower_is_read(uplo: Any) -> bool:
    """Whether `UPLO` asks for the lower triangle. Raises ValueError."""
    if uplo not in ("L", "l", "U", "u"):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    return uplo in ("L", "l")


rule("numpy.linalg.solve")(lambda a, b: solve(to_node(a), to_node(b)))
rule("numpy.linalg.inv")(lambda a: inverse(to_node(a)))
rule("numpy.linalg.det")(lambda a: linalg("det", to_node(a)))


@rule("numpy.linalg.slogdet")
def _slogdet(a: Any) -> NamedResults:
    return results_of(linalg("slogdet", to_node(a)), "sign", "logabsdet")


@rule("numpy.linalg.cholesky")
def cholesky(a: Any, upper: bool = False) -> Node:
    """The factor with positive diagonal; `upper` reads and gives the upper triangle."""
    matrix = to_node(a)
    return transposed(linalg("cholesky", transposed(matrix))) if upper else linalg("cholesky", matrix)


@rule("numpy.linalg.eigh")
def _eigh(a: Any, UPLO: Any = "L") -> NamedResults:  # noqa: N803 (NumPy's name)
    return results_of(linalg("eigh", to_node(a), lower=lower_is_read(UPLO)), "eigenvalues", "eigenvectors")


@rule("numpy.linalg.eigvalsh")
def _eigvalsh(a: Any, UPLO: Any = "L") -> Node:  # noqa: N803 (NumPy's name)
    return make.part(linalg("eigh", to_node(a), lower=lower_is_read(UPLO)), 0)


@rule("numpy.linalg.svd")
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """u, s, vh. The singular values come from the thin form, which has derivatives, whatever the vectors do."""
    if hermitian:
        refuse(unsupported("`hermitian=` of numpy.linalg.svd", "np.linalg.eigh(a)"))
    matrix = to_node(a)
    thin = linalg("svd", matrix, full=False)
    if not compute_uv:
        return make.part(thin, 1)
    if not full_matrices or matrix.shape[-1] == matrix.shape[-2]:
        return results_of(thin, "U", "S", "Vh")
    full = linalg("svd", matrix, full=True)
    return NamedResults([make.part(full, 0), make.part(thin, 1), make.part(full, 2)], ("U", "S", "Vh"))


@rule("numpy.linalg.svdvals")
def singular_values(x: Any) -> Node:
    """The singular values, the largest first."""
    return make.part(linalg("svd", to_node(x), full=False), 1)


@rule("numpy.linalg.qr")
def qr(a: Any, mode: str = "reduced") -> Any:
    """q and r; of a wide matrix, the factor r is that of its first columns and q.T times the others."""
    matrix = to_node(a)
    m, n = matrix.shape[-2:]
    if mode not in ("reduced", "r") and not (mode == "complete" and m == n):
        refuse(unsupported(f"mode={mode!r} of numpy.linalg.qr", 'np.linalg.qr(a), whose mode is "reduced"'))
    if isinstance(m, int) and isinstance(n, int) and m < n:
        first = linalg("qr", make.index(matrix, (..., slice(0, m))))
        q = make.part(first, 0)
        others = matmul(transposed(q), make.index(matrix, (..., slice(m, None))))
        found = NamedResults([q, make.concatenate([make.part(first, 1), others], -1)], ("Q", "R"))
    else:
        found = results_of(linalg("qr", matrix), "Q", "R")
    return found[1] if mode == "r" else found


@rule("numpy.linalg.pinv")
def _pinv(a: Any, rcond: Any = None, hermitian: bool = False, rtol: Any = None) -> Node:
    limit = rtol if rcond is None else rcond
    return linalg("pinv", to_node(a), rcond=PINV_RCOND if limit is None else float(limit))


@rule("numpy.linalg.lstsq")
def lstsq(a: Any, b: Any, rcond: Any = None) -> tuple[Node, ...]:
    """The solution, residuals, rank and singular values, for a matrix of full rank."""
    matrix, right = to_node(a), to_node(b)
    solution = linalg("lstsq", matrix, right, rcond=None if rcond is None else float(rcond))
    s = singular_values(matrix)
    m, n = matrix.shape
    difference = right - matmul(matrix, solution)
    squares = make.reduce("sum", difference * difference, [0])
    is_over = isinstance(m, int) and isinstance(n, int) and m > n
    residuals = make.reshape(squares, squares.shape or (1,)) if is_over else make.constant(np.zeros(0))
    limit = _EPSILON * make.size_of(larger(m, n)) if rcond is None else float(rcond)
    rank = reduced("sum", p.greater(s, limit * make.index(s, 0)))
    return solution, residuals, rank, s


@rule("numpy.linalg.matrix_rank")
def _matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, rtol: Any = None) -> Node:  # noqa: N803
    """How many singular values are above the limit; piecewise constant."""
    matrix = to_node(A)
    s = singular_values(matrix)
    if tol is None:
        relative = _EPSILON * make.size_of(larger(*matrix.shape[-2:])) if rtol is None else to_node(rtol)
        tol = relative * reduced("max", s, -1, keepdims=True)
    return reduced("sum", p.greater(s, to_node(tol)), -1)


@rule("numpy.matrix_power", "numpy.linalg.matrix_power")
def _matrix_power(a: Any, n: int) -> Node:
    """By squaring."""
    matrix = to_node(a)
    linalg_results.square("matrix_power", matrix.shape)
    if n == 0:
        return make.broadcast(make.eye(matrix.shape[-1]), matrix.shape)
    if n < 0:
        return _matrix_power(inverse(matrix), -n)
    half = _matrix_power(matrix, n // 2) if n > 1 else matrix
    square = matmul(half, half) if n > 1 else matrix
    return matmul(square, matrix) if n % 2 and n > 1 else square


@rule("numpy.linalg.multi_dot")
def _multi_dot(arrays: Sequence[Any]) -> Node:
    """The product of matrices, of which the first and last may be vectors; its order is chosen when it is written."""
    product = to_node(arrays[0])
    for array in arrays[1:]:
        product = make.dot(product, to_node(array))
    return product


@rule("numpy.linalg.tensorsolve")
def _tensorsolve(a: Any, b: Any, axes: Any = None) -> Node:
    tensor, right = to_node(a), to_node(b)
    if axes is not None:
        moved = [make.normal_axis(axis, tensor.ndim) for axis in axes]
        tensor = make.transpose(tensor, [axis for axis in range(tensor.ndim) if axis not in moved] + moved)
    shape = tensor.shape[right.ndim :]
    count = math.prod(shape)
    solution = solve(make.reshape(tensor, (right.size, count)), make.reshape(right, (right.size,)))
    return make.reshape(solution, shape)


@rule("numpy.linalg.tensorinv")
def _tensorinv(a: Any, ind: int = 2) -> Node:
    tensor = to_node(a)
    above, below = tensor.shape[:ind], tensor.shape[ind:]
    flat = make.reshape(tensor, (math.prod(above), math.prod(below)))
    return make.reshape(inverse(flat), (*below, *above))
