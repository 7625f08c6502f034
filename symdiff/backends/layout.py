"""Line breaking as `ruff format` does it: on one line where that fits, else one item a line with a trailing comma.

In: code, or brackets and what stands between them. Out: lines of at most 88 columns, where names allow it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LINE = 88
_CALL = re.compile(r"([^\W\d][\w.]*)?[(\[]")
_OPENING, _CLOSING = "([{", ")]}"
# Operators as a long expression is broken at them, the loosest first.
_OPERATORS = [
    re.compile(f" (?=(?:{pattern}) )")
    for pattern in ("if|else", "or", "and", "[<>=!]=?", r"\|", "&", "[+-]", r"\*|/|//|%|@")
]


@dataclass(frozen=True)
class Group:
    """Items between brackets; `labels` stand before the items: `key=`, `"key": `."""

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
class LongString:
    """A string that is cut at spaces where it does not fit on a line."""

    text: str


Item = str | Group | LongString


def flat(item: Item) -> str:
    """The item on one line."""
    if isinstance(item, LongString):
        return quoted(item.text)
    return item if isinstance(item, str) else item.one_line


def lines(before: str, item: Item, after: str = "", indent: int = 4, *, force: bool = False) -> list[str]:
    """`before item after`, broken where it does not fit; `force` breaks it anyway.

    >>> lines("return ", Group("(", ("alpha", "beta"), ")"))
    ['    return (alpha, beta)']
    """
    margin = " " * indent
    whole = f"{margin}{before}{flat(item)}{after}"
    if len(whole) <= LINE and not force:
        return [whole]
    if isinstance(item, LongString):
        parts = _pieces(item.text, LINE - len(margin + before + after) - 2)
        return [f"{margin}{before}{parts[0]}", *(margin + part for part in parts[1:-1]), f"{margin}{parts[-1]}{after}"]
    if isinstance(item, str):
        return _broken(margin, before, item, after, indent)
    if not item.items:
        return [whole]
    result = [f"{margin}{before}{item.opening}"]
    labels = item.labels or ("",) * len(item.items)
    for label, part in zip(labels, item.items, strict=True):
        result += lines(label, part, ",", indent + 4)
    result.append(f"{margin}{item.closing}{after}")
    return result


def _pieces(text: str, width: int) -> list[str]:
    """String literals that Python joins, each at most `width` long between its quotes."""
    found: list[str] = []
    while len(text) > width and " " in text[:width]:
        cut = text.rindex(" ", 0, width) + 1
        found.append(quoted(text[:cut]))
        text = text[cut:]
    return [*found, quoted(text)]


def _broken(margin: str, before: str, code: str, after: str, indent: int) -> list[str]:
    """Code that is too long: a call by its arguments, other expressions at their loosest operator."""
    inner = " " * (indent + 4)
    call_of = _CALL.match(code)
    tail = "[()]" if code.endswith(")[()]") else ""
    body = code.removesuffix(tail)
    if call_of is not None and _matching(body, call_of.end() - 1) == len(body) - 1:
        items = _split(body[call_of.end() : -1], re.compile(","))
        if all(items):
            parts = [line for item in items for line in lines("", item.strip(), ",", indent + 4)]
            return [f"{margin}{before}{call_of[0]}", *parts, f"{margin}{body[-1]}{tail}{after}"]
    if after == ",":
        return [f"{margin}{before}{code}{after}"]
    if len(inner) + len(code) <= LINE:
        return [f"{margin}{before}(", f"{inner}{code}", f"{margin}){after}"]
    for operator in _OPERATORS:
        parts = _split(code, operator)
        if len(parts) > 1:
            return [f"{margin}{before}(", *(inner + part.strip() for part in parts), f"{margin}){after}"]
    return [f"{margin}{before}{code}{after}"]


def _matching(code: str, start: int) -> int:
    """Where the bracket that opens at `start` closes."""
    depth = 0
    for position in range(start, len(code)):
        depth += (code[position] in _OPENING) - (code[position] in _CLOSING)
        if not depth:
            return position
    return len(code)


def _split(code: str, separator: re.Pattern[str]) -> list[str]:
    """The code cut at every separator outside of brackets and strings."""
    depth, quote, start, found = 0, "", 0, []
    for position, char in enumerate(code):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth -= 1
        elif not depth and (match := separator.match(code, position)):
            found.append(code[start:position])
            start = max(match.end(), position)
    return [*found, code[start:]]


def call(function: str, items: Sequence[Item], labels: Sequence[str] = ()) -> Group:
    """`function(items)`."""
    return Group(f"{function}(", tuple(items), ")", tuple(labels))


def slice_text(start: str, stop: str, step: str = "") -> str:
    """A slice, with spaces around its colons where a bound is an operation.

    >>> slice_text("1", "-1"), slice_text("", "n - 1"), slice_text("2 * n", "", "2")
    ('1:-1', ': n - 1', '2 * n :: 2')
    """
    bounds = [start, stop, *([step] if step else [])]
    if not any(" " in bound for bound in bounds):
        return ":".join(bounds)
    return " : ".join(bounds).replace(" :  : ", " :: ").strip()


def quoted(text: str) -> str:
    """A string literal in double quotes where that needs no escapes, as ruff prefers."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in text and "\\'" not in literal else literal


def key_literal(key: Any) -> str:
    """The literal of a key of a dict, list or tuple."""
    return quoted(key) if isinstance(key, str) else repr(key)
