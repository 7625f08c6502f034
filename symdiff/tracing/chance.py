"""Random numbers and clocks: what is different at every call has no place in a closed form.

In: a function or a generator object. Out: a stand-in that refuses with the user's line when it is used.
"""

import sys
import time
from typing import Any

from symdiff.errors import UnsupportedError
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin

_CLOCKS = {id(getattr(time, name)) for name in ("time", "time_ns", "perf_counter", "monotonic", "process_time")}
_GENERATORS = (("random", "Random"), ("numpy.random", "Generator"), ("numpy.random", "RandomState"))


def is_chance(value: Any) -> bool:
    """Whether a value is a clock, a source of random numbers that outlives the call, or a method of one."""
    if id(value) in _CLOCKS:
        return True
    kinds = [getattr(sys.modules[module], name) for module, name in _GENERATORS if module in sys.modules]
    owner = value.__self__ if hasattr(type(value), "__self__") else None  # asks no `__getattr__` of the user's
    return isinstance(value, tuple(kinds)) or isinstance(owner, tuple(kinds))


class Chance:
    """Refuses to be called, itself or any of its methods."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Chance(f"{self._name}.{attribute}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        error = UnsupportedError(
            f"{self._name} gives another number at every call",
            origin=user_origin(),
            why="A closed form depends on its arguments alone; one draw would be frozen into it.",
            fix="draw outside, and pass the number in as an argument",
        )
        refuse(error)


def chance(value: Any) -> Chance:
    """The stand-in of a clock or a source of random numbers."""
    return Chance(getattr(value, "__name__", None) or type(value).__name__)
