"""How loops are made.

In: one round, and the initial state and captured values. Out: a Loop node; `results` takes it apart.
"""

from collections.abc import Sequence

from symdiff.ir import make
from symdiff.ir.nodes import Body, Loop, Node, intern


def loop(body: Body, args: Sequence[Node]) -> Node:
    """The node of a loop: `while condition(state): state = outputs(state)`.

    >>> from symdiff.ir.nodes import Input
    >>> from symdiff.ops.piecewise import greater
    >>> x = Input("x")
    >>> [repr(part) for part in results(loop(Body([x], greater(x, 1.0), [x / 2.0]), [Input("start")]))]
    ['Part(0)']
    """
    given = tuple(
        [
            arg if arg.shape == each.shape else make.broadcast(arg, each.shape)
            for arg, each in zip(args, body.inputs, strict=True)
        ]
    )
    return intern(("loop", body, given), lambda: Loop(body, given))


def results(node: Node) -> list[Node]:
    """The final state."""
    return [make.part(node, position) for position in range(len(node.parts))]
