"""Derivatives of whole Programs: Program -> Program.

In: a Program and the names of the parameters to differentiate by. Out: the Program of the derivative, with the same
parameters. A single name gives a derivative in that parameter's structure; several give a tuple in the order asked.
"""

import inspect
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from symdiff.calculus.elements import assemble, by_elements, elements_of, static_shape
from symdiff.calculus.rules import ZERO
from symdiff.calculus.sweeps import forward, reverse
from symdiff.errors import ArgumentError, ScalarOutputError
from symdiff.ir import make
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import EMPTY, Parameter, Program
from symdiff.ir.structure import LEAF, Structure, tuple_of

Pass = Callable[[Program], Program]


def derive(program: Program, kind: str, wrt: Sequence[str], between: Pass | None = None) -> Program:
    """The derivative of a kind in KINDS.

    between: applied to the gradient before it is differentiated once more. What cancels there, as in the slope of
    log(a / b), would otherwise cost digits in the second derivatives.
    """
    if between is not None and kind in _TWICE:
        return _TWICE[kind](program, wrt, between)
    return KINDS[kind](program, wrt)


def value(program: Program, wrt: Sequence[str] = ()) -> Program:
    """The function itself."""
    return program


def gradient(program: Program, wrt: Sequence[str]) -> Program:
    """The gradient of a scalar function, by one reverse sweep."""
    leaves = _leaves(program, wrt)
    return program.with_outputs(_gradient(_scalar(program), leaves), _structure(program, wrt))


def value_and_gradient(program: Program, wrt: Sequence[str]) -> Program:
    """The pair of value and gradient, which share their work."""
    leaves = _leaves(program, wrt)
    slopes = _gradient(_scalar(program), leaves)
    structure = tuple_of([program.structure, _structure(program, wrt)])
    return program.with_outputs([*program.outputs, *slopes], structure)


def jacobian(program: Program, wrt: Sequence[str]) -> Program:
    """The derivative of every output by every leaf: an array of the output's shape followed by the leaf's."""
    program = by_elements(program)
    leaves = _leaves(program, wrt)
    inputs = _input_elements(leaves)
    outputs = [
        block
        for output in program.outputs
        for block in _blocks(_rows(list(elements_of(output).flat), inputs), output, leaves)
    ]
    inner = _structure(program, wrt)
    return program.with_outputs(outputs, program.structure.replace_leaves(lambda _: inner))


def hessian(program: Program, wrt: Sequence[str], between: Pass | None = None) -> Program:
    """The second derivatives of a scalar function; each pair is computed once. For `between` see `derive`."""
    program = by_elements(program)
    leaves = _leaves(program, wrt)
    inputs = _input_elements(leaves)
    (slopes,) = _rows([_scalar(program)], inputs)
    rows = _rows(_passed(program, slopes, between), inputs)
    count = len(inputs)
    square = [[rows[min(i, j)][max(i, j)] for j in range(count)] for i in range(count)]
    outputs: list[Node] = []
    start = 0
    for leaf in leaves:
        outputs += _blocks(square[start : start + _count(leaf)], leaf, leaves)
        start += _count(leaf)
    inner = _structure(program, wrt)
    return program.with_outputs(outputs, inner.replace_leaves(lambda _: inner))


def jvp(program: Program, wrt: Sequence[str]) -> Program:
    """Jacobian times vector: one more keyword parameter `tangent`, in the structure of the derivative by `wrt`."""
    leaves = _leaves(program, wrt)
    extended, tangents = _with_parameter(program, "tangent", leaves, _structure(program, wrt))
    return extended.with_outputs(_pushed(program, leaves, tangents), program.structure)


def vjp(program: Program, wrt: Sequence[str]) -> Program:
    """Vector times Jacobian: one more keyword parameter `cotangent`, in the structure of the function's result."""
    leaves = _leaves(program, wrt)
    extended, cotangents = _with_parameter(program, "cotangent", program.outputs, program.structure)
    found = reverse(program.outputs, cotangents, leaves)
    return extended.with_outputs(_filled(found, leaves), _structure(program, wrt))


def hvp(program: Program, wrt: Sequence[str], between: Pass | None = None) -> Program:
    """Hessian times vector, forward over reverse: one more keyword parameter `vector` (Pearlmutter 1994)."""
    leaves = _leaves(program, wrt)
    structure = _structure(program, wrt)
    extended, vector = _with_parameter(program, "vector", leaves, structure)
    gradients = _passed(program, _gradient(_scalar(program), leaves), between)
    slopes = program.with_outputs(gradients, structure)
    return extended.with_outputs(_pushed(slopes, leaves, vector), structure)


def column_sums(program: Program, wrt: Sequence[str]) -> Program:
    """The sum of all outputs differentiated: for a function that works element by element, its derivative there."""
    leaves = _leaves(program, wrt)
    ones = [make.broadcast(make.constant(1.0), output.shape) for output in program.outputs]
    return program.with_outputs(_filled(reverse(program.outputs, ones, leaves), leaves), _structure(program, wrt))


def row_sums(program: Program, wrt: Sequence[str]) -> Program:
    """Every output differentiated along all ones: the derivative by a scalar parameter."""
    leaves = _leaves(program, wrt)
    ones = [make.broadcast(make.constant(1.0), leaf.shape) for leaf in leaves]
    return program.with_outputs(_pushed(program, leaves, ones), program.structure)


def elementwise(program: Program, wrt: Sequence[str], order: int = 1, between: Pass | None = None) -> Program:
    """The derivative of that order of every output by each parameter alone, all of them scalars.

    between: applied to a derivative before the next one is taken.

    Several names give a tuple. Raises ArgumentError for a negative order or a parameter that is not a scalar.
    """
    if order < 0:
        raise ArgumentError(f"the order of a derivative is at least 0, not {order}")
    _leaves(program, wrt)
    results: list[Node] = []
    for name in wrt:
        leaves = program.leaves_of(name)
        if len(leaves) != 1 or leaves[0].shape:
            raise ArgumentError(
                f"`derivative` is elementwise: parameter {name} must be a number, not {_described(program, name)}",
                fix="use sd.grad or sd.jacobian",
            )
        current = list(program.outputs)
        for number in range(order):
            known = _passed(program, current, between) if number else current
            current = _filled([_slope(output, leaves[0]) for output in known], known)
        results += current
    structure = program.structure if len(wrt) == 1 else tuple_of([program.structure] * len(wrt))
    return program.with_outputs(results, structure)


def _passed(program: Program, outputs: Sequence[Node], between: Pass | None) -> list[Node]:
    """The outputs after a pass over the program that has them."""
    if between is None:
        return list(outputs)
    return list(between(program.with_outputs(outputs, tuple_of([LEAF] * len(outputs)))).outputs)


def _slope(output: Node, by: Node) -> Node | None:
    """The derivative of any output by one scalar."""
    one = make.constant(1.0)
    return forward([output], [one], [by])[0] if output.shape else reverse([output], [one], [by])[0]


def _gradient(output: Node, leaves: Sequence[Node]) -> list[Node]:
    return _filled(reverse([output], [make.constant(1.0)], leaves), leaves)


def _pushed(program: Program, leaves: Sequence[Node], tangents: Sequence[Node]) -> list[Node]:
    return _filled(forward(program.outputs, tangents, leaves), program.outputs)


def _filled(found: Sequence[Node | None], like: Sequence[Node]) -> list[Node]:
    """Zeros of the right shape for what does not depend."""
    return [
        make.broadcast(ZERO if node is None else node, other.shape) for node, other in zip(found, like, strict=True)
    ]


def _scalar(program: Program) -> Node:
    """The one scalar output, or an error that names what there is."""
    if len(program.outputs) != 1 or program.structure.kind != "leaf":
        raise ScalarOutputError(
            f"{program.name} returns {program.structure.describe()}: a gradient needs one scalar output",
            fix=f"sd.jacobian({program.name})",
        )
    output = program.outputs[0]
    if output.size != 1:
        raise ScalarOutputError(
            f"{program.name} returns an array of shape {output.shape}: a gradient needs one scalar output",
            origin=output.origin,
            fix=f"sd.jacobian({program.name}), or sd.derivative({program.name}) for a derivative element by element",
        )
    return make.reshape(output, ())


def _leaves(program: Program, wrt: Sequence[str]) -> list[Input]:
    """The inputs of the named parameters."""
    require_parameters(program, wrt)
    return [leaf for name in wrt for leaf in program.leaves_of(name)]


def require_parameters(program: Program, wrt: Sequence[str]) -> None:
    """Refuse what nothing can be differentiated by. Raises ArgumentError."""
    if not wrt:
        raise ArgumentError("name at least one parameter to differentiate by")
    names = [parameter.name for parameter in program.parameters]
    for name in wrt:
        if name not in names:
            raise ArgumentError(f"{program.name} has no parameter {name!r}", fix=f"one of {', '.join(names)}")
        if program.parameter(name).is_static:
            value = program.parameter(name).static_value
            raise ArgumentError(f"parameter {name} is static ({value!r}): nothing can be differentiated by it")
    if len(set(wrt)) != len(wrt):
        raise ArgumentError(f"a parameter is named twice: {', '.join(wrt)}")


def _structure(program: Program, wrt: Sequence[str]) -> Structure:
    """The structure of a derivative: the parameter's own for one name, a tuple for several."""
    found = [structure for name in wrt if (structure := program.parameter(name).structure) is not None]
    return found[0] if len(wrt) == 1 else tuple_of(found)


def _input_elements(leaves: Iterable[Node]) -> list[Node]:
    return [element for leaf in leaves for element in elements_of(leaf).flat]


def _rows(outputs: Sequence[Node], inputs: Sequence[Node]) -> list[list[Node]]:
    """A gradient for each scalar output, by as many reverse sweeps, or by forward sweeps where inputs are fewer."""
    if len(outputs) <= len(inputs):
        return [_filled(reverse([output], [make.constant(1.0)], inputs), inputs) for output in outputs]
    columns = []
    for chosen in inputs:
        tangents = [make.constant(1.0 if element is chosen else 0.0) for element in inputs]
        columns.append(_filled(forward(outputs, tangents, inputs), outputs))
    return [list(row) for row in zip(*columns, strict=True)]


def _blocks(rows: Sequence[Sequence[Node]], output: Node, leaves: Sequence[Node]) -> list[Node]:
    """The rows cut into one array for each leaf, of the output's shape followed by the leaf's."""
    blocks: list[Node] = []
    start = 0
    for leaf in leaves:
        grid = np.empty((len(rows), _count(leaf)), dtype=object)
        for i, row in enumerate(rows):
            grid[i, :] = row[start : start + _count(leaf)]
        blocks.append(assemble(grid.reshape(static_shape(output) + static_shape(leaf))))
        start += _count(leaf)
    return blocks


def _count(leaf: Node) -> int:
    return math.prod(static_shape(leaf))


def _with_parameter(
    program: Program, name: str, like: Sequence[Node], structure: Structure
) -> tuple[Program, list[Input]]:
    """The program with one more keyword parameter, whose leaves have the shapes of the given nodes."""
    taken = {parameter.name for parameter in program.parameters}
    while name in taken:
        name += "_"
    inputs = [Input(f"{name}_{i}" if len(like) > 1 else name, node.shape) for i, node in enumerate(like)]
    parameter = Parameter(name, structure, EMPTY, inspect.Parameter.KEYWORD_ONLY)
    parameters = (*program.parameters, parameter)
    return replace(program, parameters=parameters, inputs=(*program.inputs, *inputs)), inputs


def _described(program: Program, name: str) -> str:
    structure = program.parameter(name).structure
    if structure is not None and structure.kind != "leaf":
        return structure.describe()
    return f"an array of shape {program.leaves_of(name)[0].shape}"


# What can be asked for, by the name that ends the name of the emitted function.
KINDS: dict[str, Callable[[Program, Sequence[str]], Program]] = {
    "value": value,
    "grad": gradient,
    "value_and_grad": value_and_gradient,
    "hess": hessian,
    "jac": jacobian,
    "jvp": jvp,
    "vjp": vjp,
    "hvp": hvp,
    "egrad": column_sums,
    "deriv": row_sums,
}

_TWICE: dict[str, Callable[[Program, Sequence[str], Pass | None], Program]] = {"hess": hessian, "hvp": hvp}
