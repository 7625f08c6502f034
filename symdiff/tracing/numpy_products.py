"""NumPy's products: dot, matmul, einsum, outer, cross, trace, polyval, …

In: arrays. Out: Einsum nodes for contractions, elementwise nodes for the rest.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import Dimension, counted
from symdiff.ir.linalg_results import broadcast_batch
from symdiff.ir.nodes import Node, Shape
from symdiff.ir.shapes import misfit
from symdiff.tracing.numpy_complex import conjugate
from symdiff.tracing.numpy_layout import at_least, moved_axes
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
    stack = broadcast_batch("matmul", x.shape[:-2], y.shape[:-2])
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
        summary = f"arrays of shapes {x.shape} and {y.shape} do not fit in {what}"
        raise misfit(summary, [x, y], rule, "B @ A or A.T @ B, if that is meant; x * y multiplies element by element")


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


@rule("numpy.vecdot", "numpy.linalg.vecdot")
def _vecdot(x1: Any, x2: Any, axis: int = -1) -> Node:
    x, y = moved_axes(x1, axis, -1), moved_axes(x2, axis, -1)
    return make.reduce("sum", x * y, [-1])


@rule("numpy.outer", "numpy.linalg.outer")
def _outer(a: Any, b: Any) -> Node:
    x, y = to_node(a), to_node(b)
    return make.reshape(x, (x.size, 1)) * make.reshape(y, (1, y.size))


@rule("numpy.linalg.cross")
def _cross_of_three(x1: Any, x2: Any, axis: int = -1) -> Node:
    return _cross(x1, x2, axis=axis)


@rule("numpy.cross")
def _cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Node:
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = moved_axes(a, axisa, -1), moved_axes(b, axisb, -1)
    lengths = (x.shape[-1], y.shape[-1])
    if not {2, 3}.issuperset(lengths):
        raise misfit(
            f"np.cross wants vectors of three components, got shapes {x.shape} and {y.shape}",
            [x, y],
            "The vectors lie along the last axis, or along `axis`; one of two components lies in a plane.",
            "x[:3], or np.cross(A, B, axis=0) for vectors in columns",
        )
    x0, x1 = (make.index(x, (..., place)) for place in (0, 1))
    y0, y1 = (make.index(y, (..., place)) for place in (0, 1))
    third = x0 * y1 - x1 * y0
    if lengths == (2, 2):
        return third
    zero = make.constant(0.0)
    x2, y2 = (make.index(v, (..., 2)) if v.shape[-1] == 3 else zero for v in (x, y))
    parts = [make.broadcast(part, third.shape) for part in (x1 * y2 - x2 * y1, x2 * y0 - x0 * y2, third)]
    return moved_axes(make.stack(parts, -1), -1, axisc)


@rule("numpy.einsum", makes_views=True)
def _einsum(*operands: Any, optimize: Any = False) -> Node:
    """`"ij,jk->ik"` and its kind, or operands each followed by the list of its labels."""
    if isinstance(operands[0], str):
        left, arrow, right = operands[0].replace(" ", "").partition("->")
        inputs = [_labels(part) for part in left.split(",")]
        output = _labels(right) if arrow else None
        arrays_given = operands[1:]
    else:
        paired = len(operands) // 2
        inputs = [list(labels) for labels in operands[1 : 2 * paired : 2]]
        output = list(operands[-1]) if len(operands) % 2 else None
        arrays_given = operands[: 2 * paired : 2]
    nodes = [to_node(operand) for operand in arrays_given]
    if len(inputs) != len(nodes):
        raise ValueError(f"einsum: {len(inputs)} subscripts for {len(nodes)} operands")
    return _contracted(inputs, output, nodes)


def _labels(text: str) -> list[Any]:
    before, dots, after = text.partition("...")
    return [*map(ord, before), *([Ellipsis] if dots else []), *map(ord, after)]


def _contracted(inputs: list[list[Any]], output: list[Any] | None, nodes: list[Node]) -> Node:
    """The contraction, once the axes under an ellipsis have labels of their own, counted from the last."""
    most = max(node.ndim - len(labels) + 1 for labels, node in zip(inputs, nodes, strict=True))
    rest = [-(place + 1) for place in reversed(range(most))]
    if output is None:
        named = [label for labels in inputs for label in labels if label is not Ellipsis]
        output = [Ellipsis, *sorted(label for label in set(named) if named.count(label) == 1)]
    whole = [_spelled_out(labels, rest, node) for labels, node in zip(inputs, nodes, strict=True)]
    found = [label for labels in whole for label in labels]
    result = [label for part in output for label in (_dots(rest, found) if part is Ellipsis else [part])]
    if not set(result) <= set(found):
        raise ValueError("einsum: the output has a label that no operand has")
    pairs = [_without_repeated(labels, node) for labels, node in zip(whole, nodes, strict=True)]
    sizes = {label: max(_sizes(pairs, label), key=lambda n: n != 1) for label in set(found)}
    pairs = [_without_single(labels, node, sizes) for labels, node in pairs]
    kept = {label for labels, _ in pairs for label in labels}
    made = make.einsum(
        [labels for labels, _ in pairs], [label for label in result if label in kept], *[n for _, n in pairs]
    )
    return make.reshape(made, tuple(sizes[label] for label in result))


def _dots(rest: list[int], found: list[int]) -> list[int]:
    return [label for label in rest if label in found]


def _spelled_out(labels: list[Any], rest: list[int], node: Node) -> list[int]:
    if Ellipsis not in labels:
        if len(labels) != node.ndim:
            raise _mislabelled(len(labels), node)
        return labels
    at, missing = labels.index(Ellipsis), node.ndim - len(labels) + 1
    if missing < 0:
        raise _mislabelled(len(labels) - 1, node)
    return [*labels[:at], *rest[len(rest) - missing :], *labels[at + 1 :]]


def _mislabelled(count: int, node: Node) -> ShapeError:
    return misfit(
        f"einsum: {count} {'label' if count == 1 else 'labels'} for the axes of an array of shape {node.shape}",
        [node],
        "Each axis has one label; dots, `...`, stand for the axes without one.",
        f'"{"ijklmnop"[: node.ndim]}" for this array, or "...i" for its last axis and all before it',
    )


def _without_repeated(labels: list[int], node: Node) -> tuple[list[int], Node]:
    """A label that an operand has twice takes the diagonal."""
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            node = arrays.diagonal(node, 0, first, second)
            labels = [*labels[:first], *labels[first + 1 : second], *labels[second + 1 :], label]
    return labels, node


def _sizes(pairs: Sequence[tuple[list[int], Node]], label: int) -> list[Dimension]:
    return [node.shape[labels.index(label)] for labels, node in pairs if label in labels]


def _without_single(labels: list[int], node: Node, sizes: dict[int, Dimension]) -> tuple[list[int], Node]:
    """Axes of length 1 against longer ones are broadcast: they leave the contraction."""
    kept = [at for at, label in enumerate(labels) if node.shape[at] == sizes[label]]
    if len(kept) == len(labels):
        return labels, node
    return [labels[at] for at in kept], make.reshape(node, tuple(node.shape[at] for at in kept))


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


@rule("numpy.trace")
def _trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Node:
    array = to_node(a)
    if not offset and array.ndim == 2 and axis1 % 2 != axis2 % 2 and array.shape[0] == array.shape[1]:
        return make.einsum([(0, 0)], (), array)
    return make.reduce("sum", arrays.diagonal(array, offset, axis1, axis2), [-1])


@rule("numpy.linalg.trace")
def _trace_of_last(x: Any, offset: int = 0) -> Node:
    return _trace(x, offset, -2, -1)


@rule("numpy.diagonal", makes_views=True)
def _diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Node:
    return arrays.diagonal(to_node(a), offset, axis1, axis2)


@rule("numpy.linalg.diagonal", makes_views=True)
def _diagonal_of_last(x: Any, offset: int = 0) -> Node:
    return arrays.diagonal(to_node(x), offset, -2, -1)


@rule("numpy.diag", makes_views=True)
def _diag(v: Any, k: int = 0) -> Node:
    array = to_node(v)
    if array.ndim not in (1, 2):
        raise ValueError("Input must be 1- or 2-d.")
    return arrays.from_diagonal(array, k) if array.ndim == 1 else arrays.diagonal(array, k)


@rule("numpy.diagflat")
def _diagflat(v: Any, k: int = 0) -> Node:
    return arrays.from_diagonal(make.reshape(to_node(v), (to_node(v).size,)), k)


@rule("numpy.tril")
def _tril(m: Any, k: int = 0) -> Node:
    return _triangle("tril", to_node(m), k)


@rule("numpy.triu")
def _triu(m: Any, k: int = 0) -> Node:
    return _triangle("triu", to_node(m), k)


def _triangle(how: str, matrix: Node, k: int) -> Node:
    """Of a vector, the triangle of the matrix that has it in every row."""
    square = make.broadcast(matrix, matrix.shape * 2) if matrix.ndim == 1 else matrix
    return arrays.triangle(how, square, k)


@rule("numpy.kron")
def _kron(a: Any, b: Any) -> Node:
    """The products of all pairs of elements, axis by axis."""
    ndim = max(to_node(a).ndim, to_node(b).ndim)
    x, y = at_least(a, ndim), at_least(b, ndim)
    left = [length for n in x.shape for length in (n, 1)]
    right = [length for n in y.shape for length in (1, n)]
    product = make.reshape(x, tuple(left)) * make.reshape(y, tuple(right))
    return make.reshape(product, tuple(n * m for n, m in zip(x.shape, y.shape, strict=True)))


@rule("numpy.polyval")
def _polyval(p: Any, x: Any) -> Node:
    """Horner's scheme, highest power first."""
    return horner(_elements(p), to_node(x))


@rule("numpy.polynomial.polynomial.polyval")
def _polyval_ascending(x: Any, c: Any) -> Node:
    point = to_node(x)
    coefficients = [make.reshape(each, (*each.shape, *(1 for _ in point.shape))) for each in _elements(c)]
    return horner(coefficients[::-1], point)


@rule("numpy.polyder")
def _polyder(p: Any, m: int = 1) -> Node:
    """The coefficients of the derivative, highest power first."""
    coefficients = to_node(p)
    for _ in range(m):
        powers = np.arange(counted(coefficients.shape[0], "np.polyder") - 1.0, 0.0, -1.0)
        coefficients = make.index(coefficients, slice(None, -1)) * make.constant(powers)
    return coefficients


@rule("numpy.polyint")
def _polyint(p: Any, m: int = 1, k: Any = None) -> Node:
    """The coefficients of the antiderivative; `k` are the constants of integration, 0 if none are given."""
    coefficients = to_node(p)
    constants = make.broadcast(to_node(0.0 if k is None else k), (m,))
    for number in range(m):
        powers = np.arange(float(counted(coefficients.shape[0], "np.polyint")), 0.0, -1.0)
        constant = make.reshape(make.index(constants, number), (1,))
        coefficients = make.concatenate([coefficients / make.constant(powers), constant], 0)
    return coefficients


def horner(coefficients: Sequence[Node], x: Node) -> Node:
    """The polynomial with these coefficients, highest power first."""
    value = make.constant(0.0)
    for coefficient in coefficients:
        value = value * x + coefficient
    return make.broadcast(value, make.broadcast_shapes([x, *coefficients]))


def _elements(array: Any) -> list[Node]:
    node = to_node(array)
    return [make.index(node, position) for position in range(counted(node.shape[0], "np.polyval"))]


# -- convolution ------------------------------------------------------------------------------------------------


@rule("numpy.convolve")
def _convolve(a: Any, v: Any, mode: str = "full") -> Node:
    x, y = at_least(a, 1), at_least(v, 1)
    if not x.size or not y.size:
        raise ValueError("a cannot be empty" if not x.size else "v cannot be empty")
    if y.shape[0] > x.shape[0]:
        x, y = y, x
    return _in_mode(x, y, mode, x.shape)


@rule("numpy.correlate")
def _correlate(a: Any, v: Any, mode: str = "valid") -> Node:
    x, y = at_least(a, 1), at_least(v, 1)
    if y.shape[0] > x.shape[0]:
        return make.flip(_in_mode(y, make.flip(x, [0]), mode, y.shape), [0])
    return _in_mode(x, make.flip(y, [0]), mode, x.shape)


@rule("scipy.signal.convolve", "scipy.signal.fftconvolve", "scipy.signal.oaconvolve")
def _convolve_all_axes(in1: Any, in2: Any, mode: str = "full", method: str = "auto") -> Node:
    x, y = to_node(in1), to_node(in2)
    same = x.shape
    if mode == "valid" and any(m > n for n, m in zip(x.shape, y.shape, strict=True)):
        x, y = y, x
    return _in_mode(x, y, mode, same)


@rule("scipy.signal.correlate")
def _correlate_all_axes(in1: Any, in2: Any, mode: str = "full", method: str = "auto") -> Node:
    x, y = to_node(in1), to_node(in2)
    axes = range(y.ndim)
    if mode == "valid" and any(m > n for n, m in zip(x.shape, y.shape, strict=True)):
        return make.flip(_in_mode(y, make.flip(x, axes), mode, x.shape), axes)
    return _in_mode(x, make.flip(y, axes), mode, x.shape)


def _in_mode(x: Node, y: Node, mode: str, same: Shape) -> Node:
    """The full convolution, what lies inside without the edges, or the middle of the length of one argument."""
    if mode != "same":
        return arrays.convolve(x, y, mode)
    if not x.ndim:
        return x * y
    whole = arrays.convolve(x, y, "full")
    starts = [(long - length) // 2 for long, length in zip(whole.shape, same, strict=True)]
    return make.index(whole, tuple(slice(start, start + n) for start, n in zip(starts, same, strict=True)))
