"""Where a mask is true, `np.nonzero(x > 0)` and its kind: positions that are used as the mask itself.

In: a mask that depends on the arguments. Out: for each axis what the mask picks of the positions along it; as a key,
all of them together are the mask.
"""

from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.nodes import Const, Node
from symdiff.ops import piecewise as p
from symdiff.tracing.forking import current_session, following, refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_indexing import no_mask
from symdiff.tracing.picked import Picked
from symdiff.tracing.rules import Given, path_rule_named, rule
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import to_node


class PickedPlaces(Picked):
    """The positions along one axis at which a mask is true.

    mask_of_places: the mask, as the key that means the same. axis: which of its axes.
    """

    __slots__ = ("axis", "mask_of_places")

    def __init__(self, mask: Node, axis: int) -> None:
        lengths = [length if at == axis else 1 for at, length in enumerate(mask.shape)]
        along = make.reshape(make.iota(mask.shape[axis]), tuple(lengths))
        super().__init__(make.broadcast(along, mask.shape), mask, user_origin())
        self.mask_of_places = wrap(mask)
        self.axis = axis


@rule("numpy.nonzero")
def nonzero(a: Any) -> Any:
    """The places at which the elements are not zero, axis by axis."""
    on_a_path = path_rule_named("numpy.nonzero") if following() is not None else None
    if on_a_path is not None:
        return on_a_path.apply(a)
    mask = _is_not_zero(to_node(a))
    if isinstance(mask, Const):
        return Given(np.nonzero(mask.value))
    if current_session() is None:
        refuse(no_mask())
    if not mask.ndim:
        raise ValueError("Calling nonzero on 0d arrays is not allowed.")
    return Given(tuple([PickedPlaces(mask, axis) for axis in range(mask.ndim)]))


@rule("numpy.flatnonzero")
def _flatnonzero(a: Any) -> Any:
    node = to_node(a)
    found = nonzero(make.reshape(node, (node.size,)))
    return Given(found.value[0]) if isinstance(found, Given) else found[0]


def _is_not_zero(node: Node) -> Node:
    return node if node.dtype == "bool" else p.not_equal(node, 0.0)
