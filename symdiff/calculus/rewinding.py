"""Rounds that are taken back, differentiated once more.

In: a Rewind, and the tangents of its operands or the cotangents of its results. Out: derivative nodes. The operands are
the arguments of its loop, and its own. Forward: the tangents run along, both through the rounds of the loop and back.
Reverse: each number of the operands is pushed forward, and contracted with the cotangents.
"""

from collections.abc import Callable, Sequence
from functools import partial

from symdiff.calculus.loops import Extended, by_directions, like, pushed
from symdiff.ir.make_loop import results, rewind
from symdiff.ir.nodes import Const, Node, Rewind


def push_rewind(node: Rewind, tangents: Sequence[Node | None]) -> list[Node | None]:
    """The tangents of the results."""
    count = len(node.loop.args)
    own, given = tangents[count:], node.args[1:]
    inner: dict[Node, Node] = {}
    forward: Node = node.loop
    if any(tangent is not None for tangent in tangents[:count]):
        outer, forward = pushed(node.loop, tangents[:count])
        inner = {node.loop.body.inputs[at]: each for at, each in outer.inner.items()}
    state = len(node.body.outputs)
    fixed = tuple(tangent for tangent in own[state:] if isinstance(tangent, Const))
    key = ("tangents", *inner.values(), tuple(at for at, tangent in enumerate(own) if tangent is not None), *fixed)
    if key not in node.body.derived:
        node.body.derived[key] = Extended(node.body, own, inner)
    extended: Extended = node.body.derived[key]
    initial = [like(own[at], given[at]) for at in extended.active]
    captured = [tangent for at in extended.given if (tangent := own[at]) is not None]
    made = rewind(extended.body, forward, [*given[:state], *initial, *given[state:], *captured])
    found: list[Node | None] = [None] * state
    for at, tangent in zip(extended.active, results(made)[state:], strict=True):
        found[at] = tangent
    return found


def pull_rewind(node: Rewind, cotangents: Sequence[Node | None], active: Sequence[int]) -> Callable[[int], Node | None]:
    """The part of each operand's cotangent."""
    return partial(by_directions, node, cotangents, push=push_rewind)
