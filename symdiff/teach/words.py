"""Steps in words: what an operation does, by which rule it is differentiated, and numbers that fit into a table.

In: nodes, and the names of their arguments. Out: short texts.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np

from symdiff.ir.nodes import (
    Const,
    Einsum,
    Index,
    Input,
    Join,
    Layout,
    Linalg,
    Map,
    Node,
    Part,
    Reduce,
    Scatter,
    Select,
    Size,
)
from symdiff.ops.row import ATOM, SIGN
from symdiff.tracing.describe import key_text, number_text, spelled

_DIGITS = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SPELLED_OUT = {"√": "sqrt", "∂": "d", "∇": "grad ", "·": "*", "−": "-", "–": "-", "’": "'", "∫": "integral "}
_LINEAR_RULES = {
    "sum": "sum rule",
    "prod": "product rule",
    "max": "the derivative of a maximum is that of the largest element",
    "min": "the derivative of a minimum is that of the smallest element",
}


def operation(node: Node, names: Mapping[Node, str]) -> str:
    """What the node computes, in the names of its arguments: `a * c`, `x[0]`, `sum(v1, axis=0)`."""
    if isinstance(node, Part):
        return f"{operation(node.args[0], names)}[{node.position}]"
    operands = [_operand(arg, names) for arg in node.args]
    texts = [text for text, _ in operands]
    match node:
        case Input():
            return "input"
        case Const():
            return "constant"
        case Map():
            return spelled(node.op, operands)[0]
        case Select():
            return f"{texts[1]} if {texts[0]} else {texts[2]}"
        case Reduce():
            axes = node.axes[0] if len(node.axes) == 1 else node.axes
            everything = len(node.axes) == node.args[0].ndim
            return f"{node.how}({texts[0]})" if everything else f"{node.how}({texts[0]}, axis={axes})"
        case Index():
            return f"{texts[0]}[{_key(node)}]"
        case Scatter():
            return f"zeros{list(node.shape)} with [{_key(node)}] = {texts[0]}"
        case Layout(how="reshape" | "broadcast"):
            return f"{node.how}({texts[0]}, {node.shape})"
        case Layout():
            return f"{node.how}({texts[0]})" if node.ndim < 3 else f"{node.how}({texts[0]}, {node.axes})"
        case Join():
            return f"{node.how}({', '.join(texts)})"
        case Einsum():
            return _contraction(node, texts)
        case Linalg():
            return f"{node.how}({', '.join(texts)})"
    return f"{type(node).__name__.lower()}({', '.join(texts)})" if node.args else repr(node).lower()


def rule(node: Node) -> str:
    """What a teacher calls the rule by which the node is differentiated."""
    match node:
        case Map():
            return node.op.rule
        case Select():
            return "each side under its condition"
        case Reduce():
            return _LINEAR_RULES.get(node.how, "logic is constant in pieces")
        case Einsum():
            return "product rule" if len(node.args) > 1 else "sum rule"
        case Index() | Scatter() | Layout() | Join():
            return "elements move, and their derivatives with them"
        case Linalg():
            return f"the differential of {node.how}"
        case Part():
            return rule(node.args[0])
    return f"the differential of {type(node).__name__.lower()}"


def ascii_text(text: str) -> str:
    """The text without a letter that a plain terminal may lack: x² becomes x^2, ψ becomes psi.

    >>> ascii_text("tanh' = sech², ψ⁽ⁿ⁾, 2/√π e^(-x²)")
    "tanh' = sech^2, psi^(n), 2/sqrt(pi) e^(-x^2)"
    """
    found: list[str] = []
    raised = False
    for letter in re.sub(r"√(\w)", r"√(\1)", text):
        superscript = unicodedata.decomposition(letter).startswith("<super>")
        plain = _plain(letter)
        found.append(f"^{plain}" if superscript and not raised else plain)
        raised = superscript
    return "".join(found)


def number(value: Any) -> str:
    """A value in a table: a number with at most eight digits, a short array, or the shape of a long one.

    >>> number(7.0), number(-153284.83150602411), number(np.zeros((50, 10)))
    ('7', '-153284.83', 'array (50, 10)')
    """
    if value is None:
        return "-"
    if np.ndim(value):
        array = np.asarray(value)
        short = array.ndim == 1 and array.size <= 3
        return f"[{', '.join(map(number, array))}]" if short else f"array {array.shape}"
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    text = f"{float(value):.{_DIGITS}g}"
    return "0" if text == "-0" else text


def _operand(node: Node, names: Mapping[Node, str]) -> tuple[str, int]:
    if node in names:
        return names[node], ATOM
    assert isinstance(node, Const | Size)
    text = str(node.length) if isinstance(node, Size) else number_text(node.value)
    return text, SIGN if text.startswith("-") else ATOM


def _key(node: Index | Scatter) -> str:
    return ", ".join(map(key_text, node.key)) if isinstance(node.key, tuple) else "..."


def _contraction(node: Einsum, texts: list[str]) -> str:
    """`X @ w` where `@` says the same, an einsum otherwise."""
    if len(node.inputs) == 2:
        left, right = node.inputs
        contracted = len(left) in (1, 2) and len(right) in (1, 2) and left[-1] == right[0]
        if contracted and node.output == left[:-1] + right[1:] and left[-1] not in node.output:
            return f"{texts[0]} @ {texts[1]}"
    groups = ["".join(_LETTERS[label] for label in group) for group in (*node.inputs, node.output)]
    return f'einsum("{",".join(groups[:-1])}->{groups[-1]}", {", ".join(texts)})'


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _SPELLED_OUT:
        return _SPELLED_OUT[letter]
    name = unicodedata.name(letter, "")
    if name.startswith("GREEK "):
        last = name.split(" WITH ")[0].rpartition(" ")[2]
        return last.title() if "CAPITAL" in name else last.lower()
    decomposed = unicodedata.normalize("NFKD", letter)
    return "".join(part if part.isascii() else _SPELLED_OUT.get(part, "?") for part in decomposed)
