"""NumPy's functions that take axes away, or run along one: sum, mean, norm, cumsum, diff, …

In: an array and axes, as the user gives them. Out: Reduce nodes and elementwise nodes around them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.lengths import Dimension, counted, product
from symdiff.ir.nodes import Node
from symdiff.ops import complex_rows
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node

Axes = int | Sequence[int] | None


def reduced(how: str, a: Any, axis: Axes = None, keepdims: Any = False) -> Node:
    """The reduction over the axes, which stay with length 1 where `keepdims` asks for it."""
    array = to_node(a)
    axes = _axes(axis, array.ndim)
    if how in ("max", "min") and 0 in [array.shape[axis] for axis in axes]:
        raise ValueError(f"zero-size array to reduction operation {how} which has no identity")
    result = make.reduce(how, array, axes)
    if keepdims is True:
        return make.reshape(result, tuple(1 if axis in axes else n for axis, n in enumerate(array.shape)))
    return result


def _axes(axis: Axes, ndim: int) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(ndim))
    given = (axis,) if isinstance(axis, int | np.integer) else axis
    return tuple(make.normal_axis(int(number), ndim) for number in given)


def _reduction(how: str, neutral: Callable[[Node, Node], Node]) -> Callable[..., Node]:
    def reduction(a: Any, axis: Axes = None, keepdims: Any = False, initial: Any = None) -> Node:
        result = reduced(how, a, axis, keepdims)
        return result if initial is None or initial is np._NoValue else neutral(result, to_node(initial))

    return reduction


rule("numpy.sum")(_reduction("sum", e.add))
rule("numpy.prod")(_reduction("prod", e.multiply))
rule("numpy.max", "numpy.amax")(_reduction("max", p.maximum))
rule("numpy.min", "numpy.amin")(_reduction("min", p.minimum))
rule("numpy.any")(_reduction("any", p.logical_or))
rule("numpy.all")(_reduction("all", p.logical_and))


@rule("numpy.count_nonzero")
def _count_nonzero(a: Any, axis: Axes = None, keepdims: Any = False) -> Node:
    return reduced("sum", p.not_equal(to_node(a), 0.0), axis, keepdims)


@rule("numpy.ptp")
def _ptp(a: Any, axis: Axes = None, keepdims: Any = False) -> Node:
    return reduced("max", a, axis, keepdims) - reduced("min", a, axis, keepdims)


@rule("numpy.mean")
def mean(a: Any, axis: Axes = None, keepdims: Any = False) -> Node:
    """The arithmetic mean."""
    return reduced("sum", a, axis, keepdims) / make.size_of(_count(a, axis))


@rule("numpy.average")
def _average(a: Any, axis: Axes = None, weights: Any = None) -> Node:
    if weights is None:
        return mean(a, axis)
    weight = to_node(weights)
    array = to_node(a)
    if weight.shape != array.shape:
        weight = make.broadcast(weight, array.shape)
    return reduced("sum", array * weight, axis) / reduced("sum", weight, axis)


@rule("numpy.var")
def _var(a: Any, axis: Axes = None, ddof: Any = 0, keepdims: Any = False) -> Node:
    deviation = to_node(a) - mean(a, axis, keepdims=True)
    return reduced("sum", squared_size(deviation), axis, keepdims) / (
        make.size_of(_count(a, axis)) - float(ddof) if ddof else make.size_of(_count(a, axis))
    )


@rule("numpy.std")
def _std(a: Any, axis: Axes = None, ddof: Any = 0, keepdims: Any = False) -> Node:
    return e.sqrt(_var(a, axis, ddof, keepdims))  # type: ignore[no-any-return]


def squared_size(array: Node) -> Node:
    """|x|², of complex numbers the squares of both parts."""
    if array.dtype != "complex":
        return array * array
    return complex_rows.squared_size(array)  # type: ignore[no-any-return]


def _count(a: Any, axis: Axes) -> Dimension:
    array = to_node(a)
    return product(array.shape[number] for number in _axes(axis, array.ndim))


def _along(a: Any, axis: int | None) -> tuple[Node, int]:
    """The array and the axis to run along; without an axis, the flattened array."""
    array = to_node(a)
    if axis is None or not array.ndim:
        return make.reshape(array, (array.size,)), 0
    return array, make.normal_axis(axis, array.ndim)


def cut(array: Node, axis: int, part: Dimension | slice) -> Node:
    """One element or a slice of an axis, everything of the others."""
    return make.index(array, (slice(None),) * axis + (part,))


def _running(combine: Callable[[Node, Node], Node]) -> Callable[..., Node]:
    def running(a: Any, axis: int | None = None) -> Node:
        array, axis = _along(a, axis)
        if not array.shape[axis]:
            return array
        totals = [cut(array, axis, 0)]
        for position in range(1, counted(array.shape[axis], "a running total")):
            totals.append(combine(totals[-1], cut(array, axis, position)))
        return make.stack(totals, axis)

    return running


running_sum = rule("numpy.cumsum")(_running(e.add))
running_product = rule("numpy.cumprod")(_running(e.multiply))
RUNNING: dict[str, Callable[..., Node]] = {
    "add": running_sum,
    "multiply": running_product,
    "maximum": _running(p.maximum),
    "minimum": _running(p.minimum),
}


@rule("numpy.diff")
def _diff(a: Any, n: int = 1, axis: int = -1) -> Node:
    array, axis = to_node(a), make.normal_axis(axis, to_node(a).ndim)
    for _ in range(n):
        array = cut(array, axis, slice(1, None)) - cut(array, axis, slice(None, -1))
    return array


@rule("numpy.ediff1d")
def _ediff1d(ary: Any) -> Node:
    return _diff(_along(ary, None)[0])


@rule("numpy.trapezoid", "numpy.trapz")
def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Node:
    values = to_node(y)
    axis = make.normal_axis(axis, values.ndim)
    widths = to_node(dx) if x is None else _diff(x, axis=-1)
    if x is not None and widths.ndim == 1:
        widths = make.reshape(widths, tuple(widths.size if at == axis else 1 for at in range(values.ndim)))
    pairs = cut(values, axis, slice(1, None)) + cut(values, axis, slice(None, -1))
    return reduced("sum", widths * pairs / 2.0, axis)


@rule("numpy.sort")
def ascending(a: Any, axis: int | None = -1, reverse: Any = False) -> Node:
    """Odd-even transposition: every exchange is a minimum and a maximum, so nothing needs a decision."""
    array, axis = _along(a, axis)
    values = [cut(array, axis, position) for position in range(counted(array.shape[axis], "sorting"))]
    for turn in range(len(values)):
        for left in range(turn % 2, len(values) - 1, 2):
            low, high = values[left], values[left + 1]
            values[left], values[left + 1] = p.minimum(low, high), p.maximum(low, high)
    return make.stack(values[::-1] if reverse else values, axis)


@rule("scipy.special.logsumexp")
def _logsumexp(a: Any, axis: Axes = None, b: Any = None, keepdims: Any = False) -> Node:
    """Shifted by the maximum, so that nothing overflows."""
    array = to_node(a)
    top = reduced("max", array, axis, keepdims=True)
    terms = e.exp(array - top) if b is None else to_node(b) * e.exp(array - top)
    total = e.log(reduced("sum", terms, axis, keepdims=True)) + top
    return total if keepdims is True else reduced("sum", total, axis)


@rule("scipy.special.softmax")
def _softmax(x: Any, axis: Axes = None) -> Node:
    array = to_node(x)
    terms: Node = e.exp(array - reduced("max", array, axis, keepdims=True))
    return terms / reduced("sum", terms, axis, keepdims=True)


@rule("scipy.special.log_softmax")
def _log_softmax(x: Any, axis: Axes = None) -> Node:
    return to_node(x) - _logsumexp(x, axis, keepdims=True)


@rule("numpy.median")
def median(a: Any, axis: int | None = None, keepdims: Any = False) -> Node:
    """The middle of the sorted values."""
    array, along = _along(a, axis)
    count = counted(array.shape[along], "np.median")
    ordered, middle = ascending(array, along), count // 2
    high = cut(ordered, along, middle)
    result = high if count % 2 else (cut(ordered, along, middle - 1) + high) / 2.0
    if keepdims is not True:
        return result
    shape = to_node(a).shape
    return make.reshape(result, tuple(1 if axis is None or at == along else n for at, n in enumerate(shape)))
