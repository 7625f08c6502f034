"""By what a compiled trace is found again.

In: the arguments of a call. Out: a key that is the same for arguments for which the trace is the same.
"""

import dataclasses
from collections.abc import Callable, Hashable
from operator import attrgetter
from typing import Any

import numpy as np

from symdiff.tracing.contents import as_key
from symdiff.tracing.values import has_own_arithmetic, is_traced


def signature_key(value: Any, *, shapes: bool = True) -> Hashable:
    """What a trace depends on: structure, shapes and dtypes of numbers, and the very values of everything else.

    shapes: whether it depends on them; where they are stated, it does not.

    >>> signature_key((1.5, [2, 3.0])) == signature_key((2.5, [7, 0.0]))
    True
    >>> signature_key(True) == signature_key(1) or signature_key(1) == signature_key(1.0)
    False
    """
    known = _KEYS.get(type(value)) if shapes else None  # a training loop asks at every step
    if known is not None:
        return known(value)
    if is_traced(value):
        return object()  # unlike every other: what is made within a trace is not kept
    if type(value) in (float, int, complex):
        return _SCALARS[type(value)]
    if isinstance(value, np.ndarray | np.generic):
        if has_own_arithmetic(kind := type(value)):
            return kind, as_key(value)
        return _array_key(value) if shapes or value.dtype.kind not in _NUMBERS else value.dtype.kind == "c"
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


_SCALARS = {float: "f", int: "i", complex: "c"}  # a whole number may be a position


def _array_key(value: Any) -> Hashable:
    key = _shape_and_kind(value)
    return key if key[1] in _NUMBERS else as_key(value)  # truth values and objects are read while the trace is made


_shape_and_kind: Callable[[Any], tuple[Hashable, str]] = attrgetter("shape", "dtype.kind")
_NUMBERS = frozenset("fiuc")


_KEYS: dict[type, Callable[[Any], Hashable]] = {
    float: lambda value: "f",
    int: lambda value: "i",
    np.float64: lambda value: "f",
    np.ndarray: _array_key,
    list: lambda value: (list, *map(signature_key, value)),
    tuple: lambda value: (tuple, *map(signature_key, value)),
    dict: lambda value: (dict, *value, *map(signature_key, value.values())),
}
