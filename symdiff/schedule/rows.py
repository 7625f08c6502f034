"""Matrices of numbers written row by row.

In: a Program in which a Jacobian's elements are one long vector that is reshaped. Out: the same Program with a stack of
rows in its place, which reads as a matrix: `np.array([[a, b], [c, d]])`.
"""

from collections.abc import Sequence

from symdiff.ir.interning import intern
from symdiff.ir.lengths import is_static
from symdiff.ir.nodes import Join, Layout, Node
from symdiff.ir.program import Program
from symdiff.ir.rewrite import rebuild


def rows(program: Program) -> Program:
    """The program with stacks of rows."""
    nodes = program.nodes()
    if not any(_is_reshaped_list(node) for node in nodes):
        return program
    known: dict[Node, Node] = {}
    for node in nodes:
        if _is_reshaped_list(node):
            elements = [known[element] for element in node.args[0].args]
            known[node] = _stacked(elements, [int(length) for length in node.shape])
        else:
            known[node] = rebuild(node, [known[arg] for arg in node.args]) if node.args else node
    return program.with_outputs([known[output] for output in program.outputs], program.structure)


def is_list(node: Node) -> bool:
    """Whether the node is an array of numbers that were computed one by one."""
    return isinstance(node, Join) and node.how == "stack" and not node.args[0].shape


def is_matrix(node: Node) -> bool:
    """Whether the node is a stack of such arrays, to any depth."""
    stacked = isinstance(node, Join) and node.how == "stack" and node.axis == 0
    return stacked and all(is_list(arg) or is_matrix(arg) for arg in node.args)


def _is_reshaped_list(node: Node) -> bool:
    reshaped = isinstance(node, Layout) and node.how == "reshape" and node.ndim > 1 and is_static(node.shape)
    return reshaped and is_list(node.args[0]) and node.dtype != "bool"


def _stacked(elements: Sequence[Node], shape: Sequence[int]) -> Node:
    args = tuple(elements)
    if len(shape) > 1:
        size = len(elements) // shape[0]
        args = tuple([_stacked(elements[at : at + size], shape[1:]) for at in range(0, len(elements), size)])
    # Not `make.stack`, for which a row of constants is an array of its own, and x[0], x[1] is x.
    return intern(("rows", args), lambda: Join("stack", 0, args, tuple(shape)))
