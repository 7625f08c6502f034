"""Which results of array code have the right shape and dtype by themselves.

In: a Program. Out: for each output whether it depends on every input (and so has the common shape), keeps the dtype of
the inputs whatever it is, and has memory of its own.
"""

from collections.abc import Callable
from typing import Literal

from symdiff.backends.base import is_number
from symdiff.ir.nodes import (
    Const,
    Einsum,
    Eye,
    Gather,
    Index,
    Input,
    Iota,
    Join,
    Layout,
    Node,
    Part,
    ScatterAdd,
    Select,
    Size,
)
from symdiff.ir.program import Program

# How an array expression's dtype comes about: from the inputs, from a Python number that takes any, or otherwise.
_Source = Literal["inputs", "number", "other"]


def plain_results(program: Program, keeps: Callable[[Node], bool]) -> list[bool]:
    """Whether each output may be returned as it is; `keeps` says whether an operation keeps the dtype it is given."""
    nodes = program.nodes()
    bits = {node: 1 << position for position, node in enumerate(program.inputs)}
    every = (1 << len(program.inputs)) - 1
    depends: dict[Node, int] = {}
    dtypes: dict[Node, _Source] = {}
    for node in nodes:
        mask = bits.get(node, 0) if isinstance(node, Input) else 0
        for argument in node.args:
            mask |= depends[argument]
        depends[node] = mask
        dtypes[node] = _source(node, [dtypes[argument] for argument in node.args]) if keeps(node) else "other"
    broadcasts = program.is_elementwise
    plain: list[bool] = []
    for output in program.outputs:
        fine = not is_view(output) and (bool(output.shape) or not isinstance(output, Select))
        fine = fine and (output.dtype != "real" or dtypes[output] == "inputs")
        plain.append(fine and (not broadcasts or depends[output] == every))
    return plain


def _source(node: Node, args: list[_Source]) -> _Source:
    if isinstance(node, Input):
        return "inputs"
    if isinstance(node, Const | Size):
        return "inputs" if node.shape else "number"
    if isinstance(node, Eye | Iota) or (isinstance(node, Join) and not node.args[0].shape):
        return "inputs"
    if is_number(node):
        return "number"
    if isinstance(node, Gather | ScatterAdd):
        args = args[:1]  # positions have a dtype of their own
    if is_diagonal(node):
        args = args[1:]
    kinds = set(args[1:] if isinstance(node, Select) else args)
    return "inputs" if "inputs" in kinds and "other" not in kinds else "other"


def is_diagonal(node: Node) -> bool:
    """Whether the node is a vector on the diagonal of a matrix, np.diag(vector); the vector is its last argument."""
    if not isinstance(node, Einsum) or not isinstance(node.args[0], Eye):
        return False
    return node.inputs in (((0, 1), (0,)), ((0, 1), (1,))) and len(node.output) == 2


def is_view(node: Node) -> bool:
    """Whether the array may share memory with an input or a constant, or be read-only."""
    if isinstance(node, Einsum):  # a diagonal is one
        return len(node.args) == 1
    return isinstance(node, Input | Const | Index | Layout | Gather | Part)
