"""What values are called: as the user calls them, and a side of a choice as the choice.

In: the nodes of a program, and the names of the function. Out: a name for each value that gets a line of its own, made
when it is asked for.
"""

from collections.abc import Callable, Mapping, Sequence

from symdiff.emit.names import Names
from symdiff.ir.nodes import Node, Select
from symdiff.schedule.placement import Block, sides
from symdiff.schedule.sharing import parts_of_values, user_name, user_names


class Wishes:
    """The names of values.

    own: what a line of the user's binds, which gets a line of its own for that.
    """

    def __init__(self, nodes: Sequence[Node], names: Names) -> None:
        self.own = user_names(nodes)
        self._nodes = nodes
        self._names = names
        self._unnamed = parts_of_values(nodes)
        self._inherited: dict[Node, str] = {}  # names of choices that are a side of a choice with a name
        self._side_of: dict[Node, Node] = {}  # values that are computed on one side of a choice, and are that side
        self._promised: dict[Node, str] = {}  # names of choices, which their sides have got before

    def hand_on(self, blocks: Callable[[Node], tuple[Block, ...]], uses: Mapping[Node, int]) -> None:
        """Where choices are `if` statements: a value that is computed on one side of a choice gets its name at once."""
        for node in reversed(self._nodes):
            wish = self.called(node) if isinstance(node, Select) else ""
            if wish:
                self._inherited.update((side, wish) for side in node.args[1:] if isinstance(side, Select))
        for choice in self._nodes:
            if isinstance(choice, Select):
                self._find_sides(choice, blocks)
                for side in choice.args[1:]:
                    if uses[side] == 1 and self.own.get(side, "") == self.called(choice) != "":
                        del self.own[side]

    def _find_sides(self, choice: Select, blocks: Callable[[Node], tuple[Block, ...]]) -> None:
        condition, *values = sides(choice)
        for value, side in zip(values, (True, False), strict=True):
            if value.args and blocks(value) == tuple([block.child(condition, side) for block in blocks(choice)]):
                self._side_of.setdefault(value, choice)

    def leave(self, node: Node) -> None:
        """The value is assigned by whoever asks for it."""
        self.own.pop(node, None)

    def of(self, node: Node) -> str:
        """What the user calls the value; empty for a part of an expression, and for a number or an array of numbers."""
        if node in self._unnamed or not node.args:
            return ""
        return self.own.get(node) or user_name(node)

    def called(self, node: Node) -> str:
        """What the user calls the value, or the choice of which it is a side."""
        return self.of(node) or self._inherited.get(node, "")

    def name(self, node: Node) -> str:
        """The name of a value; that of a choice where the value is one of its sides: no line says `x = v3` then."""
        path = [node]
        while path[-1] not in self._promised:
            choice = self._side_of.get(path[-1])
            if choice is None or self.called(path[-1]) not in ("", self.called(choice)):
                wish = self.called(path[-1])
                self._promised[path[-1]] = self._names.fresh(wish) if wish else self._names.value()
            else:
                path.append(choice)
        self._promised.update(dict.fromkeys(path, self._promised[path[-1]]))
        return self._promised[node]
