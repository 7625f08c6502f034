"""`hasattr` of traced numbers: what Python's numbers have, and what only NumPy's have.

In: a value and the name of an attribute. Out: whether the value has it when the function runs on numbers; a refusal
with the line where that depends on who computed the number.
"""

from typing import Any

import numpy as np

from symdiff.errors import ConversionError
from symdiff.ir.nodes import Input
from symdiff.ir.program import topological
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.number_kinds import is_pythons
from symdiff.tracing.tracer import PYTHON_TYPES, Tracer


def has_attribute(value: Any, name: str) -> bool:
    """`hasattr(value, name)`."""
    if not isinstance(value, Tracer) or value.node.shape or hasattr(PYTHON_TYPES[value.node.dtype], name):
        return hasattr(value, name)
    if not hasattr(np.float64, name) or is_pythons(value.node):
        return False
    if not any(isinstance(each, Input) and each.shape for each in topological([value.node])):
        refuse(_of_unknown_kind(name))
    return True


def _of_unknown_kind(name: str) -> ConversionError:
    return ConversionError(
        f"whether a traced number has the attribute `{name}` is not known",
        origin=user_origin(),
        why="Numbers of NumPy's have it, as np.sin returns them; Python's, as math.sin returns them, have not.",
        fix="np.ndim(x) > 0 asks whether it is an array; np.shape(x) is () for all numbers",
    )
