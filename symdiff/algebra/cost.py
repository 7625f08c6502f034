"""What a program costs: its operations, weighted by the rows of the table.

In: the outputs of a program. Out: a number of additions, or a number of operations. A node that several outputs share
counts once. Integer powers count as the multiplications they are lowered to.
"""

import math
from collections.abc import Iterable, Sequence

from symdiff.ir.lengths import Dimension, product, typical
from symdiff.ir.nodes import Call, Const, Einsum, Fourier, Input, Linalg, Map, Node, Reduce, Select
from symdiff.ir.program import topological
from symdiff.ops import elementary as e

LARGEST_LOWERED_POWER = 16
_CHOICE = 1.0
_ROUTINE = 2.0  # operations of a routine of linear algebra, for each element and row of its matrix
_CALL = 100.0  # a primitive of the user's may cost anything


def cost(outputs: Sequence[Node]) -> float:
    """About how many additions it takes to compute the outputs, element by element.

    >>> from symdiff.ir.nodes import Input
    >>> x = Input("x")
    >>> cost([x * x + 1.0]), cost([x * x, x * x])
    (2.0, 1.0)
    """
    return cost_of(topological(outputs))


def cost_of(nodes: Sequence[Node]) -> float:
    """The cost of the nodes themselves, each taken once, without what they are made of."""
    powers: set[tuple[Node, int]] = set()
    total = 0.0
    for node in nodes:
        exponent = lowered_exponent(node)
        total += _weight(node) if exponent is None else _power_weight(node, exponent, powers)
    return total


def operation_count(outputs: Sequence[Node]) -> int:
    """How many operations compute the outputs; leaves, indexing and layout are not operations.

    >>> from symdiff.ir.nodes import Input
    >>> x = Input("x")
    >>> operation_count([x * x + 1.0])
    2
    """
    powers: set[tuple[Node, int]] = set()
    count = 0
    for node in topological(outputs):
        exponent = lowered_exponent(node)
        if exponent is not None:
            count += int(exponent < 0) + _new_products(node.args[0], abs(exponent), powers)
        elif isinstance(node, Map | Select | Reduce | Einsum | Call | Fourier | Linalg):
            count += 1
    return count


def lowered_exponent(node: Node) -> int | None:
    """n, where the node is x**n for an integer that is printed as multiplications."""
    if not isinstance(node, Map) or node.op is not e.power:
        return None
    exponent = node.args[1]
    if not isinstance(exponent, Const) or exponent.shape or exponent.value != int(exponent.value):
        return None
    return int(exponent.value) if abs(exponent.value) <= LARGEST_LOWERED_POWER else None


def _elements(shape: Iterable[Dimension]) -> float:
    """How many elements an array has, or would have were its open lengths hundreds."""
    return float(typical(product(shape)))


def _power_weight(node: Node, exponent: int, powers: set[tuple[Node, int]]) -> float:
    divisions = e.divide.cost if exponent < 0 else 0.0
    return _elements(node.shape) * (divisions + e.multiply.cost * _new_products(node.args[0], abs(exponent), powers))


def _new_products(base: Node, exponent: int, powers: set[tuple[Node, int]]) -> int:
    """How many multiplications x**n adds to the powers of x that are there: by squaring, n from n // 2."""
    added = 0
    while exponent > 1 and (base, exponent) not in powers:
        powers.add((base, exponent))
        added += 1
        exponent = exponent - 1 if exponent % 2 else exponent // 2
    return added


def _weight(node: Node) -> float:
    """The cost of a node by itself."""
    match node:
        case Map():
            return node.op.cost * _elements(node.shape)
        case Select():
            return _CHOICE * _elements(node.shape)
        case Reduce():
            return _elements(node.args[0].shape)
        case Fourier():
            size = _elements(node.shape)
            return 5.0 * size * max(1.0, math.log2(size))
        case Einsum():
            return _contraction_size(node) * max(1, len(node.args))
        case Linalg():
            return _ROUTINE * max(_elements(arg.shape) * float(typical(arg.shape[-1])) for arg in node.args)
        case Call():
            return _CALL * _elements(node.shape)
        case Input() | Const():
            return 0.0
    return 0.0  # indexing, layout and joining move numbers, they compute none


def _contraction_size(node: Einsum) -> float:
    """How many products of elements a contraction sums or writes."""
    lengths: dict[int, Dimension] = {}
    for labels, arg in zip(node.inputs, node.args, strict=True):
        lengths.update(zip(labels, arg.shape, strict=True))
    return _elements(lengths.values())
