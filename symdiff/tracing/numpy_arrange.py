"""NumPy's functions that move or repeat elements: flip, roll, rot90, tile, repeat, split, pad, insert, delete, …

In: an array, and how it is to be rearranged. Out: Layout nodes, slices and concatenations; lists of positions only
where the user gave one.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import counted
from symdiff.ir.nodes import Node
from symdiff.tracing.dimensions import dimensions
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_indexing import along, cut
from symdiff.tracing.numpy_layout import at_least, moved_axes
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node


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


@rule("numpy.rot90", makes_views=True)
def _rot90(m: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Node:
    node = to_node(m)
    first, second = (make.normal_axis(axis, node.ndim) for axis in axes)
    order = list(range(node.ndim))
    order[first], order[second] = order[second], order[first]
    match k % 4:
        case 0:
            return node
        case 1:
            return make.transpose(make.flip(node, [second]), order)
        case 2:
            return make.flip(node, [first, second])
    return make.flip(make.transpose(node, order), [second])


@rule("numpy.roll")
def _roll(a: Any, shift: Any, axis: Any = None) -> Node:
    node = to_node(a)
    if axis is None:
        return make.reshape(arrays.roll(make.reshape(node, (node.size,)), [int(np.sum(shift))]), node.shape)
    shifts = [0] * node.ndim
    for amount, number in zip(*np.broadcast_arrays(np.ravel(shift), np.ravel(axis)), strict=True):
        shifts[make.normal_axis(int(number), node.ndim)] += int(amount)
    return arrays.roll(node, shifts)


@rule("numpy.tile")
def _tile(A: Any, reps: Any) -> Node:  # noqa: N803 (NumPy's name)
    counts = [int(count) for count in np.ravel(reps)]
    node = at_least(A, len(counts))
    counts = [1] * (node.ndim - len(counts)) + counts
    for axis, count in enumerate(counts):
        node = _repeated(node, axis, count, before=True)
    return node


@rule("numpy.repeat")
def _repeat(a: Any, repeats: Any, axis: int | None = None) -> Node:
    node, at = along(a, axis)
    counts = np.ravel(np.asarray(repeats))
    if counts.size == 1:
        return _repeated(node, at, int(counts[0]), before=False)
    return arrays.gather(node, at, [np.repeat(np.arange(counted(node.shape[at], "np.repeat")), counts)])


def _repeated(node: Node, axis: int, count: int, *, before: bool) -> Node:
    """Every element, or the whole axis, so many times."""
    if count == 1:
        return node
    lead, length, rest = node.shape[:axis], node.shape[axis], node.shape[axis + 1 :]
    single, spread = ((1, length), (count, length)) if before else ((length, 1), (length, count))
    wide = make.broadcast(make.reshape(node, (*lead, *single, *rest)), (*lead, *spread, *rest))
    return make.reshape(wide, (*lead, length * count, *rest))


@rule("numpy.resize")
def _resize(a: Any, new_shape: Any) -> Node:
    node = to_node(a)
    shape = (int(new_shape),) if isinstance(new_shape, int | np.integer) else tuple(int(n) for n in new_shape)
    wanted, given = int(np.prod(shape)), counted(node.size, "np.resize")
    flat = make.reshape(node, (given,))
    if wanted > given:
        flat = _repeated(flat, 0, -(-wanted // max(1, given)), before=True)
    return make.reshape(cut(flat, 0, slice(0, wanted)), shape)


# -- taking apart and putting in ----------------------------------------------------------------------------------


@rule("numpy.array_split", makes_views=True)
def _array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Node]:
    node = to_node(ary)
    at = make.normal_axis(axis, node.ndim)
    if np.ndim(indices_or_sections):
        edges: list[Any] = [0, *dimensions(tuple(indices_or_sections)), node.shape[at]]
    else:
        count, length = int(indices_or_sections), counted(node.shape[at], "np.split")
        longer, short = length % count, length // count
        edges = [part * short + min(part, longer) for part in range(count + 1)]
    return [cut(node, at, slice(start, stop)) for start, stop in itertools.pairwise(edges)]


@rule("numpy.split", makes_views=True)
def _split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Node]:
    if not np.ndim(indices_or_sections) and counted(to_node(ary).shape[axis], "np.split") % int(indices_or_sections):
        raise ValueError("array split does not result in an equal division")
    return _array_split(ary, indices_or_sections, axis)


def _split_along(axis_of: Callable[[int], int]) -> Callable[..., list[Node]]:
    def split(ary: Any, indices_or_sections: Any) -> list[Node]:
        return _split(ary, indices_or_sections, axis_of(to_node(ary).ndim))

    return split


rule("numpy.vsplit", makes_views=True)(_split_along(lambda ndim: 0))
rule("numpy.hsplit", makes_views=True)(_split_along(lambda ndim: 1 if ndim > 1 else 0))
rule("numpy.dsplit", makes_views=True)(_split_along(lambda ndim: 2))


@rule("numpy.delete")
def _delete(arr: Any, obj: Any, axis: int | None = None) -> Node:
    node, at = along(arr, axis)
    return arrays.gather(node, at, [np.delete(np.arange(counted(node.shape[at], "np.delete")), obj)])


@rule("numpy.insert")
def _insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Node:
    """At one place of an axis, or at several, one value each."""
    node, at = along(arr, axis)
    new, length = to_node(values), counted(node.shape[at], "np.insert")
    if isinstance(obj, int | np.integer):
        place = int(obj) + (length if obj < 0 else 0)
        shape = (*node.shape[:at], *((new.shape[at],) if new.ndim == node.ndim else (1,)), *node.shape[at + 1 :])
        parts = [cut(node, at, slice(0, place)), make.broadcast(new, shape), cut(node, at, slice(place, None))]
        return make.concatenate(parts, at)
    marked = np.insert(np.arange(length), obj, -1)
    added = np.flatnonzero(marked < 0)
    shape = (*node.shape[:at], added.size, *node.shape[at + 1 :])
    both = make.concatenate([node, make.broadcast(new, shape)], at)
    order = np.argsort(np.ravel(obj) % (length + 1), kind="stable")
    marked[added] = length + order
    return arrays.gather(both, at, [marked])


# -- pad ----------------------------------------------------------------------------------------------------------


@rule("numpy.pad")
def _pad(
    array: Any,
    pad_width: Any,
    mode: str = "constant",
    constant_values: Any = 0.0,
    end_values: Any = 0.0,
    reflect_type: str = "even",
) -> Node:
    """Axis by axis, so that the corners are made of what has been added to the sides."""
    node = to_node(array)
    if isinstance(pad_width, dict):
        given = {make.normal_axis(axis, node.ndim): width for axis, width in pad_width.items()}
        pad_width = [given.get(axis, (0, 0)) for axis in range(node.ndim)]
    if mode not in _MODES or reflect_type != "even":
        refuse(_no_mode(mode if reflect_type == "even" else f"{mode} and reflect_type={reflect_type!r}"))
    widths = np.broadcast_to(np.asarray(pad_width), (node.ndim, 2)).tolist()
    values = _pairs(constant_values if mode == "constant" else end_values, node.ndim)
    for axis, (before, after) in enumerate(widths):
        if before < 0 or after < 0:
            raise ValueError("index can't contain negative values")
        node = _padded(node, axis, before, after, mode, values[axis])
    return node


def _pairs(given: Any, ndim: int) -> list[list[Node]]:
    """The values for both sides of every axis."""
    node = to_node(given)
    spread = make.broadcast(node, (ndim, 2))
    return [[make.index(spread, (axis, side)) for side in (0, 1)] for axis in range(ndim)]


def _padded(node: Node, axis: int, before: int, after: int, mode: str, values: Sequence[Node]) -> Node:
    if mode == "wrap":
        return _wrapped(node, axis, before, after)
    while before or after:
        length = counted(node.shape[axis], "np.pad") if mode in ("reflect", "symmetric") else max(before, after)
        most = {"reflect": length - 1, "symmetric": length}.get(mode, max(before, after))
        if node.shape[axis] == 0 and mode != "constant":
            raise ValueError(f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'")
        if most < 1:  # one element is its own mirror image
            most, mode = 1, "edge"
        first, last = min(before, most), min(after, most)
        sides = _SIDES[mode]
        parts = [
            *([sides(node, axis, first, False, values[0])] if first else []),
            node,
            *([sides(node, axis, last, True, values[1])] if last else []),
        ]
        node = make.concatenate(parts, axis)
        before, after = before - first, after - last
    return node


def _constant_side(node: Node, axis: int, width: int, at_end: bool, value: Node) -> Node:
    return make.broadcast(value, (*node.shape[:axis], width, *node.shape[axis + 1 :]))


def _edge_side(node: Node, axis: int, width: int, at_end: bool, value: Node) -> Node:
    return make.broadcast(_edge(node, axis, at_end), (*node.shape[:axis], width, *node.shape[axis + 1 :]))


def _edge(node: Node, axis: int, at_end: bool) -> Node:
    return cut(node, axis, slice(-1, None) if at_end else slice(0, 1))


def _reflect_side(node: Node, axis: int, width: int, at_end: bool, value: Node) -> Node:
    last = counted(node.shape[axis], "np.pad") - 1
    part = slice(last - width, last) if at_end else slice(1, 1 + width)
    return make.flip(cut(node, axis, part), [axis])


def _symmetric_side(node: Node, axis: int, width: int, at_end: bool, value: Node) -> Node:
    return make.flip(cut(node, axis, slice(-width, None) if at_end else slice(0, width)), [axis])


def _wrapped(node: Node, axis: int, before: int, after: int) -> Node:
    """The axis continued periodically."""
    length = counted(node.shape[axis], "np.pad")
    if not length:
        raise ValueError(f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'")
    first, last = cut(node, axis, slice(length - before % length, None)), cut(node, axis, slice(0, after % length))
    return make.concatenate([first, *[node] * (before // length + 1 + after // length), last], axis)


def _ramp_side(node: Node, axis: int, width: int, at_end: bool, value: Node) -> Node:
    """From the edge to the value in equal steps."""
    edge = _edge(node, axis, at_end)
    steps = np.arange(1.0, width + 1.0) / width
    shape = [width if at == axis else 1 for at in range(node.ndim)]
    return edge + make.constant(np.reshape(steps if at_end else steps[::-1], shape)) * (value - edge)


def _statistic_side(how: str) -> Callable[..., Node]:
    def side(node: Node, axis: int, width: int, at_end: bool, value: Node) -> Node:
        found = make.reduce("sum" if how == "mean" else how, node, [axis])
        found = found / make.size_of(node.shape[axis]) if how == "mean" else found
        single = make.reshape(found, (*node.shape[:axis], 1, *node.shape[axis + 1 :]))
        return make.broadcast(single, (*node.shape[:axis], width, *node.shape[axis + 1 :]))

    return side


_SIDES: dict[str, Callable[..., Node]] = {
    "constant": _constant_side,
    "edge": _edge_side,
    "reflect": _reflect_side,
    "symmetric": _symmetric_side,
    "linear_ramp": _ramp_side,
    "mean": _statistic_side("mean"),
    "maximum": _statistic_side("max"),
    "minimum": _statistic_side("min"),
}


_MODES = (*_SIDES, "wrap")


def _no_mode(mode: str) -> UnsupportedError:
    return UnsupportedError(
        f"np.pad with mode={mode!r} is not traceable",
        origin=user_origin(),
        why="The values beside the array are computed from it in the other modes.",
        fix=f'mode="constant", or one of {", ".join(mode for mode in _MODES if mode != "constant")}; or np.concatenate',
    )


@rule("numpy.lib.stride_tricks.sliding_window_view")
def _sliding_window_view(x: Any, window_shape: Any, axis: Any = None) -> Node:
    """All windows, each with its elements along new axes at the end."""
    array = to_node(x)
    lengths = [window_shape] if isinstance(window_shape, int) else list(window_shape)
    axes = list(range(array.ndim)) if axis is None else [axis] if isinstance(axis, int) else list(axis)
    if len(axes) != len(lengths):
        raise ValueError("window_shape needs one length for each axis")
    for length, at in zip(lengths, axes, strict=True):
        at = make.normal_axis(at, array.ndim)
        count = counted(array.shape[at], "sliding_window_view") - length + 1
        if count < 1 or length < 0:
            raise ValueError("window shape cannot be larger than input array shape")
        places = np.arange(count)[:, None] + np.arange(length)
        windows = arrays.gather(array, at, [arrays.positions(places)])
        array = moved_axes(windows, at + 1, -1)
    return array
