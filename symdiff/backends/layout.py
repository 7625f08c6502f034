"""Line breaking as `ruff format` does it: on one line where that fits, else one item a line with a trailing comma.

In: brackets and what stands between them. Out: lines of at most 88 columns, where names allow it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LINE = 88


@dataclass(frozen=True)
class Group:
    """Items between brackets; an item is a text or a group, `label` stands before it: `key=`, `"key": `."""

    opening: str
    items: tuple["Item", ...]
    closing: str
    labels: tuple[str, ...] = ()
    always_comma: bool = False

    @property
    def one_line(self) -> str:
        labels = self.labels or ("",) * len(self.items)
        inner = ", ".join(label + flat(item) for label, item in zip(labels, self.items, strict=True))
        comma = "," if self.always_comma and len(self.items) == 1 else ""
        return f"{self.opening}{inner}{comma}{self.closing}"


@dataclass(frozen=True)
class Pieces:
    """A long string as literals that Python joins, one a line."""

    literals: tuple[str, ...]

    @property
    def joined(self) -> str:
        """One literal: they all have double quotes and no escapes."""
        return f'"{"".join(literal[1:-1] for literal in self.literals)}"'


Item = str | Group | Pieces


def flat(item: Item) -> str:
    """The item on one line."""
    if isinstance(item, Pieces):
        return item.joined
    return item if isinstance(item, str) else item.one_line


def lines(before: str, item: Item, after: str = "", indent: int = 4, *, force: bool = False) -> list[str]:
    """`before item after`, broken where it does not fit.

    >>> lines("return ", Group("(", ("alpha", "beta"), ")"))
    ['    return (alpha, beta)']
    """
    margin = " " * indent
    if isinstance(item, Pieces):
        joined = f"{margin}{before}{item.joined}{after}"
        if len(joined) <= LINE:
            return [joined]
        return [
            margin + (before if number == 0 else "") + literal + (after if number == len(item.literals) - 1 else "")
            for number, literal in enumerate(item.literals)
        ]
    whole = f"{margin}{before}{flat(item)}{after}"
    if isinstance(item, str) or not item.items or (len(whole) <= LINE and not force):
        return [whole]
    result = [f"{margin}{before}{item.opening}"]
    labels = item.labels or ("",) * len(item.items)
    for label, part in zip(labels, item.items, strict=True):
        result += lines(label, part, ",", indent + 4)
    result.append(f"{margin}{item.closing}{after}")
    return result


def call(function: str, items: Sequence[Item], labels: Sequence[str] = ()) -> Group:
    """`function(items)`."""
    return Group(f"{function}(", tuple(items), ")", tuple(labels))


def quoted(text: str) -> str:
    """A string literal in double quotes where that needs no escapes, as ruff prefers."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in text and "\\'" not in literal else literal


def key_literal(key: Any) -> str:
    """The literal of a key of a dict, list or tuple."""
    return quoted(key) if isinstance(key, str) else repr(key)
