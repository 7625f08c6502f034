"""NumPy's products: dot, matmul, einsum, outer, cross, trace, polyval, …

In: arrays. Out: Einsum nodes for contractions, elementwise nodes for the rest.
"""

from collections.abc import Sequence
from typing import Any

from symdiff.errors import ShapeError, UnsupportedError
from symdiff.ir import make
from symdiff.ir.lengths import counted, is_static, static
from symdiff.ir.nodes import Node
from symdiff.ir.shapes import common_shape, origins_of
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_complex import conjugate
from symdiff.tracing.numpy_reductions import cut
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node


@rule("numpy.dot")
def _dot(a: Any, b: Any) -> Node:
    x, y = to_node(a), to_node(b)
    _fit(x, y, "np.dot")
    return make.dot(x, y)


@rule("numpy.matmul", "operator.matmul")
def _matmul(x1: Any, x2: Any) -> Node:
    """The last two axes are multiplied as matrices, the others broadcast."""
    x, y = to_node(x1), to_node(x2)
    if not x.ndim or not y.ndim:
        raise ValueError("matmul: a number is not a matrix; use `*`")
    _fit(x, y, "matmul")
    if x.ndim <= 2 and y.ndim <= 2:
        return make.dot(x, y)
    stack = common_shape([x.shape[:-2], y.shape[:-2]])
    if stack is None:
        raise ShapeError(f"stacks of matrices of shapes {x.shape} and {y.shape} do not broadcast")
    batch, row, inner, column = list(range(len(stack))), len(stack), len(stack) + 1, len(stack) + 2
    if x.ndim > 1:
        x = make.broadcast(x, (*stack, *x.shape[-2:]))
    if y.ndim > 1:
        y = make.broadcast(y, (*stack, *y.shape[-2:]))
    left = [*batch, row, inner] if x.ndim > 1 else [inner]
    right = [*batch, inner, column] if y.ndim > 1 else [inner]
    output = [label for label in (*batch, row, column) if label in left or label in right]
    return make.einsum([left, right], output, x, y)


def _fit(x: Node, y: Node, what: str) -> None:
    if x.ndim and y.ndim and x.shape[-1] != y.shape[max(0, y.ndim - 2)]:
        rule = f"A row of the first has {x.shape[-1]} elements, a column of the second {y.shape[max(0, y.ndim - 2)]}."
        raise ShapeError(
            f"arrays of shapes {x.shape} and {y.shape} do not fit in {what}",
            why="\n".join([rule, *origins_of([x, y])]),
        )


@rule("numpy.inner")
def _inner(a: Any, b: Any) -> Node:
    x, y = to_node(a), to_node(b)
    if not x.ndim or not y.ndim:
        return x * y
    left, right = list(range(x.ndim)), list(range(x.ndim, x.ndim + y.ndim))
    right[-1] = left[-1]
    return make.einsum([left, right], left[:-1] + right[:-1], x, y)


@rule("numpy.vdot")
def _vdot(a: Any, b: Any) -> Node:
    x, y = conjugate(a), to_node(b)
    return make.dot(make.reshape(x, (x.size,)), make.reshape(y, (y.size,)))


@rule("numpy.outer")
def _outer(a: Any, b: Any) -> Node:
    x, y = to_node(a), to_node(b)
    return make.reshape(x, (x.size, 1)) * make.reshape(y, (1, y.size))


@rule("numpy.cross", "numpy.linalg.cross")
def _cross(a: Any, b: Any) -> Node:
    x, y = to_node(a), to_node(b)
    if x.shape[-1:] != (3,) or y.shape[-1:] != (3,):
        raise ShapeError(f"np.cross wants vectors of three components, got shapes {x.shape} and {y.shape}")
    x0, x1, x2 = (cut(x, x.ndim - 1, position) for position in range(3))
    y0, y1, y2 = (cut(y, y.ndim - 1, position) for position in range(3))
    return make.stack([x1 * y2 - x2 * y1, x2 * y0 - x0 * y2, x0 * y1 - x1 * y0], -1)


@rule("numpy.einsum")
def _einsum(subscripts: Any, *operands: Any) -> Node:
    if not isinstance(subscripts, str) or "..." in subscripts:
        _refuse_einsum("subscripts are a text without `...`")
    text = subscripts.replace(" ", "")
    left, arrow, right = text.partition("->")
    inputs = left.split(",")
    if not arrow:
        right = "".join(sorted({label for label in left if label != "," and left.count(label) == 1}))
    if len(inputs) != len(operands):
        raise ValueError(f"einsum: {len(inputs)} subscripts for {len(operands)} operands")
    arrays = [to_node(operand) for operand in operands]
    for labels, array in zip(inputs, arrays, strict=True):
        if len(labels) != array.ndim:
            raise ShapeError(f"einsum: {labels!r} names {len(labels)} axes of an array of shape {array.shape}")
    return make.einsum(
        [[ord(label) for label in labels] for labels in inputs], [ord(label) for label in right], *arrays
    )


def _refuse_einsum(what: str) -> None:
    refuse(UnsupportedError("this form of np.einsum is not traceable", origin=user_origin(), why=f"Its {what}."))


@rule("numpy.tensordot")
def _tensordot(a: Any, b: Any, axes: Any = 2) -> Node:
    x, y = to_node(a), to_node(b)
    if isinstance(axes, int):
        of_x, of_y = list(range(x.ndim - axes, x.ndim)), list(range(axes))
    else:
        of_x, of_y = ([side] if isinstance(side, int) else list(side) for side in axes)
    left, right = list(range(x.ndim)), list(range(x.ndim, x.ndim + y.ndim))
    for i, j in zip(of_x, of_y, strict=True):
        right[make.normal_axis(j, y.ndim)] = left[make.normal_axis(i, x.ndim)]
    shared = set(left) & set(right)
    return make.einsum([left, right], [label for label in left + right if label not in shared], x, y)


@rule("numpy.trace", "numpy.linalg.trace")
def _trace(a: Any) -> Node:
    return make.reduce("sum", _diagonal(a))


@rule("numpy.diagonal", "numpy.linalg.diagonal", makes_views=True)
def _diagonal(a: Any) -> Node:
    matrix = to_node(a)
    if matrix.ndim != 2:
        raise ShapeError(f"the diagonal is that of a matrix, got an array of shape {matrix.shape}")
    if not is_static(matrix.shape):
        return make.einsum([[0, 0]], [0], matrix)
    return make.stack([make.index(matrix, (i, i)) for i in range(min(static(matrix.shape, "the diagonal")))])


@rule("numpy.diag", makes_views=True)
def _diag(v: Any) -> Node:
    vector = to_node(v)
    if vector.ndim == 2:
        return _diagonal(vector)
    if not is_static(vector.shape):
        return make.reshape(vector, (vector.size, 1)) * make.eye(vector.size)
    zero = make.constant(0.0)
    elements = [make.index(vector, i) for i in range(counted(vector.shape[0], "np.diag"))]
    return make.stack(
        [make.stack([x if i == j else zero for j in range(len(elements))]) for i, x in enumerate(elements)]
    )


@rule("numpy.kron")
def _kron(a: Any, b: Any) -> Node:
    x, y = to_node(a), to_node(b)
    if x.ndim != 2 or y.ndim != 2:
        return make.reshape(_outer(x, y), (x.size * y.size,))
    (m, n), (r, s) = x.shape, y.shape
    return make.reshape(make.reshape(x, (m, 1, n, 1)) * make.reshape(y, (1, r, 1, s)), (m * r, n * s))


@rule("numpy.polyval")
def _polyval(p: Any, x: Any) -> Node:
    """Horner's scheme, highest power first."""
    return horner(_elements(p), to_node(x))


@rule("numpy.polynomial.polynomial.polyval")
def _polyval_ascending(x: Any, c: Any) -> Node:
    return horner(_elements(c)[::-1], to_node(x))


def horner(coefficients: Sequence[Node], x: Node) -> Node:
    """The polynomial with these coefficients, highest power first."""
    value = make.constant(0.0)
    for coefficient in coefficients:
        value = value * x + coefficient
    return make.broadcast(value, x.shape)


def _elements(array: Any) -> list[Node]:
    node = to_node(array)
    return [make.index(node, position) for position in range(counted(node.shape[0], "np.polyval"))]
