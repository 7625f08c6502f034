"""The globals of a rebuilt function: a dict that swaps each value when it is first read.

In: the real globals, a function that swaps, and one that is told of names that are not bound yet. Out: what LOAD_GLOBAL
finds; CPython honours `__missing__` of a dict's subclass there. The real globals are never written to.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from types import CodeType
from typing import Any


class ShadowGlobals(dict[str, Any]):
    """Reads through to the real globals, then to the builtins, and remembers what it found."""

    __slots__ = ("_look", "_original", "_swap_read")

    def __init__(
        self,
        original: Mapping[str, Any],
        builtins: Mapping[str, Any],
        swap_read: Callable[[str, Callable[[], Any]], Any],
        look: Callable[[Callable[[], Hashable]], None],
    ) -> None:
        super().__init__({"__builtins__": builtins})
        self._look = look
        self._original = original
        self._swap_read = swap_read

    def __missing__(self, name: str) -> Any:
        if name in self._original:
            value = self[name] = self._swap_read(name, partial(self._original.__getitem__, name))
        else:
            self._look(partial(self._original.__contains__, name))
            value = self[name] = self["__builtins__"][name]  # found at once the next time
        return value

    def names(self) -> list[str]:
        """What the function's module defines."""
        return list(self._original)

    def read_ahead(self, code: CodeType) -> None:
        """Reads what class bodies in the code name: LOAD_NAME does not ask `__missing__`."""
        for const in code.co_consts:
            if isinstance(const, CodeType):
                if not const.co_flags & 1:  # CO_OPTIMIZED is off: a class body
                    for name in const.co_names:
                        if name in self._original:
                            self[name]
                self.read_ahead(const)


class ShadowBuiltins(dict[str, Any]):
    """The builtins, swapped when they are first read."""

    __slots__ = ("_original", "_swap")

    def __init__(self, original: Mapping[str, Any], swap: Callable[[Any], Any]) -> None:
        super().__init__()
        self._original = original
        self._swap = swap

    def __missing__(self, name: str) -> Any:
        value = self[name] = self._swap(self._original[name])
        return value
