"""What symdiff refuses outside of traces, by the room that refuses it: each makes an error with a golden file.

A module `refused_ROOM.py` registers functions with `@refused("ROOM")`. Each runs in a folder of its own, which it is
given, and raises. Those of `mended_ROOM.py` bear the names of these, and do what the messages say: they do not raise.
"""

import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from symdiff.cli.main import main

Refused = Callable[[Path], object]

REFUSED: dict[tuple[str, str], Refused] = {}


MENDED: dict[tuple[str, str], Refused] = {}  # the same, mended as the message says: a command gives 0, a call returns

MODEL = """\
import math

UNIT = 1.0


def energy(x, y):
    return x**2 + math.cosh(y)


def force(x):
    return -2.0 * x


class Spring:
    def pull(self, x):
        return -3.0 * x
"""


TARGET = """\
[[tool.symdiff.target]]
function = "model.py:energy"
output = "energy_d.py"
"""


def refused(room: str) -> Callable[[Refused], Refused]:
    """Registers a function whose error is made in a room."""

    def register(function: Refused) -> Refused:
        assert (room, function.__name__) not in REFUSED
        REFUSED[room, function.__name__] = function
        return function

    return register


def mended(room: str) -> Callable[[Refused], Refused]:
    """Registers the function of the same name that has been mended as the message says."""

    def register(function: Refused) -> Refused:
        assert (room, function.__name__) not in MENDED
        MENDED[room, function.__name__] = function
        return function

    return register


def command(folder: Path, words: str, **files: str) -> int:
    """Types in `symdiff WORDS` where model.py and other files are; what it would tell of is raised."""
    for name, text in {"model": MODEL, **files}.items():
        (folder / f"{name}.{'toml' if name == 'pyproject' else 'py'}").write_text(text, encoding="utf-8")
    with mock.patch.dict(os.environ, SYMDIFF_TRACEBACK="full"), forgotten(folder):
        return main(shlex.split(words))


@contextmanager
def forgotten(folder: Path) -> Iterator[None]:
    """Modules of the folder that are imported here are not found by whoever imports their names later."""
    try:
        yield
    finally:
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(f"{folder}/"):
                del sys.modules[name]


def generated(folder: Path, pyproject: str) -> int:
    """Types in `symdiff generate` where a pyproject.toml is."""
    return command(folder, "generate", pyproject=pyproject)
