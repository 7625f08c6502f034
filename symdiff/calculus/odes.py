"""Systems of differential equations differentiated: their sensitivities are the states of a larger system.

In: an Ode, and the tangents of its arguments or the cotangent of its states. Out: derivative nodes. With S = dy/dp the
system is dy/dt = f, dS/dt = (df/dy) S + df/dp, from S = I for the initial state and S = 0 for what the slope captures
(Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, 1993, section I.14). Both modes use it, so that
the larger system is solved once for all directions, and derivatives of any order are systems again.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from symdiff.calculus.elements import by_elements, is_few
from symdiff.calculus.guards import add_all
from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.lengths import is_static, static
from symdiff.ir.make_ode import Options, ode, slope_of
from symdiff.ir.nodes import Body, Input, Node, Ode
from symdiff.ir.program import Program
from symdiff.ir.rewrite import substitute
from symdiff.ir.structure import LEAF

_INITIAL, _TIMES = 0, 1
_MOST_TIMES = 256
SYSTEM_OF = "system of"  # what a larger system was made of: a body, and positions of arguments


def push_ode(node: Ode, tangents: Sequence[Node | None]) -> Node | None:
    """The tangent of the states."""
    terms: list[Node] = []
    for position, tangent in enumerate(tangents):
        if tangent is None or node.args[position].dtype != "real":
            continue
        if position == _TIMES:
            slopes = _slopes_at_times(node)
            moved = make.einsum(((0, 1), (0,)), (0, 1), slopes, tangent)
            start = make.index(slopes, (0, slice(None))) * make.index(tangent, (0,))
            terms += [moved, -_along(node, _INITIAL, start)]
        else:
            terms.append(_along(node, position, tangent))
    return add_all(terms)


def pull_ode(node: Ode, cotangent: Node, position: int) -> Node | None:
    """The part of an argument's cotangent."""
    if node.args[position].dtype != "real":
        return None
    if position != _TIMES:
        return _against(node, position, cotangent)
    slopes = _slopes_at_times(node)
    start = _against(node, _INITIAL, cotangent)
    at_start = make.reduce("sum", start * make.index(slopes, (0, slice(None))), (0,))
    moved = make.reduce("sum", cotangent * slopes, (1,))
    return moved - make.scatter(at_start, (0,), moved.shape)


def _along(node: Ode, position: int, tangent: Node) -> Node:
    axes = tuple(range(2, 2 + tangent.ndim))
    return make.einsum(((0, 1, *axes), axes), (0, 1), sensitivities(node, position), tangent)


def _against(node: Ode, position: int, cotangent: Node) -> Node:
    axes = tuple(range(2, 2 + node.args[position].ndim))
    return make.einsum(((0, 1), (0, 1, *axes)), axes, cotangent, sensitivities(node, position))


def sensitivities(node: Ode, position: int) -> Node:
    """The derivative of the states by an argument other than the times: the axes of the states, then the argument's."""
    (states,) = solved(node.body, (position,), node.args, node.options)
    return make.reshape(states, (*node.shape, *node.args[position].shape))


def solved(body: Body, positions: Sequence[int], args: Sequence[Node], options: Options) -> list[Node]:
    """The sensitivities (times, states * directions) by arguments at some positions, from one larger system.

    args: of the Ode with this body.
    """
    (count,) = static(args[_INITIAL].shape, "a state")
    directions = [_elements(args[position]) for position in positions]
    start = [
        np.eye(count) if position == _INITIAL else np.zeros((count, each))
        for position, each in zip(positions, directions, strict=True)
    ]
    initial = make.concatenate([args[_INITIAL], make.lift(np.concatenate([np.ravel(block) for block in start]))], 0)
    states = ode(larger_system(body, tuple(positions)), [initial, *args[1:]], options)
    ends = np.cumsum([count, *(count * each for each in directions)]).tolist()
    return [make.index(states, (slice(None), slice(*bounds))) for bounds in pairwise(ends)]


def larger_system(body: Body, positions: tuple[int, ...]) -> Body:
    """The slope of the state and of its sensitivities, always the same one for the same body."""
    key = "sensitivity", positions
    if key not in body.derived:
        larger = body.derived[key] = _extended(body, positions)
        larger.derived[SYSTEM_OF] = body, positions
    found: Body = body.derived[key]
    return found


def _extended(body: Body, positions: Sequence[int]) -> Body:
    (slope,), state, time, captured = body.outputs, body.inputs[0], body.inputs[1], body.inputs[2:]
    count = _elements(state)
    leaves = dict.fromkeys([state, *(body.inputs[position] for position in positions)])
    blocks = dict(zip(leaves, _jacobian_blocks(body, list(leaves)), strict=True))
    directions = [_elements(body.inputs[position]) for position in positions]
    larger = Input(state.name, (count * (1 + sum(directions)),))
    ends = np.cumsum([count, *(count * each for each in directions)]).tolist()
    changes = []
    for position, each, bounds in zip(positions, directions, pairwise(ends), strict=True):
        rows = make.reshape(make.index(larger, (slice(*bounds),)), (count, each))
        change = make.einsum(((0, 1), (1, 2)), (0, 2), blocks[state], rows)
        if position != _INITIAL:
            change = change + make.reshape(blocks[body.inputs[position]], (count, each))
        changes.append(make.reshape(change, (count * each,)))
    (found,) = substitute([make.concatenate([slope, *changes], 0)], {state: make.index(larger, (slice(count),))})
    program = Program("slope", (), (larger, time, *captured), (found,), LEAF)
    return slope_of(larger, time, captured, *(by_elements(program) if is_few(program) else program).outputs)


def _elements(node: Node) -> int:
    return math.prod(static(node.shape, "a sensitivity"))


def _jacobian_blocks(body: Body, leaves: Sequence[Node]) -> list[Node]:
    from symdiff.calculus import array_blocks, element_blocks

    program = Program("slope", (), body.inputs, body.outputs, LEAF)
    blocks = element_blocks if is_few(program) else array_blocks
    found: list[Node] = blocks.jacobian_blocks(program, leaves)
    return found


def _slopes_at_times(node: Ode) -> Node:
    """The slopes at the states that were found, one row for each time."""
    (length,) = node.args[_TIMES].shape
    if not is_static((length,)) or static((length,), "times")[0] > _MOST_TIMES:
        raise ShapeError(
            f"a solution of differential equations at {length} times is differentiated by the times",
            origin=node.origin,
            why=f"The slope is written out at each of them, which is done for up to {_MOST_TIMES}.",
            fix="leave the times constant, or integrate over a scaled time from 0 to 1",
        )
    rows = []
    for at in range(static((length,), "times")[0]):
        known: dict[Node, Node] = dict(zip(node.body.inputs[2:], node.args[2:], strict=True))
        known[node.body.inputs[0]] = make.index(node, (at, slice(None)))
        known[node.body.inputs[1]] = make.index(node.args[_TIMES], (at,))
        rows += substitute(node.body.outputs, known)
    return make.stack(rows)
