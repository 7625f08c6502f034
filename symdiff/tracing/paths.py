"""Paths through a function: what was decided on each, and how their results become one.

In: the paths that were run. Out: the outputs, chosen by their decisions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.tracing.decisions import Decision


@dataclass
class Path:
    """A finished path: its decisions, and the value it ended with."""

    decisions: list[Decision]
    value: Any = field(default=None)


def merge(paths: Sequence[Path], leaves: Sequence[Sequence[Node] | None], depth: int = 0) -> list[Node] | None:
    """The outputs, each chosen among the paths' by their decisions; true sides come before false ones.

    leaves: of each path; None of one that raises, which takes what the others return.
    """
    if len(paths) == 1:
        return None if leaves[0] is None else list(leaves[0])
    condition = paths[0].decisions[depth].condition
    split = next(position for position, path in enumerate(paths) if not path.decisions[depth].side)
    if_true = merge(paths[:split], leaves[:split], depth + 1)
    if_false = merge(paths[split:], leaves[split:], depth + 1)
    if if_true is None or if_false is None:
        return if_false if if_true is None else if_true
    return [make.select(condition, t, f) for t, f in zip(if_true, if_false, strict=True)]
