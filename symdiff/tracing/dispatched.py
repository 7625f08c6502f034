"""Functions that are chosen by the type of an argument: `functools.singledispatch`.

In: what the decorator has made, and how its parts are swapped. Out: the same, made of the stand-ins of its functions.
"""

import functools
from collections.abc import Callable, Hashable
from types import FunctionType
from typing import Any

_MADE: Any = functools.singledispatch(lambda value: value)


def is_dispatched(function: FunctionType) -> bool:
    """Whether `singledispatch` has made the function."""
    return function.__code__ is _MADE.__code__


def dispatched(
    function: Any, swap: Callable[[Any], Any], look: Callable[[Callable[[], Hashable]], None]
) -> FunctionType:
    """The stand-in of such a function. What is registered later is noticed."""
    registry = function.registry
    look(lambda: tuple(registry.items()))
    made: Any = functools.singledispatch(swap(registry[object]))
    for kind, implementation in registry.items():
        made.register(kind, swap(implementation))
    return made  # type: ignore[no-any-return]


def dispatched_method(method: Any, swap: Callable[[Any], Any]) -> Any:
    """The stand-in of what `singledispatchmethod` has made."""
    made: Any = functools.singledispatchmethod(swap(method.func))
    made.dispatcher = swap(method.dispatcher)
    return made
