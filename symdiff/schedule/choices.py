"""Choices as a person writes them: not by a negated condition, and not twice by the same one.

In: a Program. Out: the same Program, with `np.where(x > 1.0, b, a)` for `np.where(np.logical_not(x > 1.0), a, b)`, and
without the inner choice in `np.where(c, np.where(c, a, 0.0) + b, 0.0)`. The guards of the calculus compare conditions,
and keep both until here.
"""

from collections.abc import Mapping

from symdiff.ir import make
from symdiff.ir.nodes import Map, Node, Select
from symdiff.ir.program import Program
from symdiff.ir.rewrite import rebuild, remade, transform
from symdiff.ops.piecewise import logical_not
from symdiff.schedule.sharing import count_uses

_DEEPEST = 16  # operations between a choice and one inside of it


def plain_choices(program: Program) -> Program:
    """The program with such choices only.

    >>> import numpy as np
    >>> from symdiff.tracing import trace_function
    >>> program = trace_function(lambda x: np.where(np.logical_not(x > 1.0), x, 0.0))
    >>> plain_choices(program).outputs[0].args[0]
    Map(greater)
    """
    nodes = program.nodes()
    if not any(isinstance(node, Select) for node in nodes):
        return program
    uses = count_uses(nodes, [*program.outputs, *(check.failure for check in program.checks)])

    def made(node: Node, known: Mapping[Node, Node]) -> Node:
        return _plain(node, known, uses) if isinstance(node, Select) else remade(node, known)

    return transform(program, made)


def _plain(node: Select, known: Mapping[Node, Node], uses: Mapping[Node, int]) -> Node:
    condition, if_true, if_false = node.args
    sides = [_where_known(side, condition, holds, known, uses) for side, holds in ((if_true, True), (if_false, False))]
    if sides[0] is make.constant(False) and sides[1] is make.constant(True):
        return make.apply(logical_not, [known[condition]])
    if _is_negated(condition):
        return make.select(known[condition.args[0]], sides[1], sides[0])
    return make.select(known[condition], *sides)


def _where_known(
    node: Node, condition: Node, holds: bool, known: Mapping[Node, Node], uses: Mapping[Node, int], depth: int = 0
) -> Node:
    """A value where the condition is known: what nothing else needs is made anew without choices by it."""
    if depth > _DEEPEST or uses[node] > 1 or not isinstance(node, Map | Select):
        return known[node]
    args = [
        _where_known(arg, condition, holds, known, uses, depth + 1) if arg.dtype != "bool" else known[arg]
        for arg in node.args
    ]
    if isinstance(node, Select) and node.args[0].shape == node.shape == condition.shape:
        if node.args[0] is condition:
            return args[1] if holds else args[2]
        if _is_opposite(node.args[0], condition):
            return args[2] if holds else args[1]
    same = all(arg is known[old] for arg, old in zip(args, node.args, strict=True))
    return known[node] if same else rebuild(node, args)


def _is_opposite(first: Node, second: Node) -> bool:
    return any(_is_negated(one) and one.args[0] is other for one, other in ((first, second), (second, first)))


def _is_negated(condition: Node) -> bool:
    return isinstance(condition, Map) and condition.op is logical_not
