"""`x[start:stop]` where the bounds are traced and their distance is not: a batch of the data, a window that moves.

In: an array, an axis, and a slice whose bounds are whole numbers that depend on the arguments. Out: as many elements as
the bounds are apart, picked by position, and a check that they are all there: NumPy would give fewer at the end.
"""

from typing import Any

from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import is_static
from symdiff.ir.nodes import Cast, Const, Map, Node
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.tracing.arithmetic_errors import raise_where
from symdiff.tracing.conversions import cannot_convert
from symdiff.tracing.forking import current_session, following, refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.values import is_traced, to_node

BEYOND = "a slice of traced bounds reaches beyond the array"


def is_traced_slice(part: Any) -> bool:
    """Whether a part of a key is a slice with a bound that depends on the arguments, and that no path decides."""
    return (
        isinstance(part, slice)
        and any(is_traced(bound) and to_node(bound).args for bound in (part.start, part.stop, part.step))
        and following() is None
    )


def cut_where_it_is(node: Node, axis: int, part: slice) -> Node:
    """`node[start:stop]` along an axis; a refusal where the length of the result depends on the arguments."""
    length = node.shape[axis]
    start = to_node(0 if part.start is None else part.start)
    stop = to_node(length if part.stop is None else part.stop)
    count = _distance(start, stop)
    session = current_session()
    if count is None or count < 1 or part.step not in (None, 1) or not is_static(node.shape) or session is None:
        refuse(cannot_convert(start if start.args else stop, "index", user_origin()))
    outside = p.logical_or(p.less(start, 0.0), p.greater(stop, float(int(length))))
    raise_where(outside, IndexError(BEYOND))
    return arrays.gather(node, axis, [arrays.positions(start + make.iota(count))])


def _distance(start: Node, stop: Node) -> int | None:
    """How far the bounds are apart, where they are the same sums but for a constant."""
    terms: dict[Node | None, float] = {}
    waiting = [(stop, 1.0), (start, -1.0)]
    while waiting:
        node, factor = waiting.pop()
        scaled = _scaled(node)
        if isinstance(node, Const):
            terms[None] = terms.get(None, 0.0) + factor * float(node.value)
        elif isinstance(node, Cast):
            waiting.append((node.args[0], factor))
        elif isinstance(node, Map) and node.op is e.add:
            waiting += [(arg, factor) for arg in node.args]
        elif isinstance(node, Map) and node.op is e.subtract:
            waiting += [(node.args[0], factor), (node.args[1], -factor)]
        elif scaled is not None:
            waiting.append((scaled[1], factor * scaled[0]))
        else:
            terms[node] = terms.get(node, 0.0) + factor
    constant = terms.pop(None, 0.0)
    return int(constant) if not any(terms.values()) and constant % 1 == 0 else None


def _scaled(node: Node) -> tuple[float, Node] | None:
    """The constant factor and the other one of a product."""
    if isinstance(node, Map) and node.op is e.negative:
        return -1.0, node.args[0]
    if isinstance(node, Map) and node.op is e.multiply:
        for factor, other in (node.args, node.args[::-1]):
            if isinstance(factor, Const) and not factor.shape:
                return float(factor.value), other
    return None
