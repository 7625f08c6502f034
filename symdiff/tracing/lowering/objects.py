"""What an object holds that running code may change, read and put back.

In: any value of the user's. Out: its parts, and its content by keys: of lists, dicts, sets and deques, of objects with
attributes or slots, of the variables that functions share. Of what cannot be put back it is known whether it has
changed.
"""

import functools
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from types import BuiltinMethodType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from symdiff.tracing.lowering.absent import Unassigned, sides_of
from symdiff.tracing.lowering.opaque import Mark, held_by, is_opaque, mark_of
from symdiff.tracing.tracer import ArrayTracer, Tracer

Contents = Mapping[int, Any]  # what objects hold, by their ids
_HOLDING_NOTHING = frozenset({float, int, bool, str, type(None), Tracer})
_UNCHANGING = (tuple, Unassigned, FunctionType, MethodType, BuiltinMethodType, functools.partial)


class CannotMerge(Exception):  # noqa: N818 (a request to trace the paths apart)
    """What the sides of a choice have left behind has no common form."""


class Holder(ABC):
    """What holds objects for a while on behalf of a function that runs: the loop that runs over them."""

    @abstractmethod
    def held(self) -> list[Any]:
        """The objects."""


def parts_of(value: Any) -> list[Any] | None:
    """What an object holds; None for one that holds nothing that could change."""
    if type(value) in _HOLDING_NOTHING:
        return None
    if type(value) is ArrayTracer:
        return [] if value.looks_into is None else [value.looks_into.base]
    if type(value) is Unassigned:
        return list(sides_of(value)[1:])
    if isinstance(value, Holder):
        return value.held()
    if isinstance(value, list | tuple | set | deque):
        return [*value, *_attributes(value)]
    if isinstance(value, dict):
        return [*value, *value.values(), *_attributes(value)]
    if isinstance(value, FunctionType):
        return _parts_of_function(value)
    if isinstance(value, CellType):
        return list(Variable(value).values())
    if isinstance(value, MethodType):
        return [value.__self__, value.__func__]
    if isinstance(value, BuiltinMethodType):
        return None if isinstance(value.__self__, ModuleType | type | None) else [value.__self__]
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if is_opaque(value):
        return held_by(value)
    return [*Attributes(value).values(), type(value)] if is_plain_object(value) else None


def _attributes(value: Any) -> list[Any]:
    """The attributes of a function, or of an object of a class that extends a builtin one: a dict of its own."""
    return [value.__dict__] if hasattr(value, "__dict__") else []


def is_changeable(value: Any) -> bool:
    """Whether an object with parts may change itself."""
    return not isinstance(value, (*_UNCHANGING, Holder))


def _parts_of_function(function: FunctionType) -> list[Any] | None:
    """Its defaults, and what its free variables hold; the variables themselves where it assigns to them."""
    if str(function.__globals__.get("__name__", "")).startswith("symdiff."):
        return None
    held = [part for cell in function.__closure__ or () for part in Variable(cell).values()]
    defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    return [*held, *_variables(function).values(), *defaults, *_attributes(function)]


def _variables(function: FunctionType) -> dict[str, CellType]:
    """The variables of outer functions that it assigns to."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell for name, cell in cells if name in _assigned_outside(function.__code__)}


@functools.lru_cache(maxsize=512)
def _assigned_outside(code: CodeType) -> tuple[str, ...]:
    """The variables of outer functions that the code assigns to."""
    import dis

    if not code.co_freevars:
        return ()
    stored = {each.argval for each in dis.get_instructions(code) if each.opname in ("STORE_DEREF", "DELETE_DEREF")}
    stored |= {name for inner in code.co_consts if isinstance(inner, CodeType) for name in _assigned_outside(inner)}
    return tuple(name for name in code.co_freevars if name in stored)


class Variable(MutableMapping[int, Any]):
    """What a variable that functions share holds, by the key 0; nothing while it is not bound."""

    def __init__(self, cell: CellType) -> None:
        self._cell = cell

    def __getitem__(self, _: int) -> Any:
        return self._cell.cell_contents

    def __setitem__(self, _: int, value: Any) -> None:
        self._cell.cell_contents = value

    def __delitem__(self, _: int) -> None:
        del self._cell.cell_contents

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self)))

    def __len__(self) -> int:
        return int(self._cell != CellType())


def is_plain_object(value: Any) -> bool:
    """Whether it is an object of a class of the user's, with attributes."""
    kind = type(value)
    return (
        (hasattr(value, "__dict__") or any("__slots__" in vars(base) for base in kind.__mro__))
        and not isinstance(value, type | FunctionType | ModuleType | functools.partial)
        and kind.__module__ != "builtins"
        and not kind.__module__.startswith(("numpy", "symdiff"))
    )


class Attributes(MutableMapping[str, Any]):
    """The attributes of an object, in its `__dict__` or in slots."""

    def __init__(self, holder: Any) -> None:
        self._own: dict[str, Any] = getattr(holder, "__dict__", {})
        self._holder = holder
        self._slots = {name: slot for kind in type(holder).__mro__ for name, slot in _slots_of(kind)}

    def __getitem__(self, name: str) -> Any:
        if name not in self._slots:
            return self._own[name]
        try:
            return self._slots[name].__get__(self._holder)
        except AttributeError:
            raise KeyError(name) from None

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self._slots:
            self._slots[name].__set__(self._holder, value)
        else:
            self._own[name] = value

    def __delitem__(self, name: str) -> None:
        if name in self._slots:
            self._slots[name].__delete__(self._holder)
        else:
            del self._own[name]

    def __iter__(self) -> Iterator[str]:
        yield from (name for name, slot in self._slots.items() if hasattr(self._holder, slot.__name__))
        yield from list(self._own)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@functools.lru_cache(maxsize=512)
def _slots_of(kind: type) -> tuple[tuple[str, Any], ...]:
    names = vars(kind).get("__slots__", ())
    names = (names,) if isinstance(names, str) else tuple(names)
    found = ((name, vars(kind).get(name)) for name in names)
    return tuple((name, slot) for name, slot in found if hasattr(slot, "__set__") and not name.startswith("__"))


def container(value: Any) -> Any:
    """What of an object, a list, a dict or a function is read and written by keys."""
    if isinstance(value, CellType):
        return Variable(value)
    if isinstance(value, FunctionType):
        return _variables(value)
    return Attributes(value) if is_plain_object(value) and not isinstance(value, dict | list | deque) else value


def keys_of(value: Any) -> Collection[Any]:
    """The keys by which it is read and written; none of what holds nothing by keys."""
    if isinstance(value, list | tuple | deque):
        return range(len(value))
    has_keys = isinstance(value, dict | CellType | FunctionType) or is_plain_object(value)
    return list(container(value)) if has_keys else ()


def content_of(value: Any) -> Any:
    """What a changeable object holds now."""
    if type(value) is ArrayTracer:
        return (value.node if value.looks_into is None else None), value.is_shared  # a view holds what its base does
    if isinstance(value, list | deque):
        return list(value)
    if isinstance(value, set):
        return set(value)
    return mark_of(value) if is_opaque(value) else dict(container(value))


def put_back(value: Any, content: Any) -> None:
    """Lets an object hold this content. Raises CannotMerge."""
    if type(value) is ArrayTracer:
        if content[0] is not None:
            value.node = content[0]
        value.is_shared = content[1]
    elif isinstance(content, Mark):
        if not content.is_like(mark_of(value)):
            raise CannotMerge
    elif isinstance(value, set):
        value.clear()
        value.update(content)
    elif differing(content_of(value), content) != []:
        if isinstance(value, list | deque):
            value.clear()
            value.extend(content)
        else:
            target = container(value)
            for key in [*target]:  # all of them, as their order counts
                del target[key]
            target.update(content)


def differing(first: Any, second: Any) -> list[Any] | None:
    """The keys at which two contents differ; None where they are not alike. Of arrays the elements count."""
    if isinstance(first, tuple):
        return [] if first[0] is second[0] else None
    if isinstance(first, Mark):
        return [] if first.is_like(second) else None
    if isinstance(first, set):
        return [] if first == second else None
    keys, others = (list(each) if isinstance(each, dict) else list(range(len(each))) for each in (first, second))
    return None if keys != others else [key for key in keys if first[key] is not second[key]]
