"""Which traced arrays look into the same memory when the function runs on numbers.

In: arrays, and the views that are made of them. Out: whether somebody else would see a change. CPython forgets a view
when the last name of it goes, so a slice in the middle of an expression is in nobody's way after it.
"""

import weakref
from collections.abc import Sequence
from typing import Any


class SharedMemory:
    """The arrays that look into one piece of memory.

    outlives: whether it is the caller's, who looks into it after the call.
    """

    __slots__ = ("_into", "_looking", "_outlives")

    def __init__(self, outlives: bool = False) -> None:
        self._outlives = outlives
        self._looking: list[weakref.ref[Any]] = []
        self._into: SharedMemory | None = None  # what this has turned out to be a part of

    def add(self, array: Any) -> None:
        """Count an array among those that look into the memory."""
        whole = self._whole()
        whole._looking = [each for each in whole._looking if each() is not None]
        whole._looking.append(weakref.ref(array))

    def is_seen_by_others(self, array: Any) -> bool:
        """Whether a change through the array would be seen."""
        whole = self._whole()
        return whole._outlives or any(each() is not None and each() is not array for each in whole._looking)

    def join(self, other: "SharedMemory | None") -> "SharedMemory":
        """The memory of both, which may be one."""
        whole, part = self._whole(), self if other is None else other._whole()
        if part is not whole and other is not None:
            whole._outlives |= part._outlives
            whole._looking += part._looking
            part._into = whole
        return whole

    def _whole(self) -> "SharedMemory":
        memory = self
        while memory._into is not None:
            memory = memory._into
        return memory


def share(arrays: Sequence[Any]) -> None:
    """From now on the arrays look into the same memory."""
    memory = SharedMemory()
    for array in arrays:
        memory = memory.join(array.memory)
    for array in arrays:
        array.memory = memory
        memory.add(array)
