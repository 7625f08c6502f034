"""Negative factors taken into sums, where contraction has brought a factor next to its product.

In: a Program. Out: the same Program with `x - 0.5*y` for `x + -0.5*y`: the same number, to the last bit.
"""

from collections.abc import Mapping

from symdiff.ir.nodes import Const, Map, Node, record
from symdiff.ir.program import Program
from symdiff.ir.rewrite import remade, transform
from symdiff.ops import elementary as e
from symdiff.schedule.sharing import count_uses


def merge_signs(program: Program) -> Program:
    """The program without sums of what has a negative factor."""
    nodes = program.nodes()
    uses = count_uses(nodes, program.outputs)
    if not any(_has_negative_term(node, uses) for node in nodes):
        return program

    def made(node: Node, known: Mapping[Node, Node]) -> Node:
        if not _has_negative_term(node, uses):
            return remade(node, known)
        kept, negative = node.args if _is_negative(node.args[1], uses) else node.args[::-1]
        factor, value = negative.args
        return record(e.subtract, known[kept], record(e.multiply, -factor, known[value]))

    return transform(program, made)


def _has_negative_term(node: Node, uses: Mapping[Node, int]) -> bool:
    return isinstance(node, Map) and node.op is e.add and any(_is_negative(arg, uses) for arg in node.args)


def _is_negative(node: Node, uses: Mapping[Node, int]) -> bool:
    """Whether the node is -c*y, c > 0, and nothing else uses it."""
    if not isinstance(node, Map) or node.op is not e.multiply or uses[node] != 1:
        return False
    factor = node.args[0]
    return isinstance(factor, Const) and not factor.shape and factor.value < 0.0
