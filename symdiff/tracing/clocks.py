"""What asks for the time, or makes a name that nobody has: it gives something else at every call.

In: a function of the standard library's. Out: whether it does so, whatever it is given or where no time is given to it.
"""

import sys
import time
from datetime import date
from typing import Any

_UNITS = ("time", "perf_counter", "monotonic", "process_time", "thread_time", "clock_gettime")
_CLOCKS = {
    id(getattr(time, name + unit))
    for name in _UNITS
    for unit in ("", "_ns")
    if hasattr(time, name + unit)  # not everywhere
}
_OF_DATES = frozenset({"now", "utcnow", "today"})
_IDENTIFIERS = ("uuid1", "uuid4")
# Functions that tell the present time unless they are given another one, and behind how many arguments that is.
_PRESENT = {id(time.localtime): 0, id(time.gmtime): 0, id(time.ctime): 0, id(time.asctime): 0, id(time.strftime): 1}


def is_clock(value: Any) -> bool:
    """Whether a function gives something else at every call, whatever it is given."""
    owner = value.__self__ if hasattr(type(value), "__self__") else None  # asks no `__getattr__` of the user's
    if isinstance(owner, type) and issubclass(owner, date):
        return value.__name__ in _OF_DATES
    uuid = sys.modules.get("uuid")
    return id(value) in _CLOCKS or (uuid is not None and any(value is getattr(uuid, name) for name in _IDENTIFIERS))


def may_ask_for_the_time(value: Any) -> bool:
    """Whether a function tells the present time unless it is given another one."""
    return id(value) in _PRESENT


def asks_for_the_time(value: Any, args: tuple[Any, ...]) -> bool:
    """Whether such a function does so with these arguments."""
    return len(args) <= _PRESENT[id(value)] or args[_PRESENT[id(value)]] is None
