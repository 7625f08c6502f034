"""Containers that outlive the call: readable, with swapped parts, but not to be changed by the traced function.

In: a list, deque, dict, set, namespace, iterator or array of the user's. Out: a copy of the same kind whose mutators
refuse with the line, but for lists and dicts that nobody looks into, as logs are; or a view of the array that cannot be
written through and takes traced positions.
"""

import functools
import sys
from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NoReturn

import numpy as np

from symdiff.tracing.assignment import is_augmented_read
from symdiff.tracing.forking import refuse
from symdiff.tracing.purity import outside_write
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import has_tracer, to_node

_LIST = "append extend insert remove pop clear sort reverse __setitem__ __delitem__ __iadd__ __imul__"
_DEQUE = f"{_LIST} appendleft extendleft popleft rotate"
_DICT = "update setdefault pop popitem clear __setitem__ __delitem__ __ior__"
_NAMESPACE = "__setattr__ __delattr__"
_SET = "add update remove discard pop clear __ior__ __iand__ __isub__ __ixor__"


_SEEN = "__iter__ __len__ __getitem__ __contains__ __reversed__ __eq__ __ne__ __repr__ copy"
_LIST_SEEN = f"{_SEEN} __lt__ __le__ __gt__ __ge__ __add__ __mul__ __rmul__ index count"
_DEQUE_SEEN = f"{_LIST_SEEN} __copy__ __reduce__"
_DICT_SEEN = f"{_SEEN} __or__ __ror__ get keys values items"

MEMORY = "_symdiff_memory"
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


def _noting(kind: type, writes: str, looks: str) -> Any:
    """The type of copies of which a memory knows whether they were written to or looked into."""
    made = frozen(kind)

    def write(self: Any, *args: Any, **kwargs: Any) -> None:
        memory, place = self.__dict__[MEMORY]
        memory.write(place, f"a {kind.__name__}")

    def looking(name: str) -> Callable[..., Any]:
        original = getattr(kind, name)
        is_item = name == "__getitem__"

        @functools.wraps(original)
        def look(self: Any, *args: Any) -> Any:
            if not (is_item and is_augmented_read(sys._getframe(1))):
                memory, place = self.__dict__[MEMORY]
                memory.read(place)
            return original(self, *args)

        return look

    for name in writes.split():
        setattr(made, name, write)
    for name in looks.split():
        setattr(made, name, looking(name))
    return made


FrozenList = _noting(list, "append extend insert __setitem__", _LIST_SEEN)
FrozenDeque = _noting(deque, "append appendleft extend extendleft __setitem__", _DEQUE_SEEN)
FrozenDict = _noting(dict, "update __setitem__", _DICT_SEEN)
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
