"""Negative factors taken into sums, where contraction has brought a factor next to its product.

In: a Program. Out: the same Program with `x - 0.5*y` for `x + -0.5*y`: the same number, to the last bit.
"""

from collections.abc import Mapping

from symdiff.ir.nodes import Const, Map, Node, record
from symdiff.ir.program import Program
from symdiff.ir.rewrite import remade, transform
from symdiff.ops import elementary as e
from symdiff.ops.row import Op
from symdiff.schedule.sharing import count_uses


def merge_signs(program: Program) -> Program:
    """The program without sums of what has a negative factor."""
    sums = [node for node in program.nodes() if _is(node, e.add) and any(map(_is_negative, node.args))]
    if not sums:
        return program
    uses = count_uses(program.nodes(), program.outputs)
    subtracted = {node: position for node in sums if (position := _own_negative_term(node, uses)) is not None}
    if not subtracted:
        return program

    def made(node: Node, known: Mapping[Node, Node]) -> Node:
        position = subtracted.get(node)
        if position is None:
            return remade(node, known)
        factor, value = node.args[position].args
        return record(e.subtract, known[node.args[1 - position]], record(e.multiply, -factor, known[value]))

    return transform(program, made)


def _own_negative_term(node: Node, uses: Mapping[Node, int]) -> int | None:
    """The last of the two terms that is -c*y, c > 0, and that nothing else uses."""
    return next((at for at in (1, 0) if _is_negative(node.args[at]) and uses[node.args[at]] == 1), None)


def _is(node: Node, op: Op) -> bool:
    return isinstance(node, Map) and node.op is op


def _is_negative(node: Node) -> bool:
    """Whether the node is -c*y, c > 0."""
    factor = node.args[0] if _is(node, e.multiply) else None
    return isinstance(factor, Const) and not factor.shape and factor.value < 0.0
