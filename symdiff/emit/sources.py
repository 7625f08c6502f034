"""The source that a Program was traced from, as a digest that only a change of meaning changes.

In: a Program with the code objects of every function that was traced. Out: digests and the names of the functions. The
digest is that of the token stream: comments, blank lines, layout and positions do not count, and neither does the
version of Python (`ast.dump` would). A function without source is known by its graph.
"""

import ast
import hashlib
import io
import linecache
import tokenize
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import CodeType

from symdiff.ir.nodes import Const, Node
from symdiff.ir.program import Program

_DIGITS = 16
_SKIPPED = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER})
_SYMBOLS = {tokenize.NEWLINE: "\n", tokenize.INDENT: "\t", tokenize.DEDENT: "\b"}
_OPENS = frozenset(getattr(tokenize, name) for name in ("FSTRING_START", "TSTRING_START") if hasattr(tokenize, name))
_CLOSES = frozenset(getattr(tokenize, name) for name in ("FSTRING_END", "TSTRING_END") if hasattr(tokenize, name))


def digest(*parts: str) -> str:
    """A short SHA-256 of texts, each counted with its length so that no two lists of texts agree by accident.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    state = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        state.update(f"{len(encoded)}:".encode())
        state.update(encoded)
    return state.hexdigest()[:_DIGITS]


def source_digest(program: Program) -> str:
    """The digest of the function and of every helper that was traced; of the graph where there is no source."""
    codes = traced_functions(program.codes)
    texts = [definition(code) for code in codes]
    if not texts or None in texts:
        return digest(program.name, graph_text(program))
    return digest(*(token for text in texts for token in stable_tokens(text or "")))


def traced_functions(codes: Iterable[CodeType]) -> list[CodeType]:
    """The functions among code objects. A comprehension is part of its function; newer Pythons have no code for it."""
    return [code for code in dict.fromkeys(codes) if not code.co_name.startswith("<") or code.co_name == "<lambda>"]


def definition(code: CodeType) -> str | None:
    """The text of a function's definition, decorators included; None without source.

    Of several lambdas on a line all are taken: their code objects do not tell them apart in every version of Python.
    """
    source = "".join(linecache.getlines(code.co_filename))
    if not source:
        return None
    found = [text for name, line, text in _definitions(source) if (name, line) == (code.co_name, code.co_firstlineno)]
    return "\n".join(found) if found else None


@lru_cache(maxsize=16)
def _definitions(source: str) -> list[tuple[str, int, str]]:
    """Name, first line and text of every function in a file."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    lines = source.splitlines(keepends=True)
    found: list[tuple[str, int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            found.append(("<lambda>", node.lineno, f"({ast.get_source_segment(source, node)})"))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found.append((node.name, first, "".join(lines[first - 1 : node.end_lineno])))
    return found


def stable_tokens(source: str) -> Iterator[str]:
    """The tokens of a definition without comments, blank lines and layout, the same in every version of Python.

    >>> list(stable_tokens("x = 1  # one")) == list(stable_tokens("x  =  1"))
    True
    """
    if source[:1] not in (" ", "\t"):
        return _tokens(source)
    body = list(_tokens(f"if 1:\n{source}"))  # a method: the same tokens as it would have at the margin
    return iter(body[5:-1])


def _tokens(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    depth, start = 0, (0, 0)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in _OPENS:  # Python 3.12 takes f-strings apart; before it they are one token
            start = start if depth else token.start
            depth += 1
        elif token.type in _CLOSES:
            depth -= 1
            if not depth:
                yield _between(lines, start, token.end)
        elif not depth and token.type not in _SKIPPED:
            yield _SYMBOLS.get(token.type, token.string)


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    inner = lines[start[0] : end[0] - 1]
    return "".join([lines[start[0] - 1][start[1] :], *inner, lines[end[0] - 1][: end[1]]])


def graph_text(program: Program) -> str:
    """The graph in words: one line a node, arguments by their number."""
    nodes = program.nodes()
    numbers: dict[Node, int] = {node: -1 - position for position, node in enumerate(program.inputs)}
    lines: list[str] = []
    for node in nodes:
        if node in numbers:
            continue
        numbers[node] = len(lines)
        what = f"Const({_value_text(node)})" if isinstance(node, Const) else repr(node)
        lines.append(f"{what} {node.shape} {node.dtype} {[numbers[argument] for argument in node.args]}")
    names = [f"{parameter.name}: {parameter.leaf_count}" for parameter in program.parameters]
    return "\n".join([*names, *lines, str([numbers[output] for output in program.outputs])])


def _value_text(node: Const) -> str:
    return repr(node.value.tolist() if node.shape else node.value)
