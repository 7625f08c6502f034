"""What a loop did: its variables before each round and at its end.

In: a loop of a program, and the values of its arguments at a point. Out: `Rounds`, which prints as a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symdiff.ir.evaluate import states_of
from symdiff.ir.nodes import Loop
from symdiff.teach.words import number

_FIRST, _LAST = 5, 3  # rounds that are printed where there are more than both together


@dataclass(frozen=True)
class Rounds:
    """The rounds of one loop.

    line: of the user's, where it stands.
    names: its variables.
    states: their values before each round, and at the end.

    >>> print(Rounds(4, ("x",), ((2.0,), (1.5,), (1.4166666,))))
    2 rounds of the loop in line 4
      round          x
          1          2
          2        1.5
        end  1.4166666
    """

    line: int | None
    names: tuple[str, ...]
    states: tuple[tuple[Any, ...], ...]

    @property
    def count(self) -> int:
        """How many rounds there were."""
        return len(self.states) - 1

    def __str__(self) -> str:
        shown = list(range(len(self.states)))
        if len(shown) > _FIRST + _LAST + 1:
            shown = [*shown[:_FIRST], -1, *shown[-_LAST - 1 :]]
        rows = [["round", *self.names], *(self._row(position) for position in shown)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        place = "" if self.line is None else f" in line {self.line}"
        title = f"{self.count} round{'' if self.count == 1 else 's'} of the loop{place}"
        lines = ("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
        return "\n".join([title, *(f"  {line}" for line in lines)])

    def _row(self, position: int) -> list[str]:
        if position < 0:
            return ["...", *[""] * len(self.names)]
        values = map(number, self.states[position])
        return [str(position + 1) if position < self.count else "end", *values]


def rounds_of(loop: Loop, args: Sequence[Any]) -> Rounds:
    """The rounds of a loop whose arguments have these values."""
    states = [tuple(value if value.ndim else value.item() for value in state) for state in states_of(loop, args)]
    line = None if loop.origin is None else loop.origin.line
    return Rounds(line, tuple(each.name for each in loop.body.state), tuple(states))
