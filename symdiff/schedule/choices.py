"""Choices by a negated condition turned round: `np.where(x > 1.0, b, a)` for `np.where(np.logical_not(x > 1.0), a, b)`.

In: a Program. Out: the same Program. The guards of the calculus compare conditions, and keep the negations until here.
"""

from symdiff.ir import make
from symdiff.ir.nodes import Map, Node, Select, ambient
from symdiff.ir.program import Program
from symdiff.ir.rewrite import rebuild
from symdiff.ops.piecewise import logical_not


def turn_choices(program: Program) -> Program:
    """The program without choices by a negated condition.

    >>> import numpy as np
    >>> from symdiff.tracing import trace_function
    >>> program = trace_function(lambda x: np.where(np.logical_not(x > 1.0), x, 0.0))
    >>> turn_choices(program).outputs[0].args[0]
    Map(greater)
    """
    nodes = program.nodes()
    if not any(_is_negated(node) for node in nodes):
        return program
    outer = ambient.origin, ambient.rule
    known: dict[Node, Node] = {}
    try:
        for node in nodes:
            ambient.origin, ambient.rule = node.origin, node.rule
            args = [known[arg] for arg in node.args]
            if _is_negated(node):
                known[node] = make.select(args[0].args[0], args[2], args[1])
            else:
                known[node] = rebuild(node, args) if args else node
    finally:
        ambient.origin, ambient.rule = outer
    return program.mapped(known)


def _is_negated(node: Node) -> bool:
    condition = node.args[0] if isinstance(node, Select) else None
    return isinstance(condition, Map) and condition.op is logical_not
