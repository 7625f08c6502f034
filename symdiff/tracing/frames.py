"""Where the user is: the frame and instruction of the function being traced.

In: the running stack. Out: the innermost frame with shadowed globals, as an Origin.
"""

import re
import sys
import threading
from types import FrameType, TracebackType
from typing import Any

from symdiff.origin import Origin, is_internal, origin_at
from symdiff.tracing.shadow_globals import ShadowGlobals

_get_frame = sys._getframe
_WRITTEN = re.compile(r"[^\W\d]\w*(?=\s*(?:\[|[^\w\s.,()]*=))")  # `y` in `y[0] = x` and in `y += x`


class _Recorded(threading.local):
    """Where the user wrote the operation that is being run, where it was written down before it is traced."""

    origin: Origin | None = None


recorded = _Recorded()


class Part(Origin):
    """The origin of a value on the way to the one that the user's instruction makes: it has no name of its own."""

    __slots__ = ()

    @property
    def binds(self) -> str | None:
        return None


class Bound(Origin):
    """The origin of a value that a name has after a choice."""

    __slots__ = ("name",)

    def __init__(self, origin: Origin, name: str) -> None:
        super().__init__(origin.code, origin.offset)
        self.name = name

    @property
    def binds(self) -> str | None:
        return None if self.name.startswith("__") else self.name


def is_users(frame: FrameType) -> bool:
    """Whether the frame is that of a function that is being traced."""
    return type(frame.f_globals) is ShadowGlobals


def user_frame() -> FrameType | None:
    """The innermost frame of a function that is being traced."""
    frame: FrameType | None = _get_frame(1)
    while frame is not None and type(frame.f_globals) is not ShadowGlobals:
        frame = frame.f_back
    return frame


def is_running(module: str) -> bool:
    """Whether the function being traced has called a function of symdiff's that is defined in this module."""
    frame: FrameType | None = _get_frame(1)
    while frame is not None and type(frame.f_globals) is not ShadowGlobals:
        if frame.f_globals.get("__name__") == module:
            return True
        frame = frame.f_back
    return False


def called_library() -> str | None:
    """The dotted name of the library's function that the function being traced has called, and that is running."""
    frame: FrameType | None = _get_frame(1)
    found: FrameType | None = None
    while frame is not None and type(frame.f_globals) is not ShadowGlobals:
        if not is_internal(frame.f_code.co_filename):
            found = frame
        frame = frame.f_back
    return None if frame is None or found is None else _dotted(found)


def raising_library(error: BaseException) -> str | None:
    """The dotted name of the library's function, called by the function being traced, that has raised an error."""
    trace, found = error.__traceback__, None
    is_users = False
    while trace is not None:
        frame = trace.tb_frame
        if type(frame.f_globals) is ShadowGlobals:
            is_users, found = True, None
        elif is_users and found is None and not is_internal(frame.f_code.co_filename):
            found = frame
        trace = trace.tb_next
    return None if found is None else _dotted(found)


def _dotted(frame: FrameType) -> str:
    """The name of a frame's function, as users of its library know it: without private modules."""
    parts = [*str(frame.f_globals.get("__name__", "")).split("."), frame.f_code.co_name]
    return ".".join(part for part in parts if not part.startswith("_"))


def user_origin() -> Origin | None:
    """The instruction that the function being traced is at, or that was written down for it."""
    frame = user_frame()
    return recorded.origin if frame is None else origin_at(frame)


def names_known_at(error: BaseException) -> list[str]:
    """The names that the innermost traced function knows, on the way of an exception."""
    found: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        if isinstance(trace.tb_frame.f_globals, ShadowGlobals):
            found = [*trace.tb_frame.f_locals, *trace.tb_frame.f_globals.names()]
        trace = trace.tb_next
    return found


def raised_at(traceback: TracebackType | None) -> Origin | None:
    """The innermost instruction of a traced function on the way of an exception."""
    found = None
    while traceback is not None:
        if type(traceback.tb_frame.f_globals) is ShadowGlobals:
            found = Origin(traceback.tb_frame.f_code, traceback.tb_lasti)
        traceback = traceback.tb_next
    return found


def type_for_the_reader(kind: type) -> Any:
    """A built-in type as who reads `x.__class__` knows it: to a function being traced `float` is a stand-in."""
    reader = _get_frame(2)
    is_users = type(reader.f_globals) is ShadowGlobals and "__class__" in reader.f_code.co_names
    return reader.f_builtins[kind.__name__] if is_users else kind


def written_name(origin: Origin | None) -> str:
    """What the user calls the array that an assignment writes into; empty where another instruction writes."""
    found = None if origin is None or origin.columns is None else _WRITTEN.match(origin.text, origin.columns[0])
    return found.group() if found else ""
