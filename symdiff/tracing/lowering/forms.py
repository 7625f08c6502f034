"""What a place of a loop holds, as numbers: objects of the user's classes are taken apart into their attributes.

In: any value. Out: its structure and its leaves, some of which may be no numbers: those stay what they are in all
rounds. An object that holds itself is a leaf.
"""

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.ir.structure import Structure, taken_apart
from symdiff.tracing.lowering.merging import can_be_made, is_plain_number
from symdiff.tracing.lowering.objects import container, is_plain_object

_CONSTANTS = (str, bytes, type(None))


def apart(value: Any, *, opens: bool) -> tuple[Structure, list[Any]]:
    """The structure of a value and its leaves.

    opens: whether objects of plain classes are taken apart, as those of dataclasses always are.
    """

    def attributes(each: Any) -> Mapping[str, Any] | None:
        if not is_openable(each) or not (opens or dataclasses.is_dataclass(each)):
            return None
        return dict(container(each))

    return taken_apart(value, attributes, keeps_order=True)


def is_openable(value: Any) -> bool:
    """Whether an object is what its attributes hold, and another one like it can be made."""
    return not is_plain_number(value) and is_plain_object(value) and can_be_made(value) and not _holds_itself(value)


def _holds_itself(value: Any, inside: frozenset[int] = frozenset()) -> bool:
    """Whether an object, or one that it holds, is held by itself."""
    if id(value) in inside:
        return True
    inside |= {id(value)}
    return any(_holds_itself(part, inside) for part in _parts(value))


def _parts(value: Any) -> list[Any]:
    """What a container holds, or an object of a plain class."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list | tuple):
        return list(value)
    return list(container(value).values()) if is_plain_object(value) and can_be_made(value) else []


def holds_numbers(leaves: list[Any]) -> bool:
    """Whether there are numbers among the leaves, or none at all that could change."""
    return not leaves or any(map(is_plain_number, leaves))


def is_the_same(old: Any, new: Any) -> bool:
    """Whether a leaf that is no number has stayed what it was."""
    return new is old or (type(new) is type(old) and type(new) in (str, bytes) and bool(new == old))


def is_constant(leaf: Any) -> bool:
    """Whether it is the same in whatever round it is made."""
    return type(leaf) in _CONSTANTS or isinstance(leaf, enum.Enum)


def are_classes(leaves: Sequence[Any]) -> bool:
    """Whether all are classes, as of the exceptions that a clause names."""
    return bool(leaves) and all(isinstance(leaf, type) for leaf in leaves)


def held_twice(value: Any) -> list[Any]:
    """The objects, lists and dicts that are held at two places of a value."""
    met: set[int] = set()
    found, pending = [], [value]
    while pending:
        each = pending.pop()
        parts = [] if is_plain_number(each) else _parts(each)
        if parts and id(each) in met and not isinstance(each, tuple):
            found.append(each)
        elif parts:
            met.add(id(each))
            pending += parts
    return found
