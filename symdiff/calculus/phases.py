"""The phases that LAPACK gives complex eigenvectors and singular vectors, and how they turn.

In: vectors as columns, and their cotangents or tangents. Out: those of the vectors as LAPACK normalises them.

A complex vector is one of many that differ by a factor of size 1. LAPACK reduces a Hermitian matrix to a real
tridiagonal one, and any matrix to a real bidiagonal one, by reflections that leave the first (of an upper triangle the
last) basis vector where it is: in that row its eigenvectors, or the vectors of the shorter side, are real. Functions
that do not depend on phases have the same derivative with any choice; the others have that of what NumPy returns.
"""

from symdiff.ir import make
from symdiff.ir.keys import normal_key
from symdiff.ir.nodes import Node
from symdiff.ops.complex_rows import imag, real
from symdiff.ops.piecewise import absolute, greater

_LEAST = 1e-8  # smaller elements have no phase to speak of


def turning_cotangent(amounts: Node, vectors: Node, number: int) -> Node:
    """What the cotangent of vectors gets for their phases.

    amounts: the cotangent of every vector times the vector, `sum(g * v)`.
    number: of the row that is real.
    """
    pulled = _over_row(imag(amounts), vectors, number)
    key, _ = normal_key((..., number, slice(None)), vectors.shape)
    return make.scatter(-1j * pulled, key, vectors.shape)


def turning(tangent: Node, vectors: Node, number: int) -> Node:
    """By how much every vector turns, so that its element in the row stays real: the vectors move by -i times it."""
    return _over_row(imag(make.index(tangent, (..., number, slice(None)))), vectors, number)


def _over_row(values: Node, vectors: Node, number: int) -> Node:
    elements = real(make.index(vectors, (..., number, slice(None))))
    is_known = greater(absolute(elements), _LEAST)
    return make.select(is_known, values / make.select(is_known, elements, 1.0), 0.0)
