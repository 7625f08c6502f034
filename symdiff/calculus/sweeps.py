"""The two sweeps over a graph: reverse for few outputs, forward for few inputs.

In: output nodes, input nodes, and the cotangents or tangents to start from. Out: one derivative node for each input (or
output), None where there is no dependence. A sweep visits each node once, so its cost is a small multiple of the
function's (Baur and Strassen 1983; Griewank and Walther, Evaluating Derivatives, 2008, chapters 3 and 4).
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial, reduce

from symdiff.calculus.guards import Demand, add, add_all, guard_of, scatter, stack
from symdiff.calculus.rules import ZERO, pull, pull_results, push, push_results
from symdiff.calculus.shifts import unneeded_maxima
from symdiff.ir import make
from symdiff.ir.lengths import is_less, is_static, static
from symdiff.ir.nodes import BasicKey, Index, Input, Map, Node, Part, ambient
from symdiff.ir.program import topological


def reverse(outputs: Sequence[Node], cotangents: Sequence[Node], inputs: Sequence[Node]) -> list[Node | None]:
    """The cotangents of the inputs."""
    order = topological(outputs)
    active = active_nodes(order, inputs) - unneeded_maxima(order, outputs)
    wanted = set(inputs)
    contributions: dict[Node, list[Node]] = {}
    pieces: dict[Node, dict[BasicKey, Node]] = {}
    results: dict[Node, list[Node | None]] = {}  # for nodes with several results the cotangent of each
    for output, cotangent in zip(outputs, cotangents, strict=True):
        contributions.setdefault(output, []).append(cotangent)
    found: dict[Node, Node | None] = {}
    demand = Demand(order, outputs)
    for node in reversed(order):
        if node not in active:
            continue
        terms = contributions.pop(node, [])
        if node in pieces:
            terms.append(_assembled(pieces.pop(node), node))
        total = add_all(terms, is_final=not node.args)
        if total is not None and node.args:
            total = demand.guarded(node, total)
        if node in wanted:
            found[node] = total
        if total is None:
            if node not in results:
                continue
        elif isinstance(node, Part):
            several = node.args[0]
            results.setdefault(several, [None] * len(several.parts))[node.position] = total
            continue
        with _Applying(node):
            if total is not None and isinstance(node, Index) and _is_element(node):
                pieces.setdefault(node.args[0], {})[node.key] = total
                continue
            wanted_of = [position for position, argument in enumerate(node.operands) if argument in active]
            rule = partial(pull, node, total) if total is not None else pull_results(node, results.pop(node), wanted_of)
            for argument, part in _contributions(node, rule, active):
                part = part if total is not None else demand.guarded(node, part)
                contributions.setdefault(argument, []).append(part)
    return [found.get(node) for node in inputs]


def forward(outputs: Sequence[Node], tangents: Sequence[Node], inputs: Sequence[Node]) -> list[Node | None]:
    """The tangents of the outputs."""
    known: dict[Node, Node | None] = dict(zip(inputs, tangents, strict=True))
    results: dict[Node, Sequence[Node | None]] = {}  # for nodes with several results the tangent of each
    order = topological(outputs)
    known.update(dict.fromkeys(unneeded_maxima(order, outputs)))
    for node in order:
        if node in known:
            continue
        if isinstance(node, Part):
            several = results.get(node.args[0])
            known[node] = None if several is None else several[node.position]
            continue
        given = [known.get(argument) for argument in node.operands]
        if all(tangent is None for tangent in given) or node.dtype in ("bool", "int"):
            known[node] = None
            continue
        with _Applying(node):
            if node.dtype == "tuple":
                results[node] = push_results(node, given)
            else:
                known[node] = push(node, given)
    return [known.get(output) for output in outputs]


def _contributions(
    node: Node, rule: Callable[[int], Node | None], active: Collection[Node]
) -> Iterator[tuple[Node, Node]]:
    """What the node contributes to each of its arguments; one that stands in several places gets the sum."""
    parts: dict[Node, list[Node]] = {}
    for position, argument in enumerate(node.operands):
        part = rule(position) if argument in active else None
        if part is not None:
            parts.setdefault(argument, []).append(part)
    for argument, terms in parts.items():
        total = add_all(terms)
        if total is not None:
            yield argument, total


def active_nodes(order: Sequence[Node], inputs: Sequence[Node]) -> set[Node]:
    """The nodes that depend on an input and are no truth values."""
    active = set(inputs)
    for node in order:
        if node.dtype != "bool" and node not in active and not active.isdisjoint(node.args):
            active.add(node)
    return active


def _is_element(node: Index) -> bool:
    return all(isinstance(part, int) for part in node.key)


def _assembled(pieces: dict[BasicKey, Node], array: Node) -> Node:
    """The cotangent of an array from those of its single elements: listed, or scattered where they are few."""
    shape = array.shape
    if not is_static(shape) or is_less(2 * len(pieces), array.size):
        return reduce(add, [scatter(piece, key, array.shape) for key, piece in pieces.items()])
    lengths = static(shape, "a gradient listed by elements")
    flat = [ZERO] * math.prod(lengths)
    for key, piece in pieces.items():
        position = 0
        for part, length in zip(key, lengths, strict=True):
            assert isinstance(part, int)
            position = position * length + part
        flat[position] = piece
    whole = make.stack(flat) if isinstance(array, Input) else stack(flat)  # nothing is multiplied with a gradient
    guard = guard_of(whole)
    if guard is None:
        return make.reshape(whole, array.shape)
    condition, value = (make.reshape(make.broadcast(part, whole.shape), array.shape) for part in guard)
    return make.select(condition, value, 0.0)


class _Applying:
    """A block in which new nodes remember the line of the user's, and the rule, that they come from."""

    __slots__ = ("_before", "_node")

    def __init__(self, node: Node) -> None:
        self._node = node

    def __enter__(self) -> None:
        node = self._node
        self._before = ambient.origin, ambient.rule
        ambient.origin = node.origin
        ambient.rule = node.op.rule if isinstance(node, Map) else type(node).__name__

    def __exit__(self, *exception: object) -> None:
        ambient.origin, ambient.rule = self._before
