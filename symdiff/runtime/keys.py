"""By what a compiled trace is found again.

In: the arguments of a call. Out: a key that is the same for arguments for which the trace is the same.
"""

import dataclasses
from collections.abc import Callable, Hashable
from operator import attrgetter
from typing import Any

import numpy as np

from symdiff.tracing.values import is_traced


def signature_key(value: Any, *, shapes: bool = True) -> Hashable:
    """What a trace depends on: structure, shapes and dtypes of numbers, and the very values of everything else.

    shapes: whether it depends on them; where they are stated, it does not.

    >>> signature_key((1.5, [2, 3.0])) == signature_key((7, [0.0, 1]))
    True
    >>> signature_key(True) == signature_key(1.0) or signature_key(1j) == signature_key(1.0)
    False
    """
    known = _KEYS.get(type(value)) if shapes else None  # a training loop asks at every step
    if known is not None:
        return known(value)
    if is_traced(value):
        return object()  # unlike every other: what is made within a trace is not kept
    if type(value) in (float, int, complex):
        return type(value) is complex
    if isinstance(value, np.ndarray | np.generic):
        return _array_key(value) if shapes else value.dtype.kind == "c"
    kind = type(value)
    if isinstance(value, list | tuple):
        return kind, *(signature_key(item, shapes=shapes) for item in value)
    if isinstance(value, dict):
        return kind, *value, *(signature_key(item, shapes=shapes) for item in value.values())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return kind, tuple(
            [signature_key(getattr(value, field.name), shapes=shapes) for field in dataclasses.fields(value)]
        )
    return kind, as_key(value)


def _number_key(value: Any) -> Hashable:
    return False  # not complex


_array_key = attrgetter("shape", "dtype.kind")


_KEYS: dict[type, Callable[[Any], Hashable]] = {
    float: _number_key,
    int: _number_key,
    np.float64: _number_key,
    np.ndarray: _array_key,
    list: lambda value: (list, *map(signature_key, value)),
    tuple: lambda value: (tuple, *map(signature_key, value)),
    dict: lambda value: (dict, *value, *map(signature_key, value.values())),
}


def as_key(value: Any) -> Hashable:
    """The value itself, or the object that it is where it cannot be compared.

    >>> as_key(2) == as_key(2.0) or as_key(0.0) == as_key(-0.0)
    False
    """
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype, value.tobytes()
    if isinstance(value, float | int | np.generic):
        return type(value), value.hex() if isinstance(value, float) else value
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
