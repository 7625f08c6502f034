"""The kinds that work along axes, element by element.

In: a Scan, Gather, ScatterAdd, Order, Convolve or Cast, and its arguments as object arrays of scalar nodes. Out: the
object array of its elements. A position that depends on the arguments is a choice among all elements; an order is
found by counting, for each element, those that come before it. Nothing is there that could raise as NumPy does where a
position is outside of the array: what is picked there is nan.
"""

import math
from collections.abc import Callable, Iterable
from functools import reduce
from itertools import product
from typing import Any

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex
from symdiff.ir.evaluate_arrays import along_axes
from symdiff.ir.lengths import Dimension, static
from symdiff.ir.nodes import Cast, Const, Gather, Index, Layout, Map, Node, Order, Scan, ScatterAdd
from symdiff.ops import elementary, piecewise
from symdiff.ops.complex_rows import imag, real

Elements = np.ndarray[Any, Any]
_RUNNING: dict[str, Callable[..., Any]] = {
    "sum": elementary.add,
    "prod": elementary.multiply,
    "max": piecewise.maximum,
    "min": piecewise.minimum,
}
_Move = tuple[tuple[int, ...], tuple[int, ...], list[tuple[Node, int]]]


def elements_along_axes(node: Node, args: list[Elements]) -> Any:
    """The elements of the node."""
    match node:
        case Cast():
            return np.frompyfunc(lambda element: make.cast(element, node.dtype), 1, 1)(args[0])
        case Scan():
            return _scanned(node, args)
        case Gather():
            return _gathered(node, args)
        case ScatterAdd():
            return _scattered(node, args)
        case Order():
            return _ordered(node, args)
    return along_axes(node, args, make.constant, static(node.shape, "an array written element by element"))


def _scanned(node: Scan, args: list[Elements]) -> Elements:
    found = np.empty(node.shape, dtype=object)
    lines = [np.moveaxis(arg, node.axis, -1) for arg in args]
    into = np.moveaxis(found, node.axis, -1)
    for at in np.ndindex(*into.shape[:-1]):
        order = range(into.shape[-1])[:: -1 if node.reverse else 1]
        total: Any = None
        for place in order:
            here = [line[(*at, place)] for line in lines]
            if total is None:
                total = here[-1]
            elif node.how == "linear":
                total = here[0] * total + here[1]
            else:
                total = _RUNNING[node.how](total, here[0])
            into[(*at, place)] = total
    return found


def _moves(node: Gather | ScatterAdd, indices: list[Elements], shape: tuple[int, ...]) -> Iterable[_Move]:
    """For each element of the part: its place there, the place in the array where it is known, and for the axes where
    it is not, position and axis."""
    if node.how == "along":
        for place in np.ndindex(*indices[0].shape):
            index: Any = indices[0][place]
            yield place, place, [(index, node.axis)]
        return
    spread = np.broadcast_arrays(*indices)
    middle = spread[0].shape
    for before in np.ndindex(*shape[: node.axis]):
        for at in np.ndindex(*middle):
            for after in np.ndindex(*shape[node.axis + len(indices) :]):
                known = (*before, *(0 for _ in indices), *after)
                chosen: list[tuple[Any, int]] = [(index[at], node.axis + n) for n, index in enumerate(spread)]
                yield (*before, *at, *after), known, chosen


def _candidates(place: tuple[int, ...], chosen: list[tuple[Node, int]], shape: tuple[int, ...]) -> Any:
    """Every place in the array that may be meant, with the condition that it is; None where it is for sure."""
    options = []
    for position, axis in chosen:
        length = shape[axis]
        if isinstance(position, Const):
            options.append([(int(position.value) % length, None)])
            continue
        value = make.as_real(position)
        options.append(
            [
                (
                    at,
                    piecewise.logical_or(piecewise.equal(value, float(at)), piecewise.equal(value, float(at - length))),
                )
                for at in range(length)
            ]
        )
    for combination in product(*options):
        where = list(place)
        conditions = [condition for _, condition in combination if condition is not None]
        for (at, _), (_, axis) in zip(combination, chosen, strict=True):
            where[axis] = at
        yield tuple(where), (reduce(piecewise.logical_and, conditions) if conditions else None)


def may_pick_outside(node: Node) -> bool:
    """Whether the node picks elements at positions that nothing keeps within the array."""
    if not isinstance(node, Gather):
        return False
    lengths = node.args[0].shape[node.axis :]
    return not all(_is_within(position, length) for position, length in zip(node.args[1:], lengths, strict=False))


def _is_within(position: Node, length: Dimension) -> bool:
    """Whether a position is known, is held within bounds, or is that of an element of an array that is no longer."""
    while isinstance(position, Cast | Index | Layout):
        position = position.args[0]
    if isinstance(position, Map) and position.op is piecewise.minimum:
        first, second = position.args
        return _is_from_0_on(first) and isinstance(second, Const) and _is_below(second, length)
    if isinstance(position, Order) and not position.how.startswith("search"):
        ordered = position.args[0].shape[position.axis]
        return ordered == length or (isinstance(ordered, int) and isinstance(length, int) and ordered <= length)
    return isinstance(position, Const)


def _is_below(most: Const, length: Dimension) -> bool:
    return isinstance(length, int) and bool(np.all(most.value < length))


def _is_from_0_on(position: Node) -> bool:
    return isinstance(position, Map) and position.op is piecewise.maximum and position.args[1] is make.constant(0.0)


def _gathered(node: Gather, args: list[Elements]) -> Elements:
    array, indices = args[0], args[1:]
    found = np.empty(node.shape, dtype=object)
    is_open = may_pick_outside(node) and node.dtype in ("real", "complex")
    for at, place, chosen in _moves(node, indices, array.shape):
        value: Any = make.constant(math.nan) if is_open else None
        for where, condition in _candidates(place, chosen, array.shape):
            element = array[where]
            value = element if value is None or condition is None else make.select(condition, element, value)
        if value is None or not array.size:
            raise ShapeError(
                "an element of an empty array was asked for",
                origin=node.origin,
                why=f"The array has the shape {array.shape}: no position in it has an element.",
                fix="give the array at least one element, or leave this line out where it has none",
            )
        found[at] = value
    return found


def _scattered(node: ScatterAdd, args: list[Elements]) -> Elements:
    values, indices = args[0], args[1:]
    total: Elements = np.empty(static(node.shape, "an array"), dtype=object)
    total[...] = make.constant(0.0)
    for at, place, chosen in _moves(node, indices, total.shape):
        for where, condition in _candidates(place, chosen, total.shape):
            part = values[at] if condition is None else make.select(condition, values[at], 0.0)
            total[where] = total[where] + part
    return total


def _ordered(node: Order, args: list[Elements]) -> Elements:
    if node.how.startswith("search"):
        precedes = piecewise.less if node.how == "search_left" else piecewise.less_equal
        find = np.frompyfunc(lambda value: _count(precedes(entry, value) for entry in args[0]), 1, 1)
        return np.asarray(find(args[1]), dtype=object)
    found = np.empty(node.shape, dtype=object)
    lines = np.moveaxis(args[0], node.axis, -1)
    is_one = node.how in ("argmax", "argmin")
    into = found if is_one else np.moveaxis(found, node.axis, -1)
    for at in np.ndindex(*lines.shape[:-1]):
        line = _line_order(node, list(lines[at]))
        into[at] = line[0] if is_one else line
    return found


def _line_order(node: Order, values: list[Node]) -> Elements:
    """The positions for one line: each element's rank is the number of those before it."""
    turned = [-value for value in values] if node.how == "argmax" else values
    ranks = [
        _count(_precedes(other, value, or_equal=j < i) for j, other in enumerate(turned) if j != i)
        for i, value in enumerate(turned)
    ]
    wanted = 1 if node.how in ("argmax", "argmin") else len(values)
    found = np.empty(wanted, dtype=object)
    for place in range(wanted):
        at: Any = make.constant(0.0)
        for i, rank in enumerate(ranks):
            at = make.select(piecewise.equal(make.as_real(rank), float(place)), float(i), at)
        found[place] = make.cast(at, "int")
    return found


def _precedes(x: Node, y: Node, or_equal: bool) -> Node:
    """Whether x comes before y in ascending order: of complex numbers the real parts decide, then the imaginary."""
    compare = piecewise.less_equal if or_equal else piecewise.less
    if "complex" not in (x.dtype, y.dtype):
        return compare(x, y)  # type: ignore[no-any-return]
    real_parts, imaginary_parts = [[part(as_complex(z)) for z in (x, y)] for part in (real, imag)]
    return make.select(piecewise.equal(*real_parts), compare(*imaginary_parts), piecewise.less(*real_parts))


def _count(conditions: Iterable[Node]) -> Node:
    """How many of the conditions hold."""
    total: Node = make.constant(0.0)
    for condition in conditions:
        total = total + make.select(condition, 1.0, 0.0)
    return make.cast(total, "int")
