"""Tracers that have numbers after all: constants, and what may be given away on the path of one input.

In: the arguments of a call. Out: whether all of them have numbers; the arguments with the numbers in place.
"""

from typing import Any

from symdiff.ir.nodes import Const
from symdiff.tracing import forking
from symdiff.tracing.frames import user_origin
from symdiff.tracing.values import is_traced


def all_known(value: Any) -> bool:
    """Whether every tracer in the value is the same for all arguments, or may be given away on a path."""
    if is_traced(value):
        return isinstance(value.node, Const) or forking.may_settle(value.node, "array")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return all(map(all_known, parts))


def known(value: Any) -> Any:
    """The value with numbers in place of tracers that have them; others stay as they are."""
    if is_traced(value) and isinstance(value.node, Const):
        return value.of_its_type(value.node.value)
    if is_traced(value) and forking.may_settle(value.node, "array"):
        return value.of_its_type(forking.settled(value.node, "array", user_origin()))
    if isinstance(value, dict):
        return {key: known(part) for key, part in value.items()}
    return type(value)(map(known, value)) if type(value) in (list, tuple) else value
