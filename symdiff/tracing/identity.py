"""`is`, of what is traced: a truth value that has no number yet is the same object as one that it will be equal to.

In: two values that the user's code asks about. Out: whether they are the same object, as it is for the values that they
stand for; a condition where that depends on the arguments.
"""

from typing import Any

from symdiff.errors import ConversionError
from symdiff.ir import make
from symdiff.ir.nodes import Input
from symdiff.ir.program import topological
from symdiff.ops import piecewise
from symdiff.tracing import forking
from symdiff.tracing.frames import user_origin
from symdiff.tracing.replacements import Replacement
from symdiff.tracing.tracer import Tracer, wrap


def identical(first: Any, second: Any) -> Any:
    """`first is second`; the truth values of Python's numbers are the same ones where they are equal."""
    first, second = (each.original if isinstance(each, Replacement) else each for each in (first, second))
    traced = [each for each in (first, second) if isinstance(each, Tracer)]
    if first is second or not traced or not (_is_truth(first) and _is_truth(second)):
        return first is second
    if any(isinstance(each, Input) and each.shape for each in topological([value.node for value in traced])):
        forking.refuse(_of_unknown_identity())
    if len(traced) == 2:
        return wrap(make.select(first.node, second.node, piecewise.logical_not(second.node)))
    truth = second if traced[0] is first else first
    return traced[0] if truth else wrap(piecewise.logical_not(traced[0].node))


def distinct(first: Any, second: Any) -> Any:
    """`first is not second`."""
    same = identical(first, second)
    return wrap(piecewise.logical_not(same.node)) if isinstance(same, Tracer) else not same


def _is_truth(value: Any) -> bool:
    return type(value) is bool or (isinstance(value, Tracer) and value.node.dtype == "bool" and not value.node.shape)


def _of_unknown_identity() -> ConversionError:
    return ConversionError(
        "a comparison of elements of an array is asked whether it is True or False",
        origin=user_origin(),
        why="A truth value of NumPy's is never `True` itself, one of Python's numbers may be.",
        fix="ask for the truth itself: if condition, if not condition",
    )
