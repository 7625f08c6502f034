"""What a traced function must not do: change what outlives the call.

In: a function, or the name of what it changes. Out: nothing, or an AssignmentError with the line.
"""

import dis
from types import FunctionType

from symdiff.errors import AssignmentError
from symdiff.origin import Origin
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin

_GLOBAL_WRITES = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL"})
_CELL_WRITES = frozenset({"STORE_DEREF", "DELETE_DEREF"})
_WRITES = frozenset(dis.opmap[name] for name in _GLOBAL_WRITES | _CELL_WRITES)


def refuse_outside_writes(function: FunctionType) -> None:
    """Refuses a function with `global` or `nonlocal` assignments to names that outlive the call."""
    code = function.__code__
    if _WRITES.isdisjoint(code.co_code[::2]):
        return
    for instruction in dis.get_instructions(code):
        outside = instruction.opname in _GLOBAL_WRITES or (
            instruction.opname in _CELL_WRITES and instruction.argval in code.co_freevars
        )
        if outside:
            refuse(outside_write(f"`{instruction.argval}`", Origin(code, instruction.offset)))


def outside_write(what: str, origin: Origin | None = None) -> AssignmentError:
    """The refusal to change something that outlives the call."""
    return AssignmentError(
        f"the function changes {what}, which outlives the call",
        origin=origin or user_origin(),
        why="The closed form has no memory: what the function changes would be lost.",
        fix="pass the value in as an argument and return the new one",
    )
