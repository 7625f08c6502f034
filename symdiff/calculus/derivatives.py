"""Derivatives of whole Programs: Program -> Program.

In: a Program and the names of the parameters to differentiate by. Out: the Program of the derivative, with the same
parameters. A single name gives a derivative in that parameter's structure; several give a tuple in the order asked.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace

from symdiff.calculus import array_blocks, element_blocks
from symdiff.calculus.complex_outputs import pulled_ones, require_holomorphic, slope
from symdiff.calculus.elements import is_few
from symdiff.calculus.selection import (
    Pass,
    filled,
    leaves_of,
    one_element,
    passed,
    pushed,
    scalar_output,
    slopes_of,
    structure_of_derivative,
)
from symdiff.calculus.sweeps import reverse
from symdiff.errors import ArgumentError, ScalarOutputError
from symdiff.ir import make
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import EMPTY, Parameter, Program
from symdiff.ir.structure import Structure, tuple_of


def forms(program: Program, kind: str, wrt: Sequence[str], between: Pass | None = None) -> list[Program]:
    """The derivative, and for Jacobians and Hessians of small arrays another form of it.

    Listed element by element the elements that are 0 are seen to be, and each is simplified for itself; as whole arrays
    the derivative of a function of whole arrays is shorter. Which is better depends on what is written.
    """
    found = [derive(program, kind, wrt, between)]
    if kind in _OF_ARRAYS and is_few(program) and any(node.shape for node in program.inputs):
        leaves = leaves_of(program, wrt)
        found.append(found[0].with_outputs(_OF_ARRAYS[kind](program, leaves, between), found[0].structure))
    return found


def derive(program: Program, kind: str, wrt: Sequence[str], between: Pass | None = None) -> Program:
    """The derivative of a kind in KINDS.

    between: applied to the gradient before it is differentiated once more. What cancels there, as in the slope of
    log(a / b), would otherwise cost digits in the second derivatives.
    """
    if between is not None and is_twice(kind):
        return _TWICE[kind](program, wrt, between)
    return KINDS[kind](program, wrt)


def is_twice(kind: str) -> bool:
    """Whether a kind of derivative differentiates twice, and so lets a pass come between."""
    return kind in _TWICE


def value(program: Program, wrt: Sequence[str] = ()) -> Program:
    """The function itself."""
    return program


def gradient(program: Program, wrt: Sequence[str]) -> Program:
    """The gradient of a scalar function, by one reverse sweep."""
    leaves = leaves_of(program, wrt)
    return program.with_outputs(slopes_of(scalar_output(program), leaves), structure_of_derivative(program, wrt))


def value_and_gradient(program: Program, wrt: Sequence[str]) -> Program:
    """The pair of value and gradient, which share their work."""
    leaves = leaves_of(program, wrt)
    slopes = slopes_of(scalar_output(program), leaves)
    structure = tuple_of([program.structure, structure_of_derivative(program, wrt)])
    return program.with_outputs([*program.outputs, *slopes], structure)


def gradient_and_rest(program: Program, wrt: Sequence[str]) -> Program:
    """The gradient of the first of two results, and the second result."""
    if program.structure.kind != "tuple" or len(program.structure.parts) != 2:
        raise ScalarOutputError(
            f"{program.name} returns {program.structure.describe()}, not a tuple of two",
            why="The first is differentiated, the second comes along as it is.",
            fix="return loss, auxiliary",
        )
    first, second = program.structure.parts
    leaves = leaves_of(program, wrt)
    loss = program.with_outputs(program.outputs[: first.leaf_count], first)
    outputs = [*slopes_of(scalar_output(loss), leaves), *program.outputs[first.leaf_count :]]
    return program.with_outputs(outputs, tuple_of([structure_of_derivative(program, wrt), second]))


def jacobian(program: Program, wrt: Sequence[str]) -> Program:
    """The derivative of every output by every leaf: an array of the output's shape followed by the leaf's."""
    blocks = element_blocks if is_few(program) else array_blocks
    outputs = blocks.jacobian_blocks(program, leaves_of(program, wrt))
    inner = structure_of_derivative(program, wrt)
    return program.with_outputs(outputs, program.structure.replace_leaves(lambda _: inner))


def hessian(program: Program, wrt: Sequence[str], between: Pass | None = None) -> Program:
    """The second derivatives of a scalar function; each pair is computed once. For `between` see `derive`."""
    blocks = element_blocks if is_few(program) else array_blocks
    outputs = blocks.hessian_blocks(program, leaves_of(program, wrt), between)
    inner = structure_of_derivative(program, wrt)
    return program.with_outputs(outputs, inner.replace_leaves(lambda _: inner))


def holomorphic_gradient(program: Program, wrt: Sequence[str]) -> Program:
    """The derivative of one complex scalar by complex parameters, which is the same in every direction."""
    leaves = leaves_of(program, wrt)
    slopes = pulled_ones([one_element(program)], leaves)
    return program.with_outputs(filled(slopes, leaves), structure_of_derivative(program, wrt))


def jvp(program: Program, wrt: Sequence[str]) -> Program:
    """Jacobian times vector: one more keyword parameter `tangent`, in the structure of the derivative by `wrt`."""
    leaves = leaves_of(program, wrt)
    extended, tangents = _with_parameter(program, "tangent", leaves, structure_of_derivative(program, wrt))
    return extended.with_outputs(pushed(program, leaves, tangents), program.structure)


def vjp(program: Program, wrt: Sequence[str]) -> Program:
    """Vector times Jacobian: one more keyword parameter `cotangent`, in the structure of the function's result."""
    leaves = leaves_of(program, wrt)
    extended, cotangents = _with_parameter(program, "cotangent", program.outputs, program.structure)
    found = reverse(program.outputs, cotangents, leaves)
    return extended.with_outputs(filled(found, leaves), structure_of_derivative(program, wrt))


def hvp(program: Program, wrt: Sequence[str], between: Pass | None = None) -> Program:
    """Hessian times vector, forward over reverse: one more keyword parameter `vector` (Pearlmutter 1994)."""
    leaves = leaves_of(program, wrt)
    structure = structure_of_derivative(program, wrt)
    extended, vector = _with_parameter(program, "vector", leaves, structure)
    gradients = passed(program, slopes_of(scalar_output(program), leaves), between)
    slopes = program.with_outputs(gradients, structure)
    return extended.with_outputs(pushed(slopes, leaves, vector), structure)


def column_sums(program: Program, wrt: Sequence[str]) -> Program:
    """The sum of all outputs differentiated: for a function that works element by element, its derivative there."""
    leaves = leaves_of(program, wrt)
    found = filled(pulled_ones(program.outputs, leaves), leaves)
    return program.with_outputs(found, structure_of_derivative(program, wrt))


def row_sums(program: Program, wrt: Sequence[str]) -> Program:
    """Every output differentiated along all ones: the derivative by a scalar parameter."""
    leaves = leaves_of(program, wrt)
    require_holomorphic(program.outputs, leaves)
    ones = [make.broadcast(make.constant(1.0), leaf.shape) for leaf in leaves]
    return program.with_outputs(pushed(program, leaves, ones), program.structure)


def elementwise(program: Program, wrt: Sequence[str], order: int = 1, between: Pass | None = None) -> Program:
    """The derivative of that order of every output by each parameter alone, all of them scalars.

    between: applied to a derivative before the next one is taken.

    Several names give a tuple. Raises ArgumentError for a negative order or a parameter that is not a scalar.
    """
    if order < 0:
        raise ArgumentError(f"the order of a derivative is at least 0, not {order}", fix="order=1, or order=2")
    leaves_of(program, wrt)
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
            known = passed(program, current, between) if number else current
            current = filled([slope(output, leaves[0]) for output in known], known)
        results += current
    structure = program.structure if len(wrt) == 1 else tuple_of([program.structure] * len(wrt))
    return program.with_outputs(results, structure)


def _with_parameter(
    program: Program, name: str, like: Sequence[Node], structure: Structure
) -> tuple[Program, list[Input]]:
    """The program with one more keyword parameter, whose leaves have the shapes of the given nodes.

    They are numbers also where a node is a truth value or a position, which has a cotangent of no effect.
    """
    taken = {parameter.name for parameter in program.parameters}
    while name in taken:
        name += "_"
    inputs = [
        Input(f"{name}_{i}" if len(like) > 1 else name, node.shape, "complex" if node.dtype == "complex" else "real")
        for i, node in enumerate(like)
    ]
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
    "grad_and_aux": gradient_and_rest,
    "hess": hessian,
    "jac": jacobian,
    "jvp": jvp,
    "vjp": vjp,
    "hvp": hvp,
    "egrad": column_sums,
    "deriv": row_sums,
}

_OF_ARRAYS: dict[str, Callable[[Program, Sequence[Node], Pass | None], list[Node]]] = {
    "jac": lambda program, leaves, between: array_blocks.jacobian_blocks(program, leaves),
    "hess": array_blocks.hessian_blocks,
}
_TWICE: dict[str, Callable[[Program, Sequence[str], Pass | None], Program]] = {"hess": hessian, "hvp": hvp}
