"""The kinds of node that stand for many rounds of one computation.

In: a round, and what it begins with. Out: Loop and Rewind nodes, whose results are taken by Part nodes.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from symdiff.ir.node import Node

if TYPE_CHECKING:
    from symdiff.ir.nodes import Input


class Body:
    """One round of a loop, a graph of its own: next = outputs(state, captured), as long as the condition holds.

    inputs: those of the state first, then those of what is captured. A body is equal to itself only.
    derived: the bodies that were made of this one, by what was done with it, so that doing it again gives the same.
    """

    __slots__ = ("condition", "derived", "inputs", "outputs")

    def __init__(self, inputs: Iterable["Input"], condition: Node, outputs: Iterable[Node]) -> None:
        self.inputs = tuple(inputs)
        self.condition = condition
        self.outputs = tuple(outputs)
        self.derived: dict[Any, Any] = {}

    @property
    def state(self) -> tuple["Input", ...]:
        return self.inputs[: len(self.outputs)]

    @property
    def captured(self) -> tuple["Input", ...]:
        return self.inputs[len(self.outputs) :]


class Loop(Node):
    """`while condition(state): state = body(state)`; args are the initial state and the captured values.

    The results are the final state. All of it has the same shapes and dtypes in every round.
    """

    __slots__ = ("body", "parts")

    def __init__(self, body: Body, args: tuple[Node, ...]) -> None:
        super().__init__(args, (), "tuple")
        self.origin = self.origin or body.condition.origin  # a loop that is made of others, or of constants
        self.body = body
        self.parts = tuple((each.shape, each.dtype) for each in body.state)

    def __repr__(self) -> str:
        return f"Loop({', '.join(each.name for each in self.body.state)})"


class Rewind(Node):
    """The rounds of a loop from the last one to the first; args are the Loop, the initial state and captured values.

    The state is changed by the body once for every round of the loop, without a condition. The body may use the Inputs
    of the loop's own body: they stand for what they were at the beginning of that round.
    """

    __slots__ = ("body", "parts")

    def __init__(self, body: Body, args: tuple[Node, ...]) -> None:
        super().__init__(args, (), "tuple")
        self.body = body
        self.parts = tuple((each.shape, each.dtype) for each in body.state)

    @property
    def loop(self) -> Loop:
        """Whose rounds are taken back."""
        found = self.args[0]
        assert isinstance(found, Loop)
        return found

    @property
    def operands(self) -> tuple[Node, ...]:
        """What it is computed from: the arguments of the loop, and its own."""
        return (*self.loop.args, *self.args[1:])

    def __repr__(self) -> str:
        return f"Rewind({', '.join(each.name for each in self.body.state)})"
