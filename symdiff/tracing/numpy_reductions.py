"""NumPy's functions that take axes away: sum, mean, var, norm, nansum, cov, …

In: an array and axes, as the user gives them. Out: Reduce nodes and elementwise nodes around them.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import Dimension, product
from symdiff.ir.make_shifts import kept, shift_of
from symdiff.ir.nodes import Node
from symdiff.ops import complex_rows
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops.special import lgamma
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node

Axes = int | Sequence[int] | None


def reduced(how: str, a: Any, axis: Axes = None, keepdims: Any = False) -> Node:
    """The reduction over the axes, which stay with length 1 where `keepdims` asks for it."""
    array = to_node(a)
    axes = _axes(axis, array.ndim)
    if how in ("max", "min") and 0 in [array.shape[axis] for axis in axes]:
        raise ValueError(f"zero-size array to reduction operation {how} which has no identity")
    is_choice = how in ("max", "min") and array.dtype == "complex"
    result = _extreme_of_complex(how, array, axes) if is_choice else make.reduce(how, array, axes)
    if keepdims:
        return make.reshape(result, tuple(1 if axis in axes else n for axis, n in enumerate(array.shape)))
    return result


def _extreme_of_complex(how: str, array: Node, axes: Sequence[int]) -> Node:
    """The last, or first, of complex numbers in NumPy's order; of equal ones the first place counts."""
    rest = [axis for axis in range(array.ndim) if axis not in axes]
    shape = tuple(array.shape[axis] for axis in rest)
    lines = make.reshape(make.transpose(array, [*rest, *axes]), (*shape, product(array.shape[axis] for axis in axes)))
    places = arrays.order(f"arg{how}", lines, len(rest))
    return make.reshape(arrays.gather_along(lines, make.reshape(places, (*shape, 1)), len(rest)), shape)


def _axes(axis: Axes, ndim: int) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(ndim))
    given = (axis,) if isinstance(axis, int | np.integer) else axis
    return tuple(make.normal_axis(int(number), ndim) for number in given)


def is_mask(where: Any) -> bool:
    """Whether a reduction leaves something out."""
    return where is not True and where is not None and where is not np._NoValue


def picked(a: Any, where: Any, rest: Any) -> Node:
    """The array where the mask says so, and a number elsewhere."""
    array, mask = to_node(a), to_node(where)
    chosen = make.select(mask, array, rest)
    if chosen.shape != array.shape:
        raise ValueError(f"a mask of shape {mask.shape} does not fit an array of shape {array.shape}")
    return chosen


_OF_NOTHING = {"sum": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf, "any": False, "all": True}


def _reduction(how: str, neutral: Callable[[Node, Node], Node]) -> Callable[..., Node]:
    def reduction(a: Any, axis: Axes = None, keepdims: Any = False, initial: Any = None, where: Any = True) -> Node:
        has_first = initial is not None and initial is not np._NoValue
        if is_mask(where):
            if how in ("max", "min") and not has_first:
                raise ValueError(f"reduction operation '{how}imum' does not have an identity, so `initial` is needed")
            a = picked(a, where, _OF_NOTHING[how])
        if not has_first:
            return reduced(how, a, axis, keepdims)
        array, first = to_node(a), to_node(initial)
        if 0 in [array.shape[axis] for axis in _axes(axis, array.ndim)]:
            return make.broadcast(first, reduced("sum", array, axis, keepdims).shape)
        return neutral(reduced(how, array, axis, keepdims), first)

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
def average_of(a: Any, axis: Axes = None, keepdims: Any = False, where: Any = True) -> Node:
    """The arithmetic mean."""
    if is_mask(where):
        return reduced("sum", picked(a, where, 0.0), axis, keepdims) / _picked_count(a, axis, keepdims, where)
    return reduced("sum", a, axis, keepdims) / make.size_of(_count(a, axis))


def _picked_count(a: Any, axis: Axes, keepdims: Any, where: Any) -> Node:
    """How many elements the mask picks."""
    return reduced("sum", picked(make.broadcast(make.constant(1.0), to_node(a).shape), where, 0.0), axis, keepdims)


@rule("numpy.average")
def _average(a: Any, axis: Axes = None, weights: Any = None, returned: Any = False, keepdims: Any = False) -> Any:
    array = to_node(a)
    if weights is None:
        weight: Node = make.constant(1.0)
    else:
        weight = to_node(weights)
        if weight.shape != array.shape:
            weight = _laid_along(weight, array, _axes(axis, array.ndim))
    weight = make.broadcast(weight, array.shape)
    total = reduced("sum", weight, axis, keepdims) if weights is not None else make.size_of(_count(a, axis))
    average = reduced("sum", array if weights is None else array * weight, axis, keepdims) / total
    return (average, make.broadcast(total, average.shape)) if returned else average


def _laid_along(weight: Node, array: Node, axes: tuple[int, ...]) -> Node:
    """Weights of the axes that are averaged over, in their order."""
    if weight.shape != tuple(array.shape[axis] for axis in axes):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    turned = make.transpose(weight, [axes.index(axis) for axis in sorted(axes)])
    return make.reshape(turned, tuple(n if axis in axes else 1 for axis, n in enumerate(array.shape)))


@rule("numpy.var")
def variance(
    a: Any,
    axis: Axes = None,
    ddof: Any = 0,
    keepdims: Any = False,
    mean: Any = None,
    correction: Any = None,
    where: Any = True,
) -> Node:
    """The mean squared deviation, over count - ddof."""
    middle = average_of(a, axis, True, where) if mean is None or mean is np._NoValue else to_node(mean)
    deviation = to_node(a) - middle
    lost = ddof if correction is None or correction is np._NoValue else correction
    if is_mask(where):
        total = reduced("sum", picked(squared_size(deviation), where, 0.0), axis, keepdims)
        return total / (_picked_count(a, axis, keepdims, where) - to_node(lost))
    return reduced("sum", squared_size(deviation), axis, keepdims) / _degrees(_count(a, axis), lost)


@rule("numpy.std")
def _std(a: Any, *args: Any, **kwargs: Any) -> Node:
    return e.sqrt(variance(a, *args, **kwargs))  # type: ignore[no-any-return]


def _degrees(count: Dimension, lost: Any) -> Node:
    """How many observations are free; the count may stay open."""
    return make.size_of(count) - to_node(lost) if lost else make.size_of(count)


def squared_size(array: Node) -> Node:
    """|x|², of complex numbers the squares of both parts."""
    if array.dtype != "complex":
        return array * array
    return complex_rows.squared_size(array)  # type: ignore[no-any-return]


def _count(a: Any, axis: Axes) -> Dimension:
    array = to_node(a)
    return product(array.shape[number] for number in _axes(axis, array.ndim))


@rule("scipy.special.logsumexp")
def _logsumexp(a: Any, axis: Axes = None, b: Any = None, keepdims: Any = False) -> Node:
    """Shifted by the maximum, so that nothing overflows."""
    array = to_node(a)
    top = _top(array, axis)
    terms = e.exp(array - top) if b is None else to_node(b) * e.exp(array - top)
    total = e.log(reduced("sum", terms, axis, keepdims=True)) + top
    return total if keepdims else reduced("sum", total, axis)


def _top(array: Node, axis: Axes) -> Node:
    axes = _axes(axis, array.ndim)
    return kept(shift_of(array, axes), array, axes)


@rule("scipy.special.softmax")
def _softmax(x: Any, axis: Axes = None) -> Node:
    array = to_node(x)
    terms: Node = e.exp(array - _top(array, axis))
    return terms / reduced("sum", terms, axis, keepdims=True)


@rule("scipy.special.log_softmax")
def _log_softmax(x: Any, axis: Axes = None) -> Node:
    return to_node(x) - _logsumexp(x, axis, keepdims=True)


@rule("scipy.special.multigammaln")
def _multigammaln(a: Any, d: int) -> Node:
    point = to_node(a)
    total: Node = make.constant(d * (d - 1) / 4.0 * math.log(math.pi))
    for number in range(d):
        total = total + lgamma(point - number / 2.0)
    return total


@rule("scipy.special.gammasgn")
def _gammasgn(x: Any) -> Node:
    """Left of 0 the sign changes at every whole number."""
    point = to_node(x)
    is_odd = p.equal(p.remainder(p.floor(point), 2.0), 1.0)
    return make.select(p.greater(point, 0.0), 1.0, make.select(is_odd, -1.0, 1.0))


# -- without nan ------------------------------------------------------------------------------------------------


def _without_nan(how: str, neutral: float) -> Callable[..., Node]:
    def reduction(a: Any, axis: Axes = None, keepdims: Any = False) -> Node:
        array = to_node(a)
        return reduced(how, make.select(p.isnan(array), neutral, array), axis, keepdims)

    return reduction


nan_sum = rule("numpy.nansum")(_without_nan("sum", 0.0))
rule("numpy.nanprod")(_without_nan("prod", 1.0))


def _extreme_of_numbers(how: str, neutral: float) -> Callable[..., Node]:
    """The extreme of what is not nan; nan where nothing else is there."""

    def reduction(a: Any, axis: Axes = None, keepdims: Any = False) -> Node:
        array = to_node(a)
        nothing = reduced("all", p.isnan(array), axis, keepdims)
        found = reduced(how, make.select(p.isnan(array), neutral, array), axis, keepdims)
        return make.select(nothing, math.nan, found)

    return reduction


rule("numpy.nanmax")(_extreme_of_numbers("max", -math.inf))
rule("numpy.nanmin")(_extreme_of_numbers("min", math.inf))


@rule("numpy.nanmean")
def _nanmean(a: Any, axis: Axes = None, keepdims: Any = False) -> Node:
    return nan_sum(a, axis, keepdims) / _numbers(a, axis, keepdims)


def _numbers(a: Any, axis: Axes, keepdims: Any) -> Node:
    """How many are not nan."""
    return reduced("sum", make.select(p.isnan(to_node(a)), 0.0, 1.0), axis, keepdims)


@rule("numpy.nanvar")
def _nanvar(a: Any, axis: Axes = None, ddof: Any = 0, keepdims: Any = False) -> Node:
    array = to_node(a)
    deviation = array - _nanmean(array, axis, keepdims=True)
    return nan_sum(deviation * deviation, axis, keepdims) / (_numbers(array, axis, keepdims) - float(ddof))


@rule("numpy.nanstd")
def _nanstd(a: Any, axis: Axes = None, ddof: Any = 0, keepdims: Any = False) -> Node:
    return e.sqrt(_nanvar(a, axis, ddof, keepdims))  # type: ignore[no-any-return]


@rule("numpy.cov")
def covariance(m: Any, y: Any = None, rowvar: Any = True, bias: Any = False, ddof: int | None = None) -> Node:
    """Rows are variables, columns observations."""
    parts = [_observations(part, rowvar) for part in (m, y) if part is not None]
    data = make.concatenate(parts, 0)
    lost = ddof if ddof is not None else 0 if bias else 1
    deviation = data - average_of(data, 1, keepdims=True)
    found = make.dot(deviation, make.transpose(deviation)) / _degrees(data.shape[1], lost)
    return make.reshape(found, ()) if found.shape == (1, 1) else found


def _observations(part: Any, rowvar: Any) -> Node:
    node = to_node(part)
    if node.ndim < 2:
        return make.reshape(node, (1, node.size))
    return node if rowvar else make.transpose(node)


@rule("numpy.corrcoef")
def _corrcoef(x: Any, y: Any = None, rowvar: Any = True) -> Node:
    found = covariance(x, y, rowvar)
    if not found.ndim:
        return found / found
    spread: Node = e.sqrt(arrays.diagonal(found))
    count = spread.shape[0]
    return found / (make.reshape(spread, (count, 1)) * make.reshape(spread, (1, count)))
