"""`try … except` around arithmetic: on numbers it may raise, on traced values it cannot.

In: the code of a function. Out: nothing, or a refusal with the line of an `except` clause that would never be reached.
"""

import dis
from collections.abc import Iterator
from types import CodeType

from symdiff.errors import TraceError
from symdiff.origin import Origin
from symdiff.tracing.forking import refuse

_ARITHMETIC = frozenset(
    {
        "ArithmeticError",
        "BaseException",
        "Exception",
        "FloatingPointError",
        "OverflowError",
        "ValueError",
        "ZeroDivisionError",
    }
)
_COMPUTING = ("BINARY_OP", "CALL")
_NAMING = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_ATTR", "BUILD_TUPLE", "LOAD_DEREF", "LOAD_FAST"})


def refuse_arithmetic_handlers(code: CodeType) -> None:
    """Refuses code that computes in a `try` whose `except` clause catches what arithmetic raises."""
    if code.co_exceptiontable:
        instructions = list(dis.get_instructions(code))
        for start, end, target in _protected(code):
            computes = any(start <= each.offset < end and each.opname.startswith(_COMPUTING) for each in instructions)
            handler = _catching(instructions, target)
            if computes and handler is not None:
                refuse(_unreachable(Origin(code, handler)))
    for const in code.co_consts:
        if isinstance(const, CodeType):
            refuse_arithmetic_handlers(const)


def _protected(code: CodeType) -> Iterator[tuple[int, int, int]]:
    """Start, end and handler of every protected range."""
    for entry in dis.Bytecode(code).exception_entries:  # type: ignore[attr-defined]
        yield entry.start, entry.end, entry.target


def _catching(instructions: list[dis.Instruction], target: int) -> int | None:
    """The offset of the clause, in the handler at `target`, that catches what arithmetic raises."""
    handler = [each for each in instructions if each.offset >= target and each.opname != "CACHE"]
    if len(handler) < 2 or handler[0].opname != "PUSH_EXC_INFO":
        return None  # the clean-up of a `with`, a comprehension or a generator
    if handler[1].opname == "POP_TOP":  # `except:` alone
        return handler[1].offset
    named: list[dis.Instruction] = []
    for each in handler[1:]:
        if each.opname == "CHECK_EXC_MATCH" and any(str(name.argval) in _ARITHMETIC for name in named):
            return named[0].offset
        if each.opname == "RERAISE":
            return None
        named = [*named, each] if each.opname in _NAMING else []
    return None


def _unreachable(origin: Origin) -> TraceError:
    return TraceError(
        "an `except` clause that depends on traced values",
        origin=origin,
        label="is never reached by traced values",
        why="On numbers the arithmetic in the `try` may raise; traced, a division by zero is an infinity or nan.",
        fix="ask before: `if x == 0: …`, or np.where(condition, a, b)",
    )
