"""Where the user is: the frame and instruction of the function being traced.

In: the running stack. Out: the innermost frame with shadowed globals, as an Origin.
"""

import sys
import threading
from types import FrameType, TracebackType

from symdiff.origin import Origin, origin_at
from symdiff.tracing.shadow_globals import ShadowGlobals

_get_frame = sys._getframe


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


def user_frame() -> FrameType | None:
    """The innermost frame of a function that is being traced."""
    frame: FrameType | None = _get_frame(1)
    while frame is not None and type(frame.f_globals) is not ShadowGlobals:
        frame = frame.f_back
    return frame


def user_origin() -> Origin | None:
    """The instruction that the function being traced is at, or that was written down for it."""
    frame = user_frame()
    return recorded.origin if frame is None else origin_at(frame)


def raised_at(traceback: TracebackType | None) -> Origin | None:
    """The innermost instruction of a traced function on the way of an exception."""
    found = None
    while traceback is not None:
        if type(traceback.tb_frame.f_globals) is ShadowGlobals:
            found = Origin(traceback.tb_frame.f_code, traceback.tb_lasti)
        traceback = traceback.tb_next
    return found
