"""A specialised Program as something to be called.

In: a Program of scalars, or of arrays. Out: a function of the list of values. Values have the right shapes, so that
compiled code neither converts nor checks them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir.program import Program
from symdiff.ops.support_arrays import reals
from symdiff.runtime.compile import compile_program

_DOUBLE = np.dtype(np.float64)


def executable(program: Program) -> Callable[[Sequence[Any]], Any]:
    """The function of the values: plain `math` code where all of them are floats, NumPy code otherwise."""
    if program.is_elementwise:
        numbers = compile_program(program, "auto")
        return lambda values: numbers(*values)
    arrays = compile_program(program, "numpy", prepared=True)

    def run(values: Sequence[Any]) -> Any:
        for value in values:
            if type(value) is not float and value.dtype is not _DOUBLE:
                return arrays(*reals(*values))
        return arrays(*[_DOUBLE.type(value) if type(value) is float else value for value in values])

    return run
