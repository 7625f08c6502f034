"""Linear algebra on a batch: one more axis at the front of some arguments.

In: a Linalg node, its arguments, and which of them have the axes of the batch. Out: the node on the batch. Routines
work on the last two axes, so the axes of the batch only have to stand before those that a node has itself. A system
with one matrix for the whole batch is solved once, with all right sides as columns.
"""

from collections.abc import Sequence

from symdiff.ir import make
from symdiff.ir.lengths import product
from symdiff.ir.make_linalg import column, linalg, transposed
from symdiff.ir.nodes import Eye, Linalg, Node, Shape

_ONE_MATRIX = ("solve", "solve_triangular", "solve_banded")


def batched_linalg(node: Linalg, args: Sequence[Node], is_batched: Sequence[bool], batch: Shape) -> Node:
    """The node with some arguments replaced by batches."""
    options = dict(node.options)
    if node.how in _ONE_MATRIX and max(arg.ndim for arg in node.args) == 2 and tuple(is_batched) == (False, True):
        return _with_columns(node, args[0], args[1], batch)
    axes = max(arg.ndim - 2 for arg in node.args)
    aligned = [
        _aligned(arg, own, axes, batch if batched else None)
        for arg, own, batched in zip(args, node.args, is_batched, strict=True)
    ]
    found = linalg(node.how, *aligned, **options)
    return found if node.dtype == "tuple" else make.reshape(found, (*batch, *node.shape))


def _with_columns(node: Linalg, a: Node, b: Node, batch: Shape) -> Node:
    """The batch of right sides beside each other."""
    options, lead = dict(node.options), len(batch)
    if isinstance(b, Eye):
        return transposed(linalg(node.how, a, b, **options))
    beside = make.transpose(b, [lead, *range(lead + 1, b.ndim), *range(lead)])
    shape = beside.shape
    solved = linalg(node.how, a, make.reshape(beside, (shape[0], product(shape[1:]))), **options)
    return make.transpose(make.reshape(solved, shape), [*range(b.ndim - lead, b.ndim), *range(b.ndim - lead)])


def _aligned(arg: Node, own: Node, axes: int, batch: Shape | None) -> Node:
    """The axes of the batch before all batch axes of the node; a vector becomes a column."""
    matrices = column(arg) if own.ndim == 1 else arg
    if batch is None:
        return matrices
    rest = matrices.shape[len(batch) :]
    return make.reshape(matrices, (*batch, *(1,) * (axes + 2 - len(rest)), *rest))
