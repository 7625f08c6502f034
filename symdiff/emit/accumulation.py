"""Sums of arrays that are zero but for a part: one buffer, to which the parts are added where they belong.

In: the nodes of a program, and how often each is used. Out: the sums that are written so, with their terms in order,
and the nodes that disappear in them:

    v0 = np.zeros((n,), dtype=x.dtype)
    v0[:-1] = a
    v0[1:] += b
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from symdiff.ir.nodes import Map, Node
from symdiff.ops import elementary as e


@dataclass
class Accumulations:
    """The terms of each sum that has a buffer, and what is written nowhere else."""

    terms: dict[Node, list[Node]] = field(default_factory=dict)
    folded: set[Node] = field(default_factory=set)


def accumulations(
    nodes: Sequence[Node], uses: Mapping[Node, int], named: Mapping[Node, str], is_part: Callable[[Node], bool]
) -> Accumulations:
    """The sums; `is_part` tells the arrays of zeros that are assigned to in one part."""
    found = Accumulations()
    for node in reversed(nodes):
        if node in found.folded or not _is_sum(node):
            continue
        terms, inner = _terms(node, uses, named)
        parts = [term for term in terms if is_part(term) and uses[term] == 1]
        if parts and all(_alike(term, node) for term in terms):
            found.terms[node] = terms
            found.folded.update(parts, inner)
    return found


def _is_sum(node: Node) -> bool:
    return isinstance(node, Map) and node.op is e.add and bool(node.shape)


def _alike(term: Node, total: Node) -> bool:
    return term.shape == total.shape and term.dtype == total.dtype


def _terms(total: Node, uses: Mapping[Node, int], named: Mapping[Node, str]) -> tuple[list[Node], list[Node]]:
    """The terms of a sum of sums, from left to right, and the inner sums."""
    terms: list[Node] = []
    inner: list[Node] = []
    waiting = list(reversed(total.args))
    while waiting:
        node = waiting.pop()
        if _is_sum(node) and uses[node] == 1 and node not in named and _alike(node, total):
            inner.append(node)
            waiting += reversed(node.args)
        else:
            terms.append(node)
    return terms, inner
