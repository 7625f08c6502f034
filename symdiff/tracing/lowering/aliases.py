"""Merged objects that somebody else still holds: writing to one of them would have to change the other.

In: two objects that a choice is made between, and the frame of the function. Out: nothing where nobody else holds
either; else arrays that are not written to any more, or the refusal to merge, upon which the paths are traced apart.
"""

from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

from symdiff.tracing.lowering.exits import RESULT
from symdiff.tracing.lowering.memory import reachable
from symdiff.tracing.lowering.merging import CannotMerge
from symdiff.tracing.tracer import ArrayTracer


def keep_apart(frame: FrameType, pairs: Iterable[tuple[str, Any, Any]], made: Iterable[Any]) -> None:
    """Sees to it that nothing is written to merged objects that are held elsewhere. Raises CannotMerge.

    pairs: the merged names with both objects; what has no name is the value of an expression.
    made: what they became.
    """
    names = [name for name, _, _ in pairs]
    held: dict[bool, set[int]] = {}
    for (name, if_true, if_false), result in zip(pairs, made, strict=True):
        if if_true is if_false:
            continue
        sources = [each for value in (if_true, if_false) for each in reachable([value])]
        is_result = name == RESULT
        if sources and is_result not in held:
            values = outside(frame) if is_result else _locals(frame, names)
            held[is_result] = set(map(id, reachable(values)))
        shared = [each for each in sources if id(each) in held[is_result] or getattr(each, "view", None) is not None]
        if any(type(each) is not ArrayTracer for each in shared):
            raise CannotMerge
        if shared:
            for each in (*shared, *reachable([result])):
                if type(each) is ArrayTracer:
                    each.is_shared = True


def _locals(frame: FrameType, names: Iterable[str]) -> Iterator[Any]:
    """What the function holds by other names, and what those that called it hold."""
    chosen = set(names)
    yield from (value for name, value in frame.f_locals.items() if name not in chosen)
    yield from outside(frame)


def outside(frame: FrameType) -> Iterator[Any]:
    """What outlives the function: its free variables, and what those that called it hold."""
    yield from (frame.f_locals[name] for name in frame.f_code.co_freevars if name in frame.f_locals)
    caller = frame.f_back
    while caller is not None and caller.f_globals.get("__name__") != "symdiff.tracing.function":
        if not str(caller.f_globals.get("__name__", "")).startswith("symdiff."):
            yield from caller.f_locals.values()
        caller = caller.f_back
