"""Loops differentiated: tangents run along with the state, in the same rounds.

In: a Loop, and the tangents of its arguments or the cotangents of its results. Out: derivative nodes. The condition is
constant in pieces: the number of rounds has no derivative (Griewank and Walther, Evaluating Derivatives, 2008,
chapter 14). Loops of derivatives have the state of the loop itself among their own, so that they can be joined.

Reverse mode pushes a direction for each element of the arguments through the rounds, and contracts them with the
cotangents at the end: no state is kept, and derivatives of derivatives are loops again.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from symdiff.calculus.guards import add_all
from symdiff.ir import make
from symdiff.ir.lengths import static
from symdiff.ir.make_loop import loop, results
from symdiff.ir.nodes import Body, Const, Input, Loop, Node

ZERO = make.constant(0.0)


def push_loop(node: Loop, tangents: Sequence[Node | None]) -> list[Node | None]:
    """The tangents of the final state."""
    given = tuple(at for at, tangent in enumerate(tangents) if tangent is not None)
    return _pushed(node, tangents, ("along", given))


def pull_loop(node: Loop, cotangents: Sequence[Node | None], position: int) -> Node | None:
    """The cotangent of one argument, in all its places."""
    argument = node.args[position]
    places = [at for at, other in enumerate(node.args) if other is argument]
    if places[0] != position:
        return None  # the first of them has the cotangent of all
    shape = static(argument.shape, "the derivative of a loop by an array")
    pieces: list[Node] = []
    for at in np.ndindex(*shape):
        direction = np.zeros(shape)
        direction[at] = 1.0
        tangents: list[Node | None] = [None] * len(node.args)
        for place in places:
            tangents[place] = make.lift(direction if shape else 1.0)
        found = _pushed(node, tangents, ("direction", *places, at))
        terms = [
            make.reduce("sum", cotangent * tangent, range(cotangent.ndim)) if cotangent.ndim else cotangent * tangent
            for cotangent, tangent in zip(cotangents, found, strict=True)
            if cotangent is not None and tangent is not None
        ]
        total = add_all(terms)
        pieces.append(ZERO if total is None else total)
    if all(piece is ZERO for piece in pieces):
        return None
    return make.reshape(make.stack(pieces), argument.shape) if shape else pieces[0]


def _pushed(node: Loop, tangents: Sequence[Node | None], key: tuple[object, ...]) -> list[Node | None]:
    """The tangents of the final state, by a loop that is the same for the same key."""
    count = len(node.body.outputs)
    key = (*key, *(tangent for at, tangent in enumerate(tangents) if at >= count and isinstance(tangent, Const)))
    if key not in node.body.derived:
        node.body.derived[key] = _Extended(node.body, tangents)
    extended: _Extended = node.body.derived[key]
    initial = [_like(tangents[at], node.args[at]) for at in extended.active]
    captured = [tangent for at in extended.given if (tangent := tangents[at]) is not None]
    made = loop(extended.body, [*node.args[:count], *initial, *node.args[count:], *captured])
    final: list[Node | None] = [None] * count
    for at, tangent in zip(extended.active, results(made)[count:], strict=True):
        final[at] = tangent
    return final


class _Extended:
    """A body whose state has tangents.

    active: the state that has one. given: the captured values with a tangent that is no constant.
    """

    def __init__(self, body: Body, tangents: Sequence[Node | None]) -> None:
        count = len(body.outputs)
        inner: dict[int, Node] = {}
        for at, tangent in enumerate(tangents):
            if tangent is not None:
                is_fixed = at >= count and isinstance(tangent, Const)
                inner[at] = tangent if is_fixed else _tangent_of(body.inputs[at])
        self.given = [at for at, tangent in inner.items() if at >= count and isinstance(tangent, Input)]
        steps = _steps(body, inner)
        while any(step is not None and at not in inner for at, step in enumerate(steps)):
            for at, step in enumerate(steps):
                if step is not None:
                    inner.setdefault(at, _tangent_of(body.inputs[at]))
            steps = _steps(body, inner)
        self.active = sorted(at for at in inner if at < count)
        inputs = [*(inner[at] for at in self.active), *body.captured, *(inner[at] for at in self.given)]
        new = [_like(steps[at], body.state[at]) for at in self.active]
        leaves = [each for each in inputs if isinstance(each, Input)]
        self.body = Body([*body.state, *leaves], body.condition, [*body.outputs, *new])


def _like(tangent: Node | None, value: Node) -> Node:
    return make.broadcast(ZERO if tangent is None else tangent, value.shape)


def _steps(body: Body, tangents: Mapping[int, Node]) -> list[Node | None]:
    """The tangents of the state after one round."""
    from symdiff.calculus.sweeps import forward

    return forward(body.outputs, list(tangents.values()), [body.inputs[at] for at in tangents])


def _tangent_of(state: Input) -> Input:
    return Input(f"d_{state.name.strip('_')}", state.shape)
