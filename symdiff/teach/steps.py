"""The steps of a function: its values in the order in which they were computed, named as the user named them.

In: a Program as it was traced. Out: `Steps`: the nodes, their names, and an edge from every argument to what is made
of it, with its local derivative. The tape adds numbers to them, the drawing a place for each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symdiff.calculus.rules import ZERO, local_derivative, pull, pull_results, push
from symdiff.emit.names import Names
from symdiff.errors import ExpressionError
from symdiff.ir import make
from symdiff.ir.nodes import Const, Input, Layout, Map, Node, Part, Select, Size, in_order_of_creation
from symdiff.ir.program import Parameter, Program, topological
from symdiff.ir.rewrite import substitute
from symdiff.teach.words import operation, rule

_LARGEST = 2_000  # elements of arrays that are written out one by one in an expression


@dataclass(frozen=True)
class Link:
    """An edge: the argument number `position` of `target` is `source`."""

    source: Node
    target: Node
    position: int

    @property
    def rule(self) -> str:
        return rule(self.target)

    @cached_property
    def carries(self) -> bool:
        """Whether a derivative passes: between values that have one."""
        return _is_differentiated(self.source) and _is_differentiated(self.target)

    @cached_property
    def local(self) -> Node | None:
        """The local derivative, where it is an array that can be shown; None where it is a linear map.

        Of an operation element by element: the derivative of each element by its own argument. Of a number made from an
        array, or an array from a number: the gradient, or the slope.
        """
        node = self.target
        if isinstance(node, Map):
            partial = local_derivative(node, self.position)
            return ZERO if partial is None else partial
        if isinstance(node, Select) or (not self.source.shape and not isinstance(node, Part)):
            tangents: list[Node | None] = [None] * len(node.args)
            tangents[self.position] = make.broadcast(make.constant(1.0), self.source.shape)
            pushed = push(node, tangents)
            return ZERO if pushed is None else pushed
        if not node.shape:
            pulled = self.passed(make.constant(1.0))
            return ZERO if pulled is None else pulled
        return None

    def passed(self, cotangent: Node) -> Node | None:
        """What the reverse sweep passes on to the source along this edge."""
        node = self.target
        if not isinstance(node, Part):
            return pull(node, cotangent, self.position)
        several = node.args[0]
        cotangents: list[Node | None] = [None] * len(several.parts)
        cotangents[node.position] = cotangent
        return pull_results(several, cotangents, [self.position])(self.position)


class Steps:
    """The nodes of a Program in the order of computation; single constants are part of the operations they are in."""

    def __init__(self, program: Program) -> None:
        self.program = program
        shown = [node for node in program.nodes() if not _is_number(node) and node.dtype != "tuple"]
        made = in_order_of_creation(shown)
        constants = [node for node in made if is_constant(node)]
        self.computed: tuple[Node, ...] = tuple(node for node in made if not is_constant(node))
        self.nodes: tuple[Node, ...] = (*program.inputs, *constants, *self.computed)
        self.names: dict[Node, str] = self._named(constants)
        known = set(self.nodes)
        self.links: tuple[Link, ...] = tuple(
            Link(argument, node, position)
            for node in self.nodes
            for position, argument in enumerate(arguments_of(node))
            if argument in known
        )

    def operation(self, node: Node) -> str:
        """What the step computes, in the names of others."""
        return operation(node, self.names)

    def expression(self, node: Node) -> Any:
        """A node as SymPy in the names of the steps. Raises ExpressionError for large arrays."""
        return self._written({step: Input(self.names[step], step.shape) for step in self._real}, node)

    def definition(self, node: Node) -> Any:
        """A step as SymPy in the names of the steps it is made of. Raises ExpressionError for large arrays."""
        return self._written(
            {step: Input(self.names[step], step.shape) for step in self._real if step is not node}, node
        )

    def elementwise_expression(self, node: Node) -> Any | None:
        """The expression of one element of a node that is computed element by element; None for any other node."""
        while isinstance(node, Layout) and node.how == "broadcast":
            node = node.args[0]
        below = [part for part in topological([node], self._real) if part not in self._real and not _is_number(part)]
        if all(isinstance(part, Map | Select) for part in below):
            return self._written({step: Input(self.names[step]) for step in self._real}, node)
        return None

    @cached_property
    def differentiated(self) -> tuple[Node, ...]:
        """The steps that have a gradient: real values that are no constants."""
        return tuple(node for node in self.nodes if _is_differentiated(node))

    @cached_property
    def _real(self) -> dict[Node, None]:
        return {node: None for node in self.nodes if node.dtype == "real"}

    def _written(self, symbols: Mapping[Node, Node], node: Node) -> Any:
        from symdiff.algebra.sympy_view import to_sympy

        lengths = [part for part in topological([node], symbols) if isinstance(part, Size)]
        (output,) = substitute([node], {**symbols, **{size: Input(str(size.length)) for size in lengths}})
        order = topological([output])
        if sum(part.size for part in order if part.shape) > _LARGEST:
            raise ExpressionError(
                "the expression of a large array is not written out element by element",
                origin=node.origin,
                fix="look at its value, or trace the function with small arrays",
            )
        inputs = tuple(part for part in order if isinstance(part, Input))
        return to_sympy(Program("step", tuple(Parameter(given.name) for given in inputs), inputs, (output,)))

    def _named(self, constants: Sequence[Node]) -> dict[Node, str]:
        """The user's names for what an assignment binds, numbered where one is bound again; v0, v1, … for the rest."""
        parameters = [given.name for given in self.program.inputs]
        names = Names([*parameters, self.program.name])
        found: dict[Node, str] = dict(zip(self.program.inputs, parameters, strict=True))
        last_of = {id(node.origin): node for node in self.computed}
        for node in self.computed:  # one call may make several nodes: what it returns is the last
            bound = node.origin.binds if node.origin is not None and last_of[id(node.origin)] is node else None
            if bound is not None:
                found[node] = names.fresh(bound)
        for node in constants:
            found[node] = names.fresh(self._captured(node))
        for node in self.computed:
            if node not in found:
                found[node] = names.value()
        return found

    def _captured(self, node: Node) -> str:
        """The name under which the function read an array from outside."""
        for name, value in self.program.constants:
            if make.lift(value) is node:
                return name.rpartition(".")[2]
        return "constant"


def arguments_of(node: Node) -> tuple[Node, ...]:
    """What a step is made of; one of several results is made of what they all are."""
    return node.args[0].args if isinstance(node, Part) else node.args


def _is_differentiated(node: Node) -> bool:
    return node.dtype == "real" and not is_constant(node)


def is_constant(node: Node) -> bool:
    """Whether nothing that a value depends on can change it: an array from outside, an identity matrix."""
    return not node.args and not isinstance(node, Input)


def _is_number(node: Node) -> bool:
    return isinstance(node, Size) or (isinstance(node, Const) and not node.shape)
