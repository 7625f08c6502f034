"""Nodes in words: short Python text for error messages.

In: a node. Out: text such as `2*x > 1`, with the user's names where a line of the user's bound the value.
"""

from typing import Any

from symdiff.ir.nodes import Const, Index, Input, Map, Node, Select, Size
from symdiff.ops.row import ATOM, LOOSEST, TERNARY

_LIMIT = 60


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
            number = node.value
            short = abs(number) < 1e6 and number == int(number) and not isinstance(number, bool)
            return str(int(number)) if short else repr(number), ATOM
        case Size():
            return str(node.length), ATOM if str(node.length).isalnum() else LOOSEST
        case _ if depth == 0:
            return "…", ATOM
        case Map():
            return _operation(node, depth)
        case Select():
            parts = [_text(arg, depth - 1)[0] for arg in node.args]
            return f"{parts[1]} if {parts[0]} else {parts[2]}", TERNARY
        case Index():
            inner, _ = _text(node.args[0], depth - 1)
            return f"{inner}[{', '.join(_key(part) for part in node.key)}]", ATOM
    return "…", ATOM


def _operation(node: Map, depth: int) -> tuple[str, int]:
    spelling = node.op.math
    operands = []
    for position, arg in enumerate(node.args):
        text, precedence = _text(arg, depth - 1)
        operands.append(f"({text})" if precedence < max(LOOSEST, spelling.operand(position)) else text)
    return spelling.text.format(*operands).replace("math.", "").lstrip("_"), spelling.precedence


def _key(part: Any) -> str:
    if isinstance(part, slice):
        step = f":{part.step}" if part.step not in (None, 1) else ""
        return f"{part.start or ''}:{'' if part.stop is None else part.stop}{step}"
    return str(part)
