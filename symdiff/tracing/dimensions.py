"""Lengths as the user's code passes them on: to `np.zeros((n, d))`, `reshape(n, -1)`, `x[:n]`.

In: ints, and traced lengths where they stay open. Out: dimensions of the graph, ints and Lengths.
"""

import operator
from typing import Any

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir.lengths import Dimension, Length, is_less
from symdiff.ir.nodes import Const, Node, Shape, Size
from symdiff.tracing.forking import refuse, settled
from symdiff.tracing.frames import user_origin
from symdiff.tracing.values import is_traced


def length_of(value: Any) -> Dimension | None:
    """The dimension that a value is; None for anything else."""
    node = value if isinstance(value, Node) else value.node if is_traced(value) else None
    if isinstance(node, Size):
        return node.length
    if isinstance(node, Const) and not node.shape and node.dtype == "real" and float(node.value).is_integer():
        return int(node.value)
    if node is None and (isinstance(value, Length | np.integer) or type(value) is int):
        return value if isinstance(value, Length) else int(value)
    return None


def dimension(value: Any) -> Dimension:
    """The value as a length; a traced number must be known, which it is on the path of one input alone."""
    length = length_of(value)
    if length is not None:
        return length
    if not is_traced(value):
        return operator.index(value)
    known = settled(value if isinstance(value, Node) else value.node, "index", user_origin())
    if known % 1:
        raise TypeError("'float' object cannot be interpreted as an integer")
    return int(known)


def dimensions(shape: Any) -> Shape:
    """A shape: one length, or a sequence of them."""
    return tuple([dimension(length) for length in (shape if isinstance(shape, list | tuple) else (shape,))])


def position(value: Any) -> Any:
    """A part of a key: slices with their bounds as dimensions, a length as the position it is."""
    if isinstance(value, slice):
        return slice(*(None if bound is None else _checked(dimension(bound)) for bound in _bounds(value)))
    length = length_of(value) if is_traced(value) else None
    return value if length is None else _checked(length)


def _bounds(part: slice) -> tuple[Any, Any, Any]:
    return part.start, part.stop, part.step


def _checked(length: Dimension) -> Dimension:
    """A length as a position; -n counts from the end, so one whose sign depends on the sizes is refused."""
    if isinstance(length, Length) and is_less(-1, length) is not True:
        refuse(
            ShapeError(
                f"the position {length} may be negative, and would count from the end then",
                origin=user_origin(),
                why="The generated code holds for every length, also for the shortest.",
                fix="write positions from the end as plain numbers, x[-2:]; they stop at the first element",
            )
        )
    return length
