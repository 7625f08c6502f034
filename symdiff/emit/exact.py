"""Values that are right to more digits than any double has.

In: a Program and the leaves of its inputs. Out: the leaves of the result in mpmath, evaluated with more and more digits
until they no longer change: a formula that cancels (1 + erf(x) at -30) loses hundreds of digits on its way.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from symdiff.emit.sampling import arguments_of
from symdiff.ir.evaluate import evaluate_mpmath
from symdiff.ir.nodes import Const
from symdiff.ir.program import Program

# A result that is still 0 with 400 digits is 0, or smaller than any double, wherever terms of ordinary size cancel.
DIGITS = (50, 100, 400, 1600)
_ZERO_IS_ZERO = 400
_AGREEMENT = 1e-25


def outputs_at(program: Program, leaves: Sequence[Any], digits: int) -> list[Any]:
    """The leaves of the result, evaluated with that many digits."""
    return program.structure.flatten(evaluate_mpmath(program, digits=digits, **arguments_of(program, leaves)))


def exact_outputs(program: Program, leaves: Sequence[Any]) -> tuple[list[Any], int]:
    """The leaves of the result to 25 digits, and the digits it took."""
    values = outputs_at(program, leaves, DIGITS[0])
    for digits, more in pairwise(DIGITS):
        finer = outputs_at(program, leaves, more)
        if all(map(_settled, program.outputs, values, finer, [more] * len(finer))):
            return finer, digits
        values = finer
    return values, DIGITS[-1]


def _settled(output: Any, value: Any, finer: Any, digits: int) -> bool:
    """Whether more digits did not change the value. A zero may be what cancellation left: it takes more of them."""
    import mpmath

    if isinstance(output, Const) or output.dtype == "bool":
        return True
    pairs = zip(np.ravel(np.asarray(value, dtype=object)), np.ravel(np.asarray(finer, dtype=object)), strict=True)
    for old, new in pairs:
        if not mpmath.isfinite(new):
            continue
        if new == 0 and digits < _ZERO_IS_ZERO:
            return False
        if not abs(old - new) <= _AGREEMENT * abs(new):
            return False
    return True
