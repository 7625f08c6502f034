"""Conditions that are what they are because a number is none.

In: a condition and the values of the nodes it is made of. Out: whether a comparison that decides it has met a nan.
Plain Python has raised before it came there, `math.sqrt(-1.0)`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from symdiff.ir.nodes import Map, Node, Select
from symdiff.ops.piecewise import isnan


def is_decided_by_nan(condition: Node, values: Mapping[Node, Any]) -> bool:
    """Whether a nan is compared with on the way to the condition, along the sides that its choices take."""
    pending, seen = [condition], set[Node]()
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Select) and not np.shape(values[node.args[0]]):
            pending += [node.args[0], node.args[1 if values[node.args[0]] else 2]]
        elif node.dtype == "bool":
            asked = [arg for arg in node.args if arg.dtype == "real"]
            if not (isinstance(node, Map) and node.op is isnan) and any(_has_nan(values[arg]) for arg in asked):
                return True
            pending += [arg for arg in node.args if arg.dtype == "bool"]
    return False


def _has_nan(value: Any) -> bool:
    return bool(np.any(value != value))
