"""Modules as traced code has them.

In: a module, and how a value that is read from it is swapped. Out: its stand-in, which cannot be written to.
"""

import functools
from collections.abc import Callable, Hashable
from types import ModuleType
from typing import Any

from symdiff.tracing.forking import refuse
from symdiff.tracing.purity import outside_write


class ModuleProxy(ModuleType):
    """A module whose attributes are swapped when they are first read."""

    def __init__(
        self,
        module: ModuleType,
        swap_attribute: Callable[[Any, str, str], Any],
        look: Callable[[Callable[[], Hashable]], None],
    ) -> None:
        super().__init__(module.__name__, module.__doc__)
        vars(self).update(_module=module, _swap_attribute=swap_attribute, _look=look)

    def __getattr__(self, name: str) -> Any:
        module: ModuleType = vars(self)["_module"]
        if not hasattr(module, name):
            vars(self)["_look"](functools.partial(hasattr, module, name))
        swapped = vars(self)[name] = vars(self)["_swap_attribute"](module, module.__name__, name)
        return swapped

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__"):
            return
        refuse(outside_write(f"`{self.__name__}.{name}`"))

    def __dir__(self) -> list[str]:
        return dir(vars(self)["_module"])
