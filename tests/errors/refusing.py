"""What symdiff refuses outside of traces, by the room that refuses it: each makes an error with a golden file.

A module `refused_ROOM.py` registers functions with `@refused("ROOM")`. Each runs in a folder of its own, which it is
given, and raises.
"""

from collections.abc import Callable
from pathlib import Path

Refused = Callable[[Path], object]

REFUSED: dict[tuple[str, str], Refused] = {}


def refused(room: str) -> Callable[[Refused], Refused]:
    """Registers a function whose error is made in a room."""

    def register(function: Refused) -> Refused:
        assert (room, function.__name__) not in REFUSED
        REFUSED[room, function.__name__] = function
        return function

    return register
