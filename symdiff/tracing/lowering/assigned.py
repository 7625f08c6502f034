"""Names that are assigned for some arguments only, read where more is known.

In: what such a name holds, and which conditions are decided. Out: the value that it has there.
"""

from collections.abc import Callable
from typing import Any

from symdiff.ir.nodes import Node, Select
from symdiff.tracing.lowering.absent import Unassigned, sides_of
from symdiff.tracing.lowering.merging import Merging
from symdiff.tracing.lowering.objects import CannotMerge
from symdiff.tracing.tracer import ArrayTracer, Tracer
from symdiff.tracing.whole import WholeTracer


def where_known(value: Any, decided: Callable[[Node], bool | None]) -> Any:
    """The value of a name where some conditions are decided: what they chose, or assigned, is known there."""
    if type(value) is Unassigned:
        return _assigned(value, decided, {})
    node = value.node if type(value) in (Tracer, WholeTracer) else None
    while node is not None:
        known = decided(node) if node.dtype == "bool" else None
        if known is not None:
            return known
        holds = decided(node.args[0]) if isinstance(node, Select) else None
        if holds is None:
            break
        node = node.args[1 if holds else 2]
    return value if node is None or node is value.node else type(value)(node)


def _assigned(value: Any, decided: Callable[[Node], bool | None], found: dict[int, Any]) -> Any:
    """What a name holds, if it was assigned wherever the decided conditions say so; else the name as it is."""
    sides = sides_of(value)
    if not sides:
        return value if type(value) is Unassigned else where_known(value, decided)
    if id(value) not in found:
        condition, if_true, if_false = sides
        side = decided(condition)
        if side is not None:
            found[id(value)] = _assigned(if_true if side else if_false, decided, found)
        else:
            yes, no = (_assigned(each, decided, found) for each in (if_true, if_false))
            found[id(value)] = _whole(condition, yes, no, value)
    return found[id(value)]


def _whole(condition: Node, if_true: Any, if_false: Any, partly: Unassigned) -> Any:
    """One value where both sides have one of a common form; the name as it is where they do not."""
    if type(if_true) is Unassigned or type(if_false) is Unassigned:
        return partly
    try:
        return _merged(condition, if_true, if_false)
    except CannotMerge:
        return partly


def held_where_assigned(value: Any) -> Any:
    """One of the values that a name holds for some arguments; the name itself where it holds none."""
    sides = sides_of(value)
    if not sides:
        return value
    first = held_where_assigned(sides[1])
    return first if type(first) is not Unassigned else held_where_assigned(sides[2])


def filled(value: Any, previous: Any, found: dict[int, Any] | None = None) -> Any:
    """What a name holds where it is assigned, and what it held before elsewhere. Raises CannotMerge."""
    found = {} if found is None else found
    if type(value) is not Unassigned:
        return value
    if id(value) not in found:
        sides = sides_of(value)
        parts = [filled(side, previous, found) for side in sides[1:]]
        found[id(value)] = _merged(sides[0], *parts) if sides else previous
    return found[id(value)]


def _merged(condition: Node, if_true: Any, if_false: Any) -> Any:
    """One value for numbers on both sides; what else they are may have changed since. Raises CannotMerge."""
    merging = Merging(condition)
    value = merging.value(if_true, if_false)
    if any(type(each.result) is not ArrayTracer for each in merging.joined):
        raise CannotMerge
    for each in merging.joined:
        each.refuse_writing()
    return value
