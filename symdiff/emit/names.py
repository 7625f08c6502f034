"""Names in generated code: deterministic, valid, and never in each other's way.

In: the names that are taken (parameters, modules, builtins), and the names that are wished for. Out: names. A parameter
keeps its name whatever it is, because callers use it; everything of ours that would collide is renamed.
"""

import keyword
import re
from collections.abc import Iterable

from symdiff.errors import ArgumentError

# What generated code calls the modules and types it imports.
MODULES = {"np": "numpy", "ne": "numexpr", "math": "math", "cmath": "cmath", "scipy": "scipy"}
TYPES = {"Any": "from typing import Any", "Sequence": "from collections.abc import Sequence"}


def checked(name: str) -> str:
    """The name itself, if it is an identifier that generated code may contain.

    >>> checked("lambda_")
    'lambda_'
    """
    if not name.isidentifier() or keyword.iskeyword(name) or (name.startswith("__") and name.endswith("__")):
        raise ArgumentError(
            f"{name[:60]!r} is not a name that generated code may contain",
            why="Generated code is built from plain identifiers: no keywords, no names like __this__, no expressions.",
            fix=f"rename it: {_plain(name)}",
        )
    return name


def _plain(name: str) -> str:
    """A name that looks like the one that is refused."""
    words = re.sub(r"\W+", "_", name[:60], flags=re.ASCII).strip("_") or "f"
    return f"{words}_" if keyword.iskeyword(words) else words if words.isidentifier() else f"f_{words}"


class Names:
    """The names of one function: what is taken, and new ones.

    >>> names = Names(taken=["x"])
    >>> names.fresh("y"), names.fresh("y"), names.fresh("x"), names.value(), names.value()
    ('y', 'y_1', 'x_1', 'v0', 'v1')
    """

    def __init__(self, taken: Iterable[str] = (), *, pattern: str = "") -> None:
        self._taken = set(taken)
        self._next_suffix: dict[str, int] = {}
        self._next_value = 0
        self._pattern = re.compile(pattern) if pattern else None

    def fresh(self, wish: str) -> str:
        """The name wished for, or with the first free number behind it; `v0`, `v1` … for one that cannot be had."""
        wish = wish.lstrip("_")  # names with an underscore are those of support functions and constants
        if not self.allows(wish):
            return self.value()
        name, number = wish, self._next_suffix.get(wish, 1)
        while name in self._taken:
            name, number = f"{wish.rstrip('_') or 'v'}_{number}", number + 1
        self._next_suffix[wish] = number
        self._taken.add(name)
        return name

    def value(self) -> str:
        """The next of `v0`, `v1`, …"""
        while (name := f"v{self._next_value}") in self._taken:
            self._next_value += 1
        self._next_value += 1
        self._taken.add(name)
        return name

    def allows(self, name: str) -> bool:
        """Whether a value may have the name, leaving aside whether it is taken."""
        if not name.isidentifier() or keyword.iskeyword(name):
            return False
        return self._pattern is None or self._pattern.fullmatch(name) is not None
