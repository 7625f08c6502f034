"""Which values get a line of their own because the graph says so.

In: the nodes of a program. Out: how often each is used, and the name the user gave it. Values that only grow too long
to stand inside another are found when they are written.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import attrgetter

from symdiff.ir.nodes import Node, Part


def count_uses(
    nodes: Sequence[Node],
    outputs: Iterable[Node],
    arguments: Callable[[Node], Sequence[Node]] = attrgetter("args"),
) -> Counter[Node]:
    """How many places each node is used in, outputs included. `arguments` are those of a node that it is made from."""
    uses = Counter(dict.fromkeys(nodes, 0))
    uses.update(outputs)
    uses.update(chain.from_iterable(map(arguments, nodes)))
    return uses


def user_names(nodes: Sequence[Node]) -> dict[Node, str]:
    """The nodes of the user's own that a line of theirs binds to a name.

    An instruction may make several nodes, and a loop runs it again and again: only a node that no later one of the
    same instruction is made from carries the name.
    """
    inner: set[Node] = set()
    for node in nodes:
        if node.origin is None or node.rule:
            continue
        for argument in node.args:
            origin = argument.origin
            if origin is not None and origin.offset == node.origin.offset and origin.code is node.origin.code:
                inner.add(argument)
    named = ((node, user_name(node)) for node in nodes if node not in inner and node.args)
    return {node: name for node, name in named if name}


def parts_of_values(nodes: Sequence[Node]) -> set[Node]:
    """The nodes that another one of the same run of the same instruction is made from: it has the name, they have not.

    `s6 = (sigma / r)**6` is a product of partial powers, a long sum is broken in two: neither part is what the user
    calls s6.
    """
    return {
        argument
        for node in nodes
        if node.origin is not None and not node.rule
        for argument in node.args
        if argument.origin is node.origin and not isinstance(node, Part)
    }


def user_name(node: Node) -> str:
    """The name that the user's line binds the value to; empty for a part of an expression, or of a derivative."""
    if node.origin is None or node.rule:
        return ""
    if isinstance(node, Part) and node.position < len(node.origin.unpacks):
        return node.origin.unpacks[node.position]
    return node.origin.binds or ""
