"""Attributes of plain functions that are made when they are asked for.

In: a function, a name, and what makes the value. Out: the function, which is called at no cost. A plain function has no
properties: the value would have to be there before anybody wants it, and every class of callables that has properties
adds a quarter to the call of a short function.

An attribute of a function is a key of its `__dict__`, and a look-up compares the key that is asked for with the keys of
the same hash. So a key stands in for the attribute: when it is compared for the first time, it puts the attribute in
its own place, and the look-up, whose dict has changed meanwhile, starts anew and finds it.
"""

import threading
from collections.abc import Callable
from types import FunctionType
from typing import Any
from weakref import ref


class _Key(str):
    """What stands for an attribute that nobody has asked for yet."""

    __slots__ = ("function", "lock", "make")
    function: "ref[FunctionType]"  # no cycle: functions are freed at once
    lock: threading.RLock
    make: Callable[[], Any] | None  # nothing once the attribute is there

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        if self is not other:
            with self.lock:
                self.settle()
        return self is other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def settle(self) -> None:
        """Put the attribute in the place of the key. Where it cannot be made, the key stays."""
        function, make = self.function(), self.make
        if function is not None and make is not None:
            value = make()
            self.make = None
            setattr(function, str(self), value)
            vars(function).pop(self)


def set_late_attribute(function: FunctionType, name: str, make: Callable[[], Any]) -> None:
    """Give a function an attribute that is made when it is first asked for. What `make` raises, asking for it raises.

    >>> def f(x):
    ...     return x
    >>> set_late_attribute(f, "square", lambda: print("made") or 3**2)
    >>> f.square, f.square
    made
    (9, 9)
    """
    key = _Key(name)
    key.function, key.lock, key.make = ref(function), threading.RLock(), make
    vars(function)[key] = None
