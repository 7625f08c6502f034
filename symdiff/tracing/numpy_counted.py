"""NumPy's functions whose results have as many elements as the values say: nonzero, unique, argwhere, …

In: arrays, on the path of one input. Out: the elements that are picked on it; which ones is a guard of the trace. Where
no path is followed, these functions have no rule.
"""

from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.nodes import Const, Node
from symdiff.ops import piecewise as p
from symdiff.tracing.forking import settled
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_layout import concatenated
from symdiff.tracing.rules import path_rule
from symdiff.tracing.values import to_node


@path_rule("numpy.nonzero")
def _nonzero(a: Any) -> tuple[Node, ...]:
    return tuple(arrays.positions(found) for found in np.nonzero(_picked(a)))


@path_rule("numpy.flatnonzero")
def _flatnonzero(a: Any) -> Node:
    return arrays.positions(np.flatnonzero(_picked(a)))


@path_rule("numpy.argwhere")
def _argwhere(a: Any) -> Node:
    return arrays.positions(np.argwhere(_picked(a)))


@path_rule("numpy.unique")
def _unique(
    ar: Any, return_index: Any = False, return_inverse: Any = False, return_counts: Any = False, equal_nan: Any = True
) -> Any:
    """The different values in ascending order. The order is part of the graph; where a new value begins is a guard."""
    array = to_node(ar)
    flat = make.reshape(array, (array.size,))
    order = arrays.order("argsort", flat, 0)
    ascending = arrays.gather(flat, 0, [order])
    begins = np.flatnonzero(_begins(ascending, bool(equal_nan)))
    results = [arrays.gather(ascending, 0, [begins])]
    if return_index:
        results.append(arrays.gather(order, 0, [begins]))
    if return_inverse:
        runs = np.repeat(np.arange(len(begins)), np.diff([*begins, array.size]))
        back = arrays.gather(arrays.positions(runs), 0, [arrays.order("argsort", make.as_real(order), 0)])
        results.append(make.reshape(back, array.shape))
    if return_counts:
        results.append(arrays.positions(np.diff([*begins, array.size])))
    return tuple(results) if len(results) > 1 else results[0]


@path_rule("numpy.unique_values")
def _unique_values(x: Any) -> Any:
    return _unique(x, equal_nan=False)


@path_rule("numpy.union1d")
def _union1d(ar1: Any, ar2: Any) -> Any:
    return _unique(concatenated([ar1, ar2], None))


def _begins(ascending: Node, equal_nan: bool) -> Any:
    """Whether each value differs from the one before it. The nans stand last."""
    if not ascending.size:
        return np.zeros(0, dtype=bool)
    before, after = make.index(ascending, slice(None, -1)), make.index(ascending, slice(1, None))
    differs = p.not_equal(before, after)
    if equal_nan:
        differs = p.logical_and(differs, p.equal(before, before))
    return np.concatenate([[True], _picked(differs)])


def _picked(value: Any) -> Any:
    """Which elements are true, or not zero."""
    node = to_node(value)
    mask = node if node.dtype == "bool" else make.apply(p.not_equal, [node, 0.0])
    return np.asarray(mask.value if isinstance(mask, Const) else settled(mask, "mask", user_origin()))
