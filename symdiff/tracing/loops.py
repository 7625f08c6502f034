"""Too many decisions: is it a loop that never ends, or too many branches?

In: the decisions of a path. Out: the error that names the line, with the fix that fits.
"""

import dis
import inspect
import sys
from collections import Counter
from collections.abc import Sequence
from types import CodeType

from symdiff.errors import BranchError, LoopError, TraceError
from symdiff.ir.nodes import Node
from symdiff.origin import Origin
from symdiff.tracing.decisions import Decision
from symdiff.tracing.describe import describe
from symdiff.tracing.lowering.names import RUNTIME


def too_many_paths(decisions: Sequence[Decision], budget: int) -> TraceError:
    """LoopError where a `while` goes on and on, BranchError otherwise."""
    asked = Counter((id(d.origin.code), d.origin.offset) for d in decisions if d.origin is not None)
    (busiest, count), *_ = asked.most_common(1) or [((0, 0), 0)]
    decision = next(
        (d for d in decisions if d.origin is not None and (id(d.origin.code), d.origin.offset) == busiest),
        decisions[-1],
    )
    origin = decision.origin
    if origin is not None and _is_recursive(origin.code):
        return LoopError(
            "the depth of this recursion depends on a traced value",
            origin=origin,
            label=f"condition is {describe(decision.condition)}",
            why=f"After {count} calls the condition still depends on the arguments; it may never end the recursion.",
            fix="return the call itself, `return f(x / 2, total + x)`, which is a loop; or make what ends it static",
        )
    if origin is not None and count > budget // 2 and origin.code.co_flags & inspect.CO_GENERATOR:
        return LoopError(
            "the end of this generator depends on a traced value",
            origin=origin,
            label=f"condition is {describe(decision.condition)}",
            why="What a generator yields is taken one by one: only a loop of a plain function is kept as a loop.",
            fix="let the function compute in the loop what is made of the items: total = total + x; return total",
        )
    if origin is not None and count > budget // 2 and _repeats_until_decided(origin.code, origin.offset):
        return LoopError(
            "the number of rounds of this loop depends on a traced value",
            origin=origin,
            label=f"condition is {describe(decision.condition)}",
            why=f"After {count} rounds the condition still depends on the arguments; it may never become false.",
            fix="loop a fixed number of times, `for _ in range(20):`, or make the arguments it depends on static",
        )
    return BranchError(
        f"more than {budget} paths through the `if`s on traced values",
        origin=origin,
        label=f"condition is {describe(decision.condition)}",
        why=_why_paths_double(origin),
        fix=_LINES_APART if origin is not None and origin.function == "<lambda>" else _NUMBERS,
    )


_NUMBERS = "choose between numbers: x if x > 0 else 0.0, np.where(condition, a, b), max(a, b)"
_LINES_APART = "a function with `def`, whose sides are merged; or np.where(condition, a, b), max(a, b)"


def _why_paths_double(origin: Origin | None) -> str:
    if origin is not None and origin.function == "<lambda>":
        return "The sides of choices are merged in functions with a `def`; in a lambda each `if` doubles the paths."
    if origin is not None and not origin.text:
        return "The sides of choices are merged where there is source; without it each `if` doubles the paths."
    return "Sides without a common form double the paths: lists of different lengths, a list with two names, iterators."


def fork_in_round(condition: Node, origin: Origin | None) -> LoopError:
    """A round of a loop takes one of two paths that have no common form."""
    return LoopError(
        "a choice in a round of a loop has sides that cannot be merged",
        origin=origin,
        label=f"condition is {describe(condition)}",
        why="The loop is kept as a loop: one round stands for all of them, whichever side each takes.",
        fix="let both sides bind the same names to numbers or arrays of one shape; a list to one name: q = p.copy()",
    )


def left_round(origin: Origin) -> LoopError:
    """An exception has left a round that stands for all."""
    return LoopError(
        "a round of this loop raises what the function catches outside of it",
        origin=origin,
        label="the number of rounds depends on a traced value, or is large",
        why="Such a loop is kept as a loop: one round stands for all, and it must come to its end.",
        fix="catch it inside of the round, or ask for its condition before: if x != 0: …",
    )


def endless(condition: Node, origin: Origin) -> LoopError:
    """A condition that holds once and for all keeps a loop going."""
    return LoopError(
        "this loop never ends",
        origin=origin,
        label=f"condition is {describe(condition)}",
        why="What it depends on is the same in every round.",
        fix="change it in every round, or leave the loop with `break`",
    )


def does_not_end(origin: Origin | None, label: str) -> LoopError:
    """A loop whose rounds do not depend on the arguments goes on for too long."""
    return LoopError(
        "this loop does not end while the function is traced",
        origin=origin,
        label=label,
        why="Whether it goes on is the same for all arguments, so it runs as it is written.",
        fix="give it an end that is near, `for k in range(1000):`, or compute its result outside of the function",
        never_ends=True,
    )


def rounded(origin: Origin | None) -> LoopError:
    """Whole numbers that may have grown large are used where they must be exact."""
    return LoopError(
        "whole numbers may become larger than 2**53",
        origin=origin,
        label="right for exact numbers only",
        why="Python's whole numbers are exact; the closed form computes with floating-point numbers.",
        fix="keep them small: p = p * 3 % 7 in every round; or compute them outside of the function",
    )


def too_many_questions(condition: Node, asked: int, origin: Origin) -> LoopError:
    """A condition that has been asked for so often, with nobody counting, that the loop seems not to end."""
    return LoopError(
        f"this loop has not ended after {asked:,} rounds",
        origin=origin,
        label=f"condition is {describe(condition)}",
        why="On the path of one input every round is traced on its own, as long as plain Python would go on.",
        fix="leave the loop after a number of rounds: for _ in range(1000): … break",
        never_ends=True,
    )


def _is_recursive(code: CodeType) -> bool:
    """Whether the function that asks is one of many calls of itself that are running."""
    frame, running = sys._getframe(), 0
    while frame is not None:
        running += frame.f_code is code
        frame = frame.f_back  # type: ignore[assignment]
    return running > 10


def _repeats_until_decided(code: CodeType, offset: int) -> bool:
    """Whether the innermost loop around the instruction is a `while`: it does not jump back to a FOR_ITER.

    Rewritten code keeps such loops as loops.
    """
    if RUNTIME in code.co_names:
        return False
    instructions = {instruction.offset: instruction for instruction in dis.get_instructions(code)}
    loops = [
        (jump.offset - jump.argval, jump.argval)
        for jump in instructions.values()
        if "BACKWARD" in jump.opname and "JUMP" in jump.opname and jump.argval <= offset <= jump.offset
    ]
    starts = [start for start in instructions.values() if "FOR_ITER" in start.opname]
    if loops:
        _, target = min(loops)
        return not any(start.offset == target for start in starts)
    # The first test of a `while` may stand before the loop that it guards.
    return not starts
