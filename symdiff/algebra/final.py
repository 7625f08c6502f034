"""The rules of the last step before a program is written: others would find less to do after them.

In: the operations of a program. Out: the rules that can find something in it.
"""

from collections.abc import Set

from symdiff.algebra.coefficients import (
    doubled,
    minus_inward,
    minus_outward,
    numbers_and_quotients,
    quotient_of_constants,
    turned_round,
)
from symdiff.algebra.local import Rule, Rules, rules_for
from symdiff.algebra.powers import common_power, merged_powers
from symdiff.ops import elementary as e
from symdiff.ops.row import Op

FINAL: Rules = {
    e.divide: (quotient_of_constants,),
    e.multiply: (numbers_and_quotients, merged_powers),
    e.negative: (minus_inward,),
    e.add: (doubled, minus_outward, common_power),
    e.subtract: (doubled, minus_outward, turned_round, common_power),
}

# Operations without which a rule finds nothing that the local rules do not find.
_NEEDED: dict[Rule, Op] = {numbers_and_quotients: e.divide, merged_powers: e.power, common_power: e.power}


def rules_to_end_with(operations: Set[Op]) -> Rules:
    """The final rules that can find something among the operations, each operation's followed by its local rules."""
    local = rules_for(operations)
    final = {op: tuple(rule for rule in FINAL.get(op, ()) if _NEEDED.get(rule, op) in operations) for op in operations}
    return {op: (*final[op], *local.get(op, ())) for op in operations}
