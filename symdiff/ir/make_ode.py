"""How systems of differential equations are made.

In: the slope, in terms of Inputs for state and time, and the initial state. Out: an Ode node.
"""

from collections.abc import Sequence

from symdiff.ir import make
from symdiff.ir.nodes import Body, Input, Node, Ode, intern

Options = tuple[tuple[str, float], ...]


def ode(body: Body, args: Sequence[Node], options: Options = ()) -> Node:
    """The states at the times `args[1]`, from the initial state `args[0]`.

    >>> y, t = Input("y", (1,)), Input("t")
    >>> body = slope_of(y, t, (), -y)
    >>> ode(body, [Input("start", (1,)), Input("times", (5,))]).shape
    (5, 1)
    """
    given = tuple(args)
    return intern(("ode", body, given, options), lambda: Ode(body, given, options))


def slope_of(state: Input, time: Input, captured: Sequence[Input], slope: Node) -> Body:
    """The slope as a graph of its own."""
    return Body([state, time, *captured], make.constant(True), [slope])
