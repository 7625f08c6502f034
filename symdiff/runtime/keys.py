"""By what a compiled trace is found again.

In: the arguments of a call. Out: a key that is the same for arguments for which the trace is the same.
"""

import dataclasses
from collections.abc import Hashable
from typing import Any

import numpy as np

from symdiff.tracing.values import is_traced


def signature_key(value: Any, *, shapes: bool = True) -> Hashable:
    """What a trace depends on: structure and shapes of numbers, and the very values of everything else.

    shapes: whether it depends on them; where they are stated, it does not.

    >>> signature_key((1.5, [2, 3.0])) == signature_key((7, [0.0, 1]))
    True
    >>> signature_key(True) == signature_key(1.0)
    False
    """
    kind = type(value)
    if kind is np.ndarray:
        return value.shape  # type: ignore[no-any-return]
    if kind is float or kind is int:
        return ()
    if kind is dict:
        return dict, tuple([(key, signature_key(item)) for key, item in value.items()])
    if kind is tuple or kind is list:
        return kind, tuple([signature_key(item) for item in value])
    if is_traced(value):
        return object()  # unlike every other: what is made within a trace is not kept
    if isinstance(value, np.ndarray | np.generic):
        return value.shape if shapes else ()
    if isinstance(value, list | tuple):
        return kind, tuple([signature_key(item, shapes=shapes) for item in value])
    if isinstance(value, dict):
        return kind, tuple([(key, signature_key(item, shapes=shapes)) for key, item in value.items()])
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return kind, tuple(
            [signature_key(getattr(value, field.name), shapes=shapes) for field in dataclasses.fields(value)]
        )
    return kind, as_key(value)


def as_key(value: Any) -> Hashable:
    """The value itself, or the object that it is where it cannot be compared."""
    try:
        hash(value)
    except TypeError:
        return _Object(value)
    return value  # type: ignore[no-any-return]


class _Object:
    """An object as a key, by identity; it is kept alive, so that its identity stays its own."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Object) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)
