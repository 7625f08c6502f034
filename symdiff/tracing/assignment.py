"""Assignment into arrays that the traced function made itself, as functional update: `y = np.zeros(3); y[0] = x`.

In: the node that an array holds now, a key, a value. Out: the node that it holds afterwards. An array that others may
look into (a parameter, a view, what it is a view of) is not written to: whether they see it is a question of memory.
"""

from typing import Any

import numpy as np

from symdiff.errors import AssignmentError, ShapeError
from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex
from symdiff.ir.lengths import counted, is_static
from symdiff.ir.nodes import BasicKey, Const, Input, Layout, Node
from symdiff.ir.shapes import common_shape
from symdiff.tracing.dimensions import position
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.values import is_traced, to_node


def refuse_shared(array: Any) -> None:
    """Refuses to write into an array that others may look into."""
    if not array.is_shared:
        return
    name = array.node.name if isinstance(array.node, Input) else "the array"
    error = AssignmentError(
        f"an assignment into {'the argument ' + name if name != 'the array' else 'an array that has views'}",
        origin=user_origin(),
        why="Other arrays may look into the same memory: the caller's, or a slice, and would see the change.",
        fix="write into a copy, `y = x.copy()`, taken before anything is sliced from it; or build a list",
    )
    refuse(error)


def assigned(old: Node, key: Any, value: Any) -> Node:
    """The array after `array[key] = value`."""
    new = to_node(value)
    if old.dtype == "complex":
        new = as_complex(new)
    elif new.dtype == "complex":
        refuse(_complex_into_real())
    parts = key if isinstance(key, tuple) else (key,)
    mask = _mask(key, old)
    if mask is not None:
        if new.shape:
            refuse(_shaped_mask())
        return make.select(mask, new, old)
    parts = tuple(position(part) for part in parts)
    parts = tuple(part.__index__() if is_traced(part) else part for part in parts)
    if any(isinstance(part, list | np.ndarray) for part in parts):
        if len(parts) > 1:
            refuse(_shaped_mask())
        return _at_positions(old, np.asarray(parts[0]), new)
    normal, new_axes = make.normal_key(parts, old.shape)
    target = make.index_shape(normal, old.shape)
    if new_axes or common_shape([new.shape, target]) != target:
        raise ShapeError(f"a value of shape {new.shape} does not fit into a part of shape {target}")
    return _replaced(old, normal, make.broadcast(new, target))


def _replaced(old: Node, key: BasicKey, new: Node) -> Node:
    """The array with the part at a normal key replaced, axis by axis."""
    if new.shape == old.shape and all(isinstance(part, slice) and part.step == 1 for part in key):
        return new
    if not is_static(old.shape):
        return _replaced_open(old, key, new)
    rows = [make.index(old, at) for at in range(counted(old.shape[0], "an assignment"))]
    first, rest = key[0], key[1:]
    if isinstance(first, slice):
        for source, position in enumerate(range(*first.indices(len(rows)))):
            rows[position] = _row(rows[position], rest, make.index(new, source))
    elif isinstance(first, int):
        rows[first] = _row(rows[first], rest, new)
    return make.stack(rows)


def _replaced_open(old: Node, key: BasicKey, new: Node) -> Node:
    """The same for an array with open lengths: where the key points, the new values."""
    placed = make.scatter(new, key, old.shape)
    if _is_zeros(old):
        return placed
    ones = make.broadcast(make.constant(1.0), new.shape)
    return make.select(make.scatter(ones, key, old.shape), placed, old)


def _row(old: Node, key: BasicKey, new: Node) -> Node:
    return _replaced(old, key, new) if key else new


def _at_positions(old: Node, positions: Any, new: Node) -> Node:
    if positions.dtype == bool:
        positions = np.flatnonzero(positions)
    values = make.broadcast(new, (*positions.shape, *old.shape[1:]))
    rows = [make.index(old, at) for at in range(counted(old.shape[0], "an assignment at positions"))]
    for source, at in enumerate(positions):
        rows[int(at)] = make.index(values, source)
    return make.stack(rows)


def _mask(key: Any, old: Node) -> Node | None:
    """The node of a key that is a traced condition for every element."""
    if not is_traced(key):
        return None
    node = to_node(key)
    return node if node.dtype == "bool" and node.shape == old.shape else None


def _complex_into_real() -> AssignmentError:
    return AssignmentError(
        "a complex number does not fit into an array of real ones",
        origin=user_origin(),
        why="NumPy would drop the imaginary part.",
        fix="make the array complex, `np.zeros(3, dtype=complex)`, or assign z.real",
    )


def _is_zeros(node: Node) -> bool:
    """Whether the array is fresh from np.zeros."""
    inner = node.args[0] if isinstance(node, Layout) and node.how == "broadcast" else node
    return isinstance(inner, Const) and not inner.shape and inner.value == 0.0


def _shaped_mask() -> AssignmentError:
    return AssignmentError(
        "this kind of assignment into an array is not traceable",
        origin=user_origin(),
        why="Keys are integers, slices, one constant array of integers, or a condition with a number to put there.",
        fix="choose element by element: y = np.where(mask, values, y)",
    )
