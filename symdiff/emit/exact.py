"""Values that are right to more digits than any double has.

In: a Program and the leaves of its inputs. Out: the leaves of the result in mpmath, evaluated with more and more digits
until they no longer change: a formula that cancels (1 + erf(x) at -30) loses hundreds of digits on its way.
"""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from symdiff.emit.sampling import arguments_of
from symdiff.ir.evaluate import evaluate_mpmath
from symdiff.ir.nodes import Call, Const, Linalg, Loop, Node, Ode, Rewind
from symdiff.ir.program import Program

# A result that is still 0 with 400 digits is 0, or smaller than any double, wherever terms of ordinary size cancel.
DIGITS = (50, 100, 400, 1600)
_ZERO_IS_ZERO = 400
_AGREEMENT = 1e-25
_MOVED, _MOVED_RUNS, _MOVED_DIGITS = 2.0**-20, 4, 20
_NOT_MOVED = (Call, Linalg, Loop, Ode, Rewind)  # a loop may go on for ever if what it waits for keeps moving


def outputs_at(program: Program, leaves: Sequence[Any], digits: int) -> list[Any]:
    """The leaves of the result, evaluated with that many digits."""
    return program.structure.flatten(evaluate_mpmath(program, digits=digits, **arguments_of(program, leaves)))


def exact_outputs(program: Program, leaves: Sequence[Any]) -> tuple[list[Any], int]:
    """The leaves of the result to 25 digits, and the digits it took."""
    values = outputs_at(program, leaves, DIGITS[0])
    for digits, more in pairwise(DIGITS):
        finer = outputs_at(program, leaves, more)
        is_settled = all(map(_settled, program.outputs, values, finer))
        if is_settled and (more >= _ZERO_IS_ZERO or _zeros_are_sure(program, leaves, finer)):
            return finer, digits
        values = finer
    return values, DIGITS[-1]


def _settled(output: Node, value: Any, finer: Any) -> bool:
    """Whether more digits did not change the value."""
    import mpmath

    if _is_sure(output):
        return True
    pairs = zip(np.ravel(np.asarray(value, dtype=object)), np.ravel(np.asarray(finer, dtype=object)), strict=True)
    return all(not mpmath.isfinite(new) or abs(old - new) <= _AGREEMENT * abs(new) for old, new in pairs)


def _is_sure(output: Node) -> bool:
    return isinstance(output, Const) or output.dtype == "bool"


def _zeros_are_sure(program: Program, leaves: Sequence[Any], values: Sequence[Any]) -> bool:
    """Whether no zero is what cancellation left: all of them stay, whatever errors the operations make on the way.

    The Hessian of a sum has zeros off its diagonal; to see them with 400 digits took longer than all the rest.
    """
    import mpmath

    zeros = [not _is_sure(output) and np.equal(value, 0) for output, value in zip(program.outputs, values, strict=True)]
    if not any(map(np.any, zeros)):
        return True
    if any(isinstance(node, _NOT_MOVED) for node in program.nodes()):
        return False
    generator = random.Random(3)

    def moved(value: Any) -> Any:
        return value * (1 + mpmath.mpf(generator.uniform(-_MOVED, _MOVED))) if value else value

    for _ in range(_MOVED_RUNS):
        result = evaluate_mpmath(program, digits=_MOVED_DIGITS, moved=moved, **arguments_of(program, leaves))
        for zero, found in zip(zeros, program.structure.flatten(result), strict=True):
            if np.any(zero & np.not_equal(found, 0)):
                return False
    return True
