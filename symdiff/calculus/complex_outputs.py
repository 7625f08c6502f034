"""Derivatives of complex values: which there are, and by which sweep.

In: output nodes and the leaves to differentiate by. Out: derivatives by autograd's convention, or a HolomorphicError.

A real output u has the gradient ∂u/∂x - i ∂u/∂y by z = x + iy, whatever the function. A complex output has a derivative
by a complex z only where it is complex-differentiable (the Cauchy-Riemann equations hold because nothing on the way is
conj, abs, real, imag or angle); by a real parameter it always has one.
"""

from collections.abc import Container, Sequence

from symdiff.calculus.calls import is_complex_linear
from symdiff.calculus.sweeps import active_nodes, forward, reverse
from symdiff.errors import HolomorphicError
from symdiff.ir import make
from symdiff.ir.make_linalg import is_holomorphic
from symdiff.ir.nodes import Call, Map, Node
from symdiff.ir.program import topological
from symdiff.ops import complex_rows


def require_holomorphic(outputs: Sequence[Node], leaves: Sequence[Node]) -> None:
    """Refuse complex outputs that are no holomorphic functions of the complex leaves."""
    complex_leaves = [leaf for leaf in leaves if leaf.dtype == "complex"]
    complex_outputs = [output for output in outputs if output.dtype == "complex"]
    if not complex_leaves or not complex_outputs:
        return
    order = topological(complex_outputs)
    active = active_nodes(order, complex_leaves)
    for node in order:
        if node in active and not _is_holomorphic(node, active):
            name = node.op.name.removeprefix("complex_") if isinstance(node, Map) else repr(node)
            raise HolomorphicError(
                "a complex result has no derivative by a complex parameter here",
                origin=node.origin,
                label=f"{name} is not complex-differentiable",
                why="Its derivative would depend on the direction in the plane.",
                fix="differentiate a real function of it, abs(f(z)), or make z.real and z.imag two real parameters",
            )


def _is_holomorphic(node: Node, active: Container[Node]) -> bool:
    """Whether the node alone is complex-differentiable; one with several results is told by each of them."""
    if isinstance(node, Call):
        return all(is_complex_linear(node, place) for place, argument in enumerate(node.args) if argument in active)
    is_conjugate = isinstance(node, Map) and node.op is complex_rows.conj
    return node.dtype != "real" and not is_conjugate and (node.dtype == "tuple" or is_holomorphic(node))


def slope(output: Node, by: Node) -> Node | None:
    """The derivative of any output by one scalar."""
    require_holomorphic([output], [by])
    one = make.constant(1.0)
    if output.shape or output.dtype == "complex":
        return forward([output], [one], [by])[0]
    return reverse([output], [one], [by])[0]


def pulled_ones(outputs: Sequence[Node], leaves: Sequence[Node]) -> list[Node | None]:
    """The sum of all outputs differentiated by each leaf, in reverse.

    A real leaf's cotangent is a real part, so for complex outputs the imaginary one takes a sweep of its own.
    """
    require_holomorphic(outputs, leaves)
    ones = [make.broadcast(make.constant(1.0), output.shape) for output in outputs]
    found = reverse(outputs, ones, leaves)
    complex_outputs = [output for output in outputs if output.dtype == "complex"]
    if not complex_outputs or all(leaf.dtype == "complex" for leaf in leaves):
        return found
    turned = [make.broadcast(make.constant(-1j), output.shape) for output in complex_outputs]
    imaginary = reverse(complex_outputs, turned, leaves)
    return [
        part if leaf.dtype == "complex" or other is None else (0.0 if part is None else part) + 1j * other
        for leaf, part, other in zip(leaves, found, imaginary, strict=True)
    ]
