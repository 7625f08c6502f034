"""Matrices behind a choice: a routine of linear algebra gets the identity where its result is not looked at.

In: a Program for arrays, where both sides of a choice are computed. Out: the same one in which inv(A), if only the side
of a choice on c needs it, is inv(where(c, A, I)). `if c: return np.linalg.inv(A)` has no value to give where c does not
hold, and LAPACK refuses a singular matrix with an exception, which no later choice could undo.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import takewhile

from symdiff.ir import make
from symdiff.ir.nodes import Linalg, Node, Select, Shape
from symdiff.ir.program import Program, topological
from symdiff.ir.rewrite import rebuild, remade, transform
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
    blocks = place(nodes, program.outputs, Block(), copying=False).blocks
    paths = {node: [_path(block) for block in blocks[node]] for node in nodes if isinstance(node, Linalg)}
    guarded: dict[Node, list[_Path]] = {node: found for node, found in paths.items() if all(found)}
    if not guarded:
        return program

    def made(node: Node, known: Mapping[Node, Node]) -> Node:
        reached = [_known_part(path, known) for path in guarded.get(node, ())]
        if not reached or not all(reached):
            return remade(node, known)
        matrix, *others = [known[argument] for argument in node.args]
        return rebuild(node, [make.select(_any(reached), matrix, _harmless(matrix.shape)), *others])

    return transform(program, made, _ordered(nodes, guarded))


def _path(block: Block) -> _Path:
    """The choices that lead to a block, those of single numbers only: no other one keeps a whole matrix away."""
    guards: list[_Guard] = []
    while block.parent is not None:
        assert block.condition is not None
        if not block.condition.shape:
            guards.append((block.condition, block.side))
        block = block.parent
    return tuple(reversed(guards))


def _known_part(path: _Path, known: Mapping[Node, Node]) -> list[_Guard]:
    """The path as far as it does not depend on the node that it leads to."""
    return [(known[condition], side) for condition, side in takewhile(lambda guard: guard[0] in known, path)]


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


def _ordered(nodes: Sequence[Node], guarded: Mapping[Node, Sequence[_Path]]) -> Iterable[Node]:
    """The nodes, each after its arguments, and after its guards unless they depend on it."""
    order: dict[Node, None] = {}
    for node in nodes:
        for condition, _ in (guard for path in guarded.get(node, ()) for guard in path):
            above = topological([condition])
            if node not in above:
                order |= dict.fromkeys(above)
        order[node] = None
    return order
