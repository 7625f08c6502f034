"""What a trace has read besides its arguments: globals, closure cells, attributes.

In: each value as it is read. Out: Readings, which know later whether a value is still what it was, so that a trace that
is kept between calls is made anew when they changed.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from symdiff.tracing.contents import content_of


@dataclass(frozen=True, eq=False)
class Reading:
    """A value that was read: how to read it again, the object it was, and what the object held if it can change.

    >>> settings = {"k": 2.0}
    >>> reading = Reading.of(lambda: settings["k"])
    >>> reading.holds()
    True
    >>> settings["k"] = 3.0
    >>> reading.holds()
    False
    """

    read: Callable[[], Any]
    value: Any
    content: Hashable | None

    @classmethod
    def of(cls, read: Callable[[], Any]) -> "Reading":
        """The reading as it is now."""
        value = read()
        return cls(read, value, content_of(value))

    def holds(self) -> bool:
        """Whether reading again gives the same object, with the same content."""
        try:
            now = self.read()
        except (LookupError, AttributeError, ValueError):  # deleted; an empty cell
            return False
        return now is self.value and (self.content is None or self.content == content_of(now))


class _Notebook(threading.local):
    """Where readings are noted that are made on the way, as the rules of primitives are traced."""

    pages: tuple[list[Any], ...] = ()


_notebook = _Notebook()


@contextmanager
def noted_readings() -> Iterator[list[Any]]:
    """A list that fills with the readings noted inside the block.

    >>> with noted_readings() as noted:
    ...     note_readings([1])
    >>> noted
    [1]
    """
    page: list[Any] = []
    before = _notebook.pages
    _notebook.pages = (*before, page)
    try:
        yield page
    finally:
        _notebook.pages = before


def note_readings(readings: Iterable[Any]) -> None:
    """Note what the running derivation depends on besides the arguments."""
    for page in _notebook.pages:
        page += readings
