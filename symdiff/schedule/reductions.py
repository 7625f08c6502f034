"""Reductions of reductions taken at once: `np.sum(np.sum(x, axis=1))` is `np.sum(x)`.

In: a Program. Out: the same Program, in which a sum of sums, a maximum of maxima and the like is one pass over the
array, where nothing else uses what is between.
"""

from collections.abc import Mapping

from symdiff.ir import make
from symdiff.ir.nodes import Node, Reduce
from symdiff.ir.program import Program
from symdiff.ir.rewrite import remade, transform
from symdiff.schedule.sharing import count_uses


def merge_reductions(program: Program) -> Program:
    """The program with every reduction of a reduction as one. New nodes keep the origin of the outer one."""
    reductions = [node for node in program.nodes() if isinstance(node, Reduce)]
    uses = count_uses(program.nodes(), program.outputs) if reductions else {}
    if not any(_is_double(node, node.args[0], uses) for node in reductions):
        return program

    def made(node: Node, known: Mapping[Node, Node]) -> Node:
        merges = isinstance(node, Reduce) and _is_double(node, known[node.args[0]], uses)
        return _merged(node, known[node.args[0]]) if merges else remade(node, known)

    return transform(program, made)


def _is_double(node: Node, source: Node, uses: Mapping[Node, int]) -> bool:
    """Whether the node reduces, as its source does, what nothing else needs."""
    same = isinstance(node, Reduce) and isinstance(source, Reduce) and node.how == source.how
    return same and uses[node.args[0]] == 1


def _merged(node: Node, inner: Node) -> Node:
    assert isinstance(node, Reduce)
    assert isinstance(inner, Reduce)
    array = inner.args[0]
    rest = [axis for axis in range(array.ndim) if axis not in inner.axes]
    return make.reduce(node.how, array, [*inner.axes, *(rest[axis] for axis in node.axes)])
