"""How loops are made.

In: one round, and the initial state and captured values. Out: a Loop node; `results` takes it apart.
"""

from collections.abc import Sequence

from symdiff.ir import make
from symdiff.ir.nodes import Body, Input, Loop, Node, Rewind, intern


def loop(body: Body, args: Sequence[Node]) -> Node:
    """The node of a loop: `while condition(state): state = outputs(state)`.

    >>> from symdiff.ir.nodes import Input
    >>> from symdiff.ops.piecewise import greater
    >>> x = Input("x")
    >>> [repr(part) for part in results(loop(Body([x], greater(x, 1.0), [x / 2.0]), [Input("start")]))]
    ['Part(0)']
    """
    given = _fitting(args, body.inputs)
    return intern(("loop", body, given), lambda: Loop(body, given))


def rewind(body: Body, forward: Node, args: Sequence[Node]) -> Node:
    """The node that runs a body once for each round of a loop, from the last one to the first."""
    given = (forward, *_fitting(args, body.inputs))
    return intern(("rewind", body, given), lambda: Rewind(body, given))


def _fitting(args: Sequence[Node], inputs: Sequence[Input]) -> tuple[Node, ...]:
    """The arguments in the shapes of the inputs."""
    return tuple(
        [
            arg if arg.shape == each.shape else make.broadcast(arg, each.shape)
            for arg, each in zip(args, inputs, strict=True)
        ]
    )


def results(node: Node) -> list[Node]:
    """The final state."""
    return [make.part(node, position) for position in range(len(node.parts))]
