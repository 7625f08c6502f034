"""Functions and objects of the standard library that have one stand-in each, wherever they are found.

In: any value that the user's code can reach. Out: what it finds in the place of it while a trace runs.
"""

import contextlib
import operator
import os
from collections.abc import Callable, Hashable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from symdiff.tracing.arithmetic_errors import suppress
from symdiff.tracing.attributes import has_attribute
from symdiff.tracing.identity import distinct, identical
from symdiff.tracing.surroundings import Environment, WatchedDate, WatchedDatetime, WatchedPath

_STAND_INS: dict[int, Any] = {
    id(contextlib.suppress): suppress,
    id(hasattr): has_attribute,
    id(operator.is_): identical,
    id(operator.is_not): distinct,
    id(Path): WatchedPath,
    id(date): WatchedDate,
    id(datetime): WatchedDatetime,
}


def has_stand_in(value: Any) -> bool:
    """Whether it is one of them, or a path."""
    is_path = isinstance(value, Path) and type(value) is not WatchedPath
    return id(value) in _STAND_INS or value is os.environ or value is os.getenv or is_path


def stand_in_of(value: Any, look: Callable[[Callable[[], Hashable]], None]) -> Any:
    """What stands in for it.

    look: notes what is found in the environment.
    """
    if value is os.environ:
        return Environment(look)
    if value is os.getenv:
        return Environment(look).get
    return _STAND_INS[id(value)] if id(value) in _STAND_INS else WatchedPath(value)
