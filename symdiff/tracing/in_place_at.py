"""Functions that write at positions, or where a mask says: `np.maximum.at`, `np.put`, `np.place`, …

In: the node that an array holds now, positions or a mask, values. Out: the node that it holds afterwards. What meets at
one position is written in order; values that are too few begin again.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import counted, static
from symdiff.ir.nodes import Const, Node
from symdiff.ops import piecewise as p
from symdiff.tracing.assignment import assigned
from symdiff.tracing.numpy_indexing import entries_of, indexed
from symdiff.tracing.values import to_node

Operation = Callable[..., Node]


def changed_at(old: Node, key: Any, operation: Operation, *values: Any) -> Node:
    """The array after `ufunc.at(array, key, values)`: one value after the other changes what is at its position."""
    nodes = [make.as_real(to_node(value)) for value in values]
    if any(isinstance(entry, Node) and not isinstance(entry, Const) for entry in entries_of(key, old.shape)):
        return _changed_in_turn(old, key, operation, nodes)
    shape = static(old.shape, "a ufunc's `at`")
    places = np.arange(int(np.prod(shape))).reshape(shape)[_plain(key)]
    flat = make.reshape(old, (old.size,))
    spread = [make.reshape(make.broadcast(node, places.shape), (places.size,)) for node in nodes]
    for turn in _turns(places.ravel()):
        at = places.ravel()[turn]
        picked = [indexed(node, turn) for node in spread]
        flat = assigned(flat, at, operation(indexed(flat, at), *picked))
    return make.reshape(flat, old.shape)


def _plain(key: Any) -> Any:
    """A key of numbers, as NumPy takes it."""
    if isinstance(key, tuple):
        return tuple(map(_plain, key))
    return np.asarray(key.value).astype(int) if isinstance(key, Const) else key


def _turns(places: Any) -> Iterator[Any]:
    """Which values go first, second, …, so that no two of a turn meet."""
    order = np.argsort(places, kind="stable")
    starts = np.r_[True, places[order][1:] != places[order][:-1]]
    since = np.arange(len(places)) - np.maximum.accumulate(np.where(starts, np.arange(len(places)), 0))
    turn = np.empty(len(places), int)
    turn[order] = since
    for number in range(int(turn.max(initial=-1)) + 1):
        yield np.flatnonzero(turn == number)


def _changed_in_turn(old: Node, key: Any, operation: Operation, values: list[Node]) -> Node:
    """The same at traced positions, one after the other."""
    parts = [to_node(part) for part in (key if isinstance(key, tuple) else (key,))]
    shape = static(make.broadcast_shapes(parts), "a ufunc's `at`")
    picked = (*shape, *old.shape[len(parts) :])
    spread = [make.broadcast(value, picked) for value in values]
    for at in np.ndindex(*shape):
        place = tuple([make.index(make.broadcast(part, shape), at) for part in parts])
        old = assigned(old, place, operation(indexed(old, place), *[make.index(value, at) for value in spread]))
    return old


def put(old: Node, positions: Any, values: Any, mode: str = "raise") -> Node:
    """The array after `np.put(array, positions, values)`: by positions in the array as one row."""
    size = counted(old.size, "np.put")
    at = to_node(positions)
    if mode == "wrap":
        at = make.apply(p.remainder, [make.as_real(at), float(size)])
    elif mode == "clip":
        at = p.minimum(p.maximum(make.as_real(at), 0.0), float(size - 1))
    at = make.reshape(at, (at.size,))
    flat = assigned(make.reshape(old, (size,)), at, repeated(to_node(values), counted(at.size, "np.put")))
    return make.reshape(flat, old.shape)


def put_where(old: Node, mask: Any, values: Any) -> Node:
    """The array after `np.putmask(array, mask, values)`: each value goes to its own place, if that is picked."""
    size = counted(old.size, "np.putmask")
    new = make.reshape(make.broadcast(repeated(to_node(values), size), (size,)), old.shape)
    return assigned(old, ..., make.select(to_node(mask), make.as_real(new), make.as_real(old)))


def placed(old: Node, mask: Any, values: Any) -> Node:
    """The array after `np.place(array, mask, values)`: one value after the other goes to what is picked."""
    node, size = make.reshape(to_node(mask), (old.size,)), counted(old.size, "np.place")
    row = make.reshape(to_node(values), (to_node(values).size,))
    count = counted(row.size, "np.place")
    before = arrays.scan("sum", make.select(node, 1.0, 0.0), 0) - 1.0
    turn = arrays.positions(make.apply(p.remainder, [p.maximum(before, 0.0), float(count)]))
    new = make.broadcast(row, (size,)) if count == 1 else arrays.gather(row, 0, [turn])
    return assigned(old, ..., make.reshape(make.select(node, new, make.reshape(old, (size,))), old.shape))


def put_along_axis(old: Node, positions: Any, values: Any, axis: int | None) -> Node:
    """The array after `np.put_along_axis(array, positions, values, axis)`."""
    if axis is None:
        return make.reshape(assigned(make.reshape(old, (old.size,)), positions, values), old.shape)
    at, along = to_node(positions), make.normal_axis(axis, old.ndim)
    lengths = [1 if place == along else length for place, length in enumerate(static(old.shape, "np.put_along_axis"))]
    key = [at if place == along else part for place, part in enumerate(np.indices(lengths, sparse=True))]
    return assigned(old, tuple(key), values)


def repeated(values: Node, size: int) -> Node:
    """As many values as are wanted: one after the other, again and again."""
    row = make.reshape(values, (values.size,))
    count = counted(row.size, "an assignment")
    if count == size or count == 1:
        return row
    return indexed(row, np.arange(size) % count)
