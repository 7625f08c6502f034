"""NumPy's functions of the order of values: sort, argsort, argmax, median, quantile, searchsorted, interp, …

In: arrays. Out: Order nodes, which are positions, and Gather nodes, which take the values there: a sorted array is
differentiated by going back to where each value came from. Equal values keep their order (a stable sort).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import counted, product
from symdiff.ir.nodes import Const, Node
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.tracing.calls import unsupported
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_indexing import along, cut, positions_given
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node

Axes = int | Sequence[int] | None


@rule("numpy.sort")
def ascending(a: Any, axis: int | None = -1, kind: Any = None, stable: Any = None) -> Node:
    """The values in ascending order along an axis."""
    array, at = along(a, axis)
    return arrays.gather_along(array, arrays.order("argsort", array, at), at)


@rule("numpy.argsort")
def _argsort(a: Any, axis: int | None = -1, kind: Any = None, stable: Any = None) -> Node:
    array, at = along(a, axis)
    return arrays.order("argsort", array, at)


@rule("numpy.partition")
def _partition(a: Any, kth: Any, axis: int | None = -1, kind: Any = None) -> Node:
    array, at = along(a, axis)
    return arrays.gather_along(array, _partitioned(array, kth, at), at)


@rule("numpy.argpartition")
def _argpartition(a: Any, kth: Any, axis: int | None = -1, kind: Any = None) -> Node:
    array, at = along(a, axis)
    return _partitioned(array, kth, at)


def _partitioned(array: Node, kth: Any, axis: int) -> Node:
    length = counted(array.shape[axis], "np.partition")
    return arrays.order("argpartition", array, axis, [make.normal_axis(int(at), length) for at in np.ravel(kth)])


def _extreme_position(how: str) -> Callable[..., Node]:
    def found(a: Any, axis: int | None = None, keepdims: Any = False) -> Node:
        array, at = along(a, axis)
        if array.size == 0:
            raise ValueError(f"attempt to get {how} of an empty sequence")
        return kept(arrays.order(how, array, at), a, axis, keepdims)

    return found


rule("numpy.argmax")(_extreme_position("argmax"))
rule("numpy.argmin")(_extreme_position("argmin"))


def kept(result: Node, a: Any, axis: int | None, keepdims: Any) -> Node:
    """The result with the axis that went away in place again, where `keepdims` asks for it."""
    if not keepdims:
        return result
    shape = to_node(a).shape
    lost = range(len(shape)) if axis is None else [make.normal_axis(axis, len(shape))]
    return make.reshape(result, tuple(1 if at in lost else length for at, length in enumerate(shape)))


# -- quantiles --------------------------------------------------------------------------------------------------


@rule("numpy.median")
def median(a: Any, axis: Axes = None, overwrite_input: Any = False, keepdims: Any = False) -> Node:
    """The middle of the sorted values, the mean of the two middle ones; nan where there is a nan."""
    return _over_axes(a, axis, keepdims, lambda array: _middle(ascending(array, 0)))


def _middle(ordered: Node) -> Node:
    count = counted(ordered.shape[0], "np.median")
    middle = count // 2
    high = make.index(ordered, middle)
    found = high if count % 2 else (make.index(ordered, middle - 1) + high) / 2.0
    return _unless_nan(ordered, found)


def _unless_nan(ordered: Node, found: Node) -> Node:
    """Sorting puts nan last: where there is one, it is the result."""
    last = make.index(ordered, -1)
    return found if ordered.shape[0] == 1 else make.select(p.isnan(last), last, found)


def _over_axes(a: Any, axis: Axes, keepdims: Any, function: Callable[[Node], Node]) -> Node:
    """A function of the first axis, applied to all the axes put together; what it adds stays in front."""
    array = to_node(a)
    given = range(array.ndim) if axis is None else [axis] if isinstance(axis, int | np.integer) else axis
    lost = [make.normal_axis(int(number), array.ndim) for number in given]
    rest = [number for number in range(array.ndim) if number not in lost]
    turned = make.transpose(array, [*lost, *rest])
    remaining = turned.shape[len(lost) :]
    flat = turned if len(lost) == 1 else make.reshape(turned, (product(array.shape[n] for n in lost), *remaining))
    result = function(flat)
    if not keepdims:
        return result
    added = result.shape[: result.ndim - len(remaining)]
    single = tuple(1 if number in lost else length for number, length in enumerate(array.shape))
    return make.reshape(result, (*added, *single))


# Where the quantile q of n values lies among them (Hyndman and Fan, 1996: definitions 4 to 9, by their alpha and beta).
_CONTINUOUS = {
    "linear": (1.0, 1.0),
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1.0 / 3.0, 1.0 / 3.0),
    "normal_unbiased": (3.0 / 8.0, 3.0 / 8.0),
}
_ROUNDED = ("lower", "higher", "nearest", "midpoint")


@rule("numpy.quantile")
def quantile(
    a: Any, q: Any, axis: Axes = None, overwrite_input: Any = False, method: str = "linear", keepdims: Any = False
) -> Node:
    """Between neighbours of the sorted values; q is one number or an array of them, constant or traced."""
    if method not in _CONTINUOUS and method not in _ROUNDED:
        refuse(_no_method(method))
    place = to_node(q)
    if isinstance(place, Const) and not np.all((np.asarray(place.value) >= 0.0) & (np.asarray(place.value) <= 1.0)):
        raise ValueError("Quantiles must be in the range [0, 1]")
    return _over_axes(a, axis, keepdims, lambda array: _quantiles(ascending(array, 0), place, method))


@rule("numpy.percentile")
def _percentile(
    a: Any, q: Any, axis: Axes = None, overwrite_input: Any = False, method: str = "linear", keepdims: Any = False
) -> Node:
    return quantile(a, to_node(q) / 100.0, axis, overwrite_input, method, keepdims)


def _quantiles(ordered: Node, q: Node, method: str) -> Node:
    count = float(counted(ordered.shape[0], "np.quantile"))
    alpha, beta = _CONTINUOUS.get(method, (1.0, 1.0))
    place = q * (count - 1.0) if alpha == beta == 1.0 else count * q + (alpha + q * (1.0 - alpha - beta)) - 1.0
    place = p.minimum(p.maximum(place, 0.0), count - 1.0)
    low = make.apply(p.floor, [place])
    if method in _ROUNDED:
        rounded = {"lower": low, "higher": p.ceil(place), "nearest": p.rint(place)}
        place = rounded.get(method, place)
        low = make.apply(p.floor, [place])
    weight = make.broadcast(place - low, q.shape)
    if method == "midpoint":
        weight = make.select(p.greater(weight, 0.0), 0.5, 0.0)
    at = arrays.positions(make.broadcast(low, q.shape))
    below = arrays.gather(ordered, 0, [at])
    if isinstance(weight, Const) and not np.any(weight.value):
        return _unless_nan(ordered, below)
    above = arrays.gather(ordered, 0, [arrays.positions(p.minimum(make.as_real(at) + 1.0, count - 1.0))])
    weight = make.reshape(weight, q.shape + (1,) * (ordered.ndim - 1))
    return _unless_nan(ordered, below + weight * (above - below))


def _no_method(method: str) -> UnsupportedError:
    return UnsupportedError(
        f"np.quantile with method={method!r} is not traceable",
        origin=user_origin(),
        why="It jumps between values; its derivative by q is zero wherever it has one.",
        fix=f'method="linear", or one of {", ".join(name for name in (*_CONTINUOUS, *_ROUNDED) if name != "linear")}',
    )


# -- tables -----------------------------------------------------------------------------------------------------


@rule("numpy.searchsorted")
def _searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Node:
    table = to_node(a) if sorter is None else arrays.gather(to_node(a), 0, [positions_given(sorter)])
    return arrays.search(table, to_node(v), side)


@rule("numpy.digitize")
def _digitize(x: Any, bins: Any, right: Any = False) -> Node:
    edges = to_node(bins)
    if (
        isinstance(edges, Const)
        and np.size(edges.value) > 1
        and np.asarray(edges.value)[0] > np.asarray(edges.value)[-1]
    ):
        found = arrays.search(make.flip(edges, [0]), to_node(x), "right" if right else "left")
        return make.cast(float(np.size(edges.value)) - make.as_real(found), "int")
    return arrays.search(edges, to_node(x), "left" if right else "right")


@rule("numpy.interp")
def _interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Node:
    """Piecewise linear; outside of the table the first and the last value, or `left` and `right`.

    Where knots stand at one place the last of them counts: no step of length 0 is ever divided by.
    """
    point, knots, values = to_node(x), to_node(xp), to_node(fp)
    if knots.ndim != 1 or knots.shape != values.shape:
        raise ValueError("fp and xp are not of the same length.")
    if period is not None:
        return _periodic(point, knots, values, to_node(period))
    count = counted(knots.shape[0], "np.interp")
    low = make.index(values, 0) if left is None else to_node(left)
    high = make.index(values, -1) if right is None else to_node(right)
    if count < 2:
        inside = make.broadcast(make.index(values, 0), point.shape)
    else:
        found = make.as_real(arrays.search(knots, point, "right")) - 1.0
        at = arrays.positions(p.minimum(p.maximum(found, 0.0), float(count - 2)))
        start, base = (arrays.gather(array, 0, [at]) for array in (knots, values))
        widths, rises = _steps(knots), _steps(values)
        if isinstance(widths, Const) and widths.value.all():
            inside = arrays.gather(rises / widths, 0, [at]) * (point - start) + base
        else:
            width, rise = (arrays.gather(array, 0, [at]) for array in (widths, rises))
            inside = make.select(p.equal(width, 0.0), rise, rise / width * (point - start)) + base
    below, above = p.less(point, make.index(knots, 0)), p.greater(point, make.index(knots, -1))
    return make.select(below, low, make.select(above, high, inside))


def _steps(array: Node) -> Node:
    return cut(array, 0, slice(1, None)) - cut(array, 0, slice(None, -1))


def _periodic(point: Node, knots: Node, values: Node, period: Node) -> Node:
    """The table continued by one knot on each side."""
    place = make.apply(p.remainder, [point, period])
    knots = make.apply(p.remainder, [knots, period])
    order = arrays.order("argsort", knots, 0)
    knots, values = arrays.gather(knots, 0, [order]), arrays.gather(values, 0, [order])
    first, last = make.index(knots, slice(0, 1)), make.index(knots, slice(-1, None))
    knots = make.concatenate([last - period, knots, first + period])
    values = make.concatenate([make.index(values, slice(-1, None)), values, make.index(values, slice(0, 1))])
    return _interp(place, knots, values)


# -- nan --------------------------------------------------------------------------------------------------------


@rule("numpy.nanmedian")
def _nanmedian(a: Any, axis: Axes = None, keepdims: Any = False) -> Node:
    """The middle of the values that are not nan: sorting puts these first, and they are counted."""
    return _over_axes(a, axis, keepdims, _middle_of_numbers)


def _middle_of_numbers(array: Node) -> Node:
    ordered = ascending(array, 0)
    count = make.reduce("sum", make.select(p.isnan(array), 0.0, 1.0), [0])
    half = p.maximum(count - 1.0, 0.0) / 2.0
    places = [make.reshape(made, (1, *made.shape)) for made in (p.floor(half), p.ceil(half))]
    low, high = (make.index(arrays.gather_along(ordered, arrays.positions(place), 0), 0) for place in places)
    return e.divide(low + high, 2.0)  # type: ignore[no-any-return]


@rule("numpy.bincount")
def _bincount(x: Any, weights: Any = None, minlength: int = 0) -> Node:
    """The weights that meet at each number, added up; how many numbers there are is known if they are."""
    places = positions_given(x)
    if weights is None or not isinstance(places, Const):
        instead = "np.sum(np.where(x == k, weights, 0.0)) for each number k"
        refuse(unsupported("np.bincount of numbers that depend on the arguments", instead))
    numbers = np.asarray(places.value)
    length = max(int(minlength), int(numbers.max()) + 1 if numbers.size else 0)
    return arrays.scatter_add(to_node(weights), 0, [places], (length,))
