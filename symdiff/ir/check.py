"""The checker: is a Program well formed?

In: a Program. Out: nothing, or a CheckError that names the node. Run after every pass in the tests.
"""

from collections.abc import Sequence

from symdiff.errors import CheckError
from symdiff.ir import make, make_linalg
from symdiff.ir.make_fourier import result_shape
from symdiff.ir.nodes import (
    KINDS,
    Body,
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
)
from symdiff.ir.program import Program, topological
from symdiff.ir.sizes import names_of_inputs, sizes_of


def check(program: Program) -> Program:
    """The program itself, if every node is of a known kind with the shape and dtype its arguments give it."""
    known = set(program.inputs)
    if len(known) != len(program.inputs):
        raise CheckError("an input occurs twice")
    if sum(parameter.leaf_count for parameter in program.parameters) != len(program.inputs):
        raise CheckError("the parameters' leaves and the inputs differ in number")
    if program.structure.leaf_count != len(program.outputs):
        raise CheckError("the outputs and the leaves of the result differ in number")
    missing = sizes_of(program) - set(names_of_inputs(program))
    if missing:
        raise CheckError(f"the size {min(name.text for name in missing)} is in the shape of no input")
    if any(output.dtype == "tuple" for output in program.outputs):
        raise CheckError("an output has several results")
    for node in program.nodes():
        if type(node) not in KINDS:
            raise CheckError(f"unknown kind of node: {node!r}")
        if isinstance(node, Input) and node not in known:
            raise CheckError(f"{node!r} is not an input of the program")
        problem = _tuple_problem(node) or _problem(node)
        if problem:
            raise CheckError(f"{node!r}: {problem}")
    return program


def _problem(node: Node) -> str:
    match node:
        case Input() | Const() | Size():
            return ""
        case Eye():
            return _differs(node, (node.length, node.length))
        case Iota():
            return _differs(node, (node.length,))
        case Map():
            return _map_problem(node)
        case Select():
            condition = node.args[0]
            if len(node.args) != 3 or condition.dtype != "bool":
                return "a Select has a boolean condition and two sides"
            return _differs(node, make.broadcast_shapes(node.args))
        case Reduce():
            rest = tuple(length for axis, length in enumerate(node.args[0].shape) if axis not in node.axes)
            return _differs(node, rest)
        case Index():
            return _differs(node, make.index_shape(node.key, node.args[0].shape))
        case Scatter():
            fits = make.index_shape(node.key, node.shape) == node.args[0].shape
            return "" if fits else "the argument does not fit the key"
        case Layout(how="transpose"):
            return _differs(node, tuple(node.args[0].shape[axis] for axis in node.axes))
        case Layout(how="reshape"):
            return "" if node.size == node.args[0].size else "a reshape keeps the number of elements"
        case Layout(how="flip"):
            return _differs(node, node.args[0].shape)
        case Layout(how="broadcast"):
            fits = len(node.shape) >= node.args[0].ndim and all(
                given in (1, wanted)
                for given, wanted in zip(reversed(node.args[0].shape), reversed(node.shape), strict=False)
            )
            return "" if fits else "the argument does not broadcast to the shape"
        case Join(how="stack"):
            return "" if len({arg.shape for arg in node.args}) == 1 else "a stack joins arrays of one shape"
        case Join():
            return "" if len({arg.ndim for arg in node.args}) == 1 else "a concatenation joins arrays of one rank"
        case Einsum():
            ranks = all(len(labels) == arg.ndim for labels, arg in zip(node.inputs, node.args, strict=True))
            return "" if ranks else "one label an axis"
        case Call():
            fits = node.arguments.count == len(node.args)
            return "" if fits else "the primitive is called with another number of values"
        case Part():
            fits = (node.shape, node.dtype) == node.args[0].parts[node.position]
            return "" if fits else "a part has the shape and dtype of its result"
        case Linalg():
            fits = make_linalg.result_shapes(node) == (tuple(shape for shape, _ in node.parts) or (node.shape,))
            return "" if fits else "its shapes are not those that its arguments give"
        case Fourier():
            return _differs(node, result_shape(node.how, node.args[0].shape, node.lengths, node.axes))
        case Loop():
            return _loop_problem(node.body, node.args)
        case Rewind():
            return _loop_problem(node.body, node.args[1:], node.loop.body.inputs)
        case Ode():
            return _ode_problem(node)
    return _problem_along_axes(node)


def _problem_along_axes(node: Node) -> str:
    match node:
        case Layout(how="roll") | Layout(how="tril") | Layout(how="triu") | Cast() | Scan():
            return _differs(node, node.args[0].shape)
        case Gather() | ScatterAdd():
            if any(index.dtype != "int" for index in node.args[1:]):
                return "its positions are not of dtype int"
            array, part = (node.args[0], node) if isinstance(node, Gather) else (node, node.args[0])
            return "" if part.shape == _picked_shape(node, array.shape) else "its argument does not fit the positions"
        case Order():
            return "" if node.dtype == "int" else "it is not of dtype int"
        case Convolve():
            sign = 1 if node.mode == "full" else -1
            lengths = zip(*(arg.shape for arg in node.args), strict=True)
            return _differs(node, tuple(n + sign * (m - 1) for n, m in lengths))
    return "a kind without a check"


def _picked_shape(node: Gather | ScatterAdd, shape: Shape) -> Shape:
    """The shape of what is picked from an array, or added to it."""
    indices = node.args[1:]
    if node.how == "along":
        return indices[0].shape
    return (*shape[: node.axis], *make.broadcast_shapes(indices), *shape[node.axis + len(indices) :])


def _loop_problem(body: Body, args: Sequence[Node], others: Sequence[Input] = ()) -> str:
    """others: what the body may use besides its own inputs."""
    if body.condition.dtype != "bool" or body.condition.shape:
        return "its condition is one truth value"
    given = [(arg.shape, arg.dtype) for arg in args]
    if given != [(each.shape, each.dtype) for each in body.inputs]:
        return "its arguments are not what its body takes"
    if [(each.shape, each.dtype) for each in body.outputs] != given[: len(body.outputs)]:
        return "its state changes its shape or dtype"
    return _body_problem(body, others)


def _ode_problem(node: Ode) -> str:
    body = node.body
    initial, times, *captured = [(arg.shape, arg.dtype) for arg in node.args]
    if len(initial[0]) != 1 or len(times[0]) != 1 or times[1] != "real":
        return "it takes a vector and a vector of times"
    if [initial, ((), "real"), *captured] != [(each.shape, each.dtype) for each in body.inputs]:
        return "its arguments are not what its body takes"
    if [(each.shape, each.dtype) for each in body.outputs] != [initial]:
        return "its slope is no vector of the state's length"
    return _body_problem(body)


def _body_problem(body: Body, others: Sequence[Input] = ()) -> str:
    known = {*body.inputs, *others}
    for inner in topological([body.condition, *body.outputs]):
        if isinstance(inner, Input) and inner not in known:
            return f"{inner!r} is not an input of its body"
        problem = _tuple_problem(inner) or _problem(inner)
        if problem:
            return f"in its body, {inner!r}: {problem}"
    return ""


def _tuple_problem(node: Node) -> str:
    """Several results are told apart by Part nodes before anything else is done with them."""
    if isinstance(node, Part):
        return "" if node.position < len(node.args[0].parts) else "there is no such result"
    args = node.args[1:] if isinstance(node, Rewind) else node.args
    return "an argument has several results" if any(arg.dtype == "tuple" for arg in args) else ""


def _map_problem(node: Map) -> str:
    if len(node.args) != node.op.arity:
        return f"{node.op.name} takes {node.op.arity} arguments, has {len(node.args)}"
    dtypes = {arg.dtype for arg in node.args}
    if node.op.operands == "complex":  # real ones may stand beside a complex one
        dtypes -= {"real"} if "complex" in dtypes else set()
    if dtypes != {node.op.operands}:
        return f"{node.op.name} takes {node.op.operands} arguments"
    if node.dtype != node.op.result:
        return f"{node.op.name} is {node.op.result}"
    return _differs(node, make.broadcast_shapes(node.args))


def _differs(node: Node, shape: Shape) -> str:
    return "" if node.shape == shape else f"its shape is {node.shape}, its arguments give {shape}"
