"""The module that functions compiled in memory belong to: this makes plain functions pickle, by their source.

In: a function and the recipe that makes it anew. Out: a function that `pickle` finds as an attribute of this module,
and whose module name carries the recipe to the other process.

A plain function is pickled as two names, `module` and `qualname`, which are looked up at both ends. The qualified name
is unique among living functions, so the look-up succeeds here. The module name is a `str` that pickles as a call:
it makes the function anew over there, just before the name is looked up.
"""

import threading
from collections.abc import Callable
from types import FunctionType
from typing import Any
from weakref import WeakValueDictionary

Recipe = tuple[Callable[..., Any], tuple[Any, ...]]

_living: WeakValueDictionary[str, FunctionType] = WeakValueDictionary()
_lock = threading.Lock()


class _Arrived(threading.local):
    """Functions made while a pickle is read, between the two look-ups."""

    def __init__(self) -> None:
        self.functions: dict[str, FunctionType] = {}


_arrived = _Arrived()


class _Home(str):
    """The name of this module, which pickles as the call that makes a function."""

    __slots__ = ("qualified_name", "recipe")
    recipe: Recipe
    qualified_name: str

    def __reduce__(self) -> Any:
        return _arrive, (self.qualified_name, *self.recipe)


def settle(function: FunctionType, recipe: Recipe) -> None:
    """Give a function its place in this module. `recipe` is a function and its arguments, all of which pickle."""
    home = _Home(__name__)
    with _lock:
        name, number = function.__name__, 2
        while name in _living:
            name, number = f"{function.__name__}#{number}", number + 1
        _living[name] = function
    function.__qualname__ = home.qualified_name = name
    home.recipe = recipe
    function.__module__ = home


def _arrive(name: str, make: Callable[..., FunctionType], arguments: tuple[Any, ...]) -> str:
    _arrived.functions[name] = make(*arguments)
    return __name__


def __getattr__(name: str) -> FunctionType:
    function = _arrived.functions.pop(name, None) or _living.get(name)
    if function is None:
        raise AttributeError(f"no generated function {name} is alive")
    return function
