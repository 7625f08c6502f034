"""The normal distribution of several variables, `scipy.stats.multivariate_normal`.

In: points, the mean, the covariance: a matrix, its diagonal, or one variance. Out: densities and the entropy. By a
linear solve and the logarithm of the determinant; where the covariance may be singular, by the eigenvalues that SciPy
counts as other than 0, the pseudo-inverse, and no density outside the space that the other eigenvectors leave.
"""

import math
from typing import Any, NamedTuple

from symdiff.ir import make
from symdiff.ir.lengths import counted
from symdiff.ir.make_linalg import linalg, matmul, transposed
from symdiff.ir.nodes import Node
from symdiff.ir.symmetry import is_symmetric
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.tracing.values import to_node

_LOG_TWO_PI = math.log(2.0 * math.pi)
_NEGLIGIBLE = 1e6 * 2.0**-52  # SciPy's: smaller eigenvalues, relative to the largest, count as 0
_OUTSIDE = 1e3  # times that, and a point is not in the space


def normal_log_density(x: Any, mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Node:
    """The logarithm of the density at points, whose last axis is the variables."""
    point, covariance = to_node(x), to_node(cov)
    length = covariance.shape[-1] if covariance.ndim == 2 else 1 if mean is None else to_node(mean).size
    size = counted(length, "a normal distribution")
    deviation = point - (to_node(0.0) if mean is None else to_node(mean))
    if size == 1 and (not deviation.ndim or deviation.shape[-1] != 1):
        deviation = make.reshape(deviation, (*deviation.shape, 1))
    lead = deviation.shape[:-1]
    flat = make.reshape(deviation, (deviation.size // size, size))
    if allow_singular:
        return make.reshape(_singular_log_density(flat, _matrix(covariance, size)), lead)
    if covariance.ndim == 2:
        whitened = make.transpose(linalg("solve", covariance, make.transpose(flat)))
    else:
        whitened = flat / covariance
    distance = make.reshape(make.reduce("sum", flat * whitened, [1]), lead)
    return -0.5 * (size * _LOG_TWO_PI + _log_determinant(covariance, size) + distance)


def normal_density(x: Any, mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Node:
    """The density at points."""
    return e.exp(normal_log_density(x, mean, cov, allow_singular))  # type: ignore[no-any-return]


def normal_entropy(mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Node:
    """The entropy, which does not depend on the mean."""
    covariance = to_node(cov)
    size = counted(covariance.shape[-1], "a normal distribution") if covariance.ndim else 1
    if allow_singular:
        spectrum = _spectrum(_matrix(covariance, size))
        return 0.5 * (spectrum.rank * (_LOG_TWO_PI + 1.0) + spectrum.log_determinant)
    return 0.5 * (size * (_LOG_TWO_PI + 1.0) + _log_determinant(covariance, size))


def _matrix(covariance: Node, size: int) -> Node:
    if covariance.ndim == 2:
        return covariance
    identity = make.eye(size)
    return identity * (covariance if not covariance.ndim else make.reshape(covariance, (size, 1)))


def _log_determinant(covariance: Node, size: int) -> Node:
    """That of a matrix, or of the diagonal matrix with these variances."""
    if covariance.ndim == 2:
        return make.part(linalg("slogdet", covariance), 1)
    return make.reduce("sum", e.log(make.broadcast(covariance, (size,))))


class _Spectrum(NamedTuple):
    """What is not negligible of a covariance matrix.

    matrix: the symmetric matrix. vectors: its eigenvectors. counts: which of them count. limit: below it they do not.
    """

    matrix: Node
    vectors: Node
    counts: Node
    limit: Node
    rank: Node
    log_determinant: Node


def _spectrum(matrix: Node) -> _Spectrum:
    symmetric = matrix if is_symmetric(matrix) else 0.5 * (matrix + transposed(matrix))
    both = linalg("eigh", symmetric, lower=True)
    values, vectors = make.part(both, 0), make.part(both, 1)
    limit = _NEGLIGIBLE * make.reduce("max", p.absolute(values))
    counts = p.greater(values, limit)
    logarithms = make.select(counts, e.log(make.select(counts, values, 1.0)), 0.0)
    rank = make.reduce("sum", make.select(counts, 1.0, 0.0))
    return _Spectrum(symmetric, vectors, counts, limit, rank, make.reduce("sum", logarithms))


def _singular_log_density(deviation: Node, matrix: Node) -> Node:
    """Of deviations in rows."""
    spectrum = _spectrum(matrix)
    inverse = linalg("pinv", spectrum.matrix, rcond=_NEGLIGIBLE)
    distance = make.reduce("sum", deviation * matmul(deviation, inverse), [1])
    value = -0.5 * (spectrum.rank * _LOG_TWO_PI + spectrum.log_determinant + distance)
    outside = make.select(spectrum.counts, 0.0, matmul(deviation, spectrum.vectors))
    residual = e.sqrt(make.reduce("sum", outside * outside, [1]))
    return make.select(p.less(residual, _OUTSIDE * spectrum.limit), value, -math.inf)
