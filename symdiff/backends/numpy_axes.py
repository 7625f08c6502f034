"""NumPy's spelling of the kinds that work along axes: running totals, positions, orders, convolutions.

In: a node and the texts of its arguments. Out: its text, as one would write it by hand: `np.cumsum(x)`, `x[order]`.
"""

from collections.abc import Sequence

import numpy

from symdiff.backends.base import Environment, Text, compound
from symdiff.ir.lengths import Dimension
from symdiff.ir.nodes import Cast, Const, Convolve, Gather, Layout, Node, Order, Scan, ScatterAdd
from symdiff.ops.row import ATOM

_RUNNING = {"sum": "cumsum", "prod": "cumprod", "max": "maximum.accumulate", "min": "minimum.accumulate"}


def axes_text(node: Node, args: Sequence[Text], environment: Environment) -> Text:
    """The text of such a node, or of a Layout that is a roll or a triangle."""
    np = environment.head("np")
    match node:
        case Cast():
            dtype = "int64" if node.dtype == "int" else "float64"
            if not node.shape:  # it may be a number of Python's
                return compound(f"{np}.{dtype}({args[0].code})", args)
            return compound(f"{args[0].within(ATOM)}.astype({np}.{dtype})", args)
        case Scan():
            return _scan(node, args, environment)
        case Gather():
            return _gather(node, args, np)
        case ScatterAdd():
            return args[0] if is_assigned(node) else _scatter(node, args, environment)
        case Order():
            return _order(node, args, np)
        case Convolve() if node.ndim == 1:
            mode = "" if node.mode == "full" else f', "{node.mode}"'
            return compound(f"{np}.convolve({args[0].code}, {args[1].code}{mode})", args)
        case Convolve():
            function = environment.supported("convolved")
            return compound(f'{function}({args[0].code}, {args[1].code}, "{node.mode}")', args)
        case Layout(how="roll"):
            return compound(f"{np}.roll({args[0].code}, {_shifts(node)})", args)
        case Layout():
            diagonal = f", {node.axes[0]}" if node.axes[0] else ""
            return compound(f"{np}.{node.how}({args[0].code}{diagonal})", args)
    raise TypeError(f"no text for {node!r}")


def is_assigned(node: Node) -> bool:
    """Whether a node is zeros with a part that is assigned to: no two elements meet."""
    return isinstance(node, ScatterAdd) and node.how == "index" and node.is_unique


def zeros(node: Node, environment: Environment) -> str:
    """Zeros of the node's shape, in the dtype of the call."""
    dtype = f", dtype={environment.dtype_of(node)}" if environment.sample else ""
    return f"{environment.head('np')}.zeros({environment.shape(node.shape)}{dtype})"


def assigned_part(node: ScatterAdd, environment: Environment) -> str:
    """What stands between the brackets of the assignment."""
    indices = [index for index in node.args[1:] if isinstance(index, Const)]
    names = [environment.arrays[index] if index.shape else str(index.value) for index in indices]
    return ", ".join([":"] * node.axis + names)


def array_text(array: "numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.float64]]", np: str) -> str:
    """A short text for an array of a simple law: all the same, an arithmetic progression, an identity matrix.

    Empty for any other.
    """
    flat = array.ravel()
    if array.size < 4 or array.dtype.kind not in "fi":
        return ""
    first, step = flat[0].item(), (flat[1] - flat[0]).item()
    if numpy.array_equal(flat, numpy.full(flat.shape, first)) and not numpy.signbit(first):
        if first in (0.0, 1.0):
            name = "ones" if first else "zeros"
            dtype = f", dtype={np}.int64" if array.dtype == numpy.int64 else ""
            return f"{np}.{name}({array.shape}{dtype})"
        return f"{np}.full({array.shape}, {first!r})"
    if array.ndim == 2 and array.tobytes() == numpy.eye(*array.shape, dtype=array.dtype).tobytes():
        count = str(len(array)) if len(array) == array.shape[1] else f"{array.shape[0]}, {array.shape[1]}"
        return f"{np}.eye({count}{f', dtype={np}.int64' if array.dtype == numpy.int64 else ''})"
    if not numpy.isfinite(flat).all() or step != int(step) or first != int(first) or abs(first) + abs(step) > 2**31:
        return ""
    last = first + step * flat.size
    kind = int if array.dtype == numpy.int64 else float
    if not numpy.array_equal(flat, first + step * numpy.arange(flat.size, dtype=array.dtype)):
        return ""
    start, stop, stride = kind(first), kind(last), kind(step)
    bounds = f"{stop}" if start == 0 and stride == 1 else f"{start}, {stop}" + (f", {stride}" if stride != 1 else "")
    if numpy.signbit(flat[0]):
        return ""
    made = f"{np}.arange({bounds})"
    return made if array.ndim == 1 else f"{made}.reshape({array.shape})"


def _axis(node: Node, axis: int) -> str:
    return "" if node.ndim == 1 else f", axis={axis}"


def _scan(node: Scan, args: Sequence[Text], environment: Environment) -> Text:
    np = environment.head("np")
    turned = "[" + ":, " * node.axis + "::-1]" if node.reverse else ""
    codes = [f"{arg.within(ATOM)}{turned}" if turned else arg.code for arg in args]
    if node.how == "linear":
        code = f"{environment.supported('recurrence')}({', '.join(codes)}{_axis(node.args[0], node.axis)})"
    else:  # accumulate takes the first axis by default, cumsum all of them
        code = f"{np}.{_RUNNING[node.how]}({codes[0]}{_axis(node.args[0], node.axis)})"
    return compound(code + turned, args)


def _gather(node: Gather, args: Sequence[Text], np: str) -> Text:
    array, *indices = args
    if node.how == "index":
        key = ", ".join([":"] * node.axis + [index.code for index in indices])
        return compound(f"{array.within(ATOM)}[{key}]", args)
    if _sorts(node) and indices[0].size:  # the order has no other use
        axis = "" if node.axis == node.ndim - 1 else f", axis={node.axis}"
        return compound(f"{np}.sort({array.code}{axis})", [array])
    return compound(f"{np}.take_along_axis({array.code}, {indices[0].code}, {node.axis})", args)


def _sorts(node: Gather) -> bool:
    order = node.args[1]
    return (
        isinstance(order, Order)
        and order.how == "argsort"
        and order.axis == node.axis
        and order.args[0] is node.args[0]
    )


def _scatter(node: ScatterAdd, args: Sequence[Text], environment: Environment) -> Text:
    codes = ", ".join(arg.code for arg in args[1:])
    if node.how == "along":
        function = environment.supported("put_along" if node.is_unique else "add_along")
        return compound(f"{function}({zeros(node, environment)}, {codes}, {args[0].code}, {node.axis})", args)
    lead = ", ".join(["slice(None)"] * node.axis + [arg.code for arg in args[1:]])
    comma = "," if node.axis + len(args) == 2 else ""
    function = environment.supported("add_at")
    return compound(f"{function}({zeros(node, environment)}, ({lead}{comma}), {args[0].code})", args)


def _order(node: Order, args: Sequence[Text], np: str) -> Text:
    first = args[0].code
    match node.how:
        case "argsort":
            axis = "" if node.axis == node.ndim - 1 else f", axis={node.axis}"
            return compound(f'{np}.argsort({first}{axis}, kind="stable")', args)
        case "argpartition":
            places = node.kth[0] if len(node.kth) == 1 else node.kth
            return compound(f"{np}.argpartition({first}, {places}, axis={node.axis})", args)
        case "argmax" | "argmin":
            return compound(f"{np}.{node.how}({first}{_axis(node.args[0], node.axis)})", args)
    side = ', side="right"' if node.how == "search_right" else ""
    return compound(f"{np}.searchsorted({first}, {args[1].code}{side})", args)


def _nearest(shift: int, length: Dimension) -> int:
    return shift - length if isinstance(length, int) and 2 * shift > length else shift


def _shifts(node: Layout) -> str:
    """The shift of a roll and its axes, the shorter way round."""
    moved = [(axis, shift) for axis, shift in enumerate(node.axes) if shift]
    nearest = [_nearest(shift, node.shape[axis]) for axis, shift in moved]
    if node.ndim == 1:
        return str(nearest[0])
    if len(moved) == 1:
        return f"{nearest[0]}, axis={moved[0][0]}"
    return f"{tuple(nearest)}, axis={tuple(axis for axis, _ in moved)}"
