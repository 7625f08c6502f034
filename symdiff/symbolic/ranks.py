"""How many axes an expression has, before any length is known.

In: a symbol. Out: its rank, found by running it on arrays of a few lengths, the same for all axes.
"""

from typing import Any

import numpy as np

from symdiff.errors import TraceError
from symdiff.ir.nodes import Input
from symdiff.symbolic.recording import Recorded, ancestors
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.symbol import Pattern, Symbol
from symdiff.tracing.tracer import wrap

_LENGTHS = (1, 2, 3)


class Inner(Symbol):
    """What a step of a loop sees of an array: an element of it, or a value in the place of it.

    whole: the array. fewer: how many axes fewer there are.
    """

    __slots__ = ("fewer", "whole")

    def __init__(self, name: str, whole: Any, fewer: int) -> None:
        super().__init__(name=name)
        self.whole = whole
        self.fewer = fewer

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        _, state = super().__getstate__()
        return None, state | {"whole": self.whole, "fewer": self.fewer}


def rank_of(symbol: Recorded) -> int | None:
    """The rank; None where none of the lengths fits, or where the rank depends on them."""
    found = {rank for length in _LENGTHS if (rank := _rank_with(symbol, length)) is not None}
    return found.pop() if len(found) == 1 else None


def _pattern(leaf: Recorded) -> Pattern | None:
    """The lengths of a leaf, as far as they were declared; None where not even their number is known."""
    if isinstance(leaf, Inner):
        rank = rank_of(leaf.whole) if isinstance(leaf.whole, Recorded) else np.ndim(leaf.whole)
        return None if rank is None or rank < leaf.fewer else (None,) * (rank - leaf.fewer)
    return leaf.pattern if isinstance(leaf, Symbol) else None


def _rank_with(symbol: Recorded, length: int) -> int | None:
    """The rank where all axes have this length, apart from those that were declared with a number."""
    inputs: dict[Recorded, Any] = {}
    for leaf in ancestors([symbol]):
        if leaf.application is not None:
            continue
        pattern = _pattern(leaf)
        if pattern is None:
            return None
        lengths = tuple(known if isinstance(known, int) else length for known in pattern)
        inputs[leaf] = wrap(Input("x", lengths, is_whole=isinstance(leaf, Symbol) and leaf.is_whole))
    try:
        return Scope(inputs).node(symbol).ndim
    except TraceError:
        return None
