"""NumPy's functions that make arrays of lengths that stay open: zeros, ones, eye, arange, linspace.

In: lengths, as the user gives them. Out: nodes. With plain numbers NumPy's own functions make the arrays.
"""

from typing import Any

import numpy as np

from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir.lengths import Dimension, Length, larger, quotient, rest
from symdiff.ir.nodes import Node
from symdiff.ops import piecewise as p
from symdiff.tracing.dimensions import dimension, dimensions, length_of
from symdiff.tracing.forking import following, refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.rules import rule
from symdiff.tracing.values import is_traced


def _filled(value: float, shape: Any, dtype: Any = None) -> Node:
    """An array of one number."""
    if dtype is not None and np.dtype(dtype).kind == "b":
        return make.broadcast(make.constant(bool(value)), dimensions(shape))
    return make.broadcast(make.constant(value), dimensions(shape))


@rule("numpy.zeros")
def _zeros(shape: Any, dtype: Any = None) -> Node:
    return _filled(0.0, shape, dtype)


@rule("numpy.ones")
def _ones(shape: Any, dtype: Any = None) -> Node:
    return _filled(1.0, shape, dtype)


@rule("numpy.empty")
def _empty(shape: Any, dtype: Any = None) -> Node:
    return _filled(np.nan, shape, dtype)


@rule("numpy.eye", "numpy.identity")
def _eye(N: Any, M: Any = None, k: int = 0) -> Node:  # noqa: N803 (NumPy's names)
    rows = dimension(N)
    if (M is not None and dimension(M) != rows) or k != 0:
        refuse(_no_rectangle())
    return make.eye(rows)


def _no_rectangle() -> UnsupportedError:
    return UnsupportedError(
        "np.eye with another number of columns, or another diagonal, is not traceable for open lengths",
        origin=user_origin(),
        why="Where the ones are would depend on which of the lengths is smaller.",
        fix="build it from np.eye(n): np.concatenate([np.eye(n), np.zeros((n, 1))], axis=1)",
    )


@rule("numpy.arange")
def _arange(start: Any, stop: Any = None, step: Any = 1) -> Node:
    first, last = (0, start) if stop is None else (start, stop)
    begin, end, stride = _whole(first), _whole(last), length_of(step)
    if begin is None or end is None or not isinstance(stride, int) or stride < 1:
        refuse(_no_steps())
    count = rest(quotient(rest(end - begin) + (stride - 1), stride))
    numbers = make.iota(count)
    numbers = numbers if stride == 1 else float(stride) * numbers
    return numbers if begin == 0 else make.size_of(begin) + numbers


def _whole(bound: Any) -> Dimension | None:
    """A bound as a length, which a traced number is on the path of one input alone."""
    length = length_of(bound)
    return dimension(bound) if length is None and is_traced(bound) and following() is not None else length


def _no_steps() -> UnsupportedError:
    return UnsupportedError(
        "np.arange with these bounds is not traceable",
        origin=user_origin(),
        why="How many elements there are depends on the arguments, or on how a product of lengths is rounded.",
        fix="start + step * np.arange(n), of whole numbers and lengths, scaled",
    )


def spaced(first: Node, last: Node, count: Length, endpoint: Any) -> Node:
    """np.linspace with an open number of points: the end is exact."""
    steps: Dimension = larger(count - 1, 1) if endpoint else count
    numbers = make.iota(count)
    points = first + numbers * ((last - first) / make.size_of(steps))
    if not endpoint:
        return points
    at_end = p.equal(numbers, make.size_of(steps))
    return make.select(at_end, last, points)
