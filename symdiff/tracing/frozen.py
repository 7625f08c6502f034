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


def _frozen(kind: type, mutators: str) -> Any:
    """The type of the copies; `type(x)` says, as `isinstance` does, what they are copies of."""
    namespace: dict[str, Any] = {name: _refusing(kind.__name__) for name in mutators.split()}
    return type(kind.__name__, (kind,), {**namespace, "__class__": property(lambda self: kind)})


FrozenList = _frozen(list, _LIST)
FrozenDict = _frozen(dict, _DICT)
FrozenSet = _frozen(set, _SET)


def frozen_array(array: Any) -> Any:
    """A view that cannot be written through."""
    view = array.view()
    view.flags.writeable = False
    return view
