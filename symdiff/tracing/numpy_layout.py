"""NumPy's functions that make arrays and move elements: array, stack, reshape, transpose, indexing, …

In: numbers, tracers and nested lists of them. Out: Join, Layout and Index nodes.
"""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.errors import ShapeError, UnsupportedError
from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex
from symdiff.ir.lengths import Dimension, Length, counted
from symdiff.ir.nodes import Const, Node, Shape
from symdiff.ir.shapes import common_shape, completed
from symdiff.ops import piecewise as p
from symdiff.tracing.conversions import cannot_convert
from symdiff.tracing.dimensions import dimensions
from symdiff.tracing.dimensions import position as part_of_key
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_open import rolled
from symdiff.tracing.rules import rule
from symdiff.tracing.values import has_tracer, is_traced, to_node


@rule("numpy.array", "numpy.copy")
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
def _stack(arrays: Sequence[Any], axis: int = 0) -> Node:
    return make.stack([to_node(part) for part in arrays], axis)


@rule("numpy.concatenate", "numpy.concat")
def _concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Node:
    parts = [to_node(part) for part in arrays]
    if axis is None:
        return make.concatenate([_ravel(part) for part in parts])
    if any(not part.ndim for part in parts):
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    return make.concatenate(parts, axis)


@rule("numpy.hstack")
def _hstack(tup: Sequence[Any]) -> Node:
    parts = [_at_least(part, 1) for part in tup]
    return make.concatenate(parts, 0 if parts[0].ndim == 1 else 1)


@rule("numpy.vstack", "numpy.row_stack")
def _vstack(tup: Sequence[Any]) -> Node:
    return make.concatenate([_at_least(part, 2) for part in tup], 0)


@rule("numpy.column_stack")
def _column_stack(tup: Sequence[Any]) -> Node:
    parts = [to_node(part) for part in tup]
    return make.concatenate([part if part.ndim > 1 else make.reshape(part, (part.size, 1)) for part in parts], 1)


@rule("numpy.block")
def _block(arrays: Any) -> Node:
    if not isinstance(arrays, list):
        return to_node(arrays)
    if arrays and isinstance(arrays[0], list):
        return make.concatenate([_at_least(_block(row), 2) for row in arrays], 0)
    parts = [_at_least(part, 1) for part in arrays]
    return make.concatenate(parts, parts[0].ndim - 1)


@rule("numpy.append")
def _append(arr: Any, values: Any, axis: int | None = None) -> Node:
    return _concatenate([arr, values], axis)


def _at_least(value: Any, ndim: int) -> Node:
    node = to_node(value)
    return node if node.ndim >= ndim else make.reshape(node, (1,) * (ndim - node.ndim) + node.shape)


@rule("numpy.atleast_1d", makes_views=True)
def _atleast_1d(*arys: Any) -> Any:
    made = tuple(_at_least(part, 1) for part in arys)
    return made[0] if len(made) == 1 else made


@rule("numpy.atleast_2d", makes_views=True)
def _atleast_2d(*arys: Any) -> Any:
    made = tuple(_at_least(part, 2) for part in arys)
    return made[0] if len(made) == 1 else made


# -- shapes ---------------------------------------------------------------------------------------------------


@rule("numpy.reshape", makes_views=True)
def _reshape(a: Any, shape: Any, order: Any = "C") -> Node:
    if order != "C":
        refuse(UnsupportedError(f"reshape with order={order!r} is not traceable", origin=user_origin()))
    node = to_node(a)
    return make.reshape(node, completed(dimensions(shape), node.size))


@rule("numpy.ravel", makes_views=True)
def _ravel(a: Any, order: Any = "C") -> Node:
    return _reshape(a, -1, order)


@rule("numpy.transpose", "numpy.permute_dims", makes_views=True)
def _transpose(a: Any, axes: Sequence[int] | None = None) -> Node:
    return make.transpose(to_node(a), axes)


@rule("numpy.matrix_transpose", "numpy.linalg.matrix_transpose", makes_views=True)
def _matrix_transpose(x: Any) -> Node:
    return _swapaxes(x, -1, -2)


@rule("numpy.swapaxes", makes_views=True)
def _swapaxes(a: Any, axis1: int, axis2: int) -> Node:
    node = to_node(a)
    order = list(range(node.ndim))
    i, j = make.normal_axis(axis1, node.ndim), make.normal_axis(axis2, node.ndim)
    order[i], order[j] = order[j], order[i]
    return make.transpose(node, order)


@rule("numpy.moveaxis", makes_views=True)
def _moveaxis(a: Any, source: int, destination: int) -> Node:
    node = to_node(a)
    order = [axis for axis in range(node.ndim) if axis != make.normal_axis(source, node.ndim)]
    order.insert(make.normal_axis(destination, node.ndim), make.normal_axis(source, node.ndim))
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
        raise ShapeError(f"an array of shape {node.shape} does not broadcast to {wanted}")
    return make.broadcast(node, wanted)


@rule("numpy.broadcast_arrays", makes_views=True)
def _broadcast_arrays(*args: Any) -> tuple[Node, ...]:
    nodes = [to_node(arg) for arg in args]
    shape = make.broadcast_shapes(nodes)
    return tuple(make.broadcast(node, shape) for node in nodes)


@rule("numpy.flip", makes_views=True)
def _flip(m: Any, axis: Any = None) -> Node:
    node = to_node(m)
    return make.flip(node, range(node.ndim) if axis is None else [axis] if isinstance(axis, int) else axis)


@rule("numpy.flipud", makes_views=True)
def _flipud(m: Any) -> Node:
    return make.flip(to_node(m), [0])


@rule("numpy.fliplr", makes_views=True)
def _fliplr(m: Any) -> Node:
    return make.flip(to_node(m), [1])


@rule("numpy.roll")
def _roll(a: Any, shift: int, axis: int | None = None) -> Node:
    node = to_node(a)
    if axis is None:
        return make.reshape(_roll(_ravel(node), shift, 0), node.shape)
    along = make.normal_axis(axis, node.ndim)
    length = node.shape[along]
    if isinstance(length, Length):
        return rolled(node, shift, along)
    return _take(node, [(position - shift) % length for position in range(length)], along)


@rule("numpy.tile")
def _tile(A: Any, reps: Any) -> Node:  # noqa: N803 (NumPy's name)
    node = to_node(A)
    counts = [reps] if isinstance(reps, int) else list(reps)
    node = _at_least(node, len(counts))
    for axis, count in enumerate([1] * (node.ndim - len(counts)) + counts):
        node = make.concatenate([node] * count, axis) if count != 1 else node
    return node


@rule("numpy.repeat")
def _repeat(a: Any, repeats: int, axis: int | None = None) -> Node:
    node = to_node(a) if axis is not None else _ravel(a)
    along = 0 if axis is None else make.normal_axis(axis, node.ndim)
    before, length, after = node.shape[:along], node.shape[along], node.shape[along + 1 :]
    spread = make.broadcast(make.reshape(node, (*before, length, 1, *after)), (*before, length, repeats, *after))
    return make.reshape(spread, (*before, length * repeats, *after))


@rule("numpy.split", "numpy.array_split", makes_views=True)
def _split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Node]:
    node = to_node(ary)
    length = node.shape[axis]
    if isinstance(indices_or_sections, int):
        parts = np.array_split(np.arange(counted(length, "np.split")), indices_or_sections)
        borders = [part[0] for part in parts[1:] if len(part)]
    else:
        borders = list(dimensions(tuple(indices_or_sections)))
    edges = [0, *borders, length]
    return [
        make.index(node, (slice(None),) * make.normal_axis(axis, node.ndim) + (slice(start, stop),))
        for start, stop in itertools.pairwise(edges)
    ]


@rule("numpy.meshgrid")
def _meshgrid(*xi: Any, indexing: str = "xy") -> list[Node]:
    axes = [_ravel(x) for x in xi]
    shape = [axis.size for axis in axes]
    grids = []
    for position, axis in enumerate(axes):
        lengths = [axis.size if at == position else 1 for at in range(len(axes))]
        grid = make.broadcast(make.reshape(axis, tuple(lengths)), tuple(shape))
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


# -- elements ---------------------------------------------------------------------------------------------------


@rule("numpy.take")
def _take(a: Any, indices: Any, axis: int | None = None) -> Node:
    """The elements at constant positions along an axis."""
    node = to_node(a) if axis is not None else _ravel(a)
    along = 0 if axis is None else make.normal_axis(axis, node.ndim)
    before = (slice(None),) * along
    positions = np.asarray(indices)
    if not positions.ndim:
        return make.index(node, (*before, int(positions)))
    parts = [make.index(node, (*before, int(position))) for position in positions.ravel()]
    picked = make.stack(parts, along)
    return make.reshape(picked, node.shape[:along] + positions.shape + node.shape[along + 1 :])


def indexed(node: Node, key: Any) -> Node:
    """`node[key]`: integers, slices, None and Ellipsis are views; constant arrays of integers or booleans pick."""
    parts = key if isinstance(key, tuple) else (key,)
    if any(is_traced(part) and to_node(part).dtype == "bool" for part in parts):
        parts = tuple(_constant_mask(part) for part in parts)
    parts = tuple(_part(part) for part in parts)
    picking = [position for position, part in enumerate(parts) if isinstance(part, list | np.ndarray)]
    if not picking:
        return make.index(node, parts)
    if len(picking) > 1 or any(part is None or part is Ellipsis for part in parts) or any(map(has_tracer, parts)):
        refuse(_no_index())
    at = picking[0]
    chosen = np.asarray(parts[at])
    if chosen.dtype == bool:
        if chosen.ndim != 1 or chosen.shape[0] != node.shape[at]:
            refuse(_no_index())
        chosen = np.flatnonzero(chosen)
    others = make.index(node, (*parts[:at], slice(None), *parts[at + 1 :]))
    along = sum(isinstance(part, slice) for part in parts[:at])
    length = others.shape[along]
    if isinstance(length, int) and any(not -length <= position < length for position in chosen.ravel()):
        raise IndexError(f"an index is out of bounds for axis {along} with size {length}")
    return _take(others, chosen, along)


def _part(part: Any) -> Any:
    """A part of a key without tracers."""
    found = part_of_key(part)
    return _position(to_node(found)) if is_traced(found) else found


def _constant_mask(part: Any) -> Any:
    """The mask that is the same for all arguments; a refusal for any other."""
    if not is_traced(part):
        return part
    node = to_node(part)
    if not isinstance(node, Const):
        refuse(_no_index())
    return np.asarray(node.value)


def _position(node: Node) -> Any:
    """The integers of a node that is the same for all arguments; a refusal for any other."""
    if not isinstance(node, Const) or np.any(np.asarray(node.value) % 1):
        refuse(cannot_convert(node, "index", user_origin()))
    return np.asarray(node.value).astype(int) if node.shape else int(node.value)


def _no_index() -> UnsupportedError:
    return UnsupportedError(
        "this kind of indexing is not traceable",
        origin=user_origin(),
        why="Keys are integers, slices and one constant array of integers; a traced mask picks no fixed number.",
        fix="choose element by element: np.where(mask, a, b), or np.sum(np.where(mask, a, 0.0))",
    )
