"""What is subtracted before exponentials are summed, so that none overflows: the largest, where it is finite.

In: an array and the axes that are summed over. Out: its largest elements along them. Where all are -inf, or one is inf,
there is nothing to gain, and 0 is subtracted: inf - inf would be nan.
"""

from collections.abc import Sequence

from symdiff.ir import make
from symdiff.ir.nodes import Const, Map, Node, Reduce, Select
from symdiff.ops.piecewise import isfinite


def shift_of(array: Node, axes: Sequence[int]) -> Node:
    """The largest elements along the axes, which disappear.

    >>> from symdiff.ir.nodes import Input
    >>> shift_of(Input("x", (2, 3)), [1]).shape
    (2,)
    """
    largest = make.reduce("max", array, axes)
    return make.select(isfinite(largest), largest, 0.0)


def is_shift(node: Node) -> bool:
    """Whether a node is such a shift, or the maximum or minimum alone, as one writes it by hand."""
    if isinstance(node, Select):
        condition, largest, otherwise = node.args
        tests_it = isinstance(condition, Map) and condition.op is isfinite and condition.args[0] is largest
        return tests_it and isinstance(otherwise, Const) and is_shift(largest)
    return isinstance(node, Reduce) and node.how in ("max", "min")


def kept(shift: Node, array: Node, axes: Sequence[int]) -> Node:
    """The shift with axes of length 1 in place of those that have disappeared."""
    return make.reshape(shift, tuple(1 if axis in axes else length for axis, length in enumerate(array.shape)))
