"""Graphs as text: `pp` on one line, `debugprint` as a tree.

In: a symbol, as it was written down, or a compiled function, as it is computed. Out: text in which every operation has
its parentheses, and in the tree a letter for every value, so that what is used twice can be seen.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.errors import ArgumentError, ExpressionError, short_traceback
from symdiff.ir.nodes import Const, Input, Node
from symdiff.symbolic.compiled_function import Function
from symdiff.symbolic.nodes_as_text import heading, texts_of
from symdiff.symbolic.recording import PART, Recorded, Writer, ancestors
from symdiff.symbolic.symbol import Symbol, rank_name

_LONGEST = 20_000  # characters
_FEW = 6


class Text:
    """Symbols on one line. The texts of parts are kept, and shared parts are written out wherever they are used."""

    def __init__(self, known: Mapping[Recorded, str]) -> None:
        self._texts = dict(known)

    def text(self, value: Any) -> str:
        """The text of a symbol, a number, or a nesting of them. Raises ExpressionError beyond 20,000 characters."""
        if not isinstance(value, Recorded):
            return self._nested(value)
        for symbol in ancestors([value], self._texts):
            self._texts[symbol] = self._made(symbol)
        return self._texts[value]

    def within(self, texts: Mapping[Recorded, str]) -> Writer:
        """A writer for a body in which some symbols have other texts."""
        return Text(texts)

    def _made(self, symbol: Recorded) -> str:
        application = symbol.application
        if application is None:
            return leaf_text(symbol)
        found = "" if application.operation.has_parts else application.operation.written(self, application)
        if len(found) > _LONGEST:
            raise ExpressionError(
                "the expression is too long for one line",
                why=f"Written out it has more than {_LONGEST:,} characters: shared parts are repeated.",
                fix="debugprint(z) shows every part once",
            )
        return found

    def _nested(self, value: Any) -> str:
        match value:
            case tuple() | list():
                opened, closed = ("[", "]") if isinstance(value, list) else ("(", ")")
                return f"{opened}{', '.join(map(self.text, value))}{closed}"
            case slice():
                ends = ["" if end is None else self.text(end) for end in (value.start, value.stop)]
                return ":".join(ends if value.step is None else [*ends, self.text(value.step)])
            case np.ndarray():
                return array_text(value)
            case np.generic():
                return repr(value.item())
        return "..." if value is Ellipsis else repr(value)


@short_traceback
def pp(graph: Any) -> str:
    """A symbol as it was written; of a compiled function what it computes, after simplification.

    >>> from symdiff.symbolic import dscalars, function
    >>> x, y = dscalars("x", "y")
    >>> pp(x * y / y)
    '((x * y) / y)'
    >>> pp(function([x, y], x * y / y))
    'x'
    """
    if isinstance(graph, Function):
        lines = [f"{name} <- {text}" if name else text for name, text in _results(graph, texts_of)]
        return lines[0] if len(lines) == 1 else f"[{', '.join(lines)}]"
    return Text({}).text(_symbol(graph))


@short_traceback
def debugprint(graph: Any, file: Any = None) -> str | None:
    """A symbol, or what a compiled function computes, as a tree in which every value has a letter.

    What was shown before is shown by its letter. file: where to print, `sys.stdout` by default; "str" returns the text.

    >>> from symdiff.symbolic import scalars
    >>> a, b = scalars("a", "b")
    >>> s = a + b
    >>> debugprint(s * s)
    * [A]
     |+ [B] 's'
     | |a [C]
     | |b [D]
     |+ [B] shown above
    """
    if isinstance(graph, Function):
        lines = _tree([node for _, node in _results(graph, list)], _Nodes())
    else:
        lines = _tree([_symbol(graph)], _Symbols())
    text = "\n".join(lines)
    if file == "str":
        return text
    (sys.stdout if file is None else file).write(text + "\n")
    return None


def leaf_text(symbol: Recorded) -> str:
    """The name of a declared or shared symbol, or its rank."""
    if symbol.label or not isinstance(symbol, Symbol) or symbol.pattern is None:
        return symbol.label or "<symbol>"
    return f"<{rank_name(symbol.pattern)}>"


def array_text(array: np.ndarray[Any, Any]) -> str:
    """A small array as nested lists, a large one by its shape."""
    return repr(array.tolist()) if array.size <= _FEW else f"<array of shape {array.shape}>"


def _symbol(graph: Any) -> Symbol:
    if not isinstance(graph, Symbol):
        raise ArgumentError(f"symbols and compiled functions are printed, not {graph!r:.60}", fix="pp(x + y)")
    return graph


def _results(function: Function, shown: Callable[[Sequence[Node]], list[Any]]) -> Iterator[tuple[str, Any]]:
    """What a function gives: outputs without a name, new values of shared variables with theirs."""
    outputs, updates = function.computed()
    found = shown([*outputs, *updates.values()])
    yield from zip([*[""] * len(outputs), *updates], found, strict=True)


class _Symbols:
    """The tree of symbols."""

    def heading(self, value: Any) -> str:
        if not isinstance(value, Recorded):
            return Text({}).text(value)
        if value.application is None:
            return leaf_text(value)
        application = value.application
        keywords = [f"{key}={Text({}).text(each)}" for key, each in application.kwargs.items()]
        name = application.operation.name
        if application.operation is PART:
            name = f"part {application.args[1]}"
        return name + (f"{{{', '.join(keywords)}}}" if keywords else "")

    def name(self, value: Any) -> str:
        return value.label if isinstance(value, Recorded) and value.application is not None else ""

    def children(self, value: Any) -> list[Any]:
        if not isinstance(value, Recorded) or value.application is None:
            return []
        args = value.application.args[:1] if value.application.operation is PART else value.application.args
        flat: list[Any] = []
        for arg in args:
            flat += arg if isinstance(arg, list | tuple) and any(isinstance(part, Recorded) for part in arg) else [arg]
        return [part for part in flat if part is not None and not isinstance(part, list | tuple)]

    def has_letter(self, value: Any) -> bool:
        return isinstance(value, Recorded)


class _Nodes:
    """The tree of what is computed."""

    def heading(self, value: Node) -> str:
        return heading(value)

    def name(self, value: Node) -> str:
        return ""

    def children(self, value: Node) -> list[Node]:
        return list(value.args)

    def has_letter(self, value: Node) -> bool:
        return isinstance(value, Input) or not isinstance(value, Const)


def _tree(roots: Sequence[Any], graph: "_Symbols | _Nodes") -> list[str]:
    letters: dict[int, str] = {}
    lines: list[str] = []
    stack: list[tuple[Any, str]] = [(root, "") for root in reversed(roots)]
    while stack:
        value, indent = stack.pop()
        before = indent[:-1] + "|" if indent else ""
        if not graph.has_letter(value):
            lines.append(f"{before}{graph.heading(value)}")
            continue
        known = letters.get(id(value))
        letter = letters.setdefault(id(value), _letter(len(letters)))
        title = f"{before}{graph.heading(value)} [{letter}]"
        children = graph.children(value)
        if known is not None and children:
            lines.append(f"{title} shown above")
            continue
        lines.append(title + (f" '{graph.name(value)}'" if graph.name(value) else ""))
        stack += [(child, _deeper(indent)) for child in reversed(children)]
    return lines


def _deeper(indent: str) -> str:
    return (indent[:-1] + "|" if indent else "") + "  "


def _letter(number: int) -> str:
    """A, B, … Z, AA, AB, …"""
    text = ""
    number += 1
    while number:
        number, last = divmod(number - 1, 26)
        text = chr(ord("A") + last) + text
    return text
