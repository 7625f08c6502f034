"""`x[key]` for every key that NumPy takes, and the functions that pick by position: take, compress, choose, …

In: an array, and keys of integers, slices, None, Ellipsis, arrays of integers or truth values, and traced positions
such as `np.argmax(y)` or `int(k)`. Out: Index nodes for what is a view in NumPy, Gather nodes for the rest. What is
picked must have a shape that does not depend on the arguments, so masks are constant.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import Dimension, Length, counted
from symdiff.ir.nodes import (
    Cast,
    Const,
    Gather,
    Index,
    Input,
    Join,
    Layout,
    Loop,
    Map,
    Node,
    Part,
    Reduce,
    Scan,
    Select,
    Shape,
    Size,
)
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.arithmetic_errors import within
from symdiff.tracing.conversions import cannot_convert
from symdiff.tracing.dimensions import length_of
from symdiff.tracing.dimensions import position as part_of_key
from symdiff.tracing.forking import following, refuse, settled
from symdiff.tracing.frames import user_origin
from symdiff.tracing.rules import rule
from symdiff.tracing.traced_slices import cut_where_it_is, is_traced_slice
from symdiff.tracing.values import has_tracer, is_traced, to_node

_WHOLE = frozenset({p.trunc, p.floor, p.ceil, p.rint, p.floor_divide, p.sign})
_WHOLE_IF_ARGUMENTS_ARE = frozenset(
    {e.add, e.subtract, e.multiply, e.negative, p.maximum, p.minimum, p.absolute, p.remainder, p.fmod}
)


def indexed(node: Node, key: Any) -> Node:
    """`node[key]`, as NumPy means it."""
    parts = key if isinstance(key, tuple) else (key,)
    if is_window(key):
        return _windows(node, parts)
    entries = entries_of(key, node.shape)
    if not any(isinstance(entry, Node) for entry in entries):
        return make.index(node, tuple(entries))
    places = [at for at, entry in enumerate(entries) if is_position(entry)]
    basic = [slice(None) if is_position(entry) else entry for entry in entries if entry is not Ellipsis]
    base = make.index(node, tuple(basic))
    picking = [at for at, entry in enumerate(without_dots(entries)) if is_position(entry)]
    if places != list(range(places[0], places[0] + len(places))):  # apart: NumPy puts what is picked first
        rest = [axis for axis in range(base.ndim) if axis not in picking]
        base = make.transpose(base, [*picking, *rest])
        picking = list(range(len(picking)))
    positions = [entry for entry in entries if is_position(entry)]
    lengths = [base.shape[axis] for axis in picking]
    return arrays.gather(base, picking[0], list(map(_within, positions, lengths)))


def _within(position: Any, length: Dimension) -> Any:
    is_one = isinstance(position, Node) and not position.shape
    return within(position, length) if is_one and isinstance(length, int) else position


def _windows(node: Node, parts: Sequence[Any]) -> Node:
    """`node[key]` where slices have traced bounds: they are cut out first."""
    for at, part in enumerate(parts):
        if is_traced_slice(part):
            axes = [0 if other is None else len(node.shape) if other is Ellipsis else 1 for other in parts]
            axis = sum(axes[:at]) if Ellipsis not in parts[:at] else node.ndim - sum(axes[at:])
            node = cut_where_it_is(node, axis, part)
    return indexed(node, tuple([slice(None) if is_traced_slice(part) else part for part in parts]))


def is_view(key: Any) -> bool:
    """Whether `x[key]` looks into the memory of x: no array of positions, and no truth value, is in the key."""
    parts = key if isinstance(key, tuple) else (key,)
    return not any(isinstance(part, list | np.ndarray | bool | np.bool_) or _is_advanced(part) for part in parts)


def _is_advanced(part: Any) -> bool:
    if not is_traced(part):
        return False
    node = to_node(part)
    return bool(node.shape) or node.dtype == "bool"


def is_window(key: Any) -> bool:
    """Whether `x[key]` is picked at a place that depends on the arguments: nothing is known to look into it."""
    parts = key if isinstance(key, tuple) else (key,)
    return following() is None and any(map(is_traced_slice, parts))


def entries_of(key: Any, shape: Shape) -> list[Any]:
    """A key with one entry an axis, and None for new axes: slices, integers, and nodes of positions.

    An Ellipsis that stands for no axis is kept: it still parts what is before it from what is behind it.
    """
    parts = list(key) if isinstance(key, tuple) else [key]
    entries: list[Any] = []
    for part in parts:
        entries += _entries(part, _axes_before(entries), shape)
    used = sum(entry is not None and entry is not Ellipsis for entry in entries)
    if Ellipsis in [entry for entry in entries if not isinstance(entry, Node)]:
        at = next(at for at, entry in enumerate(entries) if entry is Ellipsis)
        missing: list[Any] = [slice(None)] * (len(shape) - used)
        entries[at : at + 1] = missing or [Ellipsis]
    else:
        entries += [slice(None)] * (len(shape) - used)
    if used > len(shape):
        raise IndexError(f"too many indices: array is {len(shape)}-dimensional, but {used} were indexed")
    return entries


def _axes_before(entries: Sequence[Any]) -> int | None:
    """The axis that the next entry is for; None behind an Ellipsis, where it is not known yet."""
    if any(entry is Ellipsis for entry in entries):
        return None
    return sum(entry is not None for entry in entries)


def _entries(part: Any, axis: int | None, shape: Shape) -> list[Any]:
    """What one part of a key asks for: a mask of several axes gives positions for each."""
    if part is None or part is Ellipsis:
        return [part]
    if isinstance(part, slice):
        return [part_of_key(part)]
    if isinstance(part, Length):
        return [part]
    length = length_of(part) if is_traced(part) else None
    if length is not None:
        return [part_of_key(length)]
    if is_traced(part) or has_tracer(part):
        node = to_node(part)
        if node.dtype == "bool":
            part = _constant_mask(node)
        elif not isinstance(node, Const):
            return [position(node)]
        else:
            part = _known(node)
    array = np.asarray(part)
    if array.dtype == np.bool_:
        if not array.ndim:
            refuse(no_mask())
        if axis is not None and array.shape != shape[axis : axis + array.ndim]:
            raise IndexError(f"a mask of shape {array.shape} does not fit an array of shape {shape}")
        return [arrays.positions(found) for found in np.nonzero(array)]
    if array.ndim:
        return [arrays.positions(array)]
    if array.dtype.kind not in "iu":
        raise IndexError("only integers, slices, `...`, None and arrays of integers or booleans are indices")
    return [int(array)]


def _known(node: Const) -> Any:
    """The whole numbers, or truth values, of a constant."""
    value = np.asarray(node.value)
    if value.dtype == np.bool_:
        return value
    if np.any(value % 1):
        refuse(cannot_convert(node, "index", user_origin()))
    return value.astype(np.int64)


def without_dots(entries: Sequence[Any]) -> list[Any]:
    """The entries that stand for axes."""
    return [entry for entry in entries if entry is not Ellipsis]


def is_position(entry: Any) -> bool:
    return isinstance(entry, Node | int | Length) and not isinstance(entry, bool)


def position(node: Node) -> Node:
    """A traced whole number as a position; one that need not be whole must be known."""
    if is_whole(node):
        return arrays.positions(where_it_runs(node))
    value = np.asarray(settled(node, "index", user_origin()))
    if np.any(value % 1):
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    return arrays.positions(value.astype(np.int64))


def where_it_runs(place: Node) -> Node:
    """A position; the first one where the running side of a choice, or round of a loop, is not taken."""
    premise = forking.premise()
    return place if premise is None else make.select(premise, place, 0.0)


def is_whole(node: Node) -> bool:
    """Whether all values are whole numbers for sure: positions, what `int` gives, sums and products of them."""
    waiting = [node]
    seen: set[Node] = set()
    while waiting:
        one = waiting.pop()
        if one in seen or one.dtype in ("int", "bool") or (isinstance(one, Map) and one.op in _WHOLE):
            continue
        if isinstance(one, Size) or (isinstance(one, Input) and one.is_whole):
            continue
        seen.add(one)
        if isinstance(one, Part) and isinstance(one.args[0], Loop) and one.args[0].body.state[one.position].is_whole:
            continue
        if isinstance(one, Const) and np.all(np.isfinite(one.value)) and not np.any(np.asarray(one.value) % 1):
            continue
        if isinstance(one, Index | Gather | Reduce | Scan) and (not isinstance(one, Scan) or one.how != "linear"):
            waiting.append(one.args[0])
        elif isinstance(one, Cast | Layout | Join) or (isinstance(one, Map) and one.op in _WHOLE_IF_ARGUMENTS_ARE):
            waiting += one.args
        elif isinstance(one, Select):
            waiting += one.args[1:]
        elif isinstance(one, Map) and one.op is e.power and _counts_factors(one.args[1]):
            waiting.append(one.args[0])
        else:
            return False
    return True


def _counts_factors(exponent: Node) -> bool:
    return isinstance(exponent, Const) and not exponent.shape and exponent.value >= 0 and exponent.value % 1 == 0


def no_mask(origin: Origin | None = None) -> UnsupportedError:
    """The refusal of what depends on how many elements a mask picks."""
    return UnsupportedError(
        "this kind of indexing is not traceable",
        origin=origin or user_origin(),
        why="Keys are integers, slices and arrays of positions; a traced mask picks no fixed number of elements.",
        fix="choose element by element: np.where(mask, a, b), or np.sum(np.where(mask, a, 0.0))",
    )


# -- functions --------------------------------------------------------------------------------------------------


def along(a: Any, axis: int | None) -> tuple[Node, int]:
    """The array and the axis to run along; without an axis, the flattened array."""
    array = to_node(a)
    if axis is None or not array.ndim:
        return make.reshape(array, (array.size,)), 0
    return array, make.normal_axis(axis, array.ndim)


def cut(array: Node, axis: int, part: Dimension | slice) -> Node:
    """One element or a slice of an axis, everything of the others."""
    return make.index(array, (slice(None),) * axis + (part,))


@rule("numpy.take")
def take(a: Any, indices: Any, axis: int | None = None, mode: str = "raise") -> Node:
    """The elements at positions along an axis, constant or traced."""
    node, at = along(a, axis)
    found = positions_given(indices)
    length = node.shape[at]
    if mode == "wrap":
        found = arrays.positions(make.apply(p.remainder, [make.as_real(found), make.size_of(length)]))
    elif mode == "clip":
        found = arrays.positions(p.minimum(p.maximum(make.as_real(found), 0.0), make.size_of(length - 1)))
    if isinstance(found, Const) and not found.shape:
        return cut(node, at, int(found.value))
    return arrays.gather(node, at, [found])


def positions_given(indices: Any) -> Node:
    """Positions as the user gives them: numbers, arrays, or traced."""
    return position(to_node(indices)) if has_tracer(indices) or is_traced(indices) else arrays.positions(indices)


@rule("numpy.take_along_axis")
def _take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Node:
    node, at = along(arr, axis)
    found = positions_given(indices)
    return arrays.gather_along(node, found if axis is not None else make.reshape(found, (found.size,)), at)


@rule("numpy.compress")
def _compress(condition: Any, a: Any, axis: int | None = None) -> Node:
    node, at = along(a, axis)
    return arrays.gather(node, at, [np.flatnonzero(_constant_mask(condition))])


@rule("numpy.extract")
def _extract(condition: Any, arr: Any) -> Node:
    return _compress(_constant_mask(condition).ravel(), arr)


def _constant_mask(condition: Any) -> Any:
    """A mask that is the same for all arguments, or that of the path that is followed; a refusal for any other."""
    node = to_node(condition)
    if not isinstance(node, Const) and following() is None:
        refuse(no_mask())
    return np.asarray(node.value if isinstance(node, Const) else settled(node, "mask", user_origin()), dtype=bool)


@rule("numpy.choose")
def _choose(a: Any, choices: Any, mode: str = "raise") -> Node:
    which = make.as_real(positions_given(a))
    parts = [to_node(part) for part in (choices if isinstance(choices, list | tuple) else list(_rows(choices)))]
    if mode == "wrap":
        which = make.apply(p.remainder, [which, float(len(parts))])
    chosen = make.broadcast(parts[-1], make.broadcast_shapes([which, *parts]))
    for number, part in reversed(list(enumerate(parts[:-1]))):
        met = p.less_equal(which, 0.0) if number == 0 and mode == "clip" else p.equal(which, float(number))
        chosen = make.select(met, part, chosen)
    return chosen


def _rows(choices: Any) -> list[Node]:
    node = to_node(choices)
    return [make.index(node, number) for number in range(counted(node.shape[0], "np.choose"))]
