"""What a value that is not traced holds: by it a trace that has read the value is found again, or known to be old.

In: any object. Out: keys that can be hashed and compared, in which nothing changes when the object is written to.
"""

import array
import copy
from collections import deque
from collections.abc import Hashable
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

import numpy as np


def as_key(value: Any) -> Hashable:
    """What the value holds where that can change in place; else the value, or the object that it is.

    >>> as_key(2) == as_key(2.0) or as_key(0.0) == as_key(-0.0)
    False
    >>> as_key({1.0, 2.0}) == as_key({2.0, 1.0})
    True
    """
    kind = type(value)
    if kind is float:
        return kind, value.hex()
    if kind in (int, str, bool):
        return kind, value
    content = content_of(value)
    if content is not None:
        return content
    if isinstance(value, float | int | np.generic):
        return kind, value.hex() if isinstance(value, float) else value
    try:
        hash(value)
    except (TypeError, ValueError):  # ValueError: a memoryview that can be written to
        return _Object(value)
    return value  # type: ignore[no-any-return]


def content_of(value: Any) -> Hashable | None:
    """A copy of what an array or a container holds; None for anything else.

    >>> content_of(np.array([1.0, 2.0], dtype=object)) == content_of(np.array([1.0, 2.5], dtype=object))
    False
    """
    if isinstance(value, np.ndarray):
        held = tuple(map(as_key, value.ravel())) if value.dtype.hasobject else value.tobytes()
        return type(value), value.shape, value.dtype, held
    if isinstance(value, bytearray | memoryview | array.array):
        return type(value), memoryview(value).format, memoryview(value).shape, memoryview(value).tobytes()
    if isinstance(value, dict | MappingProxyType):
        return type(value), tuple([(as_key(key), as_key(part)) for key, part in value.items()])
    if isinstance(value, set | frozenset):
        return type(value), frozenset(map(as_key, value))
    if isinstance(value, list | tuple | deque):
        return type(value), tuple(map(as_key, value))
    if isinstance(value, ContextVar):
        return ContextVar, as_key(value.get(None))
    return None


def content_of_attributes(value: Any) -> Hashable:
    """A copy of what the attributes of an object hold.

    >>> from argparse import Namespace
    >>> content_of_attributes(Namespace(rate=0.1)) == content_of_attributes(Namespace(rate=0.2))
    False
    """
    return tuple([(name, as_key(part)) for name, part in vars(value).items()])


class _Object:
    """An object as a key, by identity; it is kept alive, so that its identity stays its own."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Object) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


def note_constant(constants: dict[str, Any], name: str, value: Any) -> None:
    """Lists a value by its name, the first time, if it is a number, an array, or a collection of them."""
    if name not in constants and _is_constant(value):
        constants[name] = value if isinstance(value, np.ndarray) else copy.copy(value)  # an array may be large


def _is_constant(value: Any) -> bool:
    if isinstance(value, list | tuple | dict):
        parts = value.values() if isinstance(value, dict) else value
        return bool(value) and all(map(_is_constant, parts))
    return isinstance(value, float | int | complex | np.ndarray | np.number) and type(value) is not bool
