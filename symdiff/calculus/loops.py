"""Loops differentiated.

In: a Loop, and the tangents of its arguments or the cotangents of its results. Out: derivative nodes. The condition is
constant in pieces: the number of rounds has no derivative (Griewank and Walther, Evaluating Derivatives, 2008,
chapter 14).

Forward: tangents run along with the state, in the same rounds. Such a loop has the state of the loop itself among its
own, so that they can be joined. Reverse, of few numbers: a direction for each of them runs along, and is contracted
with the cotangents at the end; nothing is kept, and derivatives of derivatives are loops again. Reverse, of more: the
state of every round is kept, and a Rewind takes the rounds back with the cotangents.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from symdiff.calculus.guards import add_all
from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex, real_part
from symdiff.ir.lengths import is_static, static
from symdiff.ir.make_loop import loop, results, rewind
from symdiff.ir.nodes import Body, Const, Input, Loop, Node, Shape
from symdiff.ir.program import topological

ZERO = make.constant(0.0)
DIRECTIONS = 4  # numbers for which tangents run along in reverse mode


def push_loop(node: Loop, tangents: Sequence[Node | None]) -> list[Node | None]:
    """The tangents of the final state."""
    extended, made = pushed(node, tangents)
    final: list[Node | None] = [None] * len(node.body.outputs)
    for at, tangent in zip(extended.active, results(made)[len(final) :], strict=True):
        final[at] = tangent
    return final


def pull_loop(node: Loop, cotangents: Sequence[Node | None], active: Sequence[int]) -> Callable[[int], Node | None]:
    """The part of each argument's cotangent."""
    arguments = {node.args[at] for at in active}
    if all(is_static(each.shape) for each in arguments) and sum(map(_size, arguments)) <= DIRECTIONS:
        return lambda position: by_directions(node, cotangents, position, push_loop)
    return _taken_back(node, cotangents, active).get


def _size(node: Node) -> int:
    return int(np.prod(static(node.shape, "the derivative of a loop by an array")))


def by_directions(
    node: Node,
    cotangents: Sequence[Node | None],
    position: int,
    push: Callable[..., Sequence[Node | None]],
) -> Node | None:
    """The cotangent of one operand, in all its places, by pushing each of its numbers forward."""
    argument = node.operands[position]
    places = [at for at, other in enumerate(node.operands) if other is argument]
    if places[0] != position:
        return None  # the first of them has the cotangent of all

    def along(direction: Node) -> Node:
        """How much the results that have cotangents grow along a direction."""
        tangents = [direction if at in places else None for at in range(len(node.operands))]
        terms = [
            make.reduce("sum", cotangent * tangent, range(cotangent.ndim)) if cotangent.ndim else cotangent * tangent
            for cotangent, tangent in zip(cotangents, push(node, tangents), strict=True)
            if cotangent is not None and tangent is not None
        ]
        total = add_all(terms)
        return ZERO if total is None else real_part(total)

    pieces: list[Node] = []
    for direction in _directions(argument.shape):
        piece = along(like(direction, argument))
        pieces.append(piece - 1j * along(1j * direction) if argument.dtype == "complex" else piece)
    if all(piece is ZERO for piece in pieces):
        return None
    return make.reshape(make.stack(pieces), argument.shape) if argument.shape else pieces[0]


def _directions(shape: Shape) -> Iterator[Node]:
    """A tangent for each element: 1 there, 0 elsewhere."""
    lengths = static(shape, "the derivative of a loop by an array")
    if not lengths:
        yield make.constant(1.0)
        return
    for at in np.ndindex(*lengths):
        direction = np.zeros(lengths)
        direction[at] = 1.0
        yield make.lift(direction)


# -- tangents -----------------------------------------------------------------------------------------------------


def pushed(node: Loop, tangents: Sequence[Node | None]) -> tuple["Extended", Node]:
    """The loop whose state has tangents, always the same for the same tangents."""
    body, count = node.body, len(node.body.outputs)
    given = tuple(at for at, tangent in enumerate(tangents) if tangent is not None)
    fixed = tuple(tangent for tangent in tangents[count:] if isinstance(tangent, Const))
    key = ("tangents", given, *fixed)
    if key not in body.derived:
        body.derived[key] = Extended(body, tangents)
    extended: Extended = body.derived[key]
    initial = [like(tangents[at], node.args[at]) for at in extended.active]
    captured = [tangent for at in extended.given if (tangent := tangents[at]) is not None]
    return extended, loop(extended.body, [*node.args[:count], *initial, *node.args[count:], *captured])


class Extended:
    """A body whose state has tangents.

    inner: the tangents of its inputs, by position. active: the state that has one. given: the captured values with a
    tangent that is no constant. outer: tangents of inputs of another body, that this one may use.
    """

    def __init__(self, body: Body, tangents: Sequence[Node | None], outer: Mapping[Node, Node] | None = None) -> None:
        count = len(body.outputs)
        self.inner: dict[int, Node] = {}
        for at, tangent in enumerate(tangents):
            if tangent is not None:
                is_fixed = at >= count and isinstance(tangent, Const)
                self.inner[at] = tangent if is_fixed else _tangent_of(body.inputs[at])
        self.given = [at for at, tangent in self.inner.items() if at >= count and isinstance(tangent, Input)]
        outer = outer or {}
        steps = _steps(body, self.inner, outer)
        while any(step is not None and at not in self.inner for at, step in enumerate(steps)):
            for at, step in enumerate(steps):
                if step is not None:
                    self.inner.setdefault(at, _tangent_of(body.inputs[at]))
            steps = _steps(body, self.inner, outer)
        self.active = sorted(at for at in self.inner if at < count)
        inputs = [*(self.inner[at] for at in self.active), *body.captured, *(self.inner[at] for at in self.given)]
        new = [like(steps[at], body.state[at]) for at in self.active]
        leaves = [each for each in inputs if isinstance(each, Input)]
        self.body = Body([*body.state, *leaves], body.condition, [*body.outputs, *new])


def like(derivative: Node | None, value: Node) -> Node:
    """A tangent or cotangent of a value, in its shape."""
    given = ZERO if derivative is None else derivative
    if value.dtype == "complex":
        given = as_complex(given)
    return make.broadcast(given, value.shape)


def _steps(body: Body, tangents: Mapping[int, Node], outer: Mapping[Node, Node]) -> list[Node | None]:
    """The tangents of the state after one round."""
    from symdiff.calculus.sweeps import forward

    known = {body.inputs[at]: tangent for at, tangent in tangents.items()} | dict(outer)
    return forward(body.outputs, list(known.values()), list(known))


def _tangent_of(state: Input) -> Input:
    return Input(f"d_{state.name.strip('_')}", state.shape, state.dtype if state.dtype == "complex" else "real")


# -- cotangents ---------------------------------------------------------------------------------------------------


def _taken_back(node: Loop, cotangents: Sequence[Node | None], active: Sequence[int]) -> dict[int, Node]:
    """The cotangents of the arguments at some positions, by a loop over the rounds from the last to the first."""
    body = node.body
    given = tuple(at for at, cotangent in enumerate(cotangents) if cotangent is not None)
    key = ("cotangents", given, *active)
    if key not in body.derived:
        body.derived[key] = _Reversed(body, given, active)
    reverse: _Reversed = body.derived[key]
    if not reverse.state and not reverse.captured:
        return {}
    initial = [like(cotangents[at], node.args[at]) for at in reverse.state]
    zeros = [like(None, node.args[at]) for at in reverse.captured]
    found = results(rewind(reverse.body, node, [*initial, *zeros]))
    wanted = set(active)
    return {at: part for at, part in zip([*reverse.state, *reverse.captured], found, strict=True) if at in wanted}


class _Reversed:
    """A round taken back: cotangents of the state from those of the next one, and sums of those of what is captured.

    state, captured: the positions among the inputs of the round of what has a cotangent.
    """

    def __init__(self, body: Body, given: Sequence[int], active: Sequence[int]) -> None:
        count = len(body.outputs)
        varying = _varying(body, active)
        self.captured = [at for at in active if at >= count]
        carried = {at for at in given if at in varying}
        while True:
            self.state = sorted(carried)
            inputs = {at: _cotangent_of(body.inputs[at]) for at in [*self.state, *self.captured]}
            places = [*sorted(varying), *self.captured]
            steps = _pulled(body, {at: inputs[at] for at in self.state}, places)
            reached = {at for at in varying if steps[at] is not None} | carried
            if reached == carried:
                break
            carried = reached
        self.captured = [at for at in self.captured if steps[at] is not None]
        new = [like(steps[at], body.inputs[at]) for at in self.state]
        sums = [inputs[at] + like(steps[at], body.inputs[at]) for at in self.captured]
        self.body = Body([inputs[at] for at in [*self.state, *self.captured]], make.constant(True), [*new, *sums])


def _varying(body: Body, active: Sequence[int]) -> set[int]:
    """The state that depends on the arguments at some positions."""
    from symdiff.calculus.sweeps import active_nodes

    count = len(body.outputs)
    varying = {at for at in active if at < count}
    while True:
        known = [body.inputs[at] for at in [*varying, *(at for at in active if at >= count)]]
        found = active_nodes(topological(body.outputs), known)
        reached = {at for at, output in enumerate(body.outputs) if output in found and output.dtype != "bool"}
        if reached <= varying:
            return {at for at in varying if body.inputs[at].dtype != "bool"}
        varying |= reached


def _pulled(body: Body, cotangents: Mapping[int, Node], places: Sequence[int]) -> dict[int, Node | None]:
    """The cotangents of some inputs of a round, from those of the state after it."""
    from symdiff.calculus.sweeps import reverse

    outputs = [body.outputs[at] for at in cotangents]
    found = reverse(outputs, list(cotangents.values()), [body.inputs[at] for at in places])
    return dict(zip(places, found, strict=True))


def _cotangent_of(each: Input) -> Input:
    return Input(f"to_{each.name.strip('_')}", each.shape, each.dtype if each.dtype == "complex" else "real")
