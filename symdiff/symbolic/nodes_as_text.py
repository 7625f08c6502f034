"""What a compiled function computes, as text.

In: nodes. Out: a line for each, with parentheses around every operator, and headings for a tree. Operations have the
names of the table; what is no operation is written as NumPy code would have it.
"""

import re
from collections.abc import Sequence

from symdiff.backends.base import Environment, Text
from symdiff.backends.numpy import NumPy
from symdiff.errors import ExpressionError
from symdiff.ir.nodes import Const, Input, Join, Map, Node, Select
from symdiff.ir.program import topological
from symdiff.ops.row import ATOM, Op

_LONGEST = 20_000  # characters
_FEW = 6
_WORD = re.compile("[A-Za-z]")
_MODULE = "\0"  # stands for `np`, and is taken out again: no name of the user's has it


_BLANK = re.compile(r"\(_ | _\)|_, |, _|\(_\)|_")  # where the arguments of an operation would stand


def texts_of(nodes: Sequence[Node]) -> list[str]:
    """The nodes, each on one line. Raises ExpressionError beyond 20,000 characters."""
    texts: dict[Node, str] = {}
    for node in topological(nodes):
        texts[node] = _text(node, [texts[argument] for argument in node.args])
        if len(texts[node]) > _LONGEST:
            raise ExpressionError(
                "what the function computes is too long for one line",
                why=f"Written out it has more than {_LONGEST:,} characters: shared parts are repeated.",
                fix="debugprint(f) shows every part once, f.source() is the code",
            )
    return [texts[node] for node in nodes]


def heading(node: Node) -> str:
    """The operation of a node, or its name."""
    if isinstance(node, Input | Const):
        return _text(node, [])
    if isinstance(node, Map | Select | Join):
        return node.op.name if isinstance(node, Map) else "where" if isinstance(node, Select) else node.how
    return _BLANK.sub("", _text(node, ["_"] * len(node.args)))


def _text(node: Node, args: Sequence[str]) -> str:
    match node:
        case Input():
            return node.name
        case Const(shape=()):
            return repr(node.value)
        case Const():
            return repr(node.value.tolist()) if node.size <= _FEW else f"<array of shape {node.shape}>"
        case Map():
            return _operation(node.op, args)
        case Select():
            return f"where({', '.join(args)})"
        case Join():
            return f"{node.how}([{', '.join(args)}]{f', axis={node.axis}' if node.axis else ''})"
    found = NumPy().text(node, [Text(arg) for arg in args], Environment({"np": _MODULE}))
    code = found.code.replace(f"{_MODULE}.", "")
    return code if found.precedence == ATOM else f"({code})"


def _operation(op: Op, args: Sequence[str]) -> str:
    spelling = op.numpy
    if spelling.precedence == ATOM or _WORD.search(spelling.text):
        return f"{op.name}({', '.join(args)})"
    return f"({spelling.text.format(*args)})"
