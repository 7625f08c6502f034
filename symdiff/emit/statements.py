"""Statements: what stands between the unpacking of the arguments and the return.

In: nothing. Out: the two kinds of statement that a program without loops needs.
"""

from dataclasses import dataclass, field

from symdiff.backends.base import Text
from symdiff.ir.nodes import Node


@dataclass(slots=True)
class Assign:
    """`name = text`. `node` is the value; its origin is named in a comment."""

    name: str
    text: Text
    node: Node


@dataclass(slots=True)
class Choice:
    """`if condition: … else: …`."""

    condition: Text
    if_true: "list[Statement]" = field(default_factory=list)
    if_false: "list[Statement]" = field(default_factory=list)


Statement = Assign | Choice
