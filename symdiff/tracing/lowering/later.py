"""Whether code that is still to run may tell an object of a plain class from another one like it.

In: the frame of a function that is in the middle of something, and an object. Out: whether what follows, in it, in
those that called it, and in all that these can reach, writes to an attribute, or asks whether two objects are the same.
"""

import dis
import functools
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from symdiff.tracing.libraries import is_library
from symdiff.tracing.lowering.aliases import callers
from symdiff.tracing.lowering.objects import is_plain_object, parts_of
from symdiff.tracing.lowering.writers import behind, names_in, names_known_to

_WRITING = frozenset({"STORE_ATTR", "DELETE_ATTR"})
_WRITERS = frozenset({"setattr", "delattr", "vars", "__dict__", "__setattr__", "__delattr__", "id"})
_IDENTITY = frozenset({"identical", "distinct"})  # of the runtime, which rewritten functions call
_EQUALITY = frozenset({"chained", "contains", "index", "count", "remove"})
_GENERATED = "<string>"  # the methods of dataclasses
_CONSTRUCTORS = frozenset({"__init__", "__post_init__"})


class Later:
    """What follows behind the place where a frame is when this is made, as for a loop that is about to begin."""

    def __init__(self, frame: FrameType) -> None:
        self._places = [(each, each.f_lasti) for each in (frame, *callers(frame))]

    def tells_apart(self, value: Any) -> bool:
        """Whether it may tell this object from one that holds the same; False of what is no object of a plain class."""
        if not is_plain_object(value):
            return False
        compares = not _has_equality(type(value)) and self._asks.compares
        return compares or self._asks.is_told_apart

    @functools.cached_property
    def _asks(self) -> "_Asks":
        found = _Asks()
        for each, place in self._places:
            found.learn(each.f_locals.values())
            found.look(behind(each.f_code, place), names_in(each))
            for inner in each.f_code.co_consts:
                found.look(_with_inner(inner) if isinstance(inner, CodeType) else (), names_in(each))
        return found


class _Asks:
    """What code asks, and writes: also the methods that it may call, of all classes that it can reach."""

    def __init__(self) -> None:
        self.is_told_apart = False
        self.compares = False
        self._codes: set[CodeType] = set()
        self._methods: dict[str, list[FunctionType]] = {}
        self._called: set[str] = set()
        self._classes: set[type] = set()
        self._modules: list[ModuleType] = []
        self._seen: dict[int, Any] = {}

    def learn(self, values: Iterable[Any]) -> None:
        """What can be reached from some values: functions, and the methods of objects and classes."""
        pending = list(values)
        while pending:
            value = pending.pop()
            if id(value) in self._seen:
                continue
            self._seen[id(value)] = value
            if isinstance(value, ModuleType):
                self._modules += [] if is_library(getattr(value, "__file__", None) or "<frozen") else [value]
                continue
            if isinstance(value, FunctionType):
                self._run(value)
            elif isinstance(value, type):
                self._learn_class(value)
            elif is_plain_object(value):
                self._learn_class(type(value))
            pending += parts_of(value) or []

    def _learn_class(self, kind: type) -> None:
        for base in kind.__mro__:
            if base.__module__ == "builtins" or base in self._classes:
                continue
            self._classes.add(base)
            for name, value in vars(base).items():
                for function in _functions_of(value):
                    self._methods.setdefault(name, []).append(function)
                    if name in self._called or (name[:2] == "__" and name[-2:] == "__"):
                        self._run(function)

    def look(self, instructions: Iterable[dis.Instruction], names: Mapping[str, Any], made: str = "") -> None:
        """Looks at instructions, and at all that they may run.

        made: the name of the object that the function makes, whose attributes it may write to.
        """
        loaded: Any = ""
        for each in instructions:
            if each.opname in ("CACHE", "EXTENDED_ARG"):
                continue
            if each.opname in _WRITING:
                self.is_told_apart |= not made or loaded != made
            elif each.opname == "IS_OP":
                self.is_told_apart |= loaded is not None
            elif each.opname in ("COMPARE_OP", "CONTAINS_OP"):
                self.compares |= each.opname == "CONTAINS_OP" or "=" in str(each.argval).strip("<>")
            loaded = _loaded(each)
            if each.opname.startswith("LOAD_") and each.opname != "LOAD_CONST":
                for name in each.argval if isinstance(each.argval, tuple) else [each.argval]:
                    self._name(str(name), names)

    def _name(self, name: str, names: Mapping[str, Any]) -> None:
        self.is_told_apart |= name in _WRITERS or name in _IDENTITY
        self.compares |= name in _EQUALITY
        if name not in self._called:
            self._called.add(name)
            for function in self._methods.get(name, ()):
                self._run(function)
        self.learn([names[name]] if name in names else [])
        self.learn([vars(module)[name] for module in self._modules if name in vars(module)])

    def _run(self, function: FunctionType) -> None:
        code = function.__code__
        if code in self._codes or code.co_filename == _GENERATED or is_library(code.co_filename):
            return
        self._codes.add(code)
        constructs = function.__name__ in _CONSTRUCTORS and code.co_argcount
        self.look(_with_inner(code), names_known_to(function), code.co_varnames[0] if constructs else "")


def _has_equality(kind: type) -> bool:
    """Whether the objects of a class compare by what they hold, or as the class says."""
    return any("__eq__" in vars(base) for base in kind.__mro__ if base is not object)


def _loaded(instruction: dis.Instruction) -> Any:
    """The name of the variable that was read last; None for a constant."""
    if instruction.opname == "LOAD_CONST":
        return None
    name = instruction.argval if instruction.opname.startswith("LOAD_FAST") else ""
    return name[-1] if isinstance(name, tuple) else name


def _with_inner(code: CodeType) -> Iterator[dis.Instruction]:
    """The instructions of a function, and of those that are defined in it."""
    yield from dis.get_instructions(code)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _with_inner(const)


def _functions_of(value: Any) -> list[FunctionType]:
    """The functions that an attribute of a class runs."""
    if isinstance(value, property):
        value = (value.fget, value.fset, value.fdel)
    elif isinstance(value, staticmethod | classmethod):
        value = (value.__func__,)
    else:
        value = (getattr(value, "func", value),)
    return [each for each in value if isinstance(each, FunctionType)]
