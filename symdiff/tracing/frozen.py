"""Containers that outlive the call: readable, with swapped parts, but not to be changed by the traced function.

In: a list, deque, dict, set, namespace, iterator or array of the user's. Out: a copy of the same kind whose mutators
refuse with the line, or a view of the array that cannot be written through and takes traced positions.
"""

from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NoReturn

import numpy as np

from symdiff.tracing.forking import refuse
from symdiff.tracing.purity import outside_write
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import has_tracer, to_node

_LIST = "append extend insert remove pop clear sort reverse __setitem__ __delitem__ __iadd__ __imul__"
_DEQUE = f"{_LIST} appendleft extendleft popleft rotate"
_DICT = "update setdefault pop popitem clear __setitem__ __delitem__ __ior__"
_NAMESPACE = "__setattr__ __delattr__"
_SET = "add update remove discard pop clear __ior__ __iand__ __isub__ __ixor__"


_MARK = "_symdiff_frozen"
_MUTATORS = {list: _LIST, deque: _DEQUE, dict: _DICT, set: _SET, SimpleNamespace: _NAMESPACE}


def _refuse_outside_write(kind: str) -> NoReturn:
    refuse(outside_write(f"a {kind}"))


def frozen(kind: type, refuse_writing: Callable[[str], NoReturn] = _refuse_outside_write) -> Any:
    """The type of copies of a list, dict, set or namespace, or of a class of the user's that is one.

    `type(x)` says, as `isinstance` does, what they are copies of.
    """

    def mutate(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_writing(kind.__name__)

    mutators = next(_MUTATORS[base] for base in kind.__mro__ if base in _MUTATORS)
    namespace: dict[str, Any] = dict.fromkeys(mutators.split(), mutate)
    namespace |= {"__class__": property(lambda self: kind), _MARK: True}
    return type(kind)(kind.__name__, (kind,), namespace)


def is_frozen(value: Any) -> bool:
    """Whether it is such a copy."""
    return _MARK in type(value).__dict__


FrozenList = frozen(list)
FrozenDeque = frozen(deque)
FrozenDict = frozen(dict)
FrozenSet = frozen(set)
FrozenNamespace = frozen(SimpleNamespace)


class FrozenIterator:
    """An iterator, which the function would use up."""

    def __iter__(self) -> "FrozenIterator":
        return self

    def __next__(self) -> NoReturn:
        refuse(outside_write("an iterator"))


class FrozenArray(np.ndarray[Any, Any]):
    """An array of constants, and what is computed from it: a traced position picks from it as from a traced array."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return np.ndarray

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return array[()] if return_scalar else array.view(FrozenArray)

    def __getitem__(self, key: Any) -> Any:
        return wrap(to_node(np.asarray(self)))[key] if has_tracer(key) else super().__getitem__(key)


FrozenArray.__name__ = "ndarray"  # in messages


def frozen_array(array: Any) -> Any:
    """A view that cannot be written through."""
    view = array.view(FrozenArray)
    view.flags.writeable = False
    return view
