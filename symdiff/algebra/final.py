"""The rules of the last step before a program is written: others would find less to do after them.

In: one node of a graph, and how often its parts are used. Out: a cheaper node of the same value, or None.
"""

from collections.abc import Callable

from symdiff.algebra.coefficients import (
    Uses,
    doubled,
    minus_inward,
    minus_outward,
    numbers_and_quotients,
    quotient_of_constants,
    turned_round,
)
from symdiff.algebra.powers import common_power, merged_powers
from symdiff.ir.nodes import Map, Node
from symdiff.ops import elementary as e
from symdiff.ops.row import Op

FINAL: dict[Op, tuple[Callable[[Map, Uses], Node | None], ...]] = {
    e.divide: (quotient_of_constants,),
    e.multiply: (numbers_and_quotients, merged_powers),
    e.negative: (minus_inward,),
    e.add: (doubled, minus_outward, common_power),
    e.subtract: (doubled, minus_outward, turned_round, common_power),
}


def tidy(node: Node, uses: Uses) -> Node | None:
    """What the first rule that applies makes of the node, where nothing is simplified after it."""
    if not isinstance(node, Map):
        return None
    for rule in FINAL.get(node.op, ()):
        found = rule(node, uses)
        if found is not None:
            return found
    return None
