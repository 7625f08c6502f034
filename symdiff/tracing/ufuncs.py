"""The methods of ufuncs on tracers: `np.add.reduce`, `np.maximum.accumulate`, `np.multiply.outer`.

In: a ufunc, the name of its method, the user's arguments. Out: nodes.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.lengths import counted
from symdiff.ir.nodes import Node
from symdiff.tracing.numpy_layout import moved_axes
from symdiff.tracing.numpy_reductions import Axes, reduced
from symdiff.tracing.numpy_scans import RUNNING
from symdiff.tracing.rules import rule_of
from symdiff.tracing.values import to_node

_REDUCTIONS = {
    "add": "sum",
    "multiply": "prod",
    "maximum": "max",
    "minimum": "min",
    "logical_and": "all",
    "logical_or": "any",
}


def method_rule(ufunc: np.ufunc, method: str) -> Callable[..., Any] | None:
    """The rule of a ufunc's method, or None."""
    if method == "reduce" and ufunc.__name__ in _REDUCTIONS:
        return _reduce(_REDUCTIONS[ufunc.__name__])
    if method == "accumulate" and ufunc.__name__ in RUNNING:
        return _accumulate(RUNNING[ufunc.__name__])
    known = rule_of(ufunc)
    if known is None or ufunc.nin != 2:
        return None
    return {"outer": _outer, "reduce": _fold}.get(method, _no_rule)(known.apply)


def _no_rule(apply: Callable[..., Any]) -> None:
    """Other methods have none."""


def _fold(apply: Callable[..., Any]) -> Callable[..., Node]:
    """One element after the other, as NumPy goes along one axis."""

    def reduce(array: Any, axis: int = 0, keepdims: Any = False) -> Node:
        lines = moved_axes(array, axis, 0)
        count = counted(lines.shape[0], "the reduction by a ufunc")
        found: Node = functools.reduce(apply, [make.index(lines, position) for position in range(count)])
        if keepdims is not True:
            return found
        at = make.normal_axis(axis, lines.ndim)
        return make.reshape(found, (*found.shape[:at], 1, *found.shape[at:]))

    return reduce


def _reduce(how: str) -> Callable[..., Node]:
    def reduce(array: Any, axis: Axes = 0, keepdims: Any = False) -> Node:
        return reduced(how, array, axis, keepdims)

    return reduce


def _accumulate(running: Callable[..., Node]) -> Callable[..., Node]:
    def accumulate(array: Any, axis: int = 0) -> Node:
        return running(array, axis)

    return accumulate


def _outer(apply: Callable[..., Any]) -> Callable[..., Any]:
    def outer(a: Any, b: Any) -> Any:
        x, y = to_node(a), to_node(b)
        return apply(make.reshape(x, x.shape + (1,) * y.ndim), y)

    return outer
