"""Loops, and rounds that are taken back, run on a whole batch at once.

In: a Loop or a Rewind, and values for those of its arguments that have the axes of the batch in front of their own.
Out: the node with these axes in front of all that depends on such an argument. The rounds are counted by what has none:
a linear program counts by nothing that it is linear in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from symdiff.ir.make_loop import loop, rewind
from symdiff.ir.nodes import Body, Input, Loop, Node, Rewind, Shape
from symdiff.ir.program import topological

Batched = Callable[..., list[Node]]  # `batch.batched`


class _Round(NamedTuple):
    """A round of a batch.

    inputs: what stands for the inputs that have its axes.
    """

    body: Body
    inputs: Mapping[Node, Any]


def batched_loop(node: Loop, known: Mapping[Node, Node], batch: Shape, batched: Batched) -> Node:
    """The loop for a batch of values of some of its arguments."""
    made = _round(node.body, _places(node.args, known), {}, batch, batched)
    return loop(made.body, [known.get(arg, arg) for arg in node.args])


def batched_rewind(node: Rewind, known: Mapping[Node, Node], batch: Shape, batched: Batched) -> Node:
    """The rounds taken back for a batch of values of some of the arguments, those of the loop among them."""
    forward, *own = node.args
    outer = (
        _round(node.loop.body, _places(node.loop.args, known), {}, batch, batched).inputs if forward in known else {}
    )
    made = _round(node.body, _places(own, known), outer, batch, batched)
    return rewind(made.body, known.get(forward, forward), [known.get(arg, arg) for arg in own])


def _places(args: Sequence[Node], known: Mapping[Node, Node]) -> tuple[int, ...]:
    return tuple([at for at, arg in enumerate(args) if arg in known])


def _round(body: Body, given: tuple[int, ...], outer: Mapping[Node, Any], batch: Shape, batched: Batched) -> _Round:
    """The round whose inputs at some positions are batches; always the same one for the same positions.

    outer: batches that stand for inputs of another body, which this one may use.
    """
    key = ("batched", batch, given, *outer.values())
    if key not in body.derived:
        places = _reached(body, given, outer)
        inputs: dict[Node, Any] = {body.inputs[at]: _wider(body.inputs[at], batch) for at in sorted(places)}
        outputs = list(body.outputs)
        state = [at for at in sorted(places) if at < len(outputs)]
        for at, output in zip(state, batched([outputs[at] for at in state], {**outer, **inputs}, batch), strict=True):
            outputs[at] = output
        made = Body([inputs.get(each, each) for each in body.inputs], body.condition, outputs)
        body.derived[key] = _Round(made, inputs)
    found: _Round = body.derived[key]
    return found


def _wider(each: Input, batch: Shape) -> Input:
    return Input(each.name, (*batch, *each.shape), each.dtype)


def _reached(body: Body, given: Collection[int], outer: Collection[Node]) -> set[int]:
    """The inputs that some round makes a batch of."""
    order = topological(body.outputs)
    places = set(given)
    while True:
        depending = {*outer, *(body.inputs[at] for at in places)}
        for node in order:
            if not depending.isdisjoint(node.args):
                depending.add(node)
        reached = {at for at, output in enumerate(body.outputs) if output in depending}
        if reached <= places:
            return places
        places |= reached
