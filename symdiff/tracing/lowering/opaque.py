"""Objects that running code may change and that are not put back: iterators, buffers, classes, caches, generators.

In: such an object. Out: a mark, which is another one once the object has changed.
"""

import array
import functools
import gc
import itertools
import pickle
import random
from collections.abc import Iterator
from operator import length_hint
from types import FunctionType, GeneratorType
from typing import Any

import numpy as np

from symdiff.tracing.counted_iterators import CountedIterator

_COMPARED = (int, float, complex, str, bytes, type(None))
_Cache = type(functools.lru_cache(lambda: None))
_Generator = random.Random | np.random.RandomState | np.random.Generator
_unseen = itertools.count()


class Mark:
    """What was seen of an object at one time."""

    def __init__(self, *seen: Any) -> None:
        self._seen = seen

    def is_like(self, other: "Mark") -> bool:
        """Whether nothing has changed between the two times."""
        pairs = zip(self._seen, other._seen, strict=False)
        return len(self._seen) == len(other._seen) and all(_are_alike(*pair) for pair in pairs)


def _are_alike(first: Any, second: Any) -> bool:
    if isinstance(first, Mark) and isinstance(second, Mark):
        return first.is_like(second)
    return first is second or (type(first) is type(second) and isinstance(first, _COMPARED) and first == second)


def is_opaque(value: Any) -> bool:
    """Whether it is such an object."""
    if isinstance(value, np.ndarray):
        return bool(value.flags.writeable)
    is_of_a_kind = isinstance(value, bytearray | array.array | _Cache | _Generator)
    return is_of_a_kind or _is_local_class(value) or _is_opaque_iterator(value)


def held_by(value: Any) -> list[Any]:
    """The parts of it that may change themselves."""
    if isinstance(value, type):
        return list(vars(value).values())
    if isinstance(value, _Cache):
        return [value.__wrapped__]
    if isinstance(value, np.ndarray):
        return list(value.flat) if value.dtype.hasobject else []
    return _held_by_iterator(value) if _is_opaque_iterator(value) else []


def mark_of(value: Any) -> Mark:
    """The mark; a new one every time where it cannot be seen whether the object has changed."""
    if isinstance(value, np.ndarray):
        return Mark(*value.flat) if value.dtype.hasobject else Mark(value.shape, value.tobytes())
    if isinstance(value, bytearray | array.array):
        return Mark(bytes(value))
    if isinstance(value, _Cache):
        return Mark(*value.cache_info())
    if isinstance(value, _Generator):
        return Mark(pickle.dumps(value))
    if isinstance(value, type):
        return Mark(*(part for pair in vars(value).items() for part in pair))
    return _mark_of_iterator(value)


def _is_local_class(value: Any) -> bool:
    """Whether it is a class that a function makes while it runs: others are not written to."""
    return isinstance(value, type) and "<locals>" in value.__qualname__


def _is_opaque_iterator(value: Any) -> bool:
    """Whether it is an iterator that does not keep its place in attributes, as one of a class of the user's does."""
    kind = type(value)
    is_users = isinstance(getattr(kind, "__next__", None), FunctionType) and not issubclass(kind, CountedIterator)
    return isinstance(value, Iterator) and not is_users


def _held_by_iterator(iterator: Iterator[Any]) -> list[Any]:
    """What it runs over; of a generator its variables, and what its loops run over."""
    if isinstance(iterator, CountedIterator):
        return [iterator.inner]
    if isinstance(iterator, enumerate | zip | map | filter):
        return list(iterator.__reduce__()[1])  # without the pair that they give again and again
    return gc.get_referents(iterator)


def _mark_of_iterator(iterator: Iterator[Any]) -> Mark:
    held: list[Any]
    if isinstance(iterator, GeneratorType):
        held = gc.get_referents(iterator)  # its variables, and the iterators that its loops run over
        held.append(None if iterator.gi_frame is None else iterator.gi_frame.f_lasti)
    elif isinstance(iterator, enumerate | zip | map | filter):
        held = list(iterator.__reduce__()[1])
    elif isinstance(iterator, CountedIterator):
        held = [iterator.taken]
    elif hasattr(iterator, "__length_hint__"):
        held = [length_hint(iterator)]
    else:
        held = [next(_unseen)]
    return Mark(*(_mark_of_iterator(each) if _is_opaque_iterator(each) else each for each in held))
