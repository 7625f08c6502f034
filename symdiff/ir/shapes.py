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
        raise misfit(
            f"shapes {' and '.join(str(arg.shape) for arg in args)} do not broadcast",
            args,
            "Axes are matched from the last: each pair is equal, or one of them 1.",
            "x[:, None] adds an axis of length 1; x[:n] cuts an axis to the length of another one",
        )
    return common


def misfit(summary: str, args: Sequence[Node], rule: str, fix: str) -> ShapeError:
    """The error that says where arrays come from whose shapes do not go together, and the rule that they break."""
    return ShapeError(summary, why="\n".join([*origins_of(args)[:3], rule]), fix=fix)


def cannot_reshape(arg: Node, shape: Shape) -> ShapeError:
    """The error of `reshape` to another number of elements."""
    return misfit(
        f"an array of shape {arg.shape} cannot be reshaped to {shape}",
        [arg],
        f"It has {arg.size} elements, the shape {product(shape)}.",
        "reshape(-1) for one axis; or lengths whose product is the number of elements",
    )


def no_permutation(arg: Node, axes: Sequence[int]) -> ShapeError:
    """The error of `transpose` to axes that are not those of the array."""
    return misfit(
        f"axes {tuple(axes)} do not permute the {arg.ndim} axes of an array",
        [arg],
        f"The array has the shape {arg.shape}: each of its axes must be named once.",
        "x.T, which turns round the order of all axes; or np.moveaxis(x, source, destination)",
    )


def cannot_stack(args: Sequence[Node]) -> ShapeError:
    """The error of arrays that do not become the rows of one."""
    return misfit(
        f"arrays of different shapes cannot be stacked: {', '.join(str(arg.shape) for arg in args)}",
        args,
        "They become the rows of one array, which have one shape.",
        "np.concatenate([a, b]) for arrays end to end; np.full(3, x) for a number in place of an array",
    )


def not_end_to_end(args: Sequence[Node], axis: int) -> ShapeError:
    """The error of `concatenate` of arrays that differ on other axes."""
    return misfit(
        f"arrays do not fit end to end: {', '.join(str(arg.shape) for arg in args)}",
        args,
        f"All axes but number {axis} must have the same lengths.",
        "row[None, :] makes a matrix of a row, np.atleast_1d(x) an array of a number; axis=1 joins columns",
    )


def no_product(args: Sequence[Node], length: Dimension, other: Dimension) -> ShapeError:
    """The error of axes that are to run together and differ."""
    return misfit(
        f"lengths {length} and {other} do not match in a product of arrays",
        args,
        "Axes that are multiplied or summed together have the same length.",
        "turn one of them, A.T, or cut an axis, x[:n]",
    )


_MOST_AXES = 32  # that np.broadcast_shapes takes; arrays have up to 64


def common_shape(shapes: Sequence[Shape]) -> Shape | None:
    """What the shapes broadcast to, by NumPy's rules; None where they do not. An open length fits itself and 1."""
    if all(map(is_static, shapes)) and max(map(len, shapes)) <= _MOST_AXES:
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
        raise ShapeError(
            f"an array of {size} elements cannot be reshaped to {tuple(lengths)}",
            why="The number of elements stays, and -1 stands for one length, which the others leave.",
            fix="reshape(-1) for one axis; or lengths whose product is the number of elements",
        )
    return tuple(left if length == -1 else length for length in lengths)
