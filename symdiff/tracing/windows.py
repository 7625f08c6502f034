"""Slices between traced bounds, where the path of one input is followed: `x[i * size : (i + 1) * size]`.

In: an array that nobody writes to, and a key. Out: the array of what such slices pick, and the key that is left. Only
the number of elements is decided by the path; where they are stays open, so that one path serves every `i`.
"""

from typing import Any

from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.nodes import Node
from symdiff.ops import piecewise as p
from symdiff.tracing.dimensions import length_of
from symdiff.tracing.forking import following, settled
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_indexing import is_whole
from symdiff.tracing.values import is_traced, to_node


def without_windows(array: Node, key: Any) -> tuple[Node, Any]:
    """The array with the slices between traced bounds taken, and the key with whole slices in their places."""
    parts = list(key) if isinstance(key, tuple) else [key]
    if following() is None or not any(_is_window(part) for part in parts):
        return array, key
    for place, part in enumerate(parts):
        axis = _axis_of(place, parts, array.ndim)
        length = array.shape[axis] if _is_window(part) else None
        if isinstance(length, int):
            array = arrays.gather(array, axis, [_positions(part, length)])
            parts[place] = slice(None)
    return array, tuple(parts)


def _is_window(part: Any) -> bool:
    if not isinstance(part, slice) or part.step not in (None, 1):
        return False
    traced = [to_node(bound) for bound in (part.start, part.stop) if is_traced(bound) and length_of(bound) is None]
    return bool(traced) and all(map(is_whole, traced))


def _axis_of(place: int, parts: list[Any], rank: int) -> int:
    """The axis that a part of a key is for."""
    dots = next((at for at, part in enumerate(parts) if part is Ellipsis), len(parts))
    if place < dots:
        return sum(_rank(part) for part in parts[:place])
    return rank - sum(_rank(part) for part in parts[place:])


def _rank(part: Any) -> int:
    """How many axes a part of a key stands for."""
    if part is None or part is Ellipsis:
        return 0
    kind = getattr(getattr(part, "dtype", None), "kind", "")
    return int(part.ndim) if kind == "b" else 1


def _positions(window: slice, length: int) -> Node:
    """Where the elements are: as many as on the path, from a start that stays open."""
    start, stop = _end(window.start, 0, length), _end(window.stop, length, length)
    count = int(settled(p.maximum(stop - start, 0.0), "index", user_origin()))
    return arrays.positions(start + make.iota(count))


def _end(bound: Any, default: int, length: int) -> Node:
    """A bound counted from the start of the axis, and within it."""
    node = make.constant(float(default)) if bound is None else to_node(bound)
    from_start = make.select(p.less(node, 0.0), node + float(length), node)
    return make.lift(p.minimum(p.maximum(from_start, 0.0), float(length)))
