"""Norms of vectors and matrices, and condition numbers.

In: arrays, an order, axes. Out: nodes: sums of powers, sums of rows and columns, singular values.
"""

from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.lengths import product
from symdiff.ir.make_linalg import inverse
from symdiff.ir.nodes import Node
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.tracing.numpy_linalg import singular_values
from symdiff.tracing.numpy_reductions import Axes, reduced, squared_size
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node


@rule("numpy.linalg.norm", "scipy.linalg.norm")
def norm(x: Any, ord: Any = None, axis: Axes = None, keepdims: Any = False) -> Node:
    """NumPy's norm of any order: of a vector, of a matrix, or along one or two axes."""
    array = to_node(x)
    if axis is None and ord is None:
        return _frobenius(array, None, keepdims)
    axes = _axes(axis, array.ndim)
    if len(axes) == 1:
        return _of_vectors(array, ord, axes[0], keepdims)
    if len(axes) == 2:
        return _of_matrices(array, ord, axes, keepdims)
    raise ValueError("Improper number of dimensions to norm.")


@rule("numpy.linalg.vector_norm")
def _vector_norm(x: Any, axis: Axes = None, keepdims: Any = False, ord: Any = 2) -> Node:
    array = to_node(x)
    axes = _axes(axis, array.ndim)
    if len(axes) == 1:
        return _of_vectors(array, ord, axes[0], keepdims)
    rest = [number for number in range(array.ndim) if number not in axes]
    turned = make.transpose(array, [*rest, *axes])
    count = product(array.shape[axis] for axis in axes)
    flat = make.reshape(turned, (*(array.shape[number] for number in rest), count))
    result = _of_vectors(flat, ord, flat.ndim - 1, False)
    return _kept(result, array, axes) if keepdims else result


@rule("numpy.linalg.matrix_norm")
def _matrix_norm(x: Any, keepdims: Any = False, ord: Any = "fro") -> Node:
    array = to_node(x)
    return _of_matrices(array, ord, (array.ndim - 2, array.ndim - 1), keepdims)


@rule("numpy.linalg.cond")
def _cond(x: Any, p: Any = None) -> Node:
    """The largest singular value by the smallest, or the norm times that of the inverse."""
    array = to_node(x)
    if p in (None, 2, -2):
        s = singular_values(array)
        first, last = make.index(s, (..., 0)), make.index(s, (..., s.shape[-1] - 1))
        return last / first if p == -2 else first / last
    axes = (array.ndim - 2, array.ndim - 1)
    return _of_matrices(array, p, axes, False) * _of_matrices(inverse(array), p, axes, False)


def _axes(axis: Axes, ndim: int) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(ndim))
    given = (axis,) if isinstance(axis, int | np.integer) else axis
    return tuple(make.normal_axis(int(number), ndim) for number in given)


def _frobenius(array: Node, axis: Axes, keepdims: Any) -> Node:
    return e.sqrt(reduced("sum", squared_size(array), axis, keepdims))  # type: ignore[no-any-return]


def _of_vectors(array: Node, order: Any, axis: int, keepdims: Any) -> Node:
    if order is None or order == 2:
        return _frobenius(array, axis, keepdims)
    if isinstance(order, str):
        raise ValueError(f"Invalid norm order {order!r} for vectors")
    size = p.absolute(array)
    if order in (np.inf, -np.inf):
        return reduced("max" if order > 0 else "min", size, axis, keepdims)
    if order == 1:
        return reduced("sum", size, axis, keepdims)
    if order == 0:
        return reduced("sum", p.not_equal(array, 0.0), axis, keepdims)
    return reduced("sum", size ** float(order), axis, keepdims) ** (1.0 / float(order))


def _of_matrices(array: Node, order: Any, axes: tuple[int, ...], keepdims: Any) -> Node:
    if order in (None, "fro", "f"):
        return _frobenius(array, axes, keepdims)
    rest = [number for number in range(array.ndim) if number not in axes]
    matrices = make.transpose(array, [*rest, *axes])
    result = _of_last_axes(matrices, order)
    return _kept(result, array, axes) if keepdims else result


def _of_last_axes(matrices: Node, order: Any) -> Node:
    if order in (1, -1, np.inf, -np.inf):
        sums = reduced("sum", p.absolute(matrices), -2 if abs(order) == 1 else -1)
        return reduced("max" if order > 0 else "min", sums, -1)
    if order not in ("nuc", 2, -2):
        raise ValueError("Invalid norm order for matrices.")
    s = singular_values(matrices)
    if order == "nuc":
        return reduced("sum", s, -1)
    return make.index(s, (..., 0 if order == 2 else s.shape[-1] - 1))


def _kept(result: Node, array: Node, axes: tuple[int, ...]) -> Node:
    """The result with axes of length 1 in place of those that disappeared."""
    return make.reshape(result, tuple(1 if number in axes else n for number, n in enumerate(array.shape)))
