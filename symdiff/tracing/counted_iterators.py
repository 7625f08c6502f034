"""Iterators that count what is taken of them: a side of a choice that is not taken must not have taken anything.

In: an iterator. Out: one that gives the same items, and says how often it was asked.
"""

from collections.abc import Iterator
from typing import Any


class CountedIterator(Iterator[Any]):
    """An iterator, and how often it was asked for an item."""

    def __init__(self, inner: Iterator[Any]) -> None:
        self.inner = inner
        self.taken = 0

    def __next__(self) -> Any:
        self.taken += 1
        return next(self.inner)
