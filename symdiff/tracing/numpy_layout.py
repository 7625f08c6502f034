"""NumPy's functions that make arrays and move elements: array, stack, reshape, transpose, indexing, …

In: numbers, tracers and nested lists of them. Out: Join, Layout and Index nodes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex
from symdiff.ir.lengths import Dimension, Length, counted
from symdiff.ir.nodes import Node, Shape
from symdiff.ir.shapes import common_shape, completed, misfit
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.tracing.dimensions import dimension, dimensions
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_open import spaced
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node


@rule("numpy.array", "numpy.copy", makes_views=True)
def _array(object: Any, dtype: Any = None, copy: Any = None, ndmin: int = 0) -> Node:
    made = converted(to_node(object), dtype)
    return made if made.ndim >= ndmin else make.reshape(made, (1,) * (ndmin - made.ndim) + made.shape)


@rule("numpy.asarray", "numpy.asanyarray", "numpy.ascontiguousarray", "numpy.asarray_chkfinite", makes_views=True)
def _asarray(a: Any, dtype: Any = None) -> Node:
    return converted(to_node(a), dtype)


@rule("numpy.float64", "numpy.double")
def _float64(x: Any = 0.0) -> Node:
    return converted(to_node(x), float)


@rule("numpy.bool_")
def _bool(x: Any = False) -> Node:
    return converted(to_node(x), bool)


@rule("numpy.float32", "numpy.float16", "numpy.longdouble", "numpy.complex64")
def _narrow(x: Any) -> Node:
    refuse(_other_dtype("a number of another precision"))


@rule("numpy.int64", "numpy.int32", "numpy.intp")
def _int64(x: Any = 0) -> Node:
    return converted(to_node(x), int)


def converted(node: Node, dtype: Any) -> Node:
    """The array in another dtype: float64 as it is, integers cut off, booleans compared with zero."""
    if dtype is None:
        return node
    wanted = np.dtype(dtype)
    if wanted.kind == "b":
        return node if node.dtype == "bool" else p.not_equal(node, 0.0)
    if wanted == np.dtype(complex):
        return as_complex(node)
    if node.dtype == "complex":
        raise TypeError(f"a complex value does not become {wanted.name}: take its real part, z.real")
    if wanted.kind in "iu":
        return make.apply(p.trunc, [node])
    if wanted != np.dtype(float):
        refuse(_other_dtype(f"dtype {wanted}"))
    return make.select(node, 1.0, 0.0) if node.dtype == "bool" else node


def _other_dtype(what: str) -> UnsupportedError:
    return UnsupportedError(
        f"{what} is not traceable",
        origin=user_origin(),
        why="Traced values are real numbers in float64; another precision would round them otherwise.",
        fix="use float64 in the function; float32 arrays may be passed to the generated one",
    )


# -- joining --------------------------------------------------------------------------------------------------


@rule("numpy.stack")
def _stack(arrays: Any, axis: int = 0) -> Node:
    if isinstance(arrays, Node):
        return moved_axes(arrays, 0, axis)
    return make.stack([to_node(part) for part in arrays], axis)


@rule("numpy.concatenate", "numpy.concat")
def concatenated(arrays: Any, axis: int | None = 0) -> Node:
    """Arrays end to end; flattened first where there is no axis."""
    if axis is None:
        return _ravel(arrays) if isinstance(arrays, Node) else make.concatenate([_ravel(part) for part in arrays])
    return _joined(arrays, _with_axes, lambda ndim: make.normal_axis(axis, ndim))


@rule("numpy.hstack")
def _hstack(tup: Any) -> Node:
    return _joined(tup, lambda part: at_least(part, 1), lambda ndim: 0 if ndim == 1 else 1)


@rule("numpy.vstack", "numpy.row_stack")
def _vstack(tup: Any) -> Node:
    return _joined(tup, lambda part: at_least(part, 2), lambda ndim: 0)


@rule("numpy.dstack")
def _dstack(tup: Any) -> Node:
    return _joined(tup, _at_least_three, lambda ndim: 2)


@rule("numpy.column_stack")
def _column_stack(tup: Any) -> Node:
    return _joined(tup, _as_column, lambda ndim: 1)


def _joined(arrays: Any, arranged: Callable[[Node], Node], axis_of: Callable[[int], int]) -> Node:
    """Arrays end to end, each arranged before; of one array its rows, which are not taken apart."""
    if not isinstance(arrays, Node):
        parts = [arranged(to_node(part)) for part in arrays]
        return make.concatenate(parts, axis_of(parts[0].ndim))
    shape = arranged(make.index(arrays, 0)).shape
    axis, count = axis_of(len(shape)), arrays.shape[0]
    rows = moved_axes(make.reshape(arrays, (count, *shape)), 0, axis)
    return make.reshape(rows, (*shape[:axis], count * shape[axis], *shape[axis + 1 :]))


def _with_axes(part: Node) -> Node:
    if not part.ndim:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    return part


def _as_column(part: Node) -> Node:
    return part if part.ndim > 1 else make.reshape(part, (part.size, 1))


@rule("numpy.block")
def _block(arrays: Any) -> Node:
    if not isinstance(arrays, list):
        return to_node(arrays)
    if arrays and isinstance(arrays[0], list):
        return make.concatenate([at_least(_block(row), 2) for row in arrays], 0)
    parts = [at_least(part, 1) for part in arrays]
    return make.concatenate(parts, parts[0].ndim - 1)


@rule("numpy.append")
def _append(arr: Any, values: Any, axis: int | None = None) -> Node:
    return concatenated([arr, values], axis)


def at_least(value: Any, ndim: int) -> Node:
    """The array with axes of length 1 in front, until it has that many."""
    node = to_node(value)
    return node if node.ndim >= ndim else make.reshape(node, (1,) * (ndim - node.ndim) + node.shape)


@rule("numpy.atleast_1d", makes_views=True)
def _atleast_1d(*arys: Any) -> Any:
    made = tuple(at_least(part, 1) for part in arys)
    return made[0] if len(made) == 1 else made


@rule("numpy.atleast_2d", makes_views=True)
def _atleast_2d(*arys: Any) -> Any:
    made = tuple(at_least(part, 2) for part in arys)
    return made[0] if len(made) == 1 else made


@rule("numpy.atleast_3d", makes_views=True)
def _atleast_3d(*arys: Any) -> Any:
    made = tuple(_at_least_three(part) for part in arys)
    return made[0] if len(made) == 1 else made


def _at_least_three(value: Any) -> Node:
    node = to_node(value)
    shapes = {0: (1, 1, 1), 1: (1, *node.shape, 1), 2: (*node.shape, 1)}
    return make.reshape(node, shapes.get(node.ndim, node.shape))


# -- shapes ---------------------------------------------------------------------------------------------------


@rule("numpy.reshape", makes_views=True)
def reshaped(a: Any, shape: Any, order: Any = "C") -> Node:
    """The elements in row-major order in another shape; in column-major order for order="F"."""
    node = to_node(a)
    if order == "F":
        turned = tuple(reversed(completed(dimensions(shape), node.size)))
        return make.transpose(make.reshape(make.transpose(node), turned))
    if order not in ("C", "A"):
        raise ValueError(f"order {order!r} is not permitted for reshaping")
    return make.reshape(node, completed(dimensions(shape), node.size))


@rule("numpy.ravel", makes_views=True)
def _ravel(a: Any, order: Any = "C") -> Node:
    return reshaped(a, -1, "C" if order == "K" else order)


@rule("numpy.transpose", "numpy.permute_dims", makes_views=True)
def _transpose(a: Any, axes: Sequence[int] | None = None) -> Node:
    return make.transpose(to_node(a), axes)


@rule("numpy.matrix_transpose", "numpy.linalg.matrix_transpose", makes_views=True)
def _matrix_transpose(x: Any) -> Node:
    return _swapaxes(x, -1, -2)


@rule("numpy.unstack", makes_views=True)
def _unstack(x: Any, axis: int = 0) -> tuple[Node, ...]:
    node = moved_axes(x, axis, 0)
    return tuple(make.index(node, place) for place in range(node.shape[0]))


@rule("numpy.swapaxes", makes_views=True)
def _swapaxes(a: Any, axis1: int, axis2: int) -> Node:
    node = to_node(a)
    order = list(range(node.ndim))
    i, j = make.normal_axis(axis1, node.ndim), make.normal_axis(axis2, node.ndim)
    order[i], order[j] = order[j], order[i]
    return make.transpose(node, order)


@rule("numpy.moveaxis", makes_views=True)
def moved_axes(a: Any, source: Any, destination: Any) -> Node:
    """Axes moved to other places, the rest in their order."""
    node = to_node(a)
    sources, places = (
        [make.normal_axis(int(axis), node.ndim) for axis in np.ravel(given)] for given in (source, destination)
    )
    if len(sources) != len(places) or len(set(sources)) != len(sources):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [axis for axis in range(node.ndim) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        order.insert(place, axis)
    return make.transpose(node, order)


@rule("numpy.rollaxis", makes_views=True)
def _rollaxis(a: Any, axis: int, start: int = 0) -> Node:
    node = to_node(a)
    at = make.normal_axis(axis, node.ndim)
    place = make.normal_axis(start, node.ndim + 1) if start < 0 else start
    order = [other for other in range(node.ndim) if other != at]
    order.insert(place - 1 if place > at else place, at)
    return make.transpose(node, order)


@rule("numpy.squeeze", makes_views=True)
def _squeeze(a: Any, axis: Any = None) -> Node:
    node = to_node(a)
    given = range(node.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    axes = {make.normal_axis(number, node.ndim) for number in given if axis is not None or node.shape[number] == 1}
    if any(node.shape[number] != 1 for number in axes):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return make.reshape(node, tuple(length for number, length in enumerate(node.shape) if number not in axes))


@rule("numpy.expand_dims", makes_views=True)
def _expand_dims(a: Any, axis: Any) -> Node:
    node = to_node(a)
    given = [axis] if isinstance(axis, int) else list(axis)
    shape = list(node.shape)
    for number in sorted(make.normal_axis(number, node.ndim + len(given)) for number in given):
        shape.insert(number, 1)
    return make.reshape(node, tuple(shape))


@rule("numpy.broadcast_to", makes_views=True)
def _broadcast_to(array: Any, shape: Any) -> Node:
    node = to_node(array)
    wanted = dimensions(shape)
    if common_shape([node.shape, wanted]) != wanted:
        raise misfit(
            f"an array of shape {node.shape} does not broadcast to {wanted}",
            [node],
            "Axes are matched from the last: each is as long as the wanted one, or 1.",
            "x[:, None] adds an axis of length 1, along which the numbers are repeated",
        )
    return make.broadcast(node, wanted)


@rule("numpy.broadcast_arrays", makes_views=True)
def _broadcast_arrays(*args: Any) -> tuple[Node, ...]:
    nodes = [to_node(arg) for arg in args]
    shape = make.broadcast_shapes(nodes)
    return tuple(make.broadcast(node, shape) for node in nodes)


@rule("numpy.meshgrid")
def _meshgrid(*xi: Any, indexing: str = "xy", sparse: Any = False) -> list[Node]:
    axes = [_ravel(x) for x in xi]
    shape = [axis.size for axis in axes]
    grids = []
    for position, axis in enumerate(axes):
        lengths = [axis.size if at == position else 1 for at in range(len(axes))]
        grid = make.reshape(axis, tuple(lengths))
        grid = grid if sparse else make.broadcast(grid, tuple(shape))
        grids.append(_swapaxes(grid, 0, 1) if indexing == "xy" and len(axes) > 1 else grid)
    return grids


# -- like another array -----------------------------------------------------------------------------------------


@rule("numpy.full")
def _full(shape: Any, fill_value: Any, dtype: Any = None) -> Node:
    return converted(make.broadcast(to_node(fill_value), dimensions(shape)), dtype)


@rule("numpy.full_like")
def _full_like(a: Any, fill_value: Any, dtype: Any = None) -> Node:
    like = to_node(a)
    return _full(like.shape, fill_value, complex if dtype is None and like.dtype == "complex" else dtype)


@rule("numpy.zeros_like", "numpy.empty_like")
def _zeros_like(a: Any, dtype: Any = None) -> Node:
    return _full_like(a, 0.0, dtype)


@rule("numpy.ones_like")
def _ones_like(a: Any, dtype: Any = None) -> Node:
    return _full_like(a, 1.0, dtype)


@rule("numpy.linspace")
def _linspace(
    start: Any, stop: Any, num: int = 50, endpoint: Any = True, retstep: Any = False, dtype: Any = None, axis: int = 0
) -> Any:
    first, last, count = to_node(start), to_node(stop), dimension(num)
    if isinstance(count, Length):
        return spaced(first, last, count, endpoint)
    steps = count - 1 if endpoint else count
    step = (last - first) / float(max(steps, 1))
    whole = bool(endpoint) and count > 1
    places = make.constant(np.arange(float(count - 1 if whole else count)))
    points = first + make.reshape(places, places.shape + (1,) * step.ndim) * step
    if whole:
        ending = make.broadcast(make.reshape(last, (1,) * (1 + step.ndim - last.ndim) + last.shape), (1, *step.shape))
        points = make.concatenate([points, ending], 0)
    made = moved_axes(converted(points, dtype), 0, axis)
    return (made, step) if retstep else made


@rule("numpy.logspace")
def _logspace(start: Any, stop: Any, num: int = 50, endpoint: Any = True, base: Any = 10.0) -> Node:
    return e.power(to_node(base), _linspace(start, stop, num, endpoint))  # type: ignore[no-any-return]


@rule("numpy.geomspace")
def _geomspace(start: Any, stop: Any, num: int = 50, endpoint: Any = True) -> Node:
    first, last = to_node(start), to_node(stop)
    exponent: Node = _linspace(make.constant(0.0), make.constant(1.0), num, endpoint)
    return first * (last / first) ** exponent


@rule("numpy.vander")
def _vander(x: Any, N: int | None = None, increasing: Any = False) -> Node:  # noqa: N803 (NumPy's name)
    node = to_node(x)
    count = counted(node.size, "np.vander") if N is None else N
    powers = [make.broadcast(make.constant(1.0), node.shape), *(node ** float(n) for n in range(1, count))][:count]
    return make.stack(powers if increasing else powers[::-1], 1)


@rule("numpy.shape")
def _shape(a: Any) -> Shape:
    return to_node(a).shape


@rule("numpy.ndim")
def _ndim(a: Any) -> int:
    return to_node(a).ndim


@rule("numpy.size")
def _size(a: Any, axis: int | None = None) -> Dimension:
    return to_node(a).size if axis is None else to_node(a).shape[axis]


@rule("numpy.isscalar")
def _isscalar(element: Any) -> bool:
    return not to_node(element).shape
