"""How many axes an expression has, before any length is known.

In: a symbol. Out: its rank, found by running it on arrays of a few lengths, the same for all axes.
"""

from typing import Any

from symdiff.errors import TraceError
from symdiff.ir.nodes import Input
from symdiff.symbolic.recording import Recorded, ancestors
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.symbol import Symbol
from symdiff.tracing.tracer import wrap

_LENGTHS = (1, 2, 3)


def rank_of(symbol: Recorded) -> int | None:
    """The rank; None where none of the lengths fits, or where the rank depends on them."""
    found = {rank for length in _LENGTHS if (rank := _rank_with(symbol, length)) is not None}
    return found.pop() if len(found) == 1 else None


def _rank_with(symbol: Recorded, length: int) -> int | None:
    """The rank where all axes have this length, apart from those of rows and columns."""
    leaves = [leaf for leaf in ancestors([symbol]) if isinstance(leaf, Symbol) and leaf.pattern is not None]
    inputs: dict[Recorded, Any] = {
        leaf: wrap(
            Input("x", tuple(1 if known == 1 else length for known in leaf.pattern or ()), is_whole=leaf.is_whole)
        )
        for leaf in leaves
    }
    try:
        return Scope(inputs).node(symbol).ndim
    except TraceError:
        return None
