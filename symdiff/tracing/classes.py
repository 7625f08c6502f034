"""Shadow classes: the user's classes with methods that are traced.

In: a class or an object of the user's. Out: a subclass whose functions are rebuilt when they are first asked for, or an
object of it with swapped attributes. The method resolution order is Shadow(C), C, Shadow(Base), Base, so that what
follows C, which is what `super()` asks for, is traced too.
"""

import collections
import dis
import enum
import functools
import inspect
import sys
from abc import ABCMeta
from collections.abc import Callable
from types import CodeType, FunctionType, MemberDescriptorType
from typing import Any, Protocol

from symdiff.tracing.forking import refuse
from symdiff.tracing.libraries import is_class_of_library, is_library
from symdiff.tracing.purity import Memory, outside_write

Swap = Callable[[Any], Any]
_PLAIN_METACLASSES = (type, ABCMeta, type(Protocol))
_SHADOW = "_symdiff_shadow"
_DERIVABLE = 1 << 9 | 1 << 10  # Py_TPFLAGS_HEAPTYPE and Py_TPFLAGS_BASETYPE
_DESCRIPTORS = (FunctionType, classmethod, staticmethod, functools.cached_property, functools.partialmethod)


class _Keeping(type):
    """The metaclass of shadows: a write to the class would be lost. Classes derived from one are the function's own."""

    def __setattr__(cls, name: str, value: Any) -> None:
        if _SHADOW not in vars(cls) or name.startswith(("__", "_abc_")):
            super().__setattr__(name, value)
        else:
            vars(cls)[_SHADOW].write(("attribute", name), f"`{cls.__name__}.{name}`")


class _KeepingAbstract(_Keeping, ABCMeta):
    """The same for abstract classes."""


class _KeepingProtocol(_Keeping, type(Protocol)):  # type: ignore[misc]
    """The same for protocols, and what is derived from them."""


_KEEPING: dict[type, type[_Keeping]] = {type: _Keeping, ABCMeta: _KeepingAbstract, type(Protocol): _KeepingProtocol}


def _silent() -> type:
    """A first base that keeps a shadow from being announced to the `__init_subclass__` of the user's class."""
    return type("Silent", (), {"__slots__": (), "__init_subclass__": classmethod(lambda cls, **options: None)})


class ShadowAttribute:
    """A function or a constant of a class, swapped when it is first asked for."""

    def __init__(self, original: Any, name: str, swap: Swap) -> None:
        self._original = original
        self._name = name
        self._swap = swap

    def __get__(self, instance: Any, owner: type) -> Any:
        swapped = self._swapped
        getter = getattr(type(swapped), "__get__", None)
        return swapped if getter is None else getter(swapped, instance, owner)

    @functools.cached_property
    def _swapped(self) -> Any:
        original, swap = self._original, self._swap
        if isinstance(original, classmethod | staticmethod):
            return type(original)(swap(original.__func__))
        if isinstance(original, functools.cached_property):
            computed = functools.cached_property(swap(original.func))
            computed.__set_name__(object, self._name)
            return computed
        if isinstance(original, functools.partialmethod):
            return functools.partialmethod(swap(original.func), *original.args, **original.keywords)
        return swap(original)


def can_be_shadowed(kind: type) -> bool:
    """Whether a class is the user's, and can be derived from without side effects.

    It is the user's by its module or by its functions.
    """
    if type(kind) not in _PLAIN_METACLASSES or issubclass(kind, BaseException | enum.Enum):
        return False
    if kind.__flags__ & _DERIVABLE == _DERIVABLE and not is_class_of_library(kind):
        return True
    functions = (value for value in vars(kind).values() if isinstance(value, FunctionType))
    return any(not is_library(function.__code__.co_filename) for function in functions) or any(
        can_be_shadowed(base) for base in kind.__bases__ if base is not object
    )


def defines_classes(code: CodeType) -> bool:
    """Whether a function, or one that is defined in it, makes classes of its own."""
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return any(each.opname == "LOAD_BUILD_CLASS" for each in dis.get_instructions(code)) or any(
        map(defines_classes, inner)
    )


def runs_code(kind: type) -> bool:
    """Whether looking at an object of the class may run code of the user's, or change the object."""
    return kind is collections.defaultdict or can_be_shadowed(kind)


def shadow_class(kind: type, swap: Swap, memory: Memory) -> type:
    """The class with functions that are rebuilt, and with the shadows of its bases.

    memory: is told of what is written to the class.
    """
    namespace: dict[str, Any] = {
        "__slots__": (),
        "__module__": kind.__module__,
        "__qualname__": kind.__qualname__,
        _SHADOW: memory,
    }
    for name, value in vars(kind).items():
        if getattr(value, "__module__", None) == "typing":  # what a Protocol has in the place of `__init__`
            continue
        if isinstance(value, property):
            namespace[name] = _property(value, swap)
        elif isinstance(value, _DESCRIPTORS) or (callable(value) and not isinstance(value, type)):
            namespace[name] = ShadowAttribute(value, name, swap)
        elif isinstance(value, functools.singledispatchmethod):
            namespace[name] = swap(value)
    bases = [swap(base) for base in kind.__bases__]
    pairs = zip(bases, kind.__bases__, strict=True)
    changed = [new for new, old in pairs if new is not old and issubclass(_KEEPING[type(kind)], type(new))]
    return _KEEPING[type(kind)](kind.__name__, (_silent(), kind, *changed), namespace)


def _property(original: property, swap: Swap) -> property:
    def deferred(function: Any) -> Any:
        return None if function is None else lambda *args: swap(function)(*args)

    return property(deferred(original.fget), deferred(original.fset), deferred(original.fdel), original.__doc__)


def shadow_object(
    value: Any, kind: type, attribute: Callable[[str], Any], made: Callable[[Any], None], memory: Memory
) -> Any:
    """The object as one of the shadow class, with swapped attributes; the object itself where it cannot be copied.

    `attribute` gives the swapped attribute of a name; `made` is told of the new object before its attributes are
    swapped, so that objects may refer to each other; `memory` is told of what is written.
    """

    def write(self: Any, name: str, written: Any) -> None:
        if _runs_code(type(value), name):
            _refuse_write(self, name)
        memory.write(("attribute", name), f"`{kind.__name__}.{name}`")

    namespace = {
        "__slots__": (),
        "__setattr__": write,
        "__delattr__": _refuse_write,
        "__class__": property(lambda self: kind),  # further objects, `self.__class__(…)`, may be written to
    }
    keeper: Any = type(kind)(kind.__name__, (kind,), namespace)
    shadow: Any
    try:
        shadow = object.__new__(keeper)
    except TypeError:  # the class has a base whose objects are more than their attributes
        return value
    made(shadow)
    for name in filter(functools.partial(hasattr, value), _slots(type(value))):
        object.__setattr__(shadow, name, attribute(name))
    for name in list(getattr(value, "__dict__", {})):
        shadow.__dict__[name] = attribute(name)
    return shadow


def attribute_names(value: Any) -> Callable[[], tuple[str, ...]]:
    """What gives the names of the attributes that an object has itself, now and later."""
    slots = _slots(type(value))

    def names() -> tuple[str, ...]:
        return *[name for name in slots if hasattr(value, name)], *getattr(value, "__dict__", ())

    return names


def super_replacement(original: Callable[[Any], Any]) -> Callable[..., Any]:
    """`super` that takes a shadow for the class it stands for; without arguments it reads the caller's frame."""

    def super_(*args: Any) -> Any:
        if not args:
            frame = sys._getframe(1)
            args = (frame.f_locals["__class__"], frame.f_locals[frame.f_code.co_varnames[0]])
        return super(original(args[0]), *args[1:])

    return super_


def _runs_code(kind: type, name: str) -> bool:
    """Whether the assignment to an attribute does anything but keep the value."""
    held = inspect.getattr_static(kind, name, None)
    is_property = hasattr(type(held), "__set__") and not isinstance(held, MemberDescriptorType)
    return is_property or inspect.getattr_static(kind, "__setattr__") is not vars(object)["__setattr__"]


def _refuse_write(self: Any, name: str) -> None:
    refuse(outside_write(f"`{type(self).__name__}.{name}`"))


def _slots(kind: type) -> list[str]:
    found: list[str] = []
    for base in kind.__mro__:
        slots = vars(base).get("__slots__", ())
        found += [slots] if isinstance(slots, str) else slots
    return [name for name in found if name not in ("__dict__", "__weakref__")]
