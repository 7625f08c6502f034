"""Random numbers and clocks: what is different at every call has no place in a closed form.

In: a function or a generator object. Out: a stand-in. Where the trace is made for calls, which can draw again, the
numbers become inputs; on the path of one input they are numbers; elsewhere they are refused with the user's line.
"""

import copy
import functools
import random
import sys
import textwrap
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType
from typing import Any, NoReturn

import numpy as np

from symdiff.errors import UnsupportedError
from symdiff.tracing import forking
from symdiff.tracing.clocks import asks_for_the_time, is_clock, may_ask_for_the_time
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.hidden import Draw, current_hidden
from symdiff.tracing.purity import outside_write
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import has_tracer

_SYSTEMS = {("posix", "urandom"), ("nt", "urandom")} | {
    ("secrets", name) for name in ("randbelow", "token_bytes", "token_hex", "token_urlsafe")
}
_GENERATORS = (("random", "Random"), ("numpy.random", "Generator"), ("numpy.random", "RandomState"))
_SEEDED = {id(made) for made in (random.Random, np.random.RandomState, np.random.default_rng)}
_GLOBAL: np.random.RandomState = np.random.random_sample.__self__  # type: ignore[attr-defined]
# Functions of numpy.random that are none of its global generator's own methods, and the methods that they call.
_METHODS = {
    id(np.random.seed): _GLOBAL.seed,
    id(np.random.sample): _GLOBAL.random_sample,
    id(np.random.ranf): _GLOBAL.random_sample,
}
_SETTING = frozenset({"seed", "set_state", "setstate"})
_NO_DRAWS = frozenset({"shuffle", "get_state", "getstate", "spawn", "bytes"})


def is_chance(value: Any) -> bool:
    """Whether a value is a clock, a source of random numbers that outlives the call, or a method of one."""
    if is_clock(value) or id(value) in _METHODS or _is_systems(value):
        return True
    kinds = [getattr(sys.modules[module], name) for module, name in _GENERATORS if module in sys.modules]
    owner = value.__self__ if hasattr(type(value), "__self__") else None  # asks no `__getattr__` of the user's
    return isinstance(value, tuple(kinds)) or isinstance(owner, tuple(kinds))


def _is_systems(value: Any) -> bool:
    """Whether it is a function that asks the operating system for random numbers."""
    is_function = isinstance(value, FunctionType | BuiltinFunctionType)
    return is_function and (value.__module__, value.__name__) in _SYSTEMS


def makes_chance(value: Any) -> bool:
    """Whether calling the value makes a source of random numbers, or tells the time, unless it is told which."""
    return id(value) in _SEEDED or may_ask_for_the_time(value)


class Chance:
    """A clock or a source of random numbers, or one of its methods.

    rehearsal: called in place of it, gives numbers of the same kind and changes nothing; where there is none,
        a copy of the generator does.
    """

    def __init__(self, value: Any, name: str, rehearsal: Callable[..., Any] | None = None) -> None:
        self._value = value
        self._name = name
        self._rehearsal = rehearsal

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        part = getattr(self._value, attribute)
        if callable(part):
            return Chance(part, f"{self._name}.{attribute}")
        return self._given_away(lambda: part)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if forking.following() is not None:
            return self._given_away(functools.partial(self._value, *args, **kwargs))
        if has_tracer(args) or has_tracer(kwargs):
            self._refuse_traced()
        if getattr(self._value, "__name__", "") in _SETTING:
            refuse(outside_write("the state of a source of random numbers"))
        hidden = current_hidden()
        if hidden is None or not self._can_be_drawn_again() or not forking.runs_once_in_every_call():
            self._refuse()
        given = [*map(_shown, args), *(f"{key}={_shown(arg)}" for key, arg in kwargs.items())]
        draw = Draw(self._value, args, kwargs, self._name.rpartition(".")[2], f"{self._name}({', '.join(given)})")
        node = hidden.drawn(draw, functools.partial(self._rehearsed, *args, **kwargs))
        if node is None:
            self._refuse()
        return wrap(node)

    def _can_be_drawn_again(self) -> bool:
        is_of_time = is_clock(self._value) or may_ask_for_the_time(self._value)
        return not is_of_time and getattr(self._value, "__name__", "") not in _NO_DRAWS

    def _rehearsed(self, *args: Any, **kwargs: Any) -> Any:
        if self._rehearsal is not None:
            return self._rehearsal(*args, **kwargs)
        method = getattr(copy.deepcopy(self._value.__self__), self._value.__name__)
        return method(*args, **kwargs)

    def _given_away(self, number: Callable[[], Any]) -> Any:
        """The number itself, where the trace is for the running call alone."""
        hidden = current_hidden()
        if hidden is None or not forking.follows_throughout():
            self._refuse()
        hidden.given_away += 1
        return number()

    def _refuse(self) -> NoReturn:
        refuse(
            UnsupportedError(
                f"{self._name} gives another number at every call",
                origin=user_origin(),
                why="A closed form depends on its arguments alone; one draw would be frozen into it.",
                fix="draw outside, and pass the number in as an argument",
            )
        )

    def _refuse_traced(self) -> NoReturn:
        refuse(
            UnsupportedError(
                f"{self._name} draws from a distribution that depends on the arguments",
                origin=user_origin(),
                why="What is drawn has no derivative by the parameters of its distribution.",
                fix="mean + scale * z, with z = rng.standard_normal() drawn outside, and passed in as an argument",
            )
        )


def _shown(arg: Any) -> str:
    """An argument of a draw, in one line."""
    return f"<array of shape {arg.shape}>" if isinstance(arg, np.ndarray) else textwrap.shorten(repr(arg), 40)


def chance(value: Any) -> Chance:
    """The stand-in of a clock or a source of random numbers."""
    value = _METHODS.get(id(value), value)
    return Chance(value, getattr(value, "__name__", None) or type(value).__name__)


class Source:
    """What makes generators, or tells the time: with a seed or a time it is the same in every call, else chance."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if may_ask_for_the_time(self._value):
            function = chance(self._value) if asks_for_the_time(self._value, args) else self._value
            return function(*args, **kwargs)
        made = self._value(*args, **kwargs)
        seeds = [*args, *kwargs.values()]
        if not seeds or seeds[0] is None:
            return Chance(made, self._value.__name__)
        return _SHUFFLING[type(made)](made.bit_generator) if type(made) in _SHUFFLING else made


class ShufflingGenerator(np.random.Generator):
    """A generator with a seed, that shuffles traced arrays as it does others: by the places of their elements."""

    def shuffle(self, x: Any, axis: int = 0) -> None:
        if not has_tracer(x) or not hasattr(x, "shape"):
            super().shuffle(x, axis)
            return
        places = np.arange(int(np.prod(x.shape))).reshape(x.shape)
        super().shuffle(places, axis)
        x[...] = x.flatten()[places]


_SHUFFLING = {np.random.Generator: ShufflingGenerator}
