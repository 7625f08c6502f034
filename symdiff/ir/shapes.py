"""Shapes that go together, or are refused with the shapes and where they come from.

In: nodes and shapes whose lengths are numbers or stay open. Out: the shape of what is made of them.
"""

from collections.abc import Sequence

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir.lengths import Dimension, is_static, product, quotient
from symdiff.ir.nodes import Input, Node, Shape


def broadcast_shapes(args: Sequence[Node]) -> Shape:
    """The common shape of nodes, or a ShapeError that names the shapes and what has them."""
    first = args[0].shape
    for arg in args:
        if arg.shape != first:
            break
    else:
        return first
    common = common_shape([arg.shape for arg in args])
    if common is None:
        raise ShapeError(
            f"shapes {' and '.join(str(arg.shape) for arg in args)} do not broadcast",
            why="\n".join([*origins_of(args), "Axes are matched from the last: each pair is equal, or one of them 1."]),
        )
    return common


def common_shape(shapes: Sequence[Shape]) -> Shape | None:
    """What the shapes broadcast to, by NumPy's rules; None where they do not. An open length fits itself and 1."""
    if all(map(is_static, shapes)):
        try:
            return np.broadcast_shapes(*shapes)
        except ValueError:
            return None
    found: list[Dimension] = []
    for axis in range(-max(map(len, shapes)), 0):
        lengths = [shape[axis] for shape in shapes if len(shape) >= -axis]
        others = set(lengths) - {1}
        if len(others) > 1:
            return None
        found.append(others.pop() if others else 1)
    return tuple(found)


def origins_of(args: Sequence[Node]) -> list[str]:
    """Where each of the nodes comes from, a line for each that is known."""
    found: list[str] = []
    for arg in dict.fromkeys(args):
        if isinstance(arg, Input):
            found.append(f"{arg.shape} is the argument {arg.name}")
        elif arg.shape and arg.origin is not None and arg.origin.line is not None:
            found.append(f"{arg.shape} comes from line {arg.origin.line}: {arg.origin.text.strip()[:60]}")
    return found


def completed(lengths: Sequence[Dimension], size: Dimension) -> Shape:
    """A shape in which one length may be -1: what is left of the number of elements."""
    if -1 not in lengths:
        return tuple(lengths)
    given = product(length for length in lengths if length != -1)
    left: Dimension = quotient(size, given) if given else 0
    if left * given != size or list(lengths).count(-1) > 1:
        raise ShapeError(f"an array of {size} elements cannot be reshaped to {tuple(lengths)}")
    return tuple(left if length == -1 else length for length in lengths)
