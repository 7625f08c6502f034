"""Programs rewritten node by node.

In: nodes and what some of them are to be replaced by. Out: the same graph built anew on the replacements, through
`make`, so that identities and folding apply.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from operator import is_
from types import MappingProxyType

from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.calls import Results, called
from symdiff.ir.keys import with_sizes
from symdiff.ir.lengths import Dimension, Name, substituted
from symdiff.ir.make_fourier import fourier
from symdiff.ir.make_linalg import linalg
from symdiff.ir.make_loop import loop, rewind
from symdiff.ir.make_ode import ode
from symdiff.ir.nodes import (
    BasicKey,
    Call,
    Cast,
    Const,
    Convolve,
    Einsum,
    Eye,
    Fourier,
    Gather,
    Index,
    Input,
    Iota,
    Join,
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
    Shape,
    Size,
    ambient,
)
from symdiff.ir.program import Program, topological

Sizes = Mapping[Name, Dimension]
NO_SIZES: Sizes = MappingProxyType({})


def rebuild(node: Node, args: Sequence[Node], sizes: Sizes = NO_SIZES) -> Node:
    """A node of the same kind on other arguments, with other sizes; the node itself where they are the same."""
    if not sizes and all(map(is_, args, node.args)):
        return node
    match node:
        case Map():  # most nodes are
            return make.apply(node.op, args)
        case Input() | Const():
            return node
        case Size():
            return make.size_of(substituted(node.length, sizes))
        case Eye():
            return make.eye(substituted(node.length, sizes))
        case Iota():
            return make.iota(substituted(node.length, sizes))
        case Select():
            return make.select(*args)
        case Reduce():
            return make.reduce(node.how, args[0], node.axes)
        case Index():
            return make.index(args[0], _key(node.key, args[0].shape, sizes))
        case Scatter():
            shape = _shape(node.shape, sizes)
            return make.scatter(args[0], _key(node.key, shape, sizes), shape)
        case Layout(how="reshape"):
            return make.reshape(args[0], _shape(node.shape, sizes))
        case Layout(how="broadcast"):
            return make.broadcast(args[0], _shape(node.shape, sizes))
        case Layout(how="transpose"):
            return make.transpose(args[0], node.axes)
        case Layout(how="flip"):
            return make.flip(args[0], node.axes)
        case Join(how="stack"):
            return make.stack(args, node.axis)
        case Join():
            return make.concatenate(args, node.axis)
        case Einsum():
            return make.einsum(node.inputs, node.output, *args)
        case Call():
            leaves = tuple([(_shape(shape, sizes), dtype) for shape, dtype in node.results])
            return called(node.primitive, node.arguments, args, Results(node.structure, leaves))
        case Part():
            return make.part(args[0], node.position)
        case Linalg():
            return linalg(node.how, *args, **dict(node.options))
        case Fourier():
            return fourier(node.how, args[0], _shape(node.lengths, sizes), node.axes, node.norm)
        case Loop() if not sizes:
            return loop(node.body, args)
        case Ode():
            return ode(node.body, args, node.options)
        case Rewind() if not sizes:
            return rewind(node.body, args[0], args[1:])
    return _rebuilt_along_axes(node, args)


def _rebuilt_along_axes(node: Node, args: Sequence[Node]) -> Node:
    match node:
        case Layout(how="roll"):
            return arrays.roll(args[0], node.axes)
        case Layout():
            return arrays.triangle(node.how, args[0], node.axes[0])
        case Cast():
            return make.cast(args[0], node.dtype)
        case Scan(how="linear"):
            return arrays.recurrence(args[0], args[1], node.axis, node.reverse)
        case Scan():
            return arrays.scan(node.how, args[0], node.axis, node.reverse)
        case Gather(how="index"):
            return arrays.gather(args[0], node.axis, args[1:])
        case Gather():
            return arrays.gather_along(args[0], args[1], node.axis)
        case ScatterAdd(how="index"):
            return arrays.scatter_add(args[0], node.axis, args[1:], node.shape)
        case ScatterAdd():
            return arrays.scatter_along(args[0], args[1], node.axis, node.shape)
        case Order(args=(_,)):
            return arrays.order(node.how, args[0], node.axis, node.kth)
        case Order():
            return arrays.search(args[0], args[1], node.how.removeprefix("search_"))
        case Convolve():
            return arrays.convolve(args[0], args[1], node.mode)
    raise TypeError(f"no rule to rebuild {node!r}")


def _shape(shape: Shape, sizes: Sizes) -> Shape:
    return tuple([substituted(length, sizes) for length in shape]) if sizes else shape


def _key(key: BasicKey, shape: Shape, sizes: Sizes) -> BasicKey:
    return with_sizes(key, shape, sizes) if sizes else key


def substitute(outputs: Sequence[Node], replacements: Mapping[Node, Node], sizes: Sizes = NO_SIZES) -> list[Node]:
    """The outputs as functions of the replacements, which have the shapes of what they replace, with other sizes.

    New nodes remember the line and the rule of the node they stand for.
    """
    known: dict[Node, Node] = dict(replacements)
    with remembering() as remember:
        for node in topological(outputs, replacements):
            if node not in known:
                remember(node)
                known[node] = rebuild(node, [known[arg] for arg in node.args], sizes)
    return [known[output] for output in outputs]


def with_static_sizes(program: Program, sizes: Mapping[Name, int]) -> Program:
    """The program for one value of each size."""
    if not program.has_open_lengths:
        return program
    inputs = [Input(node.name, _shape(node.shape, sizes), node.dtype) for node in program.inputs]
    ends = [*program.outputs, *(check.failure for check in program.checks)]
    known = dict(zip(ends, substitute(ends, dict(zip(program.inputs, inputs, strict=True)), sizes), strict=True))
    return replace(program.mapped(known), inputs=tuple(inputs))


def rewrite(program: Program, rule: Callable[[Node], Node | None]) -> Program:
    """Every node replaced by what the rule makes of it (None: as it is), arguments first.

    New nodes remember the line and the rule of the node they stand for.
    """

    def made(node: Node, known: Mapping[Node, Node]) -> Node:
        rebuilt = remade(node, known)
        replaced = rule(rebuilt)
        return rebuilt if replaced is None else replaced

    return transform(program, made)


def transform(
    program: Program, made: Callable[[Node, Mapping[Node, Node]], Node], order: Iterable[Node] = ()
) -> Program:
    """Every node replaced by what is made of it and of what the nodes before it have become.

    order: of the nodes, if not that of the program. New nodes remember the line and the rule of what they stand for.
    """
    known: dict[Node, Node] = {}
    with remembering() as remember:
        for node in order or program.nodes():
            remember(node)
            known[node] = made(node, known)
    return program.mapped(known)


def remade(node: Node, known: Mapping[Node, Node]) -> Node:
    """The node on what its arguments have become."""
    for argument in node.args:
        if known[argument] is not argument:
            return rebuild(node, [known[each] for each in node.args])
    return node


@contextmanager
def remembering() -> Iterator[Callable[[Node], None]]:
    """A way to let new nodes remember what a node remembers, until the block ends."""
    before = ambient.origin, ambient.rule

    def remember(node: Node) -> None:
        ambient.origin, ambient.rule = node.origin, node.rule

    try:
        yield remember
    finally:
        ambient.origin, ambient.rule = before


def foreign_inputs(program: Program) -> list[Input]:
    """Inputs of an outer trace that the program closes over."""
    own = set(program.inputs)
    return [node for node in program.nodes() if isinstance(node, Input) and node not in own]
