"""Nodes in words: short Python text for error messages.

In: a node. Out: text such as `2*x > 1`, with the user's names where a line of the user's bound the value.
"""

from collections.abc import Sequence
from typing import Any

from symdiff.ir.nodes import Const, Index, Input, Map, Node, Select, Size
from symdiff.ops.elementary import power
from symdiff.ops.row import ATOM, LOOSEST, POWER, TERNARY, Op, infix

_LIMIT = 60
_POWER = infix("**", POWER, chain=False)


def describe(node: Node) -> str:
    """Python text of at most sixty characters."""
    text, _ = _text(node, 6)
    return text if len(text) <= _LIMIT else f"{text[: _LIMIT - 1]}…"


def _text(node: Node, depth: int) -> tuple[str, int]:
    """The text and how tightly it binds."""
    match node:
        case Input():
            return node.name, ATOM
        case Const(shape=()):
            return number_text(node.value), ATOM
        case Size():
            return str(node.length), ATOM if str(node.length).isalnum() else LOOSEST
        case _ if depth == 0:
            return "…", ATOM
        case Map():
            return spelled(node.op, [_text(arg, depth - 1) for arg in node.args])
        case Select():
            parts = [_text(arg, depth - 1)[0] for arg in node.args]
            return f"{parts[1]} if {parts[0]} else {parts[2]}", TERNARY
        case Index():
            inner, _ = _text(node.args[0], depth - 1)
            return f"{inner}[{', '.join(key_text(part) for part in node.key)}]", ATOM
    return "…", ATOM


def number_text(value: float | bool) -> str:
    """A number as one would write it: whole ones without a point."""
    whole = not isinstance(value, bool) and abs(value) < 1e6 and value == int(value)
    return str(int(value)) if whole else repr(value)


def spelled(op: Op, operands: Sequence[tuple[str, int]]) -> tuple[str, int]:
    """An operation as Python writes it, from the texts of its operands and how tightly they bind; and how it binds.

    >>> from symdiff.ops.row import SUM
    >>> from symdiff.ops.table import OPS
    >>> spelled(OPS["multiply"], [("a + b", SUM), ("c", ATOM)])[0]
    '(a + b) * c'
    """
    spelling = _POWER if op is power else op.math
    texts = [
        f"({text})" if precedence < max(LOOSEST, spelling.operand(position)) else text
        for position, (text, precedence) in enumerate(operands)
    ]
    if spelling.modules:  # SciPy's functions go by their own names
        return f"{op.name}({', '.join(texts)})", ATOM
    return spelling.text.format(*texts).replace("math.", "").lstrip("_"), spelling.precedence


def key_text(part: Any) -> str:
    """One part of an index."""
    if isinstance(part, slice):
        step = f":{part.step}" if part.step not in (None, 1) else ""
        return f"{part.start or ''}:{'' if part.stop is None else part.stop}{step}"
    return str(part)


def in_the_users_terms(text: str) -> str:
    """A message of Python's with the types that the user knows."""
    return text.replace("'ArrayTracer'", "'numpy.ndarray'").replace("'Tracer'", "'float'")
