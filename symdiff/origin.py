"""Where a value comes from: the user's instruction that made it.

In: a code object and the offset of an instruction in it. Out: the file, line, columns, function and the name the
line binds, each worked out only when somebody asks.
"""

import dis
import linecache
import os
import sys
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType

_PACKAGE = str(Path(__file__).parent) + os.sep
_BINDING_FIRST = frozenset({"STORE_FAST_STORE_FAST", "STORE_FAST_LOAD_FAST"})  # two in one, since Python 3.13
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

    @property
    def filename(self) -> str:
        return self.code.co_filename

    @property
    def function(self) -> str:
        return self.code.co_name

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
        name = _bindings(self.code).get(self.offset)
        return None if name is not None and name.startswith("__") else name  # one of symdiff's own

    @property
    def unpacks(self) -> tuple[str, ...]:
        """The names that the value is unpacked to, `w` and `v` in `w, v = eigh(a)`."""
        return _unpackings(self.code).get(self.offset, ())


def user_origin() -> Origin | None:
    """The innermost running instruction outside symdiff."""
    frame = user_frame()
    return None if frame is None else Origin(frame.f_code, frame.f_lasti)


def user_frame() -> FrameType | None:
    """The innermost running frame outside symdiff."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and is_internal(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


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
def _positions(code: CodeType) -> list[tuple[int | None, int | None, int | None, int | None]]:
    return list(code.co_positions())


@lru_cache(maxsize=256)
def _bindings(code: CodeType) -> dict[int, str]:
    """Offset of every instruction whose result the next one stores, and the name it is stored under."""
    found: dict[int, str] = {}
    previous: dis.Instruction | None = None
    for instruction in dis.get_instructions(code):
        if instruction.opname == "CACHE":
            continue
        if previous is not None and not previous.opname.startswith("UNPACK"):  # it makes several values
            if instruction.opname in _BINDING:
                found[previous.offset] = str(instruction.argval)
            elif instruction.opname in _BINDING_FIRST:
                found[previous.offset] = str(instruction.argval[0])
        previous = instruction
    return found


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
