"""Statements: what stands between the unpacking of the arguments and the return.

In: nothing. Out: the kinds of statement that a program needs.
"""

from dataclasses import dataclass, field

from symdiff.backends.base import Text
from symdiff.backends.layout import Item
from symdiff.ir.nodes import Node
from symdiff.origin import Origin

_UNKNOWN = Text("")


@dataclass(slots=True)
class Assign:
    """`name = right`. `node` is the value; its origin is named in a comment.

    target: what is assigned to where it is not the name: `v0[2]`.
    adds: whether it is added to what is there: `v0[2] += right`.
    annotation: its type, where type checkers would infer a narrower one: `v0: Any = 0.0`.
    fallback: what the value is where computing it raises an exception; empty where none is caught.
    """

    name: str
    right: Item
    node: Node
    target: str = ""
    adds: bool = False
    annotation: str = ""
    fallback: str = ""


@dataclass(slots=True)
class Choice:
    """`if condition: … else: …`; the text of the condition is known when the statement is complete.

    origin: of the condition, where the user wrote it.
    """

    condition: Text = _UNKNOWN
    if_true: "list[Statement]" = field(default_factory=list)
    if_false: "list[Statement]" = field(default_factory=list)
    origin: Origin | None = None


@dataclass(slots=True)
class Refusal:
    """`if condition: raise error`, which the line of the user's at `origin` does."""

    condition: str
    error: Item
    origin: Origin | None


@dataclass(slots=True)
class Repeat:
    """`while over:`, or `for targets in over:`, with what stands under it. `node` is the loop."""

    over: str
    body: "list[Statement]"
    node: Node
    targets: tuple[str, ...] = ()


@dataclass(slots=True)
class Leave:
    """`if condition: break`."""

    condition: str


@dataclass(slots=True)
class Define:
    """A function in the function: `def signature:`, what it computes, and its result. `node` is what calls it."""

    signature: str
    body: "list[Statement]"
    result: Item
    node: Node


@dataclass(slots=True)
class Keep:
    """`history.append((x, y))`."""

    history: str
    values: Item


Statement = Assign | Choice | Refusal | Repeat | Leave | Keep | Define
