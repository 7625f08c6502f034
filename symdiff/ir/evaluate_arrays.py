"""The reference values of the kinds that work along axes: Scan, Gather, ScatterAdd, Order, Convolve, Cast.

In: a node and the values of its arguments, arrays of doubles or objects (mpmath numbers). Out: its value, by the
shortest loop or NumPy function that is seen to be right for both.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from symdiff.ir.nodes import Cast, Convolve, Gather, Node, Order, Scan, ScatterAdd

_RUNNING: dict[str, np.ufunc] = {
    "sum": np.add,
    "prod": np.multiply,
    "max": np.maximum,
    "min": np.minimum,
}


def along_axes(node: Node, args: Sequence[Any], number: Callable[[Any], Any], shape: tuple[int, ...]) -> Any:
    """The value of the node, which has this shape; `number` makes an element of a float."""
    match node:
        case Cast(dtype="int"):
            return np.asarray(args[0]).astype(np.int64)[()]
        case Cast():
            return np.asarray(number(np.asarray(args[0], dtype=np.float64)))[()]
        case Scan():
            return _scanned(node, args)
        case Gather(how="along"):
            return np.take_along_axis(np.asarray(args[0]), np.asarray(args[1]), node.axis)
        case Gather():
            return np.asarray(args[0])[(slice(None),) * node.axis + tuple(args[1:])]
        case ScatterAdd():
            return _scattered(node, args, number, shape)
        case Order():
            return _ordered(node, args)
        case Convolve():
            return convolved(np.asarray(args[0]), np.asarray(args[1]), node.mode, number(0.0))
    raise TypeError(f"no rule to evaluate {node!r}")


def _scanned(node: Scan, args: Sequence[Any]) -> Any:
    arrays = [np.flip(arg, node.axis) if node.reverse else np.asarray(arg) for arg in args]
    if node.how == "linear":
        found = _recurrence(arrays[0], arrays[1], node.axis)
    else:
        found = _RUNNING[node.how].accumulate(arrays[0], axis=node.axis)
    return np.flip(found, node.axis) if node.reverse else found


def _recurrence(factors: Any, terms: Any, axis: int) -> Any:
    factors, found = np.moveaxis(factors, axis, 0), np.moveaxis(np.array(terms), axis, 0)
    for place in range(1, len(found)):
        found[place] = factors[place] * found[place - 1] + found[place]
    return np.moveaxis(found, 0, axis)


def _scattered(node: ScatterAdd, args: Sequence[Any], number: Callable[[Any], Any], shape: tuple[int, ...]) -> Any:
    values = np.asarray(args[0])
    total = np.array(number(np.zeros(shape)), dtype=values.dtype)
    if node.how == "along":
        grid: list[Any] = list(np.indices(values.shape))
        grid[node.axis] = np.asarray(args[1])
        np.add.at(total, tuple(grid), values)
    else:
        np.add.at(total, (slice(None),) * node.axis + tuple(args[1:]), values)
    return total


def _ordered(node: Order, args: Sequence[Any]) -> Any:
    values = _comparable(np.asarray(args[0]))
    match node.how:
        case "argsort":
            return np.argsort(values, axis=node.axis, kind="stable")
        case "argpartition":  # which of many permutations it is, is a matter of doubles
            return np.argpartition(values.astype(float), node.kth, axis=node.axis)
        case "argmax":
            return np.argmax(values, axis=node.axis)
        case "argmin":
            return np.argmin(values, axis=node.axis)
    return np.searchsorted(values, args[1], side="right" if node.how == "search_right" else "left")


def _comparable(values: Any) -> Any:
    """The values, or the ranks of complex numbers of mpmath, which have no `<`: by real, then by imaginary part."""
    if values.dtype != object or not any(hasattr(value, "_mpc_") for value in values.flat):
        return values
    keys = [(value.real, value.imag) for value in values.flat]
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return np.array([ranks[key] for key in keys]).reshape(values.shape)


def convolved(x: Any, y: Any, mode: str, zero: Any = 0.0) -> Any:
    """The convolution by its definition: x moved by every offset, times that element of y."""
    lengths = tuple(n + m - 1 for n, m in zip(x.shape, y.shape, strict=True))
    total = np.empty(lengths, dtype=np.result_type(x, y))
    total[...] = zero
    for offset in product(*map(range, y.shape)):
        place = tuple(slice(start, start + n) for start, n in zip(offset, x.shape, strict=True))
        total[place] = total[place] + x * y[offset]
    if mode == "full":
        return total
    return total[tuple(slice(m - 1, n) for n, m in zip(x.shape, y.shape, strict=True))]
