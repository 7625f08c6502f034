"""The tape: a function run once, with everything that the reverse sweep knows about every step.

In: a function and a point. Out: a `Tape`: for each value, in the order of computation, the user's name and line, the
operation, the value and its gradient; for each edge the local derivative and its rule. The graph that is evaluated is
the one that `grad` differentiates, by the same sweep: nothing here computes a derivative by itself.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.calculus.selection import scalar_output, slopes_of
from symdiff.errors import ArgumentError, short_traceback
from symdiff.errors.message import closest
from symdiff.ir.evaluate import bind, evaluate
from symdiff.ir.nodes import Loop, Node, in_order_of_creation
from symdiff.ir.program import Program
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.teach import table
from symdiff.teach.rounds import Rounds, rounds_of
from symdiff.teach.routes import Route, Routes, found_routes
from symdiff.teach.steps import Link, Steps, is_constant
from symdiff.tracing import trace_function

if TYPE_CHECKING:
    from symdiff.teach.drawing import Drawing

_MOST_ROUTES = 1_000


@dataclass(frozen=True, eq=False)
class Edge:
    """From an argument (`source`) to what is made of it (`target`).

    value: the local derivative. Of operations on arrays, that of each element by its own argument; None where the
        derivative is a linear map between arrays, which the rule tells.
    """

    source: str
    target: str
    position: int
    rule: str
    value: Any
    _expression: Callable[[], Any] = field(repr=False)

    @property
    def expr(self) -> Any:
        """The local derivative as a SymPy expression in the names of the steps; None for a linear map of arrays."""
        return self._expression()


@dataclass(frozen=True, eq=False)
class Step:
    """One value.

    operation: what was computed, in the names of other steps; "input" for an argument.
    line, columns, source, function: the place in the user's code, None and "" for an input.
    gradient: the derivative of the output by this value, in its shape; None for a truth value or a constant.
    edges: from its arguments, each with the local derivative.
    raises: the exception that the function raises where this is true; empty for all but the conditions of a `raise`.
    """

    name: str
    operation: str
    value: Any
    gradient: Any
    edges: tuple[Edge, ...]
    line: int | None
    columns: tuple[int, int] | None
    source: str
    function: str
    is_output: bool
    raises: str
    _expression: Callable[[], Any] = field(repr=False)
    _definition: Callable[[], Any] = field(repr=False)

    @property
    def gradient_expr(self) -> Any:
        """The gradient as a SymPy expression in the names of the steps. Raises ExpressionError for large arrays."""
        return self._expression()

    @property
    def expr(self) -> Any:
        """The value as a SymPy expression in the names of its arguments. Raises ExpressionError for large arrays."""
        return self._definition()


class Tape:
    """Every step of one run, with values, gradients and local derivatives; it prints as a table."""

    def __init__(self, program: Program, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self.program = program
        self._arguments = _copied(program, args, kwargs)
        self._output = scalar_output(program)
        self._structure = Steps(program.with_outputs([self._output], LEAF))
        self._named = {name: node for node, name in self._structure.names.items()}
        self.steps: tuple[Step, ...] = tuple(self._filled())
        self._by_name = {step.name: step for step in self.steps}

    @functools.cached_property
    def value(self) -> float:
        """The value of the function."""
        return self._numbers([self._output])[0]  # type: ignore[no-any-return]

    @functools.cached_property
    def rounds(self) -> tuple[Rounds, ...]:
        """What each loop did, in the order of the loops: its variables before each round and at its end."""
        loops = [node for node in in_order_of_creation(self.program.nodes()) if isinstance(node, Loop)]
        return tuple(rounds_of(loop, [np.asarray(value) for value in self._numbers(loop.args)]) for loop in loops)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """All edges, in the order of the steps they lead to."""
        return tuple(edge for step in self.steps for edge in step.edges)

    @property
    def local_derivatives(self) -> dict[tuple[str, str], Any]:
        """The derivative of each step by each of its arguments: `{("d", "a"): 7.0, …}`.

        An argument that stands in two places, as in `a * a`, has two edges; here is their sum. Linear maps between
        arrays are left out.
        """
        found: dict[tuple[str, str], Any] = {}
        for edge in self.edges:
            if edge.value is not None:
                key = edge.target, edge.source
                found[key] = found[key] + edge.value if key in found else edge.value
        return found

    def __getitem__(self, name: str) -> Step:
        """The step of that name. Raises ArgumentError."""
        if name not in self._by_name:
            nearest = closest(str(name), self._by_name) or next(reversed(self._by_name), "…")
            raise ArgumentError(
                f"no step is called {name!r}",
                why=f"The steps are {', '.join(self._by_name)}.",
                fix=f'tape["{nearest}"]',
            )
        return self._by_name[name]

    @short_traceback
    def gradient(self, which: str | Step) -> Any:
        """The derivative of the output by a step, or by a whole parameter, in its structure. Raises ArgumentError."""
        if isinstance(which, Step):
            return which.gradient
        for parameter in self.program.parameters:
            if parameter.name == which and parameter.structure is not None:
                names = [self._structure.names[leaf] for leaf in self.program.leaves_of(which)]
                return parameter.structure.unflatten([self[name].gradient for name in names])
        return self[which].gradient

    @short_traceback
    def routes(self, from_: str | Step, to: str | Step | None = None, *, most: int = _MOST_ROUTES) -> Routes:
        """Every route between two steps, with the product of the local derivatives along it.

        to: the output, unless another step with a single value is named.

        Raises ArgumentError for unknown steps, for truth values, and where there are more than `most` routes.
        """
        source = self._node(from_)
        target = self._output if to is None else self._node(to)
        if target.shape:
            raise ArgumentError(
                f"{self._structure.names[target]} is an array of shape {target.shape}: routes lead to one number",
                origin=target.origin,
                fix=f'tape.routes("{self._structure.names[source]}"), which lead to the output',
            )
        found = found_routes(self._structure, source, target, most)
        products = self._numbers([product for _, product in found])
        routes = [self._route(source, links, value) for (links, _), value in zip(found, products, strict=True)]
        names = self._structure.names
        # An output that is a single constant is no step.
        end = names.get(target, self.program.name)
        return Routes(names[source], end, routes, _plain(np.zeros(source.shape)))

    def draw(self) -> "Drawing":
        """The computational graph with the values and gradients in it, and the local derivatives on the edges."""
        from symdiff.teach.drawing import drawing_of_tape

        return drawing_of_tape(self, self._structure)

    def latex(self) -> str:
        """The steps and their gradients as formulas. Raises ExpressionError for large arrays."""
        return table.latex(self)

    def __str__(self) -> str:
        return table.text(self)

    __repr__ = __str__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"text/plain": table.text(self), "text/html": table.html(self)}
        if table.has_formulas(self):
            bundle["text/latex"] = f"$\\displaystyle {table.latex(self)}$"
        return bundle

    def _node(self, which: str | Step) -> Node:
        node = self._named[which.name if isinstance(which, Step) else self[which].name]
        if node not in self._structure.differentiated:
            kind = "a constant" if is_constant(node) else "a truth value"
            raise ArgumentError(
                f"{self._structure.names[node]} is {kind}: no derivative passes through it",
                origin=node.origin,
                fix=f'tape.routes("{self._structure.names[self._structure.differentiated[0]]}")',
            )
        return node

    def _route(self, source: Node, links: Sequence[Link], product: Any) -> Route:
        steps = self._structure.names[source], *(self._structure.names[link.target] for link in links)
        return Route(steps, tuple(self._edges[link] for link in links), product)

    def _numbers(self, nodes: Sequence[Node]) -> tuple[Any, ...]:
        """The values of any nodes of the graph at this point."""
        program = self.program.with_outputs(nodes, tuple_of([LEAF] * len(nodes)))
        return tuple([_plain(value) for value in evaluate(program, **self._arguments)])

    def _filled(self) -> Iterable[Step]:
        """One sweep for all gradients, one run for all numbers."""
        structure = self._structure
        errors = {check.failure: check.error for check in self.program.checks}
        slopes = dict(zip(structure.differentiated, slopes_of(self._output, structure.differentiated), strict=True))
        links = [link for link in structure.links if link.carries]
        locals_ = [link for link in links if link.local is not None]
        wanted = [*structure.nodes, *slopes.values(), *(link.local for link in locals_ if link.local is not None)]
        numbers = dict(zip(wanted, self._numbers(wanted), strict=True))
        self._edges = {
            link: Edge(
                structure.names[link.source],
                structure.names[link.target],
                link.position,
                link.rule,
                None if link.local is None else numbers[link.local],
                functools.partial(_local_expression, structure, link),
            )
            for link in links
        }
        for node in structure.nodes:
            origin = node.origin if node.args else None
            yield Step(
                name=structure.names[node],
                operation=structure.operation(node),
                value=numbers[node],
                gradient=numbers[slopes[node]] if node in slopes else None,
                edges=tuple(edge for link, edge in self._edges.items() if link.target is node),
                line=None if origin is None else origin.line,
                columns=None if origin is None else origin.columns,
                source="" if origin is None else origin.text.strip(),
                function="" if origin is None else origin.function,
                is_output=node is self._output,
                raises=errors.get(node, ""),
                _expression=functools.partial(_gradient_expression, structure, slopes.get(node)),
                _definition=functools.partial(structure.definition, node),
            )


def tape(function: Callable[..., Any], *, static: Iterable[str] | Mapping[str, Any] = ()) -> Callable[..., Tape]:
    """What happens in a function and in its gradient, step by step: `tape(f)(x, y)` is a `Tape`.

    static: parameters that are not traced but keep their value, by name, or `{"n": 3}`.

    The function has one scalar output, as for `grad`; parameters are numbers, arrays, or any nesting of them. Raises
    ScalarOutputError for any other function, TraceError (and its kinds) with the line that cannot be traced.

    >>> import symdiff as sd
    >>> def f(a, b):
    ...     c = a + b
    ...     d = a * c
    ...     return d
    >>> t = sd.tape(f)(4.0, 3.0)
    >>> t.gradient("a"), t.gradient("b"), t.gradient("c")
    (11.0, 4.0, 4.0)
    >>> print(t.routes("a"))
    routes from a to d: multiply along a route, add the routes
      a -> d       7     = 7
      a -> c -> d  1 * 4 = 4
      sum                = 11
    """

    @functools.wraps(function)
    @short_traceback
    def record(*args: Any, **kwargs: Any) -> Tape:
        program = trace_function(function, args=args, kwargs=kwargs, static=static)
        return Tape(program, args, kwargs)

    return record


def _copied(program: Program, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments by name, as they are now: the tape stays true when an array is written to later."""
    leaves = iter([np.array(leaf) for leaf in bind(program, *args, **kwargs)])
    return {
        parameter.name: parameter.structure.unflatten([next(leaves) for _ in range(parameter.leaf_count)])
        for parameter in program.parameters
        if parameter.structure is not None
    }


def _plain(value: Any) -> Any:
    """A Python number in place of an array without axes."""
    return value if np.ndim(value) else np.asarray(value).item()


def _gradient_expression(structure: Steps, slope: Node | None) -> Any:
    return None if slope is None else structure.expression(slope)


def _local_expression(structure: Steps, link: Link) -> Any:
    return None if link.local is None else structure.expression(link.local)
