"""Makers of the kinds that work along axes: running totals, positions, rearrangements, convolutions.

In: arrays, axes, positions. Out: nodes, as in `make`: lengths are checked, constants folded, equal nodes one object.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.complex_arguments import not_for_complex
from symdiff.ir.keys import too_many_indices
from symdiff.ir.lengths import Dimension, Length, counted, is_less, is_static, static
from symdiff.ir.nodes import Const, Convolve, Gather, Layout, Node, Order, Scan, ScatterAdd, Shape, intern
from symdiff.ir.shapes import common_shape, misfit

_SMALL = 10_000  # elements of a constant that is computed while the program is made


def positions(value: Any) -> Node:
    """A node of positions: whole numbers as they are, nodes as positions."""
    if isinstance(value, Node):
        return make.cast(value, "int")
    if isinstance(value, Length):
        return make.cast(make.size_of(value), "int")
    array = np.asarray(value)
    if array.size and array.dtype.kind not in "iub":
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    return make.constant(array if array.ndim else array.item(), "int")


def scan(how: str, arg: Node, axis: int, reverse: bool = False) -> Node:
    """The running sum, prod, max or min along an axis."""
    arg, axis = make.as_real(arg), make.normal_axis(axis, arg.ndim)
    if how in ("max", "min") and arg.dtype == "complex":
        raise not_for_complex(how)
    return intern(("scan", how, axis, reverse, arg), lambda: Scan(how, axis, reverse, (arg,)))


def recurrence(factors: Node, terms: Node, axis: int, reverse: bool = False) -> Node:
    """Each value is the one before times its factor plus its term; the first one is its term."""
    shape = make.broadcast_shapes((factors, terms))
    args = (make.broadcast(factors, shape), make.broadcast(terms, shape))
    return intern(("scan", "linear", axis, reverse, *args), lambda: Scan("linear", axis, reverse, args))


def gather(arg: Node, axis: int, indices: Sequence[Any]) -> Node:
    """`arg[:, …, i, j, …]`: arrays of positions for the axes from `axis` on."""
    nodes = tuple(positions(index) for index in indices)
    if axis + len(nodes) > arg.ndim:
        raise too_many_indices(arg.shape, axis + len(nodes))
    for at, node in enumerate(nodes):
        _within(node, arg.shape[axis + at], axis + at)
    if all(isinstance(node, Const) and not node.shape for node in nodes):
        whole = [int(node.value) for node in nodes if isinstance(node, Const)]
        return make.index(arg, (*(slice(None),) * axis, *whole))
    shape = (*arg.shape[:axis], *make.broadcast_shapes(nodes), *arg.shape[axis + len(nodes) :])
    if all(isinstance(node, Const) for node in (arg, *nodes)) and not _is_large(arg):
        key = (slice(None),) * axis + tuple(node.value for node in nodes if isinstance(node, Const))
        return make.constant(np.asarray(arg.value)[key], arg.dtype)  # type: ignore[attr-defined]
    args = (arg, *nodes)
    return intern(("gather", "index", axis, args), lambda: Gather("index", axis, args, shape))


def gather_along(arg: Node, order: Any, axis: int) -> Node:
    """`np.take_along_axis`: the lengths of the other axes are equal, or repeated to be so."""
    node, axis = positions(order), make.normal_axis(axis, arg.ndim)
    if node.ndim != arg.ndim:
        raise _not_along(arg, node, "They have as many axes as the array.")
    _within(node, arg.shape[axis], axis)
    rest = common_shape([_without(arg.shape, axis), _without(node.shape, axis)])
    if rest is None:
        raise _not_along(arg, node, "Their other axes are as long as the array's, or 1.")
    arg = make.broadcast(arg, (*rest[:axis], arg.shape[axis], *rest[axis:]))
    node = make.broadcast(node, (*rest[:axis], node.shape[axis], *rest[axis:]))
    return intern(("gather", "along", axis, arg, node), lambda: Gather("along", axis, (arg, node), node.shape))


def _not_along(arg: Node, node: Node, rule: str) -> ShapeError:
    return misfit(
        f"positions of shape {node.shape} do not run along an axis of an array of shape {arg.shape}",
        [arg, node],
        rule,
        "x[positions] for whole rows; np.take_along_axis(x, positions[:, None], axis=1) for one of each row",
    )


def scatter_add(arg: Node, axis: int, indices: Sequence[Node], shape: Shape) -> Node:
    """Zeros of `shape` with the elements added at `[:, …, i, j, …]`."""
    args = (arg, *indices)
    unique = _are_unique(indices, shape[axis : axis + len(indices)])
    key = ("scatter add", "index", axis, shape, args)
    return intern(key, lambda: ScatterAdd("index", axis, unique, args, shape))


def scatter_along(arg: Node, order: Node, axis: int, shape: Shape) -> Node:
    """Zeros of `shape` with each element added at its position along the axis."""
    unique = _is_permutation(order, axis)
    key = ("scatter add", "along", axis, shape, arg, order)
    return intern(key, lambda: ScatterAdd("along", axis, unique, (arg, order), shape))


def order(how: str, arg: Node, axis: int, kth: Sequence[int] = ()) -> Node:
    """argsort, argpartition (around the places `kth`), argmax or argmin along an axis, which the last two take away.

    Complex numbers are in NumPy's order: by the real part, and where that is equal by the imaginary one.
    """
    arg, axis = make.as_real(arg), make.normal_axis(axis, arg.ndim)
    shape = _without(arg.shape, axis) if how in ("argmax", "argmin") else arg.shape
    places = tuple(kth)
    return intern(("order", how, axis, places, arg), lambda: Order(how, axis, (arg,), shape, places))


def search(table: Node, values: Node, side: str = "left") -> Node:
    """Where each value belongs in an ascending table: the number of entries before it."""
    if table.ndim != 1:
        summary = f"a table to search in has one axis, this one has the shape {table.shape}"
        raise misfit(summary, [table], "It is one row of ascending numbers.", "table.ravel(), or one row: table[0]")
    args = (make.as_real(table), make.as_real(values))
    how = f"search_{side}"
    return intern(("order", how, args), lambda: Order(how, 0, args, values.shape))


def roll(arg: Node, shifts: Sequence[int]) -> Node:
    """Elements moved along each axis, those beyond the end to the beginning."""
    pairs = zip(shifts, arg.shape, strict=True)
    whole = tuple(shift % max(1, length) if isinstance(length, int) else shift for shift, length in pairs)
    if not any(whole):
        return arg
    return intern(("roll", whole, arg), lambda: Layout("roll", whole, arg, arg.shape))


def triangle(how: str, arg: Node, diagonal: int) -> Node:
    """`np.tril` or `np.triu`: what lies on the other side of the diagonal becomes 0."""
    if arg.ndim < 2:
        summary = f"a triangle is that of a matrix, got an array of shape {arg.shape}"
        rule = "What is kept lies on one side of the diagonal of the last two axes."
        raise misfit(summary, [arg], rule, "x[:, None] * np.ones(n) for a matrix of a vector, or np.diag(x)")
    return intern((how, diagonal, arg), lambda: Layout(how, (diagonal,), arg, arg.shape))


def diagonal(arg: Node, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Node:
    """The diagonals of the matrices in two axes, as a last axis."""
    first, second = make.normal_axis(axis1, arg.ndim), make.normal_axis(axis2, arg.ndim)
    if first == second:
        raise ValueError("axis1 and axis2 cannot be the same")
    rest = [axis for axis in range(arg.ndim) if axis not in (first, second)]
    if not is_static((arg.shape[first], arg.shape[second])):
        return _open_diagonal(arg, offset, first, second, rest)
    turned = make.transpose(arg, [*rest, first, second])
    rows, columns = static(turned.shape[-2:], "a diagonal")
    flat = make.reshape(turned, (*turned.shape[:-2], rows * columns))
    return make.index(flat, (..., diagonal_key(rows, columns, offset)))


def _open_diagonal(arg: Node, offset: int, first: int, second: int, rest: Sequence[int]) -> Node:
    if offset or arg.shape[first] != arg.shape[second]:
        lengths = f"{arg.shape[first]} and {arg.shape[second]}"
        raise misfit(
            f"the diagonal number {offset} of axes with the lengths {lengths} has no known length",
            [arg],
            "Which of the lengths ends it is not known while the function is traced.",
            'give both axes the same name in shapes, "n n", and take the main diagonal; or numbers for both',
        )
    labels = list(range(arg.ndim))
    labels[second] = first
    return make.einsum([labels], [*rest, first], arg)


def diagonal_key(rows: int, columns: int, offset: int) -> slice:
    """Where a diagonal lies among the elements of a matrix in row-major order."""
    start = offset if offset >= 0 else -offset * columns
    count = max(0, min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns))
    return slice(start, start + count * (columns + 1), columns + 1) if count else slice(0, 0, 1)


def from_diagonal(arg: Node, offset: int = 0) -> Node:
    """Square matrices with the last axis on a diagonal, 0 elsewhere."""
    if not is_static(arg.shape[-1:]):
        if offset:
            raise misfit(
                f"a diagonal beside the main one needs a known length, not {arg.shape[-1]}",
                [arg],
                "The matrix has more rows than the diagonal has elements, and zeros at an end.",
                f"a number in place of {arg.shape[-1]} in shapes, such as 10",
            )
        return make.reshape(arg, (*arg.shape, 1)) * make.eye(arg.shape[-1])
    lead, length = arg.shape[:-1], counted(arg.shape[-1], "a diagonal") + abs(offset)
    flat = (*lead, length * length)
    key, _ = make.normal_key((..., diagonal_key(length, length, offset)), flat)
    return make.reshape(make.scatter(arg, key, flat), (*lead, length, length))


def convolve(x: Node, y: Node, mode: str) -> Node:
    """The convolution of arrays of equal rank; in mode valid, y is nowhere longer than x."""
    args = (make.as_real(x), make.as_real(y))
    if x.ndim != y.ndim or x.size == 0 or y.size == 0:
        raise misfit(
            f"arrays of shapes {x.shape} and {y.shape} cannot be convolved",
            args,
            "Both have the same number of axes, and at least one element.",
            "np.convolve(x.ravel(), y) for a row; kernel[None, :] for a kernel along the last axis",
        )
    sign = 1 if mode == "full" else -1
    lengths = tuple(n + sign * (m - 1) for n, m in zip(x.shape, y.shape, strict=True))
    if any(is_less(length, 1) is True for length in lengths):
        raise misfit(
            f"an array of shape {y.shape} does not fit inside one of shape {x.shape}",
            args,
            'In mode "valid" the second array lies within the first, along each axis.',
            'mode="full", or the arrays the other way round',
        )
    return intern(("convolve", mode, args), lambda: Convolve(mode, args, lengths))


def _within(node: Node, length: Dimension, axis: int) -> None:
    """Refuses constant positions outside of an axis."""
    if isinstance(length, int) and isinstance(node, Const) and np.size(node.value):
        low, high = np.min(node.value), np.max(node.value)
        if low < -length or high >= length:
            wrong = low if low < -length else high
            raise IndexError(f"index {wrong} is out of bounds for axis {axis} with size {length}")


def _without(shape: Shape, axis: int) -> Shape:
    return shape[:axis] + shape[axis + 1 :]


def _is_large(node: Node) -> bool:
    return isinstance(node.size, int) and node.size > _SMALL


def _are_unique(indices: Sequence[Node], lengths: Shape) -> bool:
    """Whether constant positions, all axes together, are all different."""
    values = [node.value for node in indices if isinstance(node, Const)]
    if len(values) < len(indices) or not is_static(lengths):
        return False
    known = static(lengths, "positions")
    spread = np.broadcast_arrays(*[np.asarray(v) % max(1, n) for v, n in zip(values, known, strict=True)])
    if not spread[0].size:
        return True
    flat = np.ravel_multi_index(tuple(spread), known).ravel()
    return bool(np.bincount(flat, minlength=math.prod(known)).max() <= 1)


def _is_permutation(node: Node, axis: int) -> bool:
    """Whether positions along an axis are all different: they sort, or there is one of them."""
    if node.shape[axis] in (0, 1):
        return True
    return isinstance(node, Order) and node.how in ("argsort", "argpartition") and node.axis == axis
