"""Theano's own ways to lay out an array anew: `dimshuffle`, and `flatten` to a number of axes.

In: an array and what is done with its axes. Out: the array laid out so.
"""

from typing import TYPE_CHECKING, Any

from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.lengths import product
from symdiff.symbolic.recording import Application, Operation
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import to_node

if TYPE_CHECKING:
    from symdiff.symbolic.replay import Scope


class _Dimshuffle(Operation):
    """Axes permuted, new ones made, those of length 1 that are not named dropped."""

    name = "dimshuffle"

    def evaluate(self, scope: "Scope", application: Application) -> Any:
        (array, *order), _ = scope.arguments(application)
        node = to_node(array)
        kept = [axis for axis in order if axis != "x"]
        written = f"dimshuffle({', '.join(map(repr, order))})"
        if len(set(kept)) < len(kept) or not set(kept) <= set(range(node.ndim)):
            raise ShapeError(
                f"{written} of an array of shape {node.shape} does not name each of its axes once",
                why='Axes are counted from 0; "x" is a new one, of length 1.',
                fix=f'x.dimshuffle({", ".join(map(str, range(node.ndim)))}{", " if node.ndim else ""}"x")',
            )
        gone = [axis for axis in range(node.ndim) if axis not in kept]
        if any(node.shape[axis] != 1 for axis in gone):
            raise ShapeError(
                f"{written} drops an axis of an array of shape {node.shape} whose length is not 1",
                why="Its elements would have no place in the result.",
                fix="name every axis, or take its elements: x[0], x.sum(axis=0)",
            )
        turned = make.transpose(node, [*kept, *gone])
        return wrap(make.reshape(turned, tuple(1 if axis == "x" else node.shape[axis] for axis in order)))


class _Flatten(Operation):
    """The last axes as one."""

    name = "flatten"

    def evaluate(self, scope: "Scope", application: Application) -> Any:
        (array, count), _ = scope.arguments(application)
        node = to_node(array)
        if not isinstance(count, int) or not 1 <= count <= node.ndim:
            raise ShapeError(
                f"an array of shape {node.shape} has no {count!r} axes to flatten to",
                why="The first axes are kept, and the others become one.",
                fix=f"x.flatten({max(1, node.ndim)})",
            )
        return wrap(make.reshape(node, (*node.shape[: count - 1], product(node.shape[count - 1 :]))))


DIMSHUFFLE, FLATTEN = _Dimshuffle(), _Flatten()
