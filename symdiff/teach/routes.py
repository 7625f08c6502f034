"""Routes: the chain rule as it is taught. Multiply the local derivatives along a route, add the routes.

In: the steps of a function, and two of them. Out: every route from the one to the other, each with the derivative that
it contributes. Along a route the derivative is passed on by the rules of the reverse sweep, edge by edge, so that what
is added is the gradient, also of arrays (Bauer, "Computational graphs and rounding error", 1974).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from symdiff.calculus.rules import ZERO
from symdiff.errors import ArgumentError
from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.teach.steps import Link, Steps
from symdiff.teach.words import number

if TYPE_CHECKING:
    from symdiff.teach.tape import Edge


@dataclass(frozen=True, eq=False)
class Route:
    """One way from a value to another.

    steps: the names on the way, from the first to the last.
    edges: between them, each with its local derivative.
    product: of the local derivatives, in the shape of the first value.
    """

    steps: tuple[str, ...]
    edges: tuple["Edge", ...]
    product: Any

    def __str__(self) -> str:
        factors = " * ".join("..." if edge.value is None else number(edge.value) for edge in self.edges)
        return f"{' -> '.join(self.steps)}: {factors or '1'} = {number(self.product)}"


class Routes(Sequence[Route]):
    """All routes from one value to another, and their sum."""

    def __init__(self, source: str, target: str, routes: Sequence[Route], none: Any) -> None:
        self.source = source
        self.target = target
        self._routes = tuple(routes)
        self._none = none

    @property
    def total(self) -> Any:
        """The sum over the routes: the derivative of the last value by the first."""
        with np.errstate(invalid="ignore"):  # infinite routes of both signs add up to nan, as in the sweep
            return sum((route.product for route in self._routes), self._none)

    @overload
    def __getitem__(self, position: int) -> Route: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Route]: ...
    def __getitem__(self, position: int | slice) -> Route | Sequence[Route]:
        return self._routes[position]

    def __len__(self) -> int:
        return len(self._routes)

    def __str__(self) -> str:
        """The routes with their products, and the sum, as plain text."""
        ways = [" -> ".join(route.steps) for route in self]
        products = [str(route).partition(": ")[2].rpartition(" = ") for route in self]
        width = max(map(len, ways), default=0)
        factors = max((len(left) for left, _, _ in products), default=0)
        title = f"routes from {self.source} to {self.target}: multiply along a route, add the routes"
        lines = [
            f"  {way:<{width}}  {left:<{factors}} = {right}"
            for way, (left, _, right) in zip(ways, products, strict=True)
        ]
        total = f"  {'sum':<{width}}  {'':<{factors}} = {number(self.total)}"
        return "\n".join([title, *lines, total])

    __repr__ = __str__


def found_routes(steps: Steps, source: Node, target: Node, most: int) -> list[tuple[tuple[Link, ...], Node]]:
    """Every route as its edges in order, with the node of its product. Raises ArgumentError for too many."""
    into = _links_into(steps)
    counts = _counts(steps, into, source)
    count = counts.get(target, 0)
    if count > most:
        name = steps.names[source]
        raise ArgumentError(
            f"there are {count:,} routes from {name} to {steps.names[target]}, more than {most:,}",
            why="Each step with two arguments may double their number; the reverse sweep adds them up without "
            "walking them one by one.",
            fix=f'tape.gradient("{name}"), or routes between steps that are closer, or most={count}',
        )
    return list(_walk(into, counts, source, target)) if count else []


def _walk(
    into: dict[Node, list[Link]], counts: dict[Node, int], source: Node, target: Node
) -> Iterator[tuple[tuple[Link, ...], Node]]:
    """Depth first from the target; what two routes have in common is passed on once."""
    stack: list[tuple[Node, Node | None, tuple[Link, ...]]] = [(target, make.constant(1.0), ())]
    while stack:
        node, cotangent, links = stack.pop()
        if node is source:
            yield links, make.broadcast(ZERO if cotangent is None else cotangent, source.shape)
            continue
        for link in reversed(into[node]):
            if counts.get(link.source):
                passed = None if cotangent is None else link.passed(cotangent)
                stack.append((link.source, passed, (link, *links)))


def _links_into(steps: Steps) -> dict[Node, list[Link]]:
    into: dict[Node, list[Link]] = {node: [] for node in steps.nodes}
    for link in steps.links:
        if link.carries:
            into[link.target].append(link)
    return into


def _counts(steps: Steps, into: dict[Node, list[Link]], source: Node) -> dict[Node, int]:
    """For every step the number of routes from the source to it."""
    counts: dict[Node, int] = {source: 1}
    for node in steps.nodes:
        if node is not source:
            counts[node] = sum(counts.get(link.source, 0) for link in into[node])
    return counts
