"""What a traced function must not do: change what outlives the call.

In: a function, or the name of what it changes. Out: nothing, or an AssignmentError with the line.
"""

import dis
from collections.abc import Sequence
from types import CodeType, FunctionType

from symdiff.errors import AssignmentError
from symdiff.origin import Origin
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin

_GLOBAL_WRITES = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL"})
_CELL_WRITES = frozenset({"STORE_DEREF", "DELETE_DEREF"})
_ATTRIBUTE_WRITES = frozenset({"STORE_ATTR", "DELETE_ATTR"})
_WRITES = frozenset(dis.opmap[name] for name in _GLOBAL_WRITES | _CELL_WRITES | _ATTRIBUTE_WRITES)
_SILENT = frozenset({"CACHE", "EXTENDED_ARG", "PRECALL", "NOP"})


def refuse_outside_writes(function: FunctionType) -> None:
    """Refuses a function that assigns to names, or to attributes of what names stand for, that outlive the call."""
    code = function.__code__
    if _WRITES.isdisjoint(code.co_code[::2]):
        return
    instructions = [each for each in dis.get_instructions(code) if each.opname not in _SILENT]
    for at, instruction in enumerate(instructions):
        outside = instruction.opname in _GLOBAL_WRITES or (
            instruction.opname in _CELL_WRITES and instruction.argval in code.co_freevars
        )
        written = instruction.argval if outside else _attribute_outside(instructions, at, code)
        if written:
            refuse(outside_write(f"`{written}`", Origin(code, instruction.offset)))


def _attribute_outside(instructions: Sequence[dis.Instruction], at: int, code: CodeType) -> str:
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
        holder.opname == "LOAD_DEREF" and holder.argval in code.co_freevars and holder.argval != "__class__"
    )
    return ".".join([holder.argval, *reversed(path)]) if is_outside else ""


def outside_write(what: str, origin: Origin | None = None) -> AssignmentError:
    """The refusal to change something that outlives the call."""
    return AssignmentError(
        f"the function changes {what}, which outlives the call",
        origin=origin or user_origin(),
        why="The closed form has no memory: what the function changes would be lost.",
        fix="pass the value in as an argument and return the new one",
    )
