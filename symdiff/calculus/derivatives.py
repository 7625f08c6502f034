"""Derivatives of whole Programs: Program -> Program.

In: a Program and the names of the parameters to differentiate by. Out: the Program of the derivative, with the same
parameters. A single name gives a derivative in that parameter's structure; several give a tuple in the order asked.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from symdiff.calculus.complex_outputs import pulled_ones, require_holomorphic, slope
from symdiff.calculus.elements import assemble, by_elements, elements_of
from symdiff.calculus.rules import ZERO
from symdiff.calculus.sweeps import forward, reverse
from symdiff.errors import ArgumentError, ScalarOutputError
from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex
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
        outputs += _blocks(square[start : start + leaf.size], leaf, leaves)
        start += leaf.size
    inner = _structure(program, wrt)
    return program.with_outputs(outputs, inner.replace_leaves(lambda _: inner))


def holomorphic_gradient(program: Program, wrt: Sequence[str]) -> Program:
    """The derivative of one complex scalar by complex parameters, which is the same in every direction."""
    leaves = _leaves(program, wrt)
    output = _one_element(program)
    require_holomorphic([output], leaves)
    return program.with_outputs(_filled(pulled_ones([output], leaves), leaves), _structure(program, wrt))


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
    return program.with_outputs(_filled(pulled_ones(program.outputs, leaves), leaves), _structure(program, wrt))


def row_sums(program: Program, wrt: Sequence[str]) -> Program:
    """Every output differentiated along all ones: the derivative by a scalar parameter."""
    leaves = _leaves(program, wrt)
    require_holomorphic(program.outputs, leaves)
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
            current = _filled([slope(output, leaves[0]) for output in known], known)
        results += current
    structure = program.structure if len(wrt) == 1 else tuple_of([program.structure] * len(wrt))
    return program.with_outputs(results, structure)


def _passed(program: Program, outputs: Sequence[Node], between: Pass | None) -> list[Node]:
    """The outputs after a pass over the program that has them."""
    if between is None:
        return list(outputs)
    return list(between(program.with_outputs(outputs, tuple_of([LEAF] * len(outputs)))).outputs)


def _gradient(output: Node, leaves: Sequence[Node]) -> list[Node]:
    return _filled(reverse([output], [make.constant(1.0)], leaves), leaves)


def _pushed(program: Program, leaves: Sequence[Node], tangents: Sequence[Node]) -> list[Node]:
    return _filled(forward(program.outputs, tangents, leaves), program.outputs)


def _filled(found: Sequence[Node | None], like: Sequence[Node]) -> list[Node]:
    """Zeros of the right shape for what does not depend; complex where it is the derivative of, or by, what is."""
    filled = [
        make.broadcast(ZERO if node is None else node, other.shape) for node, other in zip(found, like, strict=True)
    ]
    return [as_complex(node) if other.dtype == "complex" else node for node, other in zip(filled, like, strict=True)]


def _scalar(program: Program) -> Node:
    """The one real scalar output, or an error that names what there is."""
    output = _one_element(program)
    if output.dtype == "complex":
        raise ScalarOutputError(
            f"{program.name} returns a complex number: a gradient needs a real one",
            origin=output.origin,
            fix=f"sd.holomorphic_grad({program.name}), or the gradient of a real loss, abs({program.name}(z))",
        )
    return output


def _one_element(program: Program) -> Node:
    """The one output, a number, or an error that names what there is."""
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
    """A gradient for each scalar output, by as many reverse sweeps, or by forward sweeps where inputs are fewer.

    The gradient of a real output by a complex input takes a reverse sweep, a complex output a forward one.
    """
    require_holomorphic(outputs, inputs)
    dtypes = {output.dtype for output in outputs}
    if len(dtypes) > 1:
        return [row for output in outputs for row in _rows([output], inputs)]
    is_complex = "complex" in dtypes
    if is_complex is False and (len(outputs) <= len(inputs) or any(node.dtype == "complex" for node in inputs)):
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
        grid = np.empty((len(rows), leaf.size), dtype=object)
        for i, row in enumerate(rows):
            grid[i, :] = row[start : start + leaf.size]
        blocks.append(assemble(grid.reshape(output.shape + leaf.shape)))
        start += leaf.size
    return blocks


def _with_parameter(
    program: Program, name: str, like: Sequence[Node], structure: Structure
) -> tuple[Program, list[Input]]:
    """The program with one more keyword parameter, whose leaves have the shapes of the given nodes."""
    taken = {parameter.name for parameter in program.parameters}
    while name in taken:
        name += "_"
    inputs = [Input(f"{name}_{i}" if len(like) > 1 else name, node.shape, node.dtype) for i, node in enumerate(like)]
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
    "hgrad": holomorphic_gradient,
    "hess": hessian,
    "jac": jacobian,
    "jvp": jvp,
    "vjp": vjp,
    "hvp": hvp,
    "egrad": column_sums,
    "deriv": row_sums,
}

_TWICE: dict[str, Callable[[Program, Sequence[str], Pass | None], Program]] = {"hess": hessian, "hvp": hvp}
