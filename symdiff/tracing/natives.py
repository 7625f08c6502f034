"""Functions of the user's that run as they are, because something that is no stand-in calls them.

In: an object that a trace takes as it is: a `defaultdict` with its factory, a class with a metaclass, what a decorator
of a library's has made. Out: readings of all that the user's functions inside of it could read. Nobody notices when
such a function reads a global, so what it names is noted ahead, with what is named there in turn.
"""

import gc
from collections.abc import Iterator
from functools import partial
from types import BuiltinFunctionType, CellType, CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np

from symdiff.tracing.contents import content_of_attributes
from symdiff.tracing.libraries import is_class_of_library, is_library
from symdiff.tracing.readings import Definition, Finding, Reading

MOST_SEEN = 1_000  # objects that are looked into
_NOTHING_INSIDE = (str, bytes, int, float, complex, type(None), np.ndarray, np.generic, np.ufunc, ModuleType, CodeType)
_WHOLE_PROGRAMS = (FrameType, BuiltinFunctionType)  # they lead everywhere
_Note = Reading | Finding | Definition


def native_readings(value: Any) -> list[_Note]:
    """What the functions of the user's could read that an object of a library's, or a class, holds.

    >>> from collections import defaultdict
    >>> settings = {"k": 2.0}
    >>> (made, held) = native_readings(defaultdict(lambda: settings["k"]))
    >>> made.holds(), held.holds()
    (True, True)
    >>> settings["k"] = 3.0
    >>> made.holds(), held.holds()
    (True, False)
    """
    if isinstance(value, (*_NOTHING_INSIDE, *_WHOLE_PROGRAMS, tuple)):
        return []
    found: list[_Note] = []
    waiting = [value]
    seen: dict[int, Any] = {}
    while waiting and len(seen) < MOST_SEEN:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, (*_NOTHING_INSIDE, *_WHOLE_PROGRAMS)):
            continue
        seen[id(one)] = one  # kept alive, so that its id stays its own
        if isinstance(one, FunctionType):
            is_users = not is_library(one.__code__.co_filename)
            notes = list(_readings_of(one)) if is_users else []
            found += notes
            waiting += [note.value for note in notes if isinstance(note, Reading)] if is_users else _held_by(one)
        elif isinstance(one, type):
            if not is_class_of_library(one):
                found.append(Finding.of(partial(content_of_attributes, one)))
                waiting += [*vars(one).values(), *one.__bases__, type(one)]
        else:
            if hasattr(one, "__dict__") and not is_class_of_library(type(one)):
                found.append(Finding.of(partial(content_of_attributes, one)))
            waiting += gc.get_referents(one)
    return found if any(isinstance(note, Definition) for note in found) else []


def descriptor_readings(kind: type) -> list[_Note]:
    """What the descriptors of a class could read: a stand-in of the class takes those that are no functions."""
    made = [each for each in vars(kind).values() if hasattr(type(each), "__get__")]
    return [note for each in made if not is_class_of_library(type(each)) for note in native_readings(each)]


def _held_by(function: FunctionType) -> list[Any]:
    """What a function of a library's was made of."""
    cells = [cell.cell_contents for cell in function.__closure__ or () if cell != CellType()]
    return [*cells, *(function.__defaults__ or ()), *vars(function).values()]


def _readings_of(function: FunctionType) -> Iterator[_Note]:
    """What a function could read besides its arguments."""
    yield Definition.of(function)
    for at in range(len(function.__defaults__ or ())):
        yield Reading.of(partial((function.__defaults__ or ()).__getitem__, at))
    for cell in function.__closure__ or ():
        if cell != CellType():
            yield Reading.of(partial(getattr, cell, "cell_contents"))
    names = set(_names_in(function.__code__))
    for name in sorted(names):
        if name not in function.__globals__:
            yield Finding.of(partial(function.__globals__.__contains__, name))
            continue
        yield Reading.of(partial(function.__globals__.__getitem__, name))
        value = function.__globals__[name]
        if isinstance(value, ModuleType) and not is_library(str(getattr(value, "__file__", None) or "")):
            yield from (Reading.of(partial(getattr, value, each)) for each in sorted(names) if hasattr(value, each))


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _names_in(const)
