"""Statements of nodes that hold graphs of their own: loops, and slopes of differential equations.

In: such a node, and whoever writes the statements around it. Out: a `while` or a function among these statements. What
the inner graph captures gets names before it, so that it is computed once.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from symdiff.backends.base import Backend, Environment, Text
from symdiff.emit.names import Names
from symdiff.emit.prepared import prepared
from symdiff.emit.repeat import History, Writer, Written
from symdiff.emit.statements import Define, Statement
from symdiff.ir.nodes import Input, Loop, Node, Ode, Part, Rewind
from symdiff.ir.program import Program, topological
from symdiff.ir.structure import LEAF
from symdiff.schedule.placement import Block

Composed = tuple[list[Statement], list[Text]]


class Outer(Protocol):
    """Who writes the statements around an inner graph."""

    backend: Backend
    environment: Environment
    names: Names
    nodes: Sequence[Node]
    results: dict[Node, dict[int, Part]]
    texts: dict[Node, Text]
    indent: int
    by_element: bool

    def give_name(self, node: Node) -> None:
        """A line of its own for the node."""

    def blocks(self, node: Node) -> tuple[Block, ...]:
        """Where the node is computed."""

    def statements_of(self, block: Block) -> list[Statement]:
        """What stands there."""


class InnerGraphs:
    """Writes inner graphs with the help of `compose`, which writes programs."""

    def __init__(self, outer: Outer, compose: Callable[..., Composed]) -> None:
        self._outer = outer
        self._compose = compose
        self._histories: dict[Node, History] = {}  # of the loops whose rounds are taken back

    def repeat(self, node: Loop | Rewind) -> None:
        """The lines of a loop, or of one over what another one has kept."""
        outer = self._outer
        if isinstance(node, Rewind):
            args = self._named(node.args[1:], len(node.parts))
            loop = self._writer().backward(node, args, self._histories[node.loop], self._column(node))
        else:
            users = [user for user in outer.nodes if isinstance(user, Rewind) and user.loop is node]
            needed = {node.body.condition, *(each for user in users for each in topological(user.body.outputs))}
            args, used = self._named(node.args, len(node.parts)), outer.results.get(node, {})
            loop = self._writer().forward(node, args, used, needed if users else (), self._column(node))
            self._histories[node] = loop.history
        self._write(node, loop)

    def define_slope(self, node: Ode) -> None:
        """The function that a solver of differential equations calls."""
        outer = self._outer
        state, time, *captured = node.body.inputs
        args = self._named(node.args, 2)
        own = [outer.names.fresh(each.name.strip("_") or "y") for each in (state, time)]
        inputs = dict(zip(captured, [arg.code for arg in args[2:]], strict=True))
        inputs |= dict(zip((state, time), own, strict=True))
        backend = outer.backend.in_rounds()
        program = prepared(Program("slope", (), node.body.inputs, node.body.outputs, LEAF), backend)
        with outer.environment.in_double_precision():
            statements, (result,) = self._compose(
                program, backend, outer.environment, outer.names, inputs, self._column(node) + 4, by_element=False
            )
        name = outer.environment.functions[node] = outer.names.fresh("slope")
        define = Define(outer.environment.signature(name, own), statements, result.code, node)
        for block in outer.blocks(node):
            outer.statements_of(block).append(define)

    def _named(self, args: Sequence[Node], count: int) -> list[Text]:
        """The texts of the arguments, names for all behind the first ones."""
        for argument in args[count:]:
            if self._outer.texts[argument].size:
                self._outer.give_name(argument)
        return [self._outer.texts[argument] for argument in args]

    def _column(self, node: Node) -> int:
        return self._outer.indent + 4 * max(block.depth for block in self._outer.blocks(node))

    def _write(self, node: Loop | Rewind, loop: Written) -> None:
        outer = self._outer
        for block in outer.blocks(node):
            outer.statements_of(block).extend(loop.statements)
        outer.texts[node] = Text("")
        for position, part in outer.results.get(node, {}).items():
            outer.texts[part] = Text(loop.names[position])

    def _writer(self) -> Writer:
        """Writes loops; their rounds are composed like the program around them."""
        outer = self._outer
        backend = outer.backend.in_rounds()

        def compose_round(program: Program, inputs: Mapping[Input, str], indent: int) -> Composed:
            return self._compose(
                program,
                backend,
                outer.environment,
                outer.names,
                inputs,
                indent,
                by_element=outer.by_element,
                is_round=True,
            )

        return Writer(backend, outer.environment, outer.names, compose_round, by_element=outer.by_element)
