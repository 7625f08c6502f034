"""The kinds that work along axes, on a batch of values: their axes are counted from behind those of the batch.

In: a Scan, Gather, ScatterAdd or Convolve that is linear in what has the axes of the batch, and its arguments (None:
as they are). Out: the node with the axes of the batch at the front.
"""

from collections.abc import Sequence

from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.nodes import Convolve, Gather, Node, Scan, ScatterAdd, Shape


def along_batched(node: Node, given: Sequence[Node | None], batch: Shape) -> Node:
    """The node for the whole batch."""
    lead = len(batch)
    arg = given[0]
    match node:
        case Scan(how="linear"):
            args = [_with_axes(old, new, lead) for old, new in zip(node.args, given, strict=True)]
            return arrays.recurrence(args[0], args[1], lead + node.axis, node.reverse)
        case Convolve():
            return _convolved(node, given, lead)
    assert arg is not None
    match node:
        case Scan():
            return arrays.scan(node.how, arg, lead + node.axis, node.reverse)
        case Gather(how="along"):
            return arrays.gather_along(arg, _with_axes(node.args[1], None, lead), lead + node.axis)
        case Gather():
            return arrays.gather(arg, lead + node.axis, node.args[1:])
        case ScatterAdd(how="along"):
            positions = make.broadcast(node.args[1], (*batch, *node.args[1].shape))
            return arrays.scatter_along(arg, positions, lead + node.axis, (*batch, *node.shape))
        case ScatterAdd():
            return arrays.scatter_add(arg, lead + node.axis, node.args[1:], (*batch, *node.shape))
    raise TypeError(f"no rule to batch {node!r}")


def _with_axes(old: Node, new: Node | None, lead: int) -> Node:
    """The argument with the axes of the batch, of length 1 where it has none."""
    return make.reshape(old, (1,) * lead + old.shape) if new is None else new


def _convolved(node: Convolve, given: Sequence[Node | None], lead: int) -> Node:
    x, y = (_with_axes(old, new, lead) for old, new in zip(node.args, given, strict=True))
    if node.mode == "full" or given[1] is None:
        return arrays.convolve(x, y, node.mode)
    inner = [slice(m - 1, n) for n, m in zip(node.args[0].shape, node.args[1].shape, strict=True)]
    return make.index(arrays.convolve(x, y, "full"), (..., *inner))
