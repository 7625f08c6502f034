"""What the rounding of constants does to a derivative.

In: a Program. Out: the same one with its constants moved by up to one rounding error.

A derivative has constants that the function has not: that of x / 20 is 0.05, which no double is. Evaluated with many
digits it is off by that rounding, which a formula that cancels magnifies; a derivative by differences is not.
"""

import random
from typing import Any

import numpy as np

from symdiff.ir.make import constant
from symdiff.ir.node import Node
from symdiff.ir.nodes import Const
from symdiff.ir.program import Program
from symdiff.ir.rewrite import rewrite

_ROUNDING = 2.0**-53
_SHORT = 2.0**40  # sums and products of numbers with fewer bits than this are not rounded


def with_moved_constants(program: Program, generator: random.Random) -> Program:
    """The program with each long constant multiplied by 1 plus or minus up to one rounding error of its own."""

    def moved(node: Node) -> Node | None:
        if not isinstance(node, Const) or node.dtype not in ("real", "complex"):
            return None
        value = np.asarray(node.value)
        steps = generator.choice((-2.0, 2.0)) * generator.uniform(0.5, 1.0) * _ROUNDING * _is_long(value)
        return constant((value * (1.0 + steps))[()]) if np.any(steps) else None

    return rewrite(program, moved)


def _is_long(values: Any) -> Any:
    """Where the significand takes so many bits that it may have been rounded."""
    with np.errstate(invalid="ignore"):
        real, imaginary = (np.frexp(part)[0] * _SHORT % 1.0 != 0.0 for part in (np.real(values), np.imag(values)))
    return real | imaginary
