"""Numbers and identity matrices among the operands of a contraction: the ones stand alone, the others disappear.

In: operands with their labels, and the labels of the result. Out: the same sum of products. `F @ np.eye(2) @ F.T` is
`F @ F.T`, a matrix `c * np.eye(n)` is the number c, and `(2.0 * X).T @ X` is `2.0 * (X.T @ X)`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from symdiff.ir.nodes import Const, Einsum, Eye, Map, Node
from symdiff.ops import elementary as e

Labels = tuple[int, ...]


class Operand(NamedTuple):
    """An array and a label for each of its axes."""

    node: Node
    labels: Labels


def simplified(operands: Sequence[Operand], output: Labels, uses: Mapping[Node, int]) -> list[Operand]:
    """The operands without identity matrices, and with numbers apart."""
    apart = [part for operand in operands for part in _numbers_apart(operand, uses)]
    return _without_identities(apart, output)


def _numbers_apart(operand: Operand, uses: Mapping[Node, int]) -> list[Operand]:
    """c and A of c*A, where nothing else needs the product or A is an identity matrix."""
    node, labels = operand
    if isinstance(node, Map) and node.op is e.multiply:
        for number, array in (node.args, node.args[::-1]):
            if not number.ndim and array.ndim == node.ndim > 0 and (_is_identity(array) or uses.get(node, 1) <= 1):
                return [Operand(number, ()), *_numbers_apart(Operand(array, labels), uses)]
    if isinstance(node, Einsum) and all(not arg.ndim or _is_identity(arg) for arg in node.args):
        matrices = [arg for arg in node.args if arg.ndim]
        if len(matrices) == 1 and sorted(node.output) == sorted(set(node.inputs[node.args.index(matrices[0])])):
            numbers = [Operand(arg, ()) for arg in node.args if not arg.ndim]
            return [*numbers, Operand(matrices[0], labels)]
    return [operand]


def _without_identities(operands: Sequence[Operand], output: Labels) -> list[Operand]:
    """Axes that an identity matrix joins get one label, as long as another operand has the axis."""
    kept = list(operands)
    for operand in operands:
        if not _is_identity(operand.node):
            continue
        first, second = operand.labels
        others = [other for other in kept if other is not operand]
        for gone, stays in ((first, second), (second, first)):
            if gone in output or gone == stays or not any(gone in other.labels for other in others):
                continue
            kept = [Operand(node, tuple(stays if at == gone else at for at in labels)) for node, labels in others]
            break
    return kept


def _is_identity(node: Node) -> bool:
    """Whether the node is an identity matrix, by its kind or by its elements."""
    if isinstance(node, Eye):
        return True
    if not isinstance(node, Const) or node.ndim != 2 or node.shape[0] != node.shape[1]:
        return False
    return bool(np.array_equal(node.value, np.eye(len(node.value))))
