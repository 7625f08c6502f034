"""A Program: a function as a graph.

In: parameters, their input nodes, output nodes. Every pass takes a Program and returns one.
"""

import builtins
import inspect
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import CodeType
from typing import Any, Protocol

from symdiff.ir.lengths import is_static
from symdiff.ir.nodes import Input, Loop, Node, Ode, Rewind
from symdiff.ir.structure import LEAF, Structure
from symdiff.origin import Origin

EMPTY = inspect.Parameter.empty
_WITH_BODY = (Loop, Rewind, Ode)


class Reading(Protocol):
    """A value that a trace has read, and that may change."""

    def holds(self) -> bool:
        """Whether it is still the same."""


class Guard(Protocol):
    """A decision that a trace has taken on the path of one input."""

    @property
    def node(self) -> Node:
        """What was asked."""

    @property
    def value(self) -> Any:
        """What the answer was."""

    @property
    def origin(self) -> Origin | None:
        """The user's instruction that asked."""


@dataclass(frozen=True, eq=False)
class Check:
    """A `raise` or an `assert` that depends on the arguments.

    failure: a truth value that holds where the function raises.
    error: the name of the built-in exception; of a class of the user's, the built-in one that it is made of.
    details: what the exception is made with, its message first.
    origin: the user's instruction.
    """

    failure: Node
    error: str
    details: tuple[Any, ...]
    origin: Origin | None

    def exception(self) -> Exception:
        """The exception itself.

        >>> Check(Input("x"), "ValueError", ("negative",), None).exception()
        ValueError('negative')
        """
        made: Exception = getattr(builtins, self.error)(*self.details)
        return made


@dataclass(frozen=True)
class Parameter:
    """A parameter of the user's function.

    A traced parameter has the structure of its value; its leaves are inputs of the Program. A static one has none: the
    Program holds only for `static_value`. One that is not the function's own but
    `hidden` says where its values come from.
    """

    name: str
    structure: Structure | None = LEAF
    default: Any = EMPTY
    kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD
    static_value: Any = None
    annotation: str = ""
    hidden: str = ""

    @property
    def is_static(self) -> bool:
        return self.structure is None

    @property
    def leaf_count(self) -> int:
        return 0 if self.structure is None else self.structure.leaf_count


@dataclass(frozen=True)
class Program:
    """Parameters -> inputs -> nodes -> outputs -> a value of `structure`.

    inputs: the leaves of all traced parameters, in order.
    outputs: the leaves of the result.
    codes: every code object of the user's that was traced, the function's own first.
    constants: names read from globals, closures and attributes while tracing, with the values they had.
    readings: everything that was read besides the arguments; the program is right as long as they hold.
    guards: the decisions of the path that was followed; the program is right for inputs that give all of them the same
        values. Without any it holds for every input.
    checks: where the function raises, in the order in which it would; derivatives raise there too.
    """

    name: str
    parameters: tuple[Parameter, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Node, ...]
    structure: Structure = LEAF
    doc: str = ""
    codes: tuple[CodeType, ...] = ()
    constants: tuple[tuple[str, Any], ...] = ()
    readings: tuple[Reading, ...] = field(default=(), compare=False)
    guards: tuple[Guard, ...] = field(default=(), compare=False)
    checks: tuple[Check, ...] = field(default=(), compare=False)

    @cached_property
    def _order(self) -> tuple[Node, ...]:
        return tuple(topological([*(check.failure for check in self.checks), *self.outputs]))

    @cached_property
    def _order_of_outputs(self) -> tuple[Node, ...]:
        return tuple(topological(self.outputs)) if self.checks else self._order

    def nodes(self) -> tuple[Node, ...]:
        """All nodes that the checks and the outputs need, arguments first, those of the checks in front."""
        return self._order

    def nodes_of_outputs(self) -> tuple[Node, ...]:
        """All nodes that the outputs need, arguments first."""
        return self._order_of_outputs

    def all_nodes(self) -> list[Node]:
        """The nodes that the checks and the outputs need, and those of the bodies of the nodes that have one."""
        return with_bodies(self.nodes())

    def leaves_of(self, name: str) -> tuple[Input, ...]:
        """The inputs that belong to a parameter."""
        start = 0
        for parameter in self.parameters:
            if parameter.name == name:
                return self.inputs[start : start + parameter.leaf_count]
            start += parameter.leaf_count
        raise KeyError(name)

    def mapped(self, known: Mapping[Node, Node]) -> "Program":
        """The same function with other nodes for those of its outputs and checks."""
        checks = tuple(replace(check, failure=known[check.failure]) for check in self.checks)
        return replace(self, outputs=tuple(known[output] for output in self.outputs), checks=checks)

    def parameter(self, name: str) -> Parameter:
        return next(parameter for parameter in self.parameters if parameter.name == name)

    def with_outputs(self, outputs: Iterable[Node], structure: Structure, *, name: str | None = None) -> "Program":
        """The same function with another result."""
        return replace(self, outputs=tuple(outputs), structure=structure, name=self.name if name is None else name)

    @cached_property
    def has_open_lengths(self) -> bool:
        """Whether a length of an input stays open: the program holds for all of them."""
        return not all(is_static(node.shape) for node in self.inputs)

    @cached_property
    def is_elementwise(self) -> bool:
        """Whether every value is a scalar, so that the program may be run on arrays element by element."""
        return not any(node.shape for node in self.inputs) and not any(node.shape for node in self.all_nodes())


def with_bodies(nodes: Sequence[Node]) -> list[Node]:
    """The nodes, and those of the bodies of the ones that have one."""
    inner = [each for node in nodes if isinstance(node, _WITH_BODY) for each in _inside(node)]
    return [*nodes, *inner]


def _inside(node: Loop | Rewind | Ode) -> list[Node]:
    return [*node.body.inputs, *with_bodies(topological([node.body.condition, *node.body.outputs]))]


def topological(outputs: Sequence[Node], leaves: Container[Node] = ()) -> list[Node]:
    """The nodes reachable from the outputs, every argument before its user; the order depends on the graph alone.

    leaves: nodes whose arguments are not looked at.
    """
    order: list[Node] = []
    seen: set[Node] = set()
    path: list[Node] = []  # from an output down to the node whose arguments are looked at
    left = [iter(outputs)]  # of the outputs, and of the arguments of each node on the path
    while left:
        for node in left[-1]:
            if node not in seen:
                seen.add(node)
                if node.args and node not in leaves:
                    path.append(node)
                    left.append(iter(node.args))
                    break
                order.append(node)
        else:
            left.pop()
            if path:
                order.append(path.pop())
    return order
