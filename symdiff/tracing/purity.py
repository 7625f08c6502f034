"""What outlives the call: a traced function may read it, or write to it, and not both.

In: a function, and what it does to globals, closures, attributes and containers as it runs. Out: a warning with the
line for what it writes and nobody reads, as counters and logs are, which the closed form does without; an
AssignmentError where the result may depend on what was written.
"""

import dis
import inspect
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from types import CellType, CodeType, FunctionType
from typing import Any, NamedTuple

from symdiff.errors import AssignmentError
from symdiff.origin import Origin
from symdiff.tracing.effects import warn
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin

Place = tuple[Hashable, ...]  # ("global", id of the dict, name), ("cell", id), ("attribute", name), ("content", id)

_GLOBAL_WRITES = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL"})
_CELL_WRITES = frozenset({"STORE_DEREF", "DELETE_DEREF"})
_ATTRIBUTE_WRITES = frozenset({"STORE_ATTR", "DELETE_ATTR"})
_WRITES = frozenset(dis.opmap[name] for name in _GLOBAL_WRITES | _CELL_WRITES | _ATTRIBUTE_WRITES)
_SILENT = frozenset({"CACHE", "EXTENDED_ARG", "PRECALL", "NOP"})
_ATTRIBUTE_READS = frozenset({"LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"})
_LOOKS_AT_ALL = frozenset({"getattr", "hasattr", "vars", "__dict__", "attrgetter", "asdict", "astuple", "deepcopy"})


class Memory:
    """The places that outlive the call which a function has read and written while it was traced."""

    def __init__(self) -> None:
        self._read: set[Place] = set()
        self._written: dict[Place, AssignmentError] = {}
        self._lines: dict[tuple[Place, str], Origin | None] = {}

    def read(self, place: Place) -> None:
        """Notes that the result may depend on what a place holds."""
        if place in self._written:
            refuse(self._written[place])
        self._read.add(place)

    def write(self, place: Place, what: str, origin: Origin | None = None) -> None:
        """Notes a write, which the closed form does without."""
        error = outside_write(what, origin)
        if place in self._read or (place[0] == "attribute" and ("attribute",) in self._read):
            refuse(error)
        self._written[place] = error
        self._lines[place, what] = origin or user_origin()

    def warn(self) -> None:
        """Warns of what was written to, once a line."""
        for (_, what), origin in self._lines.items():
            warn(f"changes {what}", "the closed form does not, and computes the same without it", origin)

    def is_written(self, place: Place) -> bool:
        """Whether the function writes there."""
        return place in self._written

    def read_attributes(self, code: CodeType) -> None:
        """Notes the attributes that a code reads, but for those that it reads to write them, `self.calls += 1`."""
        for name in _attributes_read(code):
            self.read(("attribute", name))
        if _names(code) & _LOOKS_AT_ALL:
            self._read.add(("attribute",))
            for place, error in self._written.items():
                if place[0] == "attribute":
                    refuse(error)


class Write(NamedTuple):
    """An instruction that writes to something outside.

    what: as it stands in the source, `name` or `name.attribute`. name: the name, or that of the attribute.
    """

    what: str
    name: str
    origin: Origin
    is_attribute: bool


def outside_writes(code: CodeType, free: Sequence[str] | None = None) -> Iterator[Write]:
    """Where a function, or one inside it, assigns to names that outlive it, or to attributes of what they stand for."""
    free = code.co_freevars if free is None else [name for name in code.co_freevars if name in free]
    if not _WRITES.isdisjoint(code.co_code[::2]):
        instructions = [each for each in dis.get_instructions(code) if each.opname not in _SILENT]
        for at, instruction in enumerate(instructions):
            origin = Origin(code, instruction.offset)
            if instruction.opname in _GLOBAL_WRITES or (
                instruction.opname in _CELL_WRITES and instruction.argval in free
            ):
                yield Write(instruction.argval, instruction.argval, origin, is_attribute=False)
            elif what := _attribute_outside(instructions, at, free):
                yield Write(what, instruction.argval, origin, is_attribute=True)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from outside_writes(const, free)


def _attribute_outside(instructions: Sequence[dis.Instruction], at: int, free: Sequence[str]) -> str:
    """`name.attribute` where the instruction writes an attribute of a global or a closure's object; else empty."""
    name = instructions[at].argval
    if instructions[at].opname not in _ATTRIBUTE_WRITES:
        return ""
    at -= 1
    if instructions[at].opname == "SWAP":  # augmented: the object was loaded before its attribute was read
        reads = [i for i in range(1, at) if instructions[i].opname == "COPY" and instructions[i + 1].argval == name]
        at = reads[-1] - 1 if reads else at
    path = [name]
    while instructions[at].opname == "LOAD_ATTR":
        path.append(instructions[at].argval)
        at -= 1
    holder = instructions[at]
    is_outside = holder.opname == "LOAD_GLOBAL" or (
        holder.opname == "LOAD_DEREF" and holder.argval in free and holder.argval != "__class__"
    )
    return ".".join([holder.argval, *reversed(path)]) if is_outside else ""


def _attributes_read(code: CodeType) -> set[str]:
    """The names of attributes that are read, but for `holder.name += value`, which reads one to write it."""
    instructions = [each for each in dis.get_instructions(code) if each.opname not in _SILENT]
    reads = Counter(each.argval for each in instructions if each.opname in _ATTRIBUTE_READS)
    for before, each in pairwise(instructions):
        if each.opname == "STORE_ATTR" and before.opname == "SWAP":
            reads[each.argval] -= 1
    found = {name for name, count in reads.items() if count > 0}
    return found.union(*(_attributes_read(const) for const in code.co_consts if isinstance(const, CodeType)))


def _names(code: CodeType) -> set[str]:
    inner = (_names(const) for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*inner)


def holder_of(what: str, function: FunctionType) -> Any:
    """The object whose attribute `what` is, as the function finds it; None where there is none."""
    first, *rest = what.split(".")[:-1]
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    if first not in cells:
        found = function.__globals__.get(first)
    else:
        found = cells[first].cell_contents if cells[first] != CellType() else None
    for name in rest:
        found = inspect.getattr_static(found, name, None)
    return found


def outside_write(what: str, origin: Origin | None = None) -> AssignmentError:
    """The refusal to change something that outlives the call."""
    return AssignmentError(
        f"the function changes {what}, which outlives the call",
        origin=origin or user_origin(),
        why="The closed form has no memory: what the function changes would be lost.",
        fix="pass the value in as an argument and return the new one",
    )
