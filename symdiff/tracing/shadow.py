"""Shadowing: functions are rebuilt so that the names in them lead to traceable versions of what they mean.

In: any value that the user's code can reach: functions, modules, classes, objects, containers. Out: the same value, or
a stand-in with the same behaviour whose parts are swapped. Nothing that exists is changed: globals, closure cells,
defaults and containers are read, and copies are handed out.
"""

import builtins
import dataclasses
import functools
import inspect
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from types import (
    BuiltinFunctionType,
    CellType,
    FunctionType,
    MappingProxyType,
    MethodType,
    ModuleType,
    SimpleNamespace,
)
from typing import Any

import numpy as np

from symdiff.ir.program import Check
from symdiff.ir.structure import Structure
from symdiff.tracing import rules
from symdiff.tracing.chance import Source, chance, is_chance, makes_chance
from symdiff.tracing.classes import (
    attribute_names,
    can_be_shadowed,
    runs_code,
    shadow_class,
    shadow_object,
    super_replacement,
)
from symdiff.tracing.contents import content_of_attributes
from symdiff.tracing.dispatched import dispatched, dispatched_method, is_dispatched
from symdiff.tracing.distributions import Distribution, distribution, is_distribution
from symdiff.tracing.effects import effect, is_effect
from symdiff.tracing.frozen import (
    MEMORY,
    FrozenDeque,
    FrozenDict,
    FrozenIterator,
    FrozenList,
    FrozenNamespace,
    FrozenSet,
    frozen,
    frozen_array,
)
from symdiff.tracing.hidden import captured
from symdiff.tracing.inlining import own_answer
from symdiff.tracing.iterators import IteratorMaker, makes_iterators
from symdiff.tracing.libraries import is_library, is_numeric
from symdiff.tracing.lowering import runtime
from symdiff.tracing.lowering.names import RUNTIME
from symdiff.tracing.lowering.source import compared, lowered
from symdiff.tracing.natives import descriptor_readings, native_readings
from symdiff.tracing.notes import Notes
from symdiff.tracing.purity import Place
from symdiff.tracing.replacements import Replacement, TypeOfReplacement, Vectorized, replacement
from symdiff.tracing.shadow_globals import ShadowBuiltins, ShadowGlobals
from symdiff.tracing.shadow_modules import ModuleProxy
from symdiff.tracing.stand_ins import has_stand_in, stand_in_of
from symdiff.tracing.tracer import ArrayTracer
from symdiff.tracing.whole import is_instance

_TRACED_AS_USERS = frozenset({"symdiff.surface.fixed_points"})  # loops on what may be traced
_UNTOUCHED = (str, bytes, bytearray, int, float, complex, type(None), Replacement)
_ITERATORS = frozenset({"builtins", "itertools"})  # the modules of iterators that hold nothing else
_Dispatcher = type(np.sum)


def _names_itself(function: FunctionType) -> bool:
    """Whether the function calls itself where it calls a function of its name."""
    name = function.__code__.co_name
    if name not in function.__code__.co_freevars:
        return function.__globals__.get(name) is function
    try:
        return (function.__closure__ or ())[function.__code__.co_freevars.index(name)].cell_contents is function
    except ValueError:  # an empty cell
        return False


def _is_written(value: Any) -> bool:
    """Whether it is a function that somebody has written, if in a text for `exec`, and not one of `dataclasses`."""
    return isinstance(value, FunctionType) and "__create_fn__" not in value.__code__.co_qualname


class Swapper:
    """Swaps values, each once: the same object always has the same stand-in.

    lowers: whether functions are rewritten so that choices are merged while they run.
    notes: what was read, run and written.
    checks: where the function raises.
    """

    def __init__(self, lowers: bool = True) -> None:
        self._lowers = lowers
        self.notes = Notes()
        self.checks: Collection[Check] = ()
        self._swapped: dict[int, tuple[Any, Any]] = {}  # the original is kept alive, so that its id stays its own
        self._originals: dict[int, Any] = {}
        self._globals: dict[int, ShadowGlobals] = {}
        self._cells: dict[int, tuple[CellType, CellType]] = {}
        self._builtins = ShadowBuiltins(vars(builtins), self.swap)
        self._builtins["__import__"] = self._import
        self._builtins[RUNTIME] = runtime

    def swap_read(
        self, name: str, read: Callable[[], Any], place: Place | None = None, *, is_named: bool = True
    ) -> Any:
        """The stand-in of a value that the user's code reads, by the name it has there.

        place: where it is read. is_named: whether it has a name; defaults, and what a `partial` holds, have none that a
        reader would know.
        """
        if place is not None:
            self.notes.looks_into(place)
        leaf = captured(read(), name, read)
        if leaf is not None:
            return ArrayTracer(leaf, is_shared=True)
        return self.swap(self.notes.read(name if is_named else "", read, place))

    def swap_attribute(self, holder: Any, prefix: str, name: str) -> Any:
        """The stand-in of an attribute of a module or an object."""
        read = functools.partial(getattr, holder, name)
        return self.swap_read(f"{prefix}.{name}", read, ("attribute", name))

    def swap(self, value: Any) -> Any:
        """The stand-in of a value; the value itself where nothing in it needs one."""
        if isinstance(value, _UNTOUCHED):
            return value
        known = self._swapped.get(id(value))
        if known is not None:
            return known[1]
        if id(value) in self._originals:
            return value  # it is a stand-in itself
        stand_in = self._stand_in(value)
        if stand_in is value:
            self.notes.learn(native_readings(value))
        return self._remember(value, stand_in)

    def original(self, value: Any) -> Any:
        """What a stand-in stands for; any other value as it is."""
        if isinstance(value, Replacement):
            return value.original
        if isinstance(value, tuple) and type(value) is tuple:
            return tuple(self.original(part) for part in value)
        return self._originals.get(id(value), value)

    def _remember(self, value: Any, stand_in: Any) -> Any:
        self._swapped[id(value)] = (value, stand_in)
        if stand_in is not value:
            self._originals[id(stand_in)] = value
        return stand_in

    def _stand_in(self, value: Any) -> Any:
        if str(type(value).__module__).startswith("symdiff."):
            return value
        if is_effect(value):
            return effect(value)
        if has_stand_in(value):
            return stand_in_of(value, self.notes.look)
        if is_chance(value):
            return chance(value)
        if makes_chance(value):
            return Source(value)
        if is_distribution(value):
            return distribution(value)
        if value is np.vectorize:
            return lambda pyfunc, **options: Vectorized(np.vectorize(pyfunc, **options), pyfunc)
        if value is np.frompyfunc:
            return lambda func, /, nin, nout, **options: Vectorized(np.frompyfunc(func, nin, nout, **options), func)
        if value is type:
            return TypeOfReplacement(self.swap)
        if value is isinstance:
            return lambda instance, kinds: is_instance(instance, self.original(kinds))
        if value is issubclass:
            return lambda kind, kinds: issubclass(self.original(kind), self.original(kinds))
        if isinstance(value, Iterator) and type(value).__module__ in _ITERATORS:
            return FrozenIterator()
        if makes_iterators(value):
            return IteratorMaker(value)
        if value is super:
            return super_replacement(self.original)
        if value is np.r_ or value is np.c_ or rules.rule_of(value) is not None:
            return replacement(value)
        for kind, method in _KINDS:
            if isinstance(value, kind):
                return method(self, value)
        return self._object(value)

    # -- functions ----------------------------------------------------------------------------------------------

    def _function(self, function: FunctionType) -> Any:
        if is_dispatched(function):
            return dispatched(function, self.swap, self.notes.look)
        if is_library(function.__code__.co_filename) and function.__module__ not in _TRACED_AS_USERS:
            return replacement(function) if is_numeric(function) else self._made_by_library(function)
        return self.rebuild(function)

    def _made_by_library(self, function: FunctionType) -> FunctionType:
        """A function of a library's; one that was made of functions of the user's calls their stand-ins."""
        held = [cell.cell_contents if cell != CellType() else None for cell in function.__closure__ or ()]
        swapped = [self.swap(value) if _is_written(value) else value for value in held]
        if all(new is old for new, old in zip(swapped, held, strict=True)):
            return function
        cells = tuple(map(CellType, swapped))
        made = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__, cells)
        made.__kwdefaults__ = function.__kwdefaults__
        return made

    def rebuild(self, function: FunctionType) -> FunctionType:
        """The function with shadowed globals, closure and defaults; one that symdiff has compiled is its Program."""
        known = self._swapped.get(id(function))
        if known is not None and type(known[1]) is FunctionType:
            return known[1]
        answer = own_answer(function)
        if answer is not None:
            return self._remember(function, answer)  # type: ignore[no-any-return]
        if type(function.__globals__) is ShadowGlobals:  # it was defined inside a traced function
            return function
        code = function.__code__
        self.notes.runs(function)
        code = (self._lowers and lowered(code, names_itself=_names_itself(function))) or compared(code) or code
        self.notes.writes(function, code, lambda value: self.swap(value) is not value)
        shadow = self._globals_of(function)
        own = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        cells = [self._cell(own[name]) for name in code.co_freevars]
        rebuilt = FunctionType(code, shadow, function.__name__, None, tuple(new for _, new, _ in cells))
        self._remember(function, rebuilt)
        shadow.read_ahead(code)
        for (old, new, first), name in zip(cells, code.co_freevars, strict=True):
            if first:
                _fill(old, new, functools.partial(self.swap_read, name, place=("cell", id(old))))
        rebuilt.__qualname__, rebuilt.__module__, rebuilt.__doc__ = (
            function.__qualname__,
            function.__module__,
            function.__doc__,
        )
        rebuilt.__defaults__ = self._held(function.__code__.co_name, function.__defaults__)
        rebuilt.__kwdefaults__ = self._held_by_name(function.__kwdefaults__)
        rebuilt.__dict__["_symdiff_original"] = function
        rebuilt.__dict__.update({key: self.swap(part) for key, part in vars(function).items() if key != "__wrapped__"})
        return rebuilt

    def _globals_of(self, function: FunctionType) -> ShadowGlobals:
        original = function.__globals__
        if id(original) not in self._globals:
            read = functools.partial(self._read_global, id(original))
            self._globals[id(original)] = ShadowGlobals(original, self._builtins, read, self.notes.look)
        return self._globals[id(original)]

    def _read_global(self, holder: int, name: str, read: Callable[[], Any]) -> Any:
        return self.swap_read(name, read, ("global", holder, name))

    def _cell(self, cell: CellType) -> tuple[CellType, CellType, bool]:
        """The cell, its copy, and whether the copy is new and to be filled."""
        if id(cell) in self._cells:
            return (*self._cells[id(cell)], False)
        self._cells[id(cell)] = (cell, CellType())
        return (*self._cells[id(cell)], True)

    def _method(self, method: MethodType) -> Any:
        function, instance = self.swap(method.__func__), self.swap(method.__self__)
        if function is method.__func__ and instance is method.__self__:
            return method
        if isinstance(instance, Distribution):
            return getattr(instance, method.__name__)
        return MethodType(function, instance)

    def _builtin_function(self, function: Any) -> Any:
        return replacement(function) if is_numeric(function) else function

    def _partial(self, partial: functools.partial[Any]) -> Any:
        self.notes.look(lambda: tuple(partial.keywords))
        args, keywords = self._held("argument", partial.args), self._held_by_name(partial.keywords)
        return functools.partial(self.swap(partial.func), *(args or ()), **(keywords or {}))

    def _held(self, name: str, values: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
        """The stand-ins of defaults, or of arguments that are held."""
        if values is None:
            return None
        read = values.__getitem__
        return tuple([self.swap_read(name, functools.partial(read, at), is_named=False) for at in range(len(values))])

    def _held_by_name(self, values: dict[str, Any] | None) -> dict[str, Any] | None:
        """The same for those that are held by name."""
        if values is None:
            return None
        read = values.__getitem__
        return {name: self.swap_read(name, functools.partial(read, name), is_named=False) for name in values}

    def _vectorized(self, vectorized: Any) -> Any:
        return Vectorized(vectorized, self.swap(vectorized.pyfunc))

    def swap_target(self, function: Any) -> Any:
        """The function that is to be traced, rebuilt wherever it lives."""
        if rules.rule_of(function) is not None:  # SciPy's functions are written in Python
            return self.swap(function)
        if isinstance(function, FunctionType):
            return self.rebuild(function)
        is_method = isinstance(function, MethodType) and not is_distribution(function.__self__)
        if is_method and isinstance(function.__func__, FunctionType):
            return MethodType(self.rebuild(function.__func__), self.swap(function.__self__))
        return self.swap(function)

    def in_shadow(self, structure: Structure) -> Structure:
        """The structure with stand-ins in place of the user's classes, so that their methods are traced."""
        parts = tuple(self.in_shadow(part) for part in structure.parts)
        return dataclasses.replace(structure, parts=parts, python_type=self.swap(structure.python_type))

    # -- modules ------------------------------------------------------------------------------------------------

    def _module(self, module: ModuleType) -> ModuleProxy:
        return ModuleProxy(module, self.swap_attribute, self.notes.look)

    def _import(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        package = globals._original if isinstance(globals, ShadowGlobals) else globals
        return self.swap(builtins.__import__(name, package, locals, fromlist or (), level))

    # -- containers ---------------------------------------------------------------------------------------------

    def _dict(self, value: Mapping[Any, Any]) -> Any:
        parts = {self.swap(key): self.swap(part) for key, part in value.items()}  # keys may be objects of the user's
        if type(value) in (dict, OrderedDict, MappingProxyType):
            return self._noting(FrozenDict(parts), value)
        kind = self.swap(type(value))
        return value if kind is type(value) else self._filled(value, frozen(kind), dict.update, parts)

    def _noting(self, stand_in: Any, value: Any) -> Any:
        """The stand-in of a container, which may be written to by those who never look into it."""
        stand_in.__dict__[MEMORY] = self.notes.memory, ("content", id(value))
        return stand_in

    def _filled(self, value: Any, kind: Any, fill: Callable[[Any, Any], Any], parts: Any) -> Any:
        """The stand-in of a container of a class of the user's: its parts, and its attributes."""
        filled = kind.__new__(kind)
        fill(filled, parts)
        for name in list(getattr(value, "__dict__", {})):
            filled.__dict__[name] = self.swap_attribute(value, type(value).__name__, name)
        return filled

    def _namespace(self, value: SimpleNamespace) -> Any:
        if type(value) is not SimpleNamespace:
            return value
        self.notes.look(attribute_names(value))
        return FrozenNamespace(**{name: self.swap_attribute(value, "namespace", name) for name in vars(value)})

    def _list(self, value: list[Any]) -> Any:
        parts = [self.swap(part) for part in value]
        if type(value) is list:
            return self._noting(FrozenList(parts), value)
        kind = self.swap(type(value))
        return value if kind is type(value) else self._filled(value, frozen(kind), list.extend, parts)

    def _deque(self, value: deque[Any]) -> Any:
        if type(value) is not deque:
            return value
        return self._noting(FrozenDeque(map(self.swap, value), value.maxlen), value)

    def _set(self, value: set[Any]) -> Any:
        return FrozenSet(map(self.swap, value)) if type(value) is set else value

    def _tuple(self, value: tuple[Any, ...]) -> Any:
        swapped = [self.swap(part) for part in value]
        kind = tuple if type(value) is tuple else self.swap(type(value))
        if kind is type(value) and all(new is old for new, old in zip(swapped, value, strict=True)):
            return value
        return tuple(swapped) if kind is tuple else tuple.__new__(kind, swapped)

    def _array(self, value: Any) -> Any:
        return frozen_array(value) if type(value) is np.ndarray else value

    # -- everything else ----------------------------------------------------------------------------------------

    def _type(self, kind: type) -> Any:
        self.notes.has_objects |= runs_code(kind)
        if not can_be_shadowed(kind):
            return kind
        bound = vars(kind)
        self.notes.look(functools.partial(tuple, bound))
        self.notes.learn(descriptor_readings(kind))
        own = [name for name, value in bound.items() if name[:2] != "__" or isinstance(value, FunctionType)]
        for name in own:
            read = functools.partial(bound.__getitem__, name)
            self.notes.read(f"{kind.__name__}.{name}", read, ("attribute", name))
        return shadow_class(kind, self.swap, self.notes.memory)

    def _object(self, value: Any) -> Any:
        if callable(value):
            for name in ("__wrapped__", "py_func"):  # functools.cache, numba.njit
                wrapped = inspect.getattr_static(value, name, None)
                if isinstance(wrapped, FunctionType):
                    return self.swap(wrapped)
        kind = self.swap(type(value))
        if kind is type(value) or isinstance(kind, Replacement):
            if hasattr(value, "__dict__") and not isinstance(value, type):
                self.notes.look(functools.partial(content_of_attributes, value))
            return value
        self.notes.look(attribute_names(value))

        def made(shadow: Any) -> None:
            self._remember(value, shadow)
            self._originals[id(type(shadow))] = type(value)

        attribute = functools.partial(self.swap_attribute, value, type(value).__name__)
        return shadow_object(value, kind, attribute, made, self.notes.memory)


_KINDS: tuple[tuple[Any, Callable[[Swapper, Any], Any]], ...] = (
    (FunctionType, Swapper._function),
    (MethodType, Swapper._method),
    ((BuiltinFunctionType, np.ufunc, _Dispatcher), Swapper._builtin_function),
    (ModuleType, Swapper._module),
    (type, Swapper._type),
    (functools.partial, Swapper._partial),
    (functools.singledispatchmethod, lambda self, method: dispatched_method(method, self.swap)),
    (np.vectorize, Swapper._vectorized),
    (dict, Swapper._dict),
    (MappingProxyType, Swapper._dict),
    (SimpleNamespace, Swapper._namespace),
    (list, Swapper._list),
    (deque, Swapper._deque),
    (set, Swapper._set),
    (tuple, Swapper._tuple),
    (np.ndarray, Swapper._array),
)


def _fill(old: CellType, new: CellType, swap_read: Callable[[Callable[[], Any]], Any]) -> None:
    try:
        new.cell_contents = swap_read(lambda: old.cell_contents)
    except ValueError:  # still empty
        return
