"""What a trace has read besides its arguments: globals, closure cells, attributes, the functions themselves.

In: each value as it is read. Out: Readings, which know later whether a value is still what it was, so that a trace that
is kept between calls is made anew when they changed.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from symdiff.tracing.contents import content_of

_GONE = (LookupError, AttributeError, ValueError)  # ValueError: an empty cell


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
        except _GONE:
            return False
        return now is self.value and (self.content is None or self.content == content_of(now))


@dataclass(frozen=True, eq=False)
class Finding:
    """What was found by looking, compared by value: the names that an object has, what a library's object holds.

    >>> names = {"k": 2.0}
    >>> finding = Finding.of(lambda: "scale" in names)
    >>> finding.holds()
    True
    >>> names["scale"] = 3.0
    >>> finding.holds()
    False
    """

    look: Callable[[], Hashable]
    found: Hashable

    @classmethod
    def of(cls, look: Callable[[], Hashable]) -> "Finding":
        """The finding as it is now."""
        return cls(look, look())

    def holds(self) -> bool:
        """Whether the same is found now."""
        try:
            return self.look() == self.found
        except (*_GONE, RuntimeError):  # RuntimeError: another thread adds a name
            return False


@dataclass(frozen=True, eq=False)
class Definition:
    """A function, which a reload or an editor's session may define anew in place."""

    function: FunctionType
    code: CodeType
    defaults: tuple[Any, ...] | None
    keyword_defaults: dict[str, Any] | None

    @classmethod
    def of(cls, function: FunctionType) -> "Definition":
        """The definition as it is now."""
        return cls(function, function.__code__, function.__defaults__, function.__kwdefaults__)

    def holds(self) -> bool:
        """Whether it has the same code and the same defaults; what these hold is read by itself."""
        return (
            self.function.__code__ is self.code
            and self.function.__defaults__ is self.defaults
            and self.function.__kwdefaults__ is self.keyword_defaults
        )


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
