"""NumPy's functions that call the user's function: apply_along_axis, apply_over_axes, fromfunction.

In: a function and an array. Out: what the function makes of each line, put together.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_layout import moved_axes
from symdiff.tracing.rules import rule
from symdiff.tracing.tracer import ArrayTracer, unwrap
from symdiff.tracing.values import to_node

_LINES = 1_000


@rule("numpy.apply_along_axis")
def _apply_along_axis(func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any) -> Node:
    """The function is traced once for every line."""
    array = moved_axes(arr, axis, -1)
    at, lead = make.normal_axis(axis, array.ndim), array.shape[:-1]
    places = list(np.ndindex(*lead))
    if len(places) > _LINES:
        raise ShapeError(
            f"np.apply_along_axis would trace the function {len(places)} times",
            origin=user_origin(),
            why="The function is traced once for every line of the array.",
            fix="functions of the whole array, as np.sum(A * B, axis=1) or A[:, 0] * A[:, 1]",
        )
    if not places:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    lines = [ArrayTracer(make.index(array, place), is_shared=True) for place in places]  # in NumPy, views
    made = [to_node(unwrap(func1d(line, *args, **kwargs))) for line in lines]
    whole = make.reshape(make.stack(made), (*lead, *made[0].shape))
    added = made[0].ndim
    return moved_axes(whole, list(range(len(lead), len(lead) + added)), list(range(at, at + added)))


@rule("numpy.apply_over_axes")
def _apply_over_axes(func: Callable[..., Any], a: Any, axes: int | Sequence[int]) -> Node:
    array = to_node(a)
    for axis in [axes] if isinstance(axes, int) else axes:
        made = to_node(unwrap(func(ArrayTracer(array, is_shared=True), axis)))
        array = make.reshape(made, tuple(1 if at == axis % array.ndim else n for at, n in enumerate(array.shape)))
    return array
