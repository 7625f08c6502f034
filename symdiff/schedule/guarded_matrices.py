"""Matrices behind a choice: a routine of linear algebra gets the identity where its result is not looked at.

In: a Program for arrays, where both sides of a choice are computed. Out: the same one in which inv(A), if only the side
of a choice on c needs it, is inv(where(c, A, I)). `if c: return np.linalg.inv(A)` has no value to give where c does not
hold, and LAPACK refuses a singular matrix with an exception, which no later choice could undo.
"""

from collections.abc import Sequence
from functools import reduce

from symdiff.ir import make
from symdiff.ir.nodes import Linalg, Node, Select, Shape, ambient
from symdiff.ir.program import Program
from symdiff.ir.rewrite import rebuild
from symdiff.ops.piecewise import logical_not
from symdiff.schedule.placement import Block, place

_Guard = tuple[Node, bool]  # a condition, and which of its sides
_Path = tuple[_Guard, ...]  # outermost first


def with_harmless_matrices(program: Program) -> Program:
    """The program in which no matrix is refused that plain Python would not have come to.

    >>> import numpy as np
    >>> from symdiff.tracing import trace_function
    >>> def f(A):
    ...     return np.linalg.inv(A) if A[0, 0] > 0.0 else A
    >>> with_harmless_matrices(trace_function(f, shapes={"A": "n n"})).outputs[0].args[1].args[0]
    Select
    """
    nodes = program.nodes()
    if not any(isinstance(node, Linalg) for node in nodes) or not any(isinstance(node, Select) for node in nodes):
        return program
    blocks = place(nodes, program.outputs, Block()).blocks
    paths = {node: [_path(block) for block in blocks[node]] for node in nodes if isinstance(node, Linalg)}
    guarded: dict[Node, list[_Path]] = {node: found for node, found in paths.items() if all(found)}
    if not guarded:
        return program
    needs = {node: [*node.args, *(guard[0] for path in guarded.get(node, ()) for guard in path)] for node in nodes}
    known: dict[Node, Node] = {}
    before = ambient.origin, ambient.rule
    try:
        for node in _ordered(program.outputs, needs):
            ambient.origin, ambient.rule = node.origin, node.rule
            args = [known[argument] for argument in node.args]
            if node in guarded:
                reached = _any([[(known[condition], side) for condition, side in path] for path in guarded[node]])
                args[0] = make.select(reached, args[0], _harmless(args[0].shape))
            known[node] = rebuild(node, args)
    finally:
        ambient.origin, ambient.rule = before
    return program.with_outputs([known[output] for output in program.outputs], program.structure)


def _path(block: Block) -> _Path:
    """The choices that lead to a block, those of single numbers only: no other one keeps a whole matrix away."""
    guards: list[_Guard] = []
    while block.parent is not None:
        assert block.condition is not None
        if not block.condition.shape:
            guards.append((block.condition, block.side))
        block = block.parent
    return tuple(reversed(guards))


def _any(paths: Sequence[Sequence[_Guard]]) -> Node:
    """Whether one of the paths is taken; a condition is looked at only where those before it hold."""
    taken = [reduce(_behind, [_holds(guard) for guard in reversed(path)]) for path in paths]
    return reduce(lambda found, other: make.select(found, True, other), taken)


def _behind(inner: Node, outer: Node) -> Node:
    return make.select(outer, inner, False)


def _holds(guard: _Guard) -> Node:
    condition, side = guard
    held: Node = condition if side else logical_not(condition)
    return held


def _harmless(shape: Shape) -> Node:
    """A matrix that every routine takes: the identity, or zeros where it is not square."""
    return make.eye(shape[-1]) if shape[-2:] == (shape[-1],) * 2 else make.constant(0.0)


def _ordered(outputs: Sequence[Node], needs: dict[Node, list[Node]]) -> list[Node]:
    """The nodes, each after all that it needs."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack: list[Node | tuple[Node]] = list(reversed(outputs))
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            order.append(item[0])
        elif item not in seen:
            seen.add(item)
            stack.append((item,))
            stack.extend(reversed(needs[item]))
    return order
