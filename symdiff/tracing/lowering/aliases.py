"""Objects that are held in several places: after a choice they must be the same ones there as on both of its sides.

In: what a merging has put in place of what, and the frame of the function. Out: nothing where each of these objects is
held, on its side, in the places only where another one has taken its place; else arrays that are not written to any
more, or the refusal to merge, upon which the paths are traced apart.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

from symdiff.tracing.lowering.merging import Joined, Merging
from symdiff.tracing.lowering.objects import CannotMerge, Contents, parts_of
from symdiff.tracing.tracer import ArrayTracer

Names = Mapping[str, Any]


def shared_ones(merging: Merging, sides: Sequence[Iterable[Any]], around: Iterable[Any]) -> list[Joined]:
    """The arrays that others hold as well, and that must not be written to. Raises CannotMerge for other objects.

    sides: the values that were merged, on both sides. around: what else holds something, on both sides.
    """
    if not merging.joined:
        return []
    around = [*around, *(value for joined in merging.joined for value in _classwide(joined))]
    found = [
        joined
        for number, values in enumerate(sides)
        for joined in _held_elsewhere(merging.joined, number, _places([*values, *around], merging.contents[number]))
    ]
    if any(type(side) is not ArrayTracer for joined in found for side in joined.sides):
        raise CannotMerge
    return found


def _held_elsewhere(all_joined: list[Joined], side: int, places: Counter[int]) -> Iterator[Joined]:
    """Those of which the object of a side is held elsewhere, or has several in its place."""
    in_place = Counter(id(joined.sides[side]) for joined in all_joined)
    for joined in all_joined:
        source = joined.sides[side]
        several = in_place[id(source)] > 1 or places[id(source)] > joined.count
        if _can_be_written(source) and (several or getattr(source, "looks_into", None) is not None):
            yield joined


def _can_be_written(value: Any) -> bool:
    made_as = getattr(type(value), "__dataclass_params__", None)
    return parts_of(value) is not None and not (made_as is not None and made_as.frozen)


def _places(values: Iterable[Any], contents: Contents) -> Counter[int]:
    """In how many places each object is held: from some values on, and by what nobody holds any more."""
    counts: Counter[int] = Counter()
    unreached = dict(contents)
    pending = list(values)
    while pending or unreached:
        if not pending:
            pending += _held(unreached.popitem()[1])
            continue
        value = pending.pop()
        unreached.pop(id(value), None)
        is_array = type(value) is ArrayTracer
        parts = parts_of(value) if is_array or id(value) not in contents else _held(contents[id(value)])
        if parts is not None:
            counts[id(value)] += 1
            if counts[id(value)] == 1 or isinstance(value, tuple):
                pending += parts
    return counts


def _held(content: Any) -> list[Any]:
    """The parts of a content."""
    if isinstance(content, dict):
        return [*content, *content.values()]
    return list(content) if isinstance(content, list | set) else []


def _classwide(joined: Joined) -> Iterator[Any]:
    """What the class of an object holds: one that is known by name there is no copy of another."""
    for kind in type(joined.result).__mro__:
        if kind.__module__ != "builtins":
            yield from vars(kind).values()


def others(frame: FrameType, names: Names) -> Iterator[Any]:
    """What the function holds by other names, and what outlives it."""
    yield from (value for name, value in frame.f_locals.items() if name not in names)
    yield from outside(frame)


def outside(frame: FrameType) -> Iterator[Any]:
    """What outlives the function: its free variables, and what those that called it hold."""
    yield from (frame.f_locals[name] for name in frame.f_code.co_freevars if name in frame.f_locals)
    for caller in callers(frame):
        yield from caller.f_locals.values()


def callers(frame: FrameType) -> Iterator[FrameType]:
    """The user's functions that wait for this one."""
    caller = frame.f_back
    while caller is not None and caller.f_globals.get("__name__") != "symdiff.tracing.function":
        if not str(caller.f_globals.get("__name__", "")).startswith("symdiff."):
            yield caller
        caller = caller.f_back
