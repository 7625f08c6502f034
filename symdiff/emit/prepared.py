"""A Program as it is written down: what a backend wants in place of what the calculus made.

In: a Program. Out: the same function, with contractions in their order and operations of the backend's own.
"""

from symdiff.algebra.passes import tidied
from symdiff.backends.base import Backend
from symdiff.ir.loops import joined
from symdiff.ir.program import Program
from symdiff.schedule.checks import after_checks
from symdiff.schedule.choices import plain_choices
from symdiff.schedule.contraction import contract
from symdiff.schedule.lower import lower
from symdiff.schedule.odes import solve_together
from symdiff.schedule.reductions import merge_reductions
from symdiff.schedule.rows import rows
from symdiff.schedule.signs import merge_signs


def prepared(program: Program, backend: Backend) -> Program:
    """The program that the statements are made of."""
    whole = tidied(contract(solve_together(joined(after_checks(program)))))
    return backend.adapted(plain_choices(rows(lower(merge_reductions(merge_signs(whole))))))
