"""Containers that outlive the call: readable, with swapped parts, but not to be changed by the traced function.

In: a list, dict or set of the user's. Out: a copy of the same kind whose mutators refuse with the user's line.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from symdiff.tracing.forking import refuse
from symdiff.tracing.purity import outside_write

_LIST = "append extend insert remove pop clear sort reverse __setitem__ __delitem__ __iadd__ __imul__"
_DICT = "update setdefault pop popitem clear __setitem__ __delitem__ __ior__"
_SET = "add update remove discard pop clear __ior__ __iand__ __isub__ __ixor__"


def _refusing(kind: str) -> Callable[..., NoReturn]:
    def mutate(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(outside_write(f"a {kind}"))

    return mutate


FrozenList: Any = type("list", (list,), {name: _refusing("list") for name in _LIST.split()})
FrozenDict: Any = type("dict", (dict,), {name: _refusing("dict") for name in _DICT.split()})
FrozenSet: Any = type("set", (set,), {name: _refusing("set") for name in _SET.split()})


def frozen_array(array: Any) -> Any:
    """A view that cannot be written through."""
    view = array.view()
    view.flags.writeable = False
    return view
