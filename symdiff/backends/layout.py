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
_NUMBER = "[()]"  # of an array without axes
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
        first, *rest = _pieces(item.text, LINE - len(margin + before + after) - 2)
        *others, last = [f"{margin}{before}{first}", *(margin + part for part in rest)]
        return [*others, f"{last}{after}"]
    if isinstance(item, str):
        return _broken(before, item, after, indent)
    if not item.items:
        return [whole]
    result = [f"{margin}{before}{item.opening}"]
    labels = item.labels or ("",) * len(item.items)
    for label, part in zip(labels, item.items, strict=True):
        result += lines(label, part, ",", indent + 4)
    result.append(f"{margin}{item.closing}{after}")
    return result


def _pieces(text: str, width: int) -> list[str]:
    """String literals that Python joins, each at most `width` long between its quotes where it has a space there."""
    found: list[str] = []
    while len(text) > width and " " in text:
        cut = (text.rfind(" ", 0, width) if " " in text[:width] else text.index(" ")) + 1
        found.append(quoted(text[:cut]))
        text = text[cut:]
    return [*found, quoted(text)]


def _broken(before: str, code: str, after: str, indent: int) -> list[str]:
    """Code that is too long and stands in no brackets: it gets some, or is broken in those it ends with."""
    if after == "," or _is_call(code):
        return _fitted(before, code, after, indent)
    parts = _operands(code)
    margin, last = " " * indent, _last_bracket(code)
    if len(parts) == 2 and last >= 0 and len(f"{margin}{before}{code[: last + 1]}") <= LINE:
        return _fitted(f"{before}{code[:last]}", code[last:], after, indent)
    if len(parts) == 1 and len(f"{margin}    {code}") > LINE:
        return [f"{margin}{before}{code}{after}"]
    if len(parts) == 2 and _is_call(parts[0]) and (last >= 0 or code[0] == "("):
        *first, closing = _opened(before, parts[0], "", indent)
        operator, rest = _operator_before(parts[1])
        if _is_call(rest) or len(f"{closing} {operator}{rest}{after}") <= LINE:
            return [*first, *_fitted(f"{closing.strip()} {operator}", rest, after, indent)]
    return [f"{margin}{before}(", *_fitted("", code, "", indent + 4), f"{margin}){after}"]


def _fitted(before: str, code: str, after: str, indent: int) -> list[str]:
    """Code in brackets: a call by its arguments, other expressions at their loosest operators."""
    whole = f"{' ' * indent}{before}{code}{after}"
    if len(whole) <= LINE:
        return [whole]
    if _is_call(code):
        return _opened(before, code, after, indent)
    operands = _operands(code)
    if len(operands) == 1:
        return [whole]
    found: list[str] = []
    for number, operand in enumerate(operands):
        operator, rest = _operator_before(operand) if number else (before, operand)
        found += _fitted(operator, rest, after if number == len(operands) - 1 else "", indent)
    return found


def _opened(before: str, code: str, after: str, indent: int) -> list[str]:
    """A call, or an expression in brackets, with what is in the brackets on lines of its own."""
    margin, opening = " " * indent, _CALL.match(code)
    assert opening is not None
    tail = _NUMBER if code.endswith(f"){_NUMBER}") else ""
    body = code.removesuffix(tail)
    items = _split(body[opening.end() : -1], re.compile(","))
    if not all(items):
        return [f"{margin}{before}{code}{after}"]
    comma = "" if len(items) == 1 and (opening[0] == "(" or body[-1] == "]") else ","
    parts = [line for item in items for line in _fitted("", item.strip(), comma, indent + 4)]
    return [f"{margin}{before}{opening[0]}", *parts, f"{margin}{body[-1]}{tail}{after}"]


def _is_call(code: str) -> bool:
    """Whether the code is one pair of brackets, with a name before it or without, and at most a `[()]` behind."""
    body = code.removesuffix(_NUMBER) if code.endswith(f"){_NUMBER}") else code
    opening = _CALL.match(body)
    return opening is not None and _matching(body, opening.end() - 1) == len(body) - 1


def _operands(code: str) -> list[str]:
    """The code cut before its loosest operators."""
    return next((parts for operator in _OPERATORS if len(parts := _split(code, operator)) > 1), [code])


def _operator_before(operand: str) -> tuple[str, str]:
    """The operator, with the space after it, and the operand."""
    operator, _, rest = operand.strip().partition(" ")
    return f"{operator} ", rest


def sides_of(sign: str, code: str) -> list[str]:
    """The two sides of a comparison with that sign; none of anything else.

    >>> sides_of("==", "x == (y or z)"), sides_of("==", "f(x == y) < 1.0")
    (['x', '(y or z)'], [])
    """
    sides = _split(code, re.compile(f" {re.escape(sign)} "))
    return sides if len(sides) == 2 else []


def _last_bracket(code: str) -> int:
    """Where the parenthesis opens that the code ends with; -1 for none."""
    if code[-1] != ")":
        return -1
    return next((at for at, char in enumerate(code) if char in _OPENING and _matching(code, at) == len(code) - 1), -1)


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
