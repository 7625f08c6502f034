"""Where a value comes from: the user's instruction that made it.

In: a code object and the offset of an instruction in it. Out: the file, line, columns, function and the name the
line binds, each worked out only when somebody asks.
"""

import dis
import linecache
import os
import sys
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType

_PACKAGE = str(Path(__file__).parent) + os.sep
_BINDING_FIRST = frozenset({"STORE_FAST_STORE_FAST", "STORE_FAST_LOAD_FAST"})  # two in one, since Python 3.13
_JUMPS = frozenset({*dis.hasjrel, *dis.hasjabs})
_BINDING = frozenset({"STORE_FAST", "STORE_NAME", "STORE_GLOBAL", "STORE_DEREF"})


@dataclass(slots=True, eq=False)
class Origin:
    """One instruction of the user's program.

    >>> def area(r):
    ...     return 3.0 * r
    >>> Origin(area.__code__, 0).function
    'area'
    """

    code: CodeType
    offset: int
    returned: "Origin | None" = None  # the call in the user's code that gives the value back at once

    @property
    def filename(self) -> str:
        return self.code.co_filename

    @property
    def function(self) -> str:
        return self.code.co_name

    @property
    def part(self) -> str:
        """What of the file it is in."""
        return self.function

    @property
    def line(self) -> int | None:
        return _positions(self.code)[self.offset // 2][0]

    @property
    def columns(self) -> tuple[int, int] | None:
        """Start and end column (UTF-8 bytes, from 0) on the first line of the instruction, where Python knows them."""
        line, end_line, start, end = _positions(self.code)[self.offset // 2]
        if line is None or start is None or end is None:
            return None
        return (start, end) if line == end_line else (start, len(self.text.rstrip().encode()))

    @property
    def position(self) -> object:
        """First and last line and column, the same for all of an instruction's caches; the offset where unknown."""
        found = _positions(self.code)[self.offset // 2]
        return self.offset if None in found else found

    @property
    def text(self) -> str:
        """The source line, or the empty string where there is no source."""
        line = self.line
        return "" if line is None else linecache.getline(self.filename, line).rstrip("\n")

    @property
    def binds(self) -> str | None:
        """The name that the value is assigned to, `y` in `y = 2 * x`; None for a part of a larger expression."""
        if self.returned is not None:
            return self.returned.binds
        name = _bindings(self.code).get(self.offset)
        return None if name is not None and name.startswith("__") else name  # one of symdiff's own

    @property
    def unpacks(self) -> tuple[str, ...]:
        """The names that the value is unpacked to, `w` and `v` in `w, v = eigh(a)`."""
        return _unpackings(self.code).get(self.offset, ())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text that has no instructions: of a configuration, or of a module that does not compile.

    part: of what; columns: start and end of what is meant (UTF-8 bytes, from 0).
    """

    filename: str
    line: int
    part: str
    text: str
    columns: tuple[int, int] | None = None


def user_origin() -> Origin | None:
    """The innermost running instruction outside symdiff."""
    frame = user_frame()
    return None if frame is None else origin_at(frame)


def origin_at(frame: FrameType) -> Origin:
    """The instruction that a frame of the user's is at, and the call of theirs to which its result goes."""
    if frame.f_lasti not in _returning(frame.f_code):
        return Origin(frame.f_code, frame.f_lasti)
    caller = frame.f_back
    is_users = caller is not None and not is_internal(caller.f_code.co_filename)
    return Origin(frame.f_code, frame.f_lasti, call_in(caller) if caller is not None and is_users else None)


def user_frame() -> FrameType | None:
    """The innermost running frame outside symdiff."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and is_internal(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def constants_in(code: CodeType) -> list[tuple[str, object]]:
    """The variables of a function that are a constant and nothing else, `F` in `F = 96485.33`, with its value."""
    instructions = [each for each in dis.get_instructions(code) if each.opname != "CACHE"]
    stored = Counter(name for each in instructions for name in _stored(each))
    found: list[tuple[str, object]] = []
    for each in instructions:
        if each.opname == "LOAD_CONST":
            names = _unpackings(code).get(each.offset) if isinstance(each.argval, tuple) else None
            bound = _bindings(code).get(each.offset)
            pairs = zip(names, each.argval, strict=True) if names else [(bound, each.argval)] if bound else []
            found += [(name, value) for name, value in pairs if stored[name] == 1]
    return found


def is_internal(filename: str) -> bool:
    """Whether a file is one of symdiff's own."""
    return filename.startswith(_PACKAGE)


def call_in(frame: FrameType) -> Origin:
    """The instruction that a frame is at; while it calls a Python function, it stands at the end of the call."""
    starts = _starts(frame.f_code)
    return Origin(frame.f_code, starts[bisect_right(starts, frame.f_lasti) - 1])


@lru_cache(maxsize=256)
def _starts(code: CodeType) -> list[int]:
    return [instruction.offset for instruction in dis.get_instructions(code)]


@lru_cache(maxsize=256)
def _returning(code: CodeType) -> frozenset[int]:
    """The offsets of the instructions whose result the next one returns."""
    instructions = (each for each in dis.get_instructions(code) if each.opname != "CACHE")
    return frozenset(first.offset for first, second in pairwise(instructions) if second.opname == "RETURN_VALUE")


@lru_cache(maxsize=256)
def _positions(code: CodeType) -> list[tuple[int | None, int | None, int | None, int | None]]:
    return list(code.co_positions())


@lru_cache(maxsize=256)
def _bindings(code: CodeType) -> dict[int, str]:
    """Offset of every instruction whose result is stored, and the name it is stored under.

    In `c, s = cos(x), sin(x)` both results wait on the stack, and two instructions in a row store them.
    """
    found: dict[int, str] = {}
    made: list[int] = []  # the instructions that made what is on the stack, as far as they are known
    for instruction in dis.get_instructions(code):
        if instruction.opname == "CACHE":
            continue
        for name in _stored(instruction):
            if made:
                found[made.pop()] = name
        if instruction.opname in _BINDING or instruction.opname == "STORE_FAST_STORE_FAST":
            continue
        if instruction.opname.startswith("UNPACK") or instruction.opcode in _JUMPS:
            made.clear()
        else:
            grown = dis.stack_effect(instruction.opcode, instruction.arg)
            if grown <= 0:  # one value, made of others
                del made[max(0, len(made) + grown - 1) :]
            made += [instruction.offset] * max(1, grown)
    return found


def _stored(instruction: dis.Instruction) -> list[str]:
    """The names that an instruction assigns to, in the order in which it takes values from the stack."""
    if instruction.opname in _BINDING:
        return [str(instruction.argval)]
    if instruction.opname in _BINDING_FIRST:
        both = instruction.opname == "STORE_FAST_STORE_FAST"
        return [str(name) for name in (instruction.argval if both else instruction.argval[:1])]
    return []


@lru_cache(maxsize=256)
def _unpackings(code: CodeType) -> dict[int, tuple[str, ...]]:
    """Offset of every instruction whose result the next ones unpack to names, and the names."""
    instructions = [each for each in dis.get_instructions(code) if each.opname != "CACHE"]
    found: dict[int, tuple[str, ...]] = {}
    for at in range(1, len(instructions)):
        if instructions[at].opname == "UNPACK_SEQUENCE":
            names: list[str] = []
            for store in instructions[at + 1 :]:
                if store.opname == "STORE_FAST_STORE_FAST":
                    names += store.argval
                elif store.opname in _BINDING and len(names) < instructions[at].argval:
                    names.append(str(store.argval))
                else:
                    break
            if len(names) >= instructions[at].argval:
                found[instructions[at - 1].offset] = tuple(names[: instructions[at].argval])
    return found


def shown_place(origin: Origin | None) -> str:
    """`model.py:4`; `line 4` where that is in no file of a name; empty where the line is not known."""
    if origin is None or origin.line is None:
        return ""
    before = _shown_file(origin.filename)
    return f"{before}{origin.line}" if before else ""


@lru_cache(maxsize=64)
def _shown_file(filename: str) -> str:
    """What stands before the number of a line; empty for a name that is not shown."""
    path = Path(filename)
    if path.name.startswith("<") or path.parent.name.startswith("ipykernel_"):  # a prompt, a cell of a notebook
        return "line "
    return f"{path.name}:" if path.name.isprintable() and len(path.name) <= 40 else ""
