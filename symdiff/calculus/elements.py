"""Arrays replaced by their elements.

In: a Program with small arrays. Out: the same function in which every value but the inputs and the outputs is a scalar:
`x` becomes x[0], x[1], …. Zeros become visible, so Jacobians and Hessians of small vectors come out sparse and exact,
and the scalar backends can compute them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import product
from typing import Any

import numpy as np

from symdiff.calculus.elements_arrays import elements_along_axes, may_pick_outside
from symdiff.calculus.linalg_elements import linalg_elements
from symdiff.calculus.loop_elements import ByElements, loop_elements, rewind_elements
from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.evaluate import rearranged
from symdiff.ir.lengths import is_static, static
from symdiff.ir.nodes import (
    Call,
    Cast,
    Const,
    Convolve,
    Einsum,
    Eye,
    Fourier,
    Gather,
    Input,
    Layout,
    Linalg,
    Loop,
    Map,
    Node,
    Ode,
    Order,
    Part,
    Reduce,
    Rewind,
    Scan,
    Scatter,
    ScatterAdd,
    Select,
)
from symdiff.ir.program import Program, topological
from symdiff.ir.rewrite import rebuild
from symdiff.ops import elementary, piecewise

_FEW = 1_000  # elements of all arrays in a function of scalars
LIMIT = 20_000  # elements: beyond, code by elements is no longer readable, nor quick to make

_FEW_IN_BLOCKS = 512  # elements of all arrays of a program whose Jacobian is listed element by element
_FEW_OF_DATA = 64  # where an array of data is longer than all inputs together
_FEW_INPUTS = 32
_FEW_PRODUCTS = 16

Elements = np.ndarray[Any, Any]
_COMBINE: dict[str, Callable[..., Any]] = {
    "sum": elementary.add,
    "prod": elementary.multiply,
    "max": piecewise.maximum,
    "min": piecewise.minimum,
    "any": piecewise.logical_or,
    "all": piecewise.logical_and,
}
_EMPTY: dict[str, float | bool] = {"sum": 0.0, "prod": 1.0, "any": False, "all": True}


def by_elements(program: Program) -> Program:
    """The program with scalars inside. Raises ShapeError above 20,000 elements."""
    if all(not node.shape for node in program.all_nodes()):
        return program
    require_static(program)
    ends = [*program.outputs, *(check.failure for check in program.checks)]
    return program.mapped(dict(zip(ends, map(assemble, expanded(ends, {})), strict=True)))


def expanded(outputs: Sequence[Node], inputs: Mapping[Node, Elements]) -> list[Elements]:
    """The elements of the outputs, given those of some inputs."""
    known: dict[Node, Elements] = dict(inputs)
    loops: dict[Node, ByElements] = {}
    for node in topological(outputs):
        if node in known:
            continue
        args = [known[arg] for arg in node.args]
        if isinstance(node, Loop):
            loops[node] = loop_elements(node, args, expanded)
            known[node] = _filled(loops[node].made, ())
        elif isinstance(node, Rewind):
            loops[node] = rewind_elements(node, args[1:], loops[node.loop], expanded)
            known[node] = _filled(loops[node].made, ())
        elif isinstance(node, Part) and node.args[0] in loops:
            known[node] = loops[node.args[0]].results[node.position]
        else:
            with np.errstate(invalid="ignore"):  # a nan is a constant like any other
                known[node] = _elements(node, args)
        if known[node].size > LIMIT:
            raise ShapeError(
                f"an array of shape {node.shape} is too large to be written element by element",
                origin=node.origin,
                why=f"This derivative has a formula for each element, and writes out up to {LIMIT:,} of them.",
                fix="sd.hvp(f), sd.jvp(f) or sd.vjp(f), which work on whole arrays",
            )
    return [known[output] for output in outputs]


def scalars_inside(program: Program) -> Program:
    """A function of scalars with scalars inside too, unless its arrays are large; any other program as it is."""
    is_scalar = not any(node.shape for node in (*program.inputs, *program.outputs))
    if not is_scalar or not all(is_static(node.shape) for node in program.nodes()):
        return program
    is_small = sum(math.prod(static_shape(node)) for node in program.nodes() if node.shape) <= _FEW
    return by_elements(program) if is_small else program


def require_static(program: Program) -> None:
    """Refuse a program in which a length stays open."""
    for node in (*program.inputs, *program.nodes()):
        static_shape(node)


def static_shape(node: Node) -> tuple[int, ...]:
    """The shape of a node that is to be taken apart. Raises ShapeError where a length stays open."""
    try:
        return static(node.shape, "code written element by element")
    except ShapeError as error:
        error.origin = node.origin
        raise


def is_few(program: Program) -> bool:
    """Whether derivatives are best listed element by element: small vectors, no longer data, no algebra of matrices.

    Nothing is picked at positions that may be outside of an array, where only whole arrays raise.
    """
    arrays = [node for node in program.nodes() if node.shape]
    if any(map(may_pick_outside, program.all_nodes())):
        return False
    if any(isinstance(node, Fourier | Ode) for node in arrays):  # it takes whole arrays, not elements
        return False
    if not all(is_static(node.shape) for node in (*program.inputs, *arrays)):
        return False
    total, inputs = sum(_size(node) for node in arrays), sum(_size(node) for node in program.inputs)
    longest = max([_size(node) for node in arrays if isinstance(node, Map)], default=0)
    return (
        total <= (_FEW_IN_BLOCKS if longest <= inputs else _FEW_OF_DATA)
        and inputs <= _FEW_INPUTS
        and all(_products(node) <= _FEW_PRODUCTS for node in arrays if isinstance(node, Einsum))
        and not any(isinstance(node, Linalg) for node in program.nodes())
    )


def _products(node: Einsum) -> int:
    """How many products of elements a contraction adds up."""
    lengths = {
        label: length
        for labels, arg in zip(node.inputs, node.args, strict=True)
        for label, length in zip(labels, static_shape(arg), strict=True)
    }
    return math.prod(lengths.values())


def _size(node: Node) -> int:
    return math.prod(static_shape(node))


def elements_of(node: Node) -> Elements:
    """An array node as an object array of its scalar elements; those of a new shape are those of the old one."""
    if isinstance(node, Layout) and node.how == "reshape":
        return np.reshape(elements_of(node.args[0]), static_shape(node))
    grid: Elements = np.empty(static_shape(node), dtype=object)
    for position in np.ndindex(*grid.shape):
        grid[position] = make.index(node, position) if position else node
    return grid


def assemble(elements: Elements) -> Node:
    """The array node with the given elements."""
    if not elements.shape:
        return make.lift(elements[()])
    if not elements.size:
        return make.constant(np.zeros(elements.shape))
    return make.reshape(make.stack(list(elements.ravel())), elements.shape)


def _elements(node: Node, args: list[Elements]) -> Elements:
    shape = static_shape(node)
    match node:
        case Input():
            return elements_of(node)
        case Const():
            lift = np.frompyfunc(lambda value: make.constant(value, node.dtype), 1, 1)
            return _filled(lift(np.asarray(node.value)), shape)
        case Eye():
            return _filled(np.frompyfunc(make.constant, 1, 1)(np.eye(shape[0])), shape)
        case Map():
            return _filled(np.frompyfunc(node.op, node.op.arity, 1)(*args), shape)
        case Select():
            return _filled(np.frompyfunc(make.select, 3, 1)(*args), shape)
        case Reduce():
            return _reduced(node, args[0])
        case Einsum():
            return _contracted(node, args)
        case Scatter():
            grid = _filled(np.frompyfunc(make.constant, 1, 1)(np.zeros(shape)), shape)
            grid[node.key] = args[0][()]
            return grid
        case Gather() if args[0].shape != node.args[0].shape:  # of an array that stays whole
            return _filled(rebuild(node, [arg.item() for arg in args]), ())
        case Cast() | Scan() | Gather() | ScatterAdd() | Order() | Convolve():
            return _filled(elements_along_axes(node, args), shape)
        case Call():
            return elements_of(rebuild(node, [assemble(arg) for arg in args]))
        case Part():
            return elements_of(make.part(args[0].item(), node.position))
        case Linalg():
            closed = linalg_elements(node, args)
            return _as_a_whole(node, args) if closed is None else closed
        case Fourier() | Ode():
            return _as_a_whole(node, args)
    return _filled(rearranged(node, args, zero=make.constant(0.0)), shape)


def _as_a_whole(node: Node, args: list[Elements]) -> Elements:
    """The elements of a node that takes whole arrays; the node itself where it has several results."""
    whole = rebuild(node, [assemble(arg) for arg in args])
    return elements_of(whole) if whole.dtype != "tuple" else _filled(whole, ())


def _filled(value: Any, shape: tuple[int, ...]) -> Elements:
    """An object array of the shape, also where NumPy gave a bare object."""
    grid: Elements = np.empty(shape, dtype=object)
    grid[...] = value
    return grid


def _reduced(node: Reduce, elements: Elements) -> Elements:
    rest = [axis for axis in range(elements.ndim) if axis not in node.axes]
    turned = np.transpose(elements, [*rest, *node.axes])
    grid: Elements = np.empty(static_shape(node), dtype=object)
    for position in np.ndindex(*grid.shape):
        items = list(np.ravel(turned[position]))
        grid[position] = reduce(_COMBINE[node.how], items) if items else make.constant(_EMPTY[node.how])
    return grid


def _contracted(node: Einsum, args: list[Elements]) -> Elements:
    lengths = {
        label: length
        for labels, arg in zip(node.inputs, args, strict=True)
        for label, length in zip(labels, arg.shape, strict=True)
    }
    summed = [label for label in lengths if label not in node.output]
    grid: Elements = np.empty(static_shape(node), dtype=object)
    for position in np.ndindex(*grid.shape):
        terms = []
        for inner in product(*(range(lengths[label]) for label in summed)):
            at = dict(zip([*node.output, *summed], [*position, *inner], strict=True))
            factors = [arg[tuple(at[label] for label in labels)] for labels, arg in zip(node.inputs, args, strict=True)]
            terms.append(reduce(elementary.multiply, factors))
        grid[position] = reduce(elementary.add, terms) if terms else make.constant(0.0)
    return grid
