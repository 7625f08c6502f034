"""How nodes are made: lift numbers, work out shapes and dtypes, apply cheap identities, fold constants, intern.

In: an operation or a kind, and arguments that are nodes or numbers. Out: a node.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from symdiff.ir import identities, shapes
from symdiff.ir.complex_arguments import as_complex, not_for_complex, on_complex
from symdiff.ir.complex_identities import COMPLEX_IDENTITIES
from symdiff.ir.keys import hashable, is_plain
from symdiff.ir.keys import index_shape as index_shape
from symdiff.ir.keys import normal_axis as normal_axis
from symdiff.ir.keys import normal_key as normal_key
from symdiff.ir.lengths import Dimension, Length, is_static, product, typical
from symdiff.ir.nodes import (
    BasicKey,
    Cast,
    Const,
    DType,
    Einsum,
    Eye,
    Index,
    Iota,
    Join,
    Layout,
    Map,
    Node,
    Part,
    Reduce,
    Rewind,
    Scatter,
    Select,
    Shape,
    Size,
    are_real_numbers,
    freeze,
    intern,
    known,
    numeric_dtype,
)
from symdiff.ir.shapes import broadcast_shapes as broadcast_shapes
from symdiff.ops.piecewise import not_equal, where
from symdiff.ops.row import Op

IDENTITIES = identities.IDENTITIES | COMPLEX_IDENTITIES
_DTYPES: dict[str, DType] = {"b": "bool", "f": "real", "c": "complex"}


def lift(value: Any) -> Node:
    """A node as it is; a number or an array of numbers as a Const; an open length as a Size."""
    if isinstance(value, Node):
        return value
    if isinstance(value, Length):
        return size_of(value)
    if isinstance(value, float | int | bool | complex | np.generic):
        return constant(value)
    return constant(np.asarray(value)) if np.ndim(value) else constant(np.asarray(value).item())


def constant(value: Any, dtype: DType = "real") -> Node:
    """A Const. Integers become the nearest double, as Python's own mixed arithmetic does; the sign of zero is kept.

    dtype: "int" keeps them as positions.
    """
    if isinstance(value, np.ndarray) and value.ndim:
        array = freeze(value, dtype)
        key = ("const", array.shape, array.dtype.kind, array.tobytes())
        kind: DType = "int" if dtype == "int" else _DTYPES[array.dtype.kind]
        return intern(key, lambda: Const(array, array.shape, kind))
    if dtype == "int":
        return intern(("const", int(value), "int"), lambda: Const(int(value), (), "int"))
    if isinstance(value, bool | np.bool_):
        return intern(("const", bool(value), "bool"), lambda: Const(bool(value), (), "bool"))
    if isinstance(value, complex | np.complexfloating):
        return complex_constant(complex(value))
    number = math.nan if value != value else float(value)  # one nan: it interns by identity
    return intern(("const", number, math.copysign(1.0, number)), lambda: Const(number, (), "real"))


def complex_constant(value: complex) -> Node:
    """A complex Const, whatever its imaginary part."""
    signs = math.copysign(1.0, value.real), math.copysign(1.0, value.imag)
    number = complex(math.nan, math.nan) if value != value else value
    key = ("const", "complex", None if value != value else number, signs)
    return intern(key, lambda: Const(number, (), "complex"))


def size_of(length: Dimension) -> Node:
    """The length as a real number."""
    return intern(("size", length), lambda: Size(length)) if isinstance(length, Length) else constant(length)


def eye(length: Dimension) -> Node:
    """The identity matrix, which stays a node of its own: contractions with it cost nothing."""
    return intern(("eye", length), lambda: Eye(length))


def iota(length: Dimension) -> Node:
    """The numbers 0, 1, … length - 1."""
    if isinstance(length, Length):
        return intern(("iota", length), lambda: Iota(length))
    return constant(np.arange(float(length)))


def apply(op: Op, arguments: Sequence[Any]) -> Node:
    """The operation on the arguments."""
    args = tuple([argument if isinstance(argument, Node) else lift(argument) for argument in arguments])
    found = known((op, args))
    if found is not None:
        return found
    shape: Shape = ()
    if op.operands != "real" or not are_real_numbers(args):
        if op is where:
            return select(*args)
        shape = broadcast_shapes(args)
        if any(isinstance(arg, Layout) and arg.how == "broadcast" for arg in args):
            return broadcast(apply(op, [_before_broadcast(arg) for arg in args]), shape)
        if op.operands == "complex" or numeric_dtype(args) == "complex":
            op, args = on_complex(op, args)
        args = tuple([_converted(arg, op.operands) for arg in args])
    simpler = _simpler(op, args, shape)
    if simpler is not None:
        return simpler
    return intern((op, args), lambda: Map(op, args, shape, op.result))


Node._symdiff_apply = staticmethod(apply)  # rows are callable on nodes through this


def select(condition: Any, if_true: Any, if_false: Any) -> Node:
    """`if_true` where the condition holds, else `if_false`."""
    condition, if_true, if_false = as_bool(lift(condition)), lift(if_true), lift(if_false)
    args = (condition, if_true, if_false)
    shape = broadcast_shapes(args)
    if any(isinstance(arg, Layout) and arg.how == "broadcast" for arg in args):
        return broadcast(select(*map(_before_broadcast, args)), shape)
    if numeric_dtype(args) == "complex":
        return as_complex(_selected(condition, _complex_number(if_true), _complex_number(if_false), shape))
    return _selected(condition, if_true, if_false, shape)


def _selected(condition: Node, if_true: Node, if_false: Node, shape: Shape) -> Node:
    """The choice, or what it comes to."""
    if isinstance(condition, Const) and not condition.shape:
        return broadcast(if_true if condition.value else if_false, shape)
    if if_true is if_false:
        return broadcast(if_true, shape)
    if if_true is condition:
        return select(condition, True, if_false)
    if if_false is condition:
        return select(condition, if_true, False)
    if if_true is constant(True) and if_false is constant(False):
        return broadcast(condition, shape)
    if isinstance(if_true, Select) and if_true.args[0] is condition:
        return broadcast(select(condition, if_true.args[1], if_false), shape)
    if isinstance(if_false, Select) and if_false.args[0] is condition:
        return broadcast(select(condition, if_true, if_false.args[2]), shape)
    sides = _same_dtype((if_true, if_false))
    args = (condition, *sides)
    dtype = sides[0].dtype if sides[0].dtype in ("bool", "int") else numeric_dtype(args)
    return intern(("select", *args), lambda: Select(args, shape, dtype))


def _complex_number(arg: Node) -> Node:
    """A number beside a complex choice, as what it becomes; an array is promoted with the choice."""
    return as_complex(arg) if isinstance(arg, Const) else arg


def _before_broadcast(arg: Node) -> Node:
    """What a broadcast repeats: operations on elements do it better before, and repeat by themselves."""
    return arg.args[0] if isinstance(arg, Layout) and arg.how == "broadcast" else arg


def reduce(how: str, arg: Node, axes: Iterable[int] | None = None) -> Node:
    """sum, prod, max, min, any or all over the axes (all of them by default), which disappear."""
    chosen = tuple(sorted(range(arg.ndim) if axes is None else {normal_axis(axis, arg.ndim) for axis in axes}))
    arg = as_bool(arg) if how in ("any", "all") else as_real(arg)
    if how in ("max", "min") and arg.dtype == "complex":
        raise not_for_complex(how)
    if not chosen:
        return arg
    if all(arg.shape[axis] == 1 for axis in chosen):
        return reshape(arg, tuple(length for axis, length in enumerate(arg.shape) if axis not in chosen))
    if isinstance(arg, Layout) and arg.how == "broadcast" and how != "prod" and 0 not in arg.shape:
        return _reduced_before_broadcast(how, arg, chosen)
    return intern(("reduce", how, chosen, arg), lambda: Reduce(how, chosen, arg))


def _reduced_before_broadcast(how: str, arg: Layout, axes: tuple[int, ...]) -> Node:
    """What is the same along an axis is taken once there, or as often as the axis is long."""
    source = reshape(arg.args[0], (1,) * (arg.ndim - arg.args[0].ndim) + arg.args[0].shape)
    repeated = [axis for axis in axes if source.shape[axis] == 1]
    rest = [axis for axis in range(arg.ndim) if axis not in axes]
    value = reduce(how, source, [axis for axis in axes if axis not in repeated])
    value = reshape(value, tuple(source.shape[axis] for axis in rest))
    times = product(arg.shape[axis] for axis in repeated)
    if how == "sum" and times != 1:
        value = size_of(times) * value
    return broadcast(value, tuple(arg.shape[axis] for axis in rest))


def index(arg: Node, key: Any) -> Node:
    """`arg[key]` for integers and slices (and None, Ellipsis)."""
    normal, new_axes = normal_key(key, arg.shape)
    shape = index_shape(normal, arg.shape)
    picked = _picked(arg, normal, shape)
    if picked is None:
        whole = shape == arg.shape and all(isinstance(k, slice) and k.step == 1 for k in normal)
        picked = arg if whole else intern(("index", hashable(normal), arg), lambda: Index(normal, arg, shape))
    if not new_axes:
        return picked
    full = list(shape)
    for axis in new_axes:
        full.insert(axis, 1)
    return reshape(picked, tuple(full))


def _picked(arg: Node, key: BasicKey, shape: Shape) -> Node | None:
    """The element itself, where the array is known element by element."""
    if isinstance(arg, Const) and arg.shape:
        return constant(arg.value[key], arg.dtype) if is_plain(key) else None
    if isinstance(arg, Join) and arg.how == "stack" and isinstance(key[arg.axis], int):
        rest = key[: arg.axis] + key[arg.axis + 1 :]
        return index(arg.args[key[arg.axis]], rest)  # type: ignore[index]
    if isinstance(arg, Layout) and arg.how == "broadcast" and not arg.args[0].shape:
        return broadcast(arg.args[0], shape)
    if isinstance(arg, Select) and any(side is constant(0.0) for side in arg.args[1:]):  # the guard stays outside
        return select(*(index(broadcast(part, arg.shape), key) for part in arg.args))
    return None


def scatter(arg: Node, key: BasicKey, shape: Shape) -> Node:
    """Zeros of `shape` with `arg` at the normal key."""
    return intern(("scatter", hashable(key), shape, arg), lambda: Scatter(key, arg, shape))


def reshape(arg: Node, shape: Shape) -> Node:
    """The elements in row-major order in another shape."""
    if arg.shape == shape:
        return arg
    if product(shape) != arg.size:
        raise shapes.cannot_reshape(arg, shape)
    if not arg.shape:
        return broadcast(arg, shape)
    if isinstance(arg, Layout) and arg.how == "broadcast" and not arg.args[0].shape:
        return broadcast(arg.args[0], shape)
    if isinstance(arg, Const) and is_static(shape):
        moved = np.reshape(arg.value, shape)
        return constant(moved if shape else moved.item(), arg.dtype)
    if isinstance(arg, Layout) and arg.how == "reshape":
        return reshape(arg.args[0], shape)
    return intern(("reshape", shape, arg), lambda: Layout("reshape", (), arg, shape))


def broadcast(arg: Node, shape: Shape) -> Node:
    """The array repeated along new and unit axes, as NumPy's broadcasting does."""
    if arg.shape == shape:
        return arg
    if isinstance(arg, Layout) and arg.how == "broadcast":
        return broadcast(arg.args[0], shape)
    return intern(("broadcast", shape, arg), lambda: Layout("broadcast", (), arg, shape))


def transpose(arg: Node, axes: Sequence[int] | None = None) -> Node:
    """Axes permuted; reversed by default."""
    order = tuple(reversed(range(arg.ndim))) if axes is None else tuple(normal_axis(axis, arg.ndim) for axis in axes)
    if sorted(order) != list(range(arg.ndim)):
        raise shapes.no_permutation(arg, axes or ())
    if order == tuple(range(arg.ndim)) or isinstance(arg, Eye):
        return arg
    if isinstance(arg, Const) and arg.shape:
        return constant(np.transpose(arg.value, order), arg.dtype)
    if isinstance(arg, Layout) and arg.how == "transpose":
        return transpose(arg.args[0], [arg.axes[axis] for axis in order])
    turned = [isinstance(part, Layout) and part.how == "transpose" for part in arg.args if part.shape]
    if isinstance(arg, Map) and turned and all(turned):
        return apply(arg.op, [transpose(part, order) if part.shape else part for part in arg.args])
    shape = tuple(arg.shape[axis] for axis in order)
    return intern(("transpose", order, arg), lambda: Layout("transpose", order, arg, shape))


def flip(arg: Node, axes: Iterable[int]) -> Node:
    """The order of elements reversed along the axes."""
    chosen = tuple(sorted({normal_axis(axis, arg.ndim) for axis in axes}))
    if not chosen:
        return arg
    return intern(("flip", chosen, arg), lambda: Layout("flip", chosen, arg, arg.shape))


def stack(arrays: Sequence[Any], axis: int = 0) -> Node:
    """Arrays of one shape along a new axis."""
    args = _same_dtype([lift(array) for array in arrays])
    if not args:
        return constant(np.zeros(0))
    if len({arg.shape for arg in args}) != 1:
        raise shapes.cannot_stack(args)
    axis = normal_axis(axis, args[0].ndim + 1)
    if all(isinstance(arg, Const) for arg in args):
        return constant(np.stack([arg.value for arg in args if isinstance(arg, Const)], axis), args[0].dtype)
    whole = _stacked_whole(args, axis)
    if whole is not None:
        return whole
    shape = (*args[0].shape[:axis], len(args), *args[0].shape[axis:])
    return intern(("stack", axis, args), lambda: Join("stack", axis, args, shape))


def _stacked_whole(args: tuple[Node, ...], axis: int) -> Node | None:
    """`x` itself, for the stack of x[0], x[1], … in order along axis 0."""
    first = args[0]
    if axis or not isinstance(first, Index):
        return None
    source = first.args[0]
    if source.shape != (len(args), *first.shape):
        return None
    return source if all(arg is index(source, position) for position, arg in enumerate(args)) else None


def concatenate(arrays: Sequence[Any], axis: int = 0) -> Node:
    """Arrays end to end along an existing axis."""
    args = _same_dtype([lift(array) for array in arrays])
    axis = normal_axis(axis, args[0].ndim)
    others = {arg.shape[:axis] + arg.shape[axis + 1 :] for arg in args}
    if len(others) != 1 or any(arg.ndim != args[0].ndim for arg in args):
        raise shapes.not_end_to_end(args, axis)
    if len(args) == 1:
        return args[0]
    if all(isinstance(arg, Const) for arg in args):
        return constant(np.concatenate([arg.value for arg in args if isinstance(arg, Const)], axis), args[0].dtype)
    length = sum(arg.shape[axis] for arg in args)
    shape = (*args[0].shape[:axis], length, *args[0].shape[axis + 1 :])
    return intern(("concatenate", axis, args), lambda: Join("concatenate", axis, args, shape))


def einsum(inputs: Sequence[Sequence[int]], output: Sequence[int], *arrays: Node) -> Node:
    """A sum of products: axes that share a label run together, labels missing from `output` are summed over."""
    args = tuple(as_real(array) for array in arrays)
    sizes: dict[int, Dimension] = {}
    for labels, arg in zip(inputs, args, strict=True):
        for label, length in zip(labels, arg.shape, strict=True):
            if sizes.setdefault(label, length) != length:
                raise shapes.no_product(args, sizes[label], length)
    renamed = {
        label: position for position, label in enumerate(dict.fromkeys(label for labels in inputs for label in labels))
    }
    ins = tuple(tuple(renamed[label] for label in labels) for labels in inputs)
    out = tuple(renamed[label] for label in output)
    shape = tuple(sizes[label] for label in output)
    return intern(("einsum", ins, out, args), lambda: Einsum(ins, out, args, shape))


def part(node: Node, position: int) -> Node:
    """One of the results of a node that has several; what no round changes is what it was before."""
    if isinstance(node, Rewind) and node.body.outputs[position] is node.body.state[position]:
        return node.args[1 + position]
    return intern(("part", position, node), lambda: Part(position, node))


def estimated_length(length: Dimension) -> float:
    """The length of an axis for weighing one order of work against another."""
    return float(typical(length))


def dot(x: Node, y: Node) -> Node:
    """NumPy's `dot` for arrays of at most two axes, `matmul` for the same."""
    if not x.ndim or not y.ndim:
        return x * y
    left, right = list(range(x.ndim)), list(range(x.ndim, x.ndim + y.ndim))
    right[max(0, y.ndim - 2)] = left[-1]
    output = [label for label in left[:-1] + right if label != left[-1]]
    return einsum([left, right], output, x, y)


def _converted(arg: Node, operands: str) -> Node:
    """The argument in the dtype that an operation wants."""
    return as_bool(arg) if operands == "bool" else as_real(arg)


def as_real(arg: Node) -> Node:
    """The array as numbers: positions by their value, truth values as 0 and 1; complex ones as they are."""
    if arg.dtype == "int":
        return cast(arg, "real")
    return select(arg, 1.0, 0.0) if arg.dtype == "bool" else arg


def cast(arg: Node, dtype: DType) -> Node:
    """A position as a real number, or a whole real number as a position."""
    if arg.dtype == dtype:
        return arg
    if arg.dtype == "bool":
        return cast(as_real(arg), dtype)
    if isinstance(arg, Const):
        return constant(np.asarray(arg.value, dtype=np.int64 if dtype == "int" else np.float64)[()], dtype)
    if isinstance(arg, Cast):
        return arg.args[0]
    if isinstance(arg, Layout) and arg.how == "broadcast":
        return broadcast(cast(arg.args[0], dtype), arg.shape)
    return intern(("cast", dtype, arg), lambda: Cast((arg,), arg.shape, dtype))


def as_bool(arg: Node) -> Node:
    """The array as truth values: whether each element is other than 0."""
    if arg.dtype == "bool":
        return arg
    return apply(not_equal, (arg, 0.0))


def _same_dtype(args: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(args) if len({arg.dtype for arg in args}) == 1 else tuple(as_real(arg) for arg in args)


def _simpler(op: Op, args: tuple[Node, ...], shape: Shape) -> Node | None:
    """The value of constants, where it is finite, or what an identity makes of other arguments, in the shape."""
    if isinstance(args[0], Const) and isinstance(args[-1], Const) and all(isinstance(arg, Const) for arg in args):
        return _fold(op, args)  # identities hold for finite numbers: 0 * inf and 0 / 0 are none of theirs
    identity = IDENTITIES.get(op.name)
    simpler = None if identity is None else identity(*args)
    if simpler is None:
        return None
    if op.result == "complex":
        simpler = as_complex(simpler)
    return simpler if simpler.shape == shape else broadcast(simpler, shape)


def _fold(op: Op, args: Sequence[Node]) -> Node | None:
    """The value, where it can be known now: finite, and computed without an exception."""
    try:
        with np.errstate(all="ignore"):
            value = op.evaluate(*(arg.value for arg in args if isinstance(arg, Const)))
    except (ArithmeticError, ValueError):
        return None
    if not np.all(np.isfinite(value)):
        return None
    return as_complex(constant(value)) if op.result == "complex" else constant(value)
