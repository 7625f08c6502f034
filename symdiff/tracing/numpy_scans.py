"""NumPy's functions that run along an axis: cumsum, cumprod, maximum.accumulate, diff, gradient, trapezoid.

In: an array and an axis. Out: Scan nodes for running totals; slices and arithmetic for differences.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import counted, is_less
from symdiff.ir.nodes import Node
from symdiff.ops import piecewise as p
from symdiff.tracing.numpy_indexing import along, cut
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node


def _running(how: str, if_nan: float | None = None) -> Callable[..., Node]:
    def running(a: Any, axis: int | None = None) -> Node:
        array, at = along(a, axis)
        if if_nan is not None:
            array = make.select(p.isnan(array), if_nan, array)
        return arrays.scan(how, array, at)

    return running


running_sum = rule("numpy.cumsum")(_running("sum"))
running_product = rule("numpy.cumprod")(_running("prod"))
rule("numpy.nancumsum")(_running("sum", 0.0))
rule("numpy.nancumprod")(_running("prod", 1.0))
# What `accumulate` does, by the name of the ufunc.
RUNNING: dict[str, Callable[..., Node]] = {
    "add": running_sum,
    "multiply": running_product,
    "maximum": _running("max"),
    "minimum": _running("min"),
}


@rule("numpy.cumulative_sum")
def _cumulative_sum(x: Any, axis: int | None = None, include_initial: Any = False) -> Node:
    return _with_first(running_sum(x, _only_axis(x, axis)), _only_axis(x, axis), 0.0 if include_initial else None)


@rule("numpy.cumulative_prod")
def _cumulative_prod(x: Any, axis: int | None = None, include_initial: Any = False) -> Node:
    return _with_first(running_product(x, _only_axis(x, axis)), _only_axis(x, axis), 1.0 if include_initial else None)


def _only_axis(x: Any, axis: int | None) -> int:
    ndim = to_node(x).ndim
    if axis is None and ndim != 1:
        raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
    return 0 if axis is None else make.normal_axis(axis, ndim)


def _with_first(total: Node, axis: int, first: float | None) -> Node:
    if first is None:
        return total
    edge = make.broadcast(make.constant(first), (*total.shape[:axis], 1, *total.shape[axis + 1 :]))
    return make.concatenate([edge, total], axis)


@rule("numpy.diff")
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Node:
    """The n-th differences of neighbours along an axis."""
    array = to_node(a)
    axis = make.normal_axis(axis, array.ndim)
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    ends = [
        None if end is None or end is np._NoValue else _edge(to_node(end), array, axis) for end in (prepend, append)
    ]
    array = make.concatenate([part for part in (ends[0], array, ends[1]) if part is not None], axis)
    for _ in range(n):
        array = cut(array, axis, slice(1, None)) - cut(array, axis, slice(None, -1))
    return array


def _edge(end: Node, array: Node, axis: int) -> Node:
    """What is put before or behind; a number is repeated along the other axes."""
    return end if end.ndim else make.broadcast(end, (*array.shape[:axis], 1, *array.shape[axis + 1 :]))


@rule("numpy.ediff1d")
def _ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Node:
    array, _ = along(ary, None)
    ends = [None if end is None else make.reshape(to_node(end), (to_node(end).size,)) for end in (to_begin, to_end)]
    return make.concatenate([part for part in (ends[0], diff(array), ends[1]) if part is not None])


@rule("numpy.trapezoid", "numpy.trapz")
def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Node:
    """`axis` is that of the values, of coordinates of more than one axis, and of their product, each by itself."""
    values = to_node(y)
    place = make.normal_axis(axis, values.ndim)
    widths = to_node(dx)
    if x is not None:
        coordinates = to_node(x)
        is_line = coordinates.ndim == 1
        widths = diff(coordinates, axis=-1 if is_line else axis)
        widths = _along_axis(widths, place, values.ndim) if is_line else widths
    areas = widths * (cut(values, place, slice(1, None)) + cut(values, place, slice(None, -1))) / 2.0
    return make.reduce("sum", areas, [make.normal_axis(axis, areas.ndim)])


def _along_axis(line: Node, axis: int, ndim: int) -> Node:
    """A line of numbers laid along one axis of several."""
    return make.reshape(line, tuple(line.shape[0] if at == axis else 1 for at in range(ndim)))


@rule("numpy.gradient")
def _gradient(f: Any, *varargs: Any, axis: int | Sequence[int] | None = None, edge_order: int = 1) -> Any:
    """Central differences inside, one-sided ones of first or second order at the ends."""
    values = to_node(f)
    given = range(values.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    axes = [make.normal_axis(number, values.ndim) for number in given]
    spacings = list(varargs) if len(varargs) > 1 else [*(varargs or (1.0,))] * len(axes)
    if len(spacings) != len(axes):
        raise TypeError("invalid number of arguments")
    if any(is_less(values.shape[number], edge_order + 1) is True for number in axes):
        raise ValueError(
            "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) needed."
        )
    found = [_slope(values, to_node(h), number, edge_order) for number, h in zip(axes, spacings, strict=True)]
    return found[0] if len(axes) == 1 else tuple(found)


def _slope(values: Node, spacing: Node, axis: int, edge_order: int) -> Node:
    """The derivative along one axis, by the step or by the coordinates."""

    def part(start: int | None, stop: int | None) -> Node:
        return cut(values, axis, slice(start, stop))

    before, here, after = part(None, -2), part(1, -1), part(2, None)
    if spacing.ndim:
        steps = diff(spacing)
        count = counted(values.shape[axis], "np.gradient") - 1
        left = _along_axis(cut(steps, 0, slice(None, -1)), axis, values.ndim)
        right = _along_axis(cut(steps, 0, slice(1, None)), axis, values.ndim)
        inside = (
            -(right / (left * (left + right))) * before
            + ((right - left) / (left * right)) * here
            + (left / (right * (left + right))) * after
        )
        first, last = make.index(steps, 0), make.index(steps, count - 1)
        second, next_to_last = make.index(steps, min(1, count - 1)), make.index(steps, max(count - 2, 0))
    else:
        inside = (after - before) / (2.0 * spacing)
        first = second = last = next_to_last = spacing
    if edge_order == 1:
        head = (part(1, 2) - part(0, 1)) / first
        tail = (part(-1, None) - part(-2, -1)) / last
    else:
        head = _parabola(part(0, 1), part(1, 2), part(2, 3), first, second)
        tail = -_parabola(part(-1, None), part(-2, -1), part(-3, -2), last, next_to_last)
    return make.concatenate([head, inside, tail], axis)


def _parabola(here: Node, near: Node, far: Node, h: Node, k: Node) -> Node:
    """The slope at the first of three points of a parabola, h and then k apart."""
    return -((2.0 * h + k) / (h * (h + k))) * here + ((h + k) / (h * k)) * near - (h / (k * (h + k))) * far
