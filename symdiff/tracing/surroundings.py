"""Paths, dates and the environment as traced functions see them.

In: `pathlib.Path`, a path, `datetime.date`, `datetime.datetime`, or `os.environ`. Out: stand-ins that warn where a file
is opened or a variable is read; today's date is another one tomorrow; the environment is not changed.
"""

import os
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from symdiff.tracing.chance import Chance
from symdiff.tracing.effects import warned
from symdiff.tracing.forking import refuse
from symdiff.tracing.purity import outside_write


class WatchedPath(type(Path())):  # type: ignore[misc]
    """A path whose files are opened with a warning."""


for _name in ("open", "read_text", "read_bytes", "write_text", "write_bytes"):
    setattr(WatchedPath, _name, warned(getattr(Path, _name), "opens a file"))


class _OfDates(type):
    """The metaclass of stand-ins of classes of dates, whose objects are the dates themselves."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        original = vars(cls).get("original")
        return original(*args, **kwargs) if original else super().__call__(*args, **kwargs)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, vars(cls).get("original", ())) or super().__instancecheck__(instance)


class WatchedDate(date, metaclass=_OfDates):
    """A date that knows no today."""

    original = date
    today = Chance(date.today, "date.today")


class WatchedDatetime(datetime, metaclass=_OfDates):
    """A time that knows no present."""

    original = datetime
    now = Chance(datetime.now, "datetime.now")
    utcnow = Chance(datetime.utcnow, "datetime.utcnow")
    today = Chance(datetime.today, "datetime.today")


class Environment(Mapping[str, str]):
    """`os.environ`, which is read with a warning and not written to.

    look: notes what is found, as a kept trace holds only as long as the same is found.
    """

    def __init__(self, look: Callable[[Callable[[], Hashable]], None]) -> None:
        self._look = look

    def __getitem__(self, name: str) -> str:
        self._look(partial(os.environ.get, name))
        read: str = warned(os.environ.__getitem__, "reads the environment")(name)
        return read

    def __iter__(self) -> Iterator[str]:
        self._look(lambda: tuple(os.environ))
        return iter(os.environ)

    def __len__(self) -> int:
        self._look(os.environ.__len__)
        return len(os.environ)

    def __setitem__(self, name: str, value: str) -> None:
        refuse(outside_write("the environment"))

    def __delitem__(self, name: str) -> None:
        refuse(outside_write("the environment"))
