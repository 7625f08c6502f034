"""Patterns: the shape of an expression, found in a graph.

In: an expression written as a function of wildcards, and a node. Out: what each wildcard stands for, or None. The
operands of commutative operations match in both orders; `-x` also matches a product with a negative number.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symdiff.ir.nodes import Const, Input, Map, Node
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops.row import Op

COMMUTATIVE: frozenset[Op] = frozenset({e.add, e.multiply, p.maximum, p.minimum, p.logical_and, p.logical_or})

Pairs = tuple[tuple[Node, Node], ...]
Bindings = dict[Node, Node]


@dataclass(frozen=True, eq=False, kw_only=True)
class Pattern:
    """Wherever `raw` stands, `better` is to stand: both are functions of the same wildcards, written with rows.

    domain: for each wildcard the interval in which tests compare the two.
    """

    name: str
    raw: Callable[..., Any]
    better: Callable[..., Any]
    domain: tuple[tuple[float, float], ...] = ((-40.0, 40.0),)

    @cached_property
    def wildcards(self) -> tuple[Input, ...]:
        return tuple(Input(name) for name in inspect.signature(self.raw).parameters)

    @cached_property
    def shape(self) -> Map:
        """The graph of `raw` on the wildcards."""
        traced = self.raw(*self.wildcards)
        assert isinstance(traced, Map)
        return traced

    @cached_property
    def heads(self) -> frozenset[Any]:
        """What must be among the heads of a node's arguments for the pattern to match: a quick test before the slow."""
        return _fixed_heads(self.shape.args)

    @cached_property
    def inner_heads(self) -> frozenset[Any]:
        """What must be among the heads of the arguments of a node's arguments: a second test."""
        return _fixed_heads(part for arg in self.shape.args if not _may_differ(arg) for part in arg.args)

    def replacement(self, node: Node) -> Node | None:
        """What is to stand in the place of the node."""
        bound = match(self.shape, node)
        return None if bound is None else self.better(*(bound[wildcard] for wildcard in self.wildcards))


class PatternTable:
    """Patterns in order of preference, found by the operation at their root."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)

    @cached_property
    def _by_root(self) -> dict[Op, list[Pattern]]:
        found: dict[Op, list[Pattern]] = {}
        for pattern in self.patterns:
            found.setdefault(pattern.shape.op, []).append(pattern)
        return found

    def replacement(self, node: Node) -> Node | None:
        """What the first pattern that matches makes of the node."""
        if not isinstance(node, Map):
            return None
        candidates = self._by_root.get(node.op)
        if candidates is None:
            return None
        heads = {_head(arg) for arg in node.args}
        likely = [pattern for pattern in candidates if pattern.heads <= heads]
        if not likely:
            return None
        inner_heads = {_head(part) for arg in node.args for part in arg.args}
        for pattern in likely:
            better = pattern.replacement(node) if pattern.inner_heads <= inner_heads else None
            if better is not None:
                return better
        return None


def _fixed_heads(parts: Iterable[Node]) -> frozenset[Any]:
    """The heads of those parts of a pattern that only match a node with the same head."""
    return frozenset(_head(part) for part in parts if not _may_differ(part))


def _may_differ(part: Node) -> bool:
    """Whether a part of a pattern may match a node with another head: a wildcard, or `-x`."""
    return isinstance(part, Input) or (isinstance(part, Map) and part.op is e.negative)


def _head(node: Node) -> Any:
    """The operation of a node; the node itself where it has none."""
    return node.op if isinstance(node, Map) else node


def match(pattern: Node, node: Node) -> Bindings | None:
    """What the wildcards (the Inputs of the pattern) stand for, if the node has the pattern's shape."""
    return _match(((pattern, node),), {})


def _match(pairs: Pairs, bound: Bindings) -> Bindings | None:
    """Match all pairs, with backtracking over the orders of commutative operands; patterns are a few nodes deep."""
    if not pairs:
        return bound
    (pattern, node), rest = pairs[0], pairs[1:]
    if isinstance(pattern, Input):
        known = bound.get(pattern)
        if known is None:
            return _match(rest, {**bound, pattern: node})
        return _match(rest, bound) if known is node else None
    if isinstance(pattern, Const):
        return _match(rest, bound) if pattern is node else None
    if not isinstance(pattern, Map) or not isinstance(node, Map):
        return None
    if pattern.op is e.negative and node.op in (e.multiply, e.subtract):
        opposite = -node
        is_shorter = not (isinstance(opposite, Map) and opposite.op is e.negative)
        return _match(((pattern.args[0], opposite), *rest), bound) if is_shorter else None
    if pattern.op is not node.op:
        return None
    found = _match((*zip(pattern.args, node.args, strict=True), *rest), bound)
    if found is None and pattern.op in COMMUTATIVE:
        found = _match((*zip(pattern.args, reversed(node.args), strict=True), *rest), bound)
    return found
