"""Whether code that is still to run may write into a list or a dict.

In: the frame of a function that is in the middle of something. Out: whether what follows in it, in those that called
it, and in the functions that they name, has a statement or a call that may do so.
"""

import builtins
import dis
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from types import CellType, CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from symdiff.tracing.lowering.aliases import callers
from symdiff.tracing.shadow_globals import ShadowGlobals

_WRITING = frozenset({"STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE"})
_NAMING = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FAST", "LOAD_DEREF", "LOAD_FROM_DICT_OR_DEREF")
_ATTRIBUTES = frozenset({"LOAD_METHOD", "LOAD_ATTR"})
_READING = frozenset(
    {"copy", "index", "count", "get", "keys", "values", "items", "sum", "tolist"}
    | {"more", "reaches", "takes", "goes_on", "rounds", "finish"}  # of the runtime, which rewritten functions call
)


def may_be_written_later(frame: FrameType) -> bool:
    """Whether a list or a dict that the function or its callers hold may be written into behind this place."""
    seen: set[CodeType] = set()
    return any(_may_write(behind(each.f_code, each.f_lasti), names_in(each), seen) for each in (frame, *callers(frame)))


def names_in(frame: FrameType) -> Mapping[str, Any]:
    """What the names mean that the code of a frame may use."""
    return ChainMap(frame.f_locals, *_globals(frame.f_globals))


def names_known_to(function: FunctionType) -> Mapping[str, Any]:
    """What the names mean that the code of a function may use, but for its own."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    held = {name: cell.cell_contents for name, cell in cells.items() if cell != CellType()}
    return ChainMap(held, *_globals(function.__globals__))


def _globals(names: dict[str, Any]) -> list[Any]:
    """The globals of a function and the builtins; those that it has not read yet, too, as they are."""
    unread = [names._original] if isinstance(names, ShadowGlobals) else []
    return [dict(names), *unread, vars(builtins)]


def behind(code: CodeType, place: int) -> Iterator[dis.Instruction]:
    """The instructions behind the one at an offset; of a loop around it all."""
    every = list(dis.get_instructions(code))
    again = [each.argval for each in every if each.offset > place and "JUMP_BACKWARD" in each.opname]
    first = min([place + 1, *again])
    return (each for each in every if each.offset >= first)


def _may_write(instructions: Iterable[dis.Instruction], names: Mapping[str, Any], seen: set[CodeType]) -> bool:
    named: list[Any] = [None]  # what the last names stood for
    for each in instructions:
        if each.opname in _WRITING:
            return True
        if each.opname in _ATTRIBUTES:
            owner = named[-1] if isinstance(named[-1], ModuleType) else None
            if owner is None and _is_method(each) and each.argval not in _READING:
                return True
            named = [getattr(owner, each.argval, None)]
        elif each.opname.startswith(_NAMING):
            named = [names.get(name) for name in (each.argval if isinstance(each.argval, tuple) else [each.argval])]
        if any(isinstance(value, FunctionType) and _writes(value, seen) for value in named):
            return True
    return False


def _is_method(instruction: dis.Instruction) -> bool:
    return instruction.opname == "LOAD_METHOD" or "NULL" in instruction.argrepr


def _writes(function: FunctionType, seen: set[CodeType]) -> bool:
    """Whether running a function of the user's may write."""
    code = function.__code__
    if code in seen or str(function.__module__).startswith(("symdiff.", "numpy", "scipy")):
        return False
    seen.add(code)
    return _may_write(dis.get_instructions(code), names_known_to(function), seen)
