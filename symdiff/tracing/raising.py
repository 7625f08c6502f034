"""Exceptions that depend on the arguments: what a check keeps of the exception that the function raises.

In: an exception, or its class. Out: the built-in class and the details that generated code raises, which knows nothing
of the user's own classes.
"""

import builtins
import dis
import sys
from collections.abc import Iterator
from functools import partial
from types import FrameType
from typing import Any

from symdiff.tracing.handlers import catches
from symdiff.tracing.texts import Text, shown

_PLAIN = (str, int, float, bool, type(None))


def built_in(kind: type[BaseException]) -> str:
    """The name of the built-in exception that a class is, or is made of.

    >>> class Negative(ValueError): ...
    >>> built_in(Negative), built_in(AssertionError)
    ('ValueError', 'AssertionError')
    """
    name: str = next(base.__name__ for base in kind.__mro__ if getattr(builtins, base.__name__, None) is base)
    return name


def shown_details(error: BaseException) -> tuple[Any, ...]:
    """What the exception is made with, as literals: its arguments, or its text; traced values by their formulas."""
    args = tuple([shown(partial(str, each)) if type(each) is Text else each for each in error.args])
    return args if all(type(argument) in _PLAIN for argument in args) else (shown(lambda: str(error)),)


def is_of_a_protocol(error: BaseException) -> bool:
    """Whether Python itself may catch what the function raises: the end of an iteration, a key that is not there."""
    if isinstance(error, StopIteration | StopAsyncIteration):
        return True
    frame = next(each for each in _frames() if is_users(each))
    name = frame.f_code.co_name
    return isinstance(error, LookupError | AttributeError) and name.startswith("__") and name.endswith("__")


def is_caught() -> bool:
    """Whether the function that runs may catch an exception itself: a `try`, or a `with`, is around the call."""
    return any(is_users(frame) and _is_protected(frame) for frame in _frames())


def is_caught_as(error: type[BaseException], *, blocks_may: bool) -> bool:
    """Whether an `except` clause of the function that runs catches the exception.

    blocks_may: whether the end of a `with` may do so.
    """
    return any(is_users(frame) and catches(frame, error, blocks_may=blocks_may) for frame in _frames())


def _frames() -> Iterator[FrameType]:
    """The frames that run, as far as the traced function, the innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") != "symdiff.tracing.function":
        yield frame
        frame = frame.f_back


def is_users(frame: FrameType) -> bool:
    """Whether the code of a frame is none of ours."""
    return not str(frame.f_globals.get("__name__", "")).startswith("symdiff.")


def _is_protected(frame: FrameType) -> bool:
    entries = dis.Bytecode(frame.f_code).exception_entries  # type: ignore[attr-defined]
    return any(entry.start <= frame.f_lasti < entry.end for entry in entries)
