"""Sums of exponentials, in logarithms and in quotients, with the largest exponent taken out of them.

In: one node of a graph. Out: a better node of the same value, or None. `log(sum(exp(x)))` is m + log(sum(exp(x - m)))
for every m, and `exp(x) / sum(exp(x))` does not depend on what is subtracted in both: with the largest x for m nothing
overflows, and the sum does not vanish (Blanchard, D. Higham and N. Higham, Accurately computing the log-sum-exp and
softmax functions, 2021). That m cancels is not taken from the form but followed through the graph (calculus/shifts.py),
so weights, means, scaled rows and expected values are all the same case.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symdiff.calculus.shifts import Change, changes_with
from symdiff.ir import make
from symdiff.ir.make_shifts import is_shift, kept, shift_of
from symdiff.ir.nodes import Einsum, Layout, Map, Node, Reduce
from symdiff.ir.program import topological
from symdiff.ir.rewrite import substitute
from symdiff.ops import elementary as e

_DEEPEST = 5  # operations between a logarithm, or a quotient, and the sum, and between a sum and its exponentials


class _Sum(NamedTuple):
    """Exponentials that are summed, and the axes along which they are."""

    exponentials: Node
    axes: Sequence[int]


def better_sum(node: Node) -> Node | None:
    """The node with the largest exponent taken out of a sum of exponentials."""
    if not isinstance(node, Map) or node.op not in (e.log, e.divide):
        return None
    root = node.args[0] if node.op is e.log else node
    for found in _sums(node.args[-1], _DEEPEST):
        if not _is_shifted(found.exponentials.args[0], _DEEPEST):
            shifted = _shifted(root, found)
            if shifted is not None:
                return _put_back(node, *shifted)
    return None


def _shifted(root: Node, found: _Sum) -> tuple[Node, Node, Change | None] | None:
    """The root with smaller exponentials, what was subtracted, and what the root changes by it."""
    exponent = found.exponentials.args[0]
    shift = shift_of(exponent, found.axes)
    smaller = e.exp(exponent - kept(shift, exponent, found.axes))
    (changed,) = substitute([root], {found.exponentials: smaller})
    changes = changes_with(shift, topological([changed]))
    return None if changes is None else (changed, shift, changes.get(changed))


def _put_back(node: Node, changed: Node, shift: Node, change: Change | None) -> Node | None:
    """The node from its changed root, if that has lost a factor exp(shift) in a logarithm, or nothing in a quotient."""
    if node.op is e.divide:  # type: ignore[attr-defined]
        return changed if change is None else None
    if change is None or not change.is_factor or change.rate != -1.0:
        return None
    return make.lift(e.log(changed)) + _along(shift, change.axes, changed.ndim)


def _along(shift: Node, axes: Sequence[int], ndim: int) -> Node:
    """The shift with each of its axes, but for those of length 1, in the place that it has in the result."""
    lengths = [length for length in shift.shape if length != 1]
    order = sorted(range(len(axes)), key=lambda at: axes[at])
    turned = make.transpose(make.reshape(shift, tuple(lengths)), order)
    where = dict(zip(sorted(axes), (lengths[at] for at in order), strict=True))
    first = min(where, default=ndim)
    return make.reshape(turned, tuple(where.get(axis, 1) for axis in range(first, ndim)))


def _sums(node: Node, depth: int) -> Iterator[_Sum]:
    """The sums of exponentials that a value is a multiple of."""
    if isinstance(node, Reduce) and node.how == "sum":
        (array,) = node.args
        yield from (_Sum(found, node.axes) for found in _exponentials(array, depth) if found.shape == array.shape)
    elif isinstance(node, Einsum):
        for labels, arg in zip(node.inputs, node.args, strict=True):
            axes = [axis for axis, label in enumerate(labels) if label not in node.output]
            if axes and len(set(labels)) == len(labels):
                yield from (_Sum(found, axes) for found in _exponentials(arg, 1))
    elif depth and (isinstance(node, Layout) or _is_product(node)):
        for arg in node.args:
            yield from _sums(arg, depth - 1)


def _exponentials(node: Node, depth: int) -> Iterator[Node]:
    """The exponentials that the elements of an array are multiples of."""
    if isinstance(node, Map) and node.op is e.exp and node.shape:
        yield node
    elif depth and _is_product(node):
        for arg in node.args:
            yield from _exponentials(arg, depth - 1)


def _is_product(node: Node) -> bool:
    return isinstance(node, Map) and node.op in (e.multiply, e.divide, e.negative)


def _is_shifted(exponent: Node, depth: int) -> bool:
    """Whether a maximum has been taken out of the exponent already, here or in the user's own lines."""
    if is_shift(exponent):
        return True
    follows = isinstance(exponent, Map | Layout) and depth
    return bool(follows) and any(_is_shifted(arg, depth - 1) for arg in exponent.args)
