"""What a step of `scan` sees: elements of sequences, and values of steps before, some places back or ahead.

In: `sequences` and `outputs_info` as the user gives them. Out: for each the array and its taps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symdiff.errors import ArgumentError
from symdiff.symbolic.ranks import Inner
from symdiff.symbolic.symbol import Symbol


@dataclass(frozen=True, eq=False)
class Seen:
    """What a step sees of something: symbols, and where each of them is from the place of the step.

    taps: 0 at it, -1 one before.
    """

    taps: tuple[int, ...]
    symbols: tuple[Symbol, ...]


@dataclass(frozen=True, eq=False)
class Taken(Seen):
    """An array whose first axis is gone through, and the symbols of the elements that a step sees."""

    array: Any

    @property
    def low(self) -> int:
        """How far before its place a step looks, as a number that is not positive."""
        return min(0, *self.taps)

    @property
    def span(self) -> int:
        """How many elements more than steps there are."""
        return max(0, *self.taps) - self.low


@dataclass(frozen=True, eq=False)
class State(Seen):
    """An output of the steps, and the symbols of its values of earlier steps that a step sees.

    initial: the value before the first step; where a step looks further back than one, the stack of those before it.
    """

    initial: Any

    @property
    def depth(self) -> int:
        """How many steps back the farthest of them is."""
        return -min(self.taps, default=0)


def taken(given: Any) -> list[Taken]:
    """The sequences. Raises ArgumentError."""
    found: list[Taken] = []
    for entry in listed(given):
        array, taps = _entry(entry, "input", (0,))
        if array is None:
            raise ArgumentError(
                f"a sequence of scan is an array, not {entry!r:.60}", fix="dict(input=x, taps=[-1, 0]), or x alone"
            )
        found.append(Taken(taps, _symbols("element", len(found), taps, array, 1), array))
    return found


def states(given: Any) -> list[State]:
    """The outputs and their initial values. Raises ArgumentError."""
    found: list[State] = []
    for entry in listed(given):
        initial, taps = _entry(entry, "initial", (-1,))
        if initial is None:
            taps = ()
        if any(tap >= 0 for tap in taps):
            raise ArgumentError(
                f"a step of scan sees the states before it, and the taps of outputs_info are {list(taps)}",
                fix="dict(initial=x, taps=[-2, -1])",
            )
        found.append(State(taps, _symbols("state", len(found), taps, initial, int(taps != (-1,))), initial))
    return found


def listed(given: Any) -> list[Any]:
    """The entries: none, one, or those of a list."""
    return [] if given is None else list(given) if isinstance(given, list | tuple) else [given]


def _entry(entry: Any, what: str, default: tuple[int, ...]) -> tuple[Any, tuple[int, ...]]:
    """The array of an entry and its taps."""
    if not isinstance(entry, Mapping):
        return entry, default
    for key in entry:
        if key not in (what, "taps"):
            raise ArgumentError(f"scan knows no {key!r} here", fix=f"dict({what}=x, taps=[-2, -1])")
    taps = entry.get("taps", default)
    chosen = default if taps is None else tuple(taps) if isinstance(taps, Sequence) else (taps,)
    if not chosen or not all(type(tap) is int for tap in chosen):
        raise ArgumentError(f"taps are whole numbers, not {taps!r}", fix=f"dict({what}=x, taps=[-2, -1])")
    return entry.get(what), chosen


def _symbols(word: str, position: int, taps: Sequence[int], whole: Any, fewer: int) -> tuple[Symbol, ...]:
    names = [f"{word}_{position}" + (f"[{tap:+d}]" if len(taps) > 1 else "") for tap in taps]
    return tuple(Inner(name, whole, fewer) for name in names)
