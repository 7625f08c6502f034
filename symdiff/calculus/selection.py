"""What is differentiated, and by what.

In: a Program and the names of parameters. Out: its scalar output, the inputs that belong to the names, the structure of
the derivative; or the refusal that says what there is instead.
"""

from collections.abc import Callable, Sequence

from symdiff.calculus.rules import ZERO
from symdiff.calculus.sweeps import forward, reverse
from symdiff.errors import ArgumentError, ScalarOutputError
from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import Program
from symdiff.ir.structure import LEAF, Structure, tuple_of

Pass = Callable[[Program], Program]


class Several(tuple[str, ...]):
    """Names that were asked for as a sequence: the derivative is a tuple, also where there is only one."""

    __slots__ = ()


def leaves_of(program: Program, wrt: Sequence[str]) -> list[Input]:
    """The inputs of the named parameters."""
    require_parameters(program, wrt)
    return [leaf for name in wrt for leaf in program.leaves_of(name)]


def require_parameters(program: Program, wrt: Sequence[str]) -> None:
    """Refuse what nothing can be differentiated by. Raises ArgumentError."""
    if not wrt:
        raise ArgumentError("name at least one parameter to differentiate by", fix='argnum="x", or argnum=0')
    names = [parameter.name for parameter in program.parameters]
    for name in wrt:
        if name not in names:
            raise ArgumentError(f"{program.name} has no parameter {name!r}", fix=f"one of {', '.join(names)}")
        if program.parameter(name).is_static:
            value = program.parameter(name).static_value
            raise ArgumentError(
                f"parameter {name} is static ({value!r}): nothing can be differentiated by it",
                fix=f"leave {name} out of `static`, or differentiate by another parameter",
            )
    if len(set(wrt)) != len(wrt):
        raise ArgumentError(
            f"a parameter is named twice: {', '.join(wrt)}", fix=f"each once: {', '.join(dict.fromkeys(wrt))}"
        )


def structure_of_derivative(program: Program, wrt: Sequence[str]) -> Structure:
    """The structure of a derivative: the parameter's own for one name, a tuple for `Several`, or more than one."""
    found = [structure for name in wrt if (structure := program.parameter(name).structure) is not None]
    return found[0] if len(wrt) == 1 and not isinstance(wrt, Several) else tuple_of(found)


def scalar_output(program: Program) -> Node:
    """The one real scalar output, or an error that names what there is."""
    output = one_element(program)
    if output.dtype == "complex":
        raise ScalarOutputError(
            f"{program.name} returns a complex number: a gradient needs a real one",
            origin=output.origin,
            fix=f"sd.holomorphic_grad({program.name}), or the gradient of a real loss, abs({program.name}(z))",
        )
    return output


def one_element(program: Program) -> Node:
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


def passed(program: Program, outputs: Sequence[Node], between: Pass | None) -> list[Node]:
    """The outputs after a pass over the program that has them."""
    if between is None:
        return list(outputs)
    return list(between(program.with_outputs(outputs, tuple_of([LEAF] * len(outputs)))).outputs)


def slopes_of(output: Node, leaves: Sequence[Node]) -> list[Node]:
    return filled(reverse([output], [make.constant(1.0)], leaves), leaves)


def pushed(program: Program, leaves: Sequence[Node], tangents: Sequence[Node]) -> list[Node]:
    return filled(forward(program.outputs, tangents, leaves), program.outputs)


def filled(found: Sequence[Node | None], like: Sequence[Node]) -> list[Node]:
    """Zeros of the right shape for what does not depend; complex where it is the derivative of, or by, what is."""
    nodes = [
        make.broadcast(ZERO if node is None else node, other.shape) for node, other in zip(found, like, strict=True)
    ]
    return [as_complex(node) if other.dtype == "complex" else node for node, other in zip(nodes, like, strict=True)]
