"""Which matrices are symmetric because of how they are made: X.T @ X, a kernel of distances, the inverse of either.

In: a node. Out: whether swapping its last two axes gives the same node. Nothing is computed: the answer is yes only if
the graph says so, for all values.
"""

from collections.abc import Iterator, Sequence
from itertools import count, permutations

import numpy as np

from symdiff.ir import make
from symdiff.ir.nodes import Const, Einsum, Eye, Layout, Linalg, Map, Node, Reduce
from symdiff.ops import elementary as e
from symdiff.ops.table import OPS

Order = tuple[int, ...]
Label = tuple[str, int]  # an axis of the result, or one that is summed over
Factor = tuple[Node, tuple[Label, ...]]

_DEEPEST = 40
_MOST_FACTORS = 4
_EVEN = frozenset(OPS[name] for name in ("absolute", "cos", "cosh"))
_FUNCTIONS = ("inv", "expm", "logm", "sqrtm")


def is_symmetric(a: Node) -> bool:
    """Whether a matrix, or each of a batch, is symmetric for sure.

    >>> from symdiff.ir.nodes import Input
    >>> x = Input("x", (4, 3))
    >>> is_symmetric(make.dot(make.transpose(x), x)), is_symmetric(Input("a", (3, 3)))
    (True, False)
    """
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        return False
    order = (*range(a.ndim - 2), a.ndim - 1, a.ndim - 2)
    return _Mirror().sign(a, a, order) == 1


class _Mirror:
    """The comparison of nodes with transposed nodes; what is known is kept."""

    def __init__(self) -> None:
        self.known: dict[tuple[Node, Node, Order], int] = {}
        self.depth = 0

    def sign(self, x: Node, y: Node, order: Order) -> int:
        """1 where transpose(x, order) is y, -1 where it is -y, 0 where that is not known."""
        key = (x, y, order)
        if key not in self.known:
            if self.depth > _DEEPEST:
                return 0
            self.depth += 1
            self.known[key] = self._compared(x, y, order)
            self.depth -= 1
        return self.known[key]

    def _compared(self, x: Node, y: Node, order: Order) -> int:
        if x.ndim != y.ndim or tuple(x.shape[axis] for axis in order) != y.shape:
            return 0
        if order == tuple(range(x.ndim)):
            return int(x is y)
        if isinstance(x, Eye):
            return int(x is y)
        if isinstance(x, Const) and isinstance(y, Const):
            return int(np.array_equal(np.transpose(x.value, order), y.value))
        if isinstance(x, Map) and isinstance(y, Map) and x.op is y.op:
            return self._of_map(x, y, order)
        if isinstance(x, Reduce) and isinstance(y, Reduce) and x.how == y.how == "sum" and x.axes == y.axes:
            return self.sign(x.args[0], y.args[0], _before(x, order))
        if isinstance(x, Layout) and isinstance(y, Layout):
            return self._of_layout(x, y, order)
        if isinstance(x, Einsum) and isinstance(y, Einsum):
            return int(self._same_product(x, y, order))
        if isinstance(x, Linalg) and isinstance(y, Linalg) and x.how == y.how and x.how in _FUNCTIONS:
            return int(self.sign(x.args[0], y.args[0], order) == 1)
        return int(make.transpose(x, order) is y)

    def _of_map(self, x: Map, y: Map, order: Order) -> int:
        signs = self._pairs(x.args, y.args, order)
        if x.op in (e.multiply, e.divide):
            found = signs[0] * signs[1]
            return found if found or x.op is e.divide else int(np.prod(self._pairs(x.args, y.args[::-1], order)))
        if x.op in (e.add, e.subtract):
            if signs[0] == signs[1] != 0:
                return signs[0]
            crossed = self._pairs(x.args, y.args[::-1], order)
            if crossed[0] != crossed[1]:
                return 0
            return crossed[0] if x.op is e.add else -crossed[0]
        if x.op is e.negative:
            return signs[0]
        return int(all(signs) if x.op in _EVEN else all(sign == 1 for sign in signs))

    def _pairs(self, xs: Sequence[Node], ys: Sequence[Node], order: Order) -> list[int]:
        return [self._of_argument(x, y, order) for x, y in zip(xs, ys, strict=True)]

    def _of_argument(self, x: Node, y: Node, order: Order) -> int:
        if not x.shape:
            return int(x is y)
        return self.sign(x, y, order) if x.ndim == len(order) else 0

    def _of_layout(self, x: Layout, y: Layout, order: Order) -> int:
        source = x.args[0]
        if x.how == y.how == "reshape" and source is y.args[0]:  # axes of length 1 stand elsewhere
            lengths = [length for length in source.shape if length != 1]
            kept = [axis for axis in order if x.shape[axis] != 1]
            return int(kept == sorted(kept) and [x.shape[axis] for axis in kept] == lengths)
        if x.how == y.how == "broadcast" and not source.shape:
            return int(source is y.args[0])
        return int(make.transpose(x, order) is y)

    def _same_product(self, x: Einsum, y: Einsum, order: Order) -> bool:
        """Whether renaming the labels of one makes the other, in some order of the factors."""
        labels = count()
        factors = list(_factors(x, [("axis", label) for label in x.output], labels))
        others = list(_factors(y, [("axis", label) for label in y.output], labels))
        if len(factors) != len(others) or len(factors) > _MOST_FACTORS:
            return False
        wanted = dict(zip([x.output[axis] for axis in order], y.output, strict=True))
        fixed: dict[Label, Label] = {("axis", old): ("axis", new) for old, new in wanted.items()}
        return any(self._renames(list(zip(factors, turned, strict=True)), fixed) for turned in permutations(others))

    def _renames(self, pairs: list[tuple[Factor, Factor]], names: dict[Label, Label]) -> bool:
        """Whether one renaming takes the labels of all factors to those of their partners."""
        if not pairs:
            return True
        (node, labels), (other, other_labels) = pairs[0]
        if node is not other:
            return False
        ways = [labels]
        if node.ndim == 2 and labels[0] != labels[1] and self.sign(node, node, (1, 0)) == 1:
            ways.append(labels[::-1])
        for way in ways:
            extended = _extended(names, way, other_labels)
            if extended is not None and self._renames(pairs[1:], extended):
                return True
        return False


def _extended(names: dict[Label, Label], old: Sequence[Label], new: Sequence[Label]) -> dict[Label, Label] | None:
    """The renaming with some more labels; None where it would not be one to one."""
    extended = dict(names)
    for before, after in zip(old, new, strict=True):
        if extended.setdefault(before, after) != after:
            return None
    return extended if len(set(extended.values())) == len(extended) else None


def _factors(node: Node, labels: Sequence[Label], fresh: Iterator[int]) -> Iterator[Factor]:
    """The factors of a product of products, with the labels of their axes; transposed ones as they were before."""
    if isinstance(node, Layout) and node.how == "transpose":
        yield from _factors(node.args[0], [labels[node.axes.index(axis)] for axis in range(node.ndim)], fresh)
    elif isinstance(node, Einsum):
        inner: dict[int, Label] = dict(zip(node.output, labels, strict=True))
        for own in node.inputs:
            for label in own:
                if label not in inner:
                    inner[label] = ("sum", next(fresh))
        for argument, own in zip(node.args, node.inputs, strict=True):
            yield from _factors(argument, [inner[label] for label in own], fresh)
    else:
        yield node, tuple(labels)


def _before(node: Reduce, order: Order) -> Order:
    """The order of the axes before some of them were summed over."""
    kept = [axis for axis in range(node.args[0].ndim) if axis not in node.axes]
    found = list(range(node.args[0].ndim))
    for place, axis in enumerate(kept):
        found[axis] = kept[order[place]]
    return tuple(found)
