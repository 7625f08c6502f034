"""`try … except` in the code that runs: which exceptions it catches.

In: a frame, or the code of a function. Out: whether an `except` clause around the running instruction, or any in the
code, catches an exception. Where one does, arithmetic on traced values raises as it does on numbers.
"""

import dis
import inspect
from collections.abc import Iterator, Sequence
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any, NamedTuple

_NAMING = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_ATTR", "LOAD_DEREF", "LOAD_FAST", "BUILD_TUPLE")


class _Clauses(NamedTuple):
    """Where an exception goes that is raised between two instructions.

    target: the first instruction that runs then.
    named: the instructions that name what each `except` clause there catches; none of one that catches all, as a
        `finally` does that returns.
    is_block: whether the end of a `with` is there, which may catch anything.
    """

    start: int
    end: int
    target: int
    named: tuple[tuple[dis.Instruction, ...], ...]
    is_block: bool


def has_handlers(code: CodeType) -> bool:
    """Whether there is an `except` clause in the code, or in a function that is defined in it."""
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return any(each.named for each in _clauses(code)) or ends_blocks(code) or any(map(has_handlers, inner))


def ends_blocks(code: CodeType) -> bool:
    """Whether the code says what the end of a `with` does with an exception: a method, or a generator that catches."""
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    is_generator = bool(code.co_flags & inspect.CO_GENERATOR)
    is_end = code.co_name == "__exit__" or (is_generator and any(each.named for each in _clauses(code)))
    return is_end or any(map(ends_blocks, inner))


def catches(frame: FrameType, error: type[BaseException], *, blocks_may: bool) -> bool:
    """Whether a clause around the instruction that runs in the frame catches the exception.

    blocks_may: whether the end of a `with` may do so.
    """
    offset: int | None = frame.f_lasti
    while offset is not None:
        clauses = next((each for each in _clauses(frame.f_code) if each.start <= offset < each.end), None)
        if clauses is not None and any(_matches(frame, named, error) for named in clauses.named):
            return True
        if clauses is not None and clauses.is_block and blocks_may:
            return True
        offset = None if clauses is None else clauses.target  # it is raised again there, within what is around it
    return False


@lru_cache(maxsize=512)
def _clauses(code: CodeType) -> tuple[_Clauses, ...]:
    if not code.co_exceptiontable:
        return ()
    instructions = [each for each in dis.get_instructions(code) if each.opname != "CACHE"]
    return tuple(
        _Clauses(entry.start, entry.end, entry.target, *_handler(instructions, entry.target))
        for entry in dis.Bytecode(code).exception_entries  # type: ignore[attr-defined]
    )


def _handler(
    instructions: Sequence[dis.Instruction], target: int
) -> tuple[tuple[tuple[dis.Instruction, ...], ...], bool]:
    """What the clauses at an instruction name, and whether they are the end of a `with`."""
    handler = [each for each in instructions if each.offset >= target]
    if len(handler) < 2 or handler[0].opname != "PUSH_EXC_INFO":
        return (), False  # the clean-up of a comprehension or a generator
    if handler[1].opname == "WITH_EXCEPT_START":
        return (), True
    return tuple(_named(handler)), False


def _named(handler: Sequence[dis.Instruction]) -> Iterator[tuple[dis.Instruction, ...]]:
    if handler[1].opname == "POP_TOP":  # `except:` alone
        yield ()
    named: list[dis.Instruction] = []
    is_finally = True
    for each in handler[1:]:
        if each.opname == "CHECK_EXC_MATCH":
            is_finally = False
            yield tuple(named)
        if each.opname == "POP_EXCEPT" and is_finally:  # left by `return`, `break` or `continue`
            yield ()
        if each.opname == "RERAISE":
            return
        named = [*named, each] if each.opname.startswith(_NAMING) else []


def _matches(frame: FrameType, named: Sequence[dis.Instruction], error: type[BaseException]) -> bool:
    """Whether the clause that names these catches the exception."""
    stack: list[Any] = []
    for each in named:
        if each.opname == "LOAD_ATTR":
            stack.append(getattr(stack.pop(), each.argval))
        elif each.opname == "BUILD_TUPLE":
            stack[len(stack) - each.argval :] = [tuple(stack[len(stack) - each.argval :])]
        elif each.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            names = frame.f_builtins if _is_missing(frame.f_globals, each.argval) else frame.f_globals
            stack.append(names[each.argval])
        else:
            stack.append(frame.f_locals[each.argval])
    return not named or issubclass(error, stack[-1])


def _is_missing(names: dict[str, Any], name: str) -> bool:
    try:
        names[name]
    except KeyError:
        return True
    return False
