"""The source text of support functions, ready to be pasted into a generated module.

In: names of functions in `symdiff/ops/support_*.py`. Out: their definitions with a leading underscore, with everything
they use, in the order of the files, and the modules they import. Examples are left out of docstrings: they would be
run under the old names.
"""

import ast
import importlib.util
import io
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from symdiff.errors import BackendError, did_you_mean

ARRAYS = ("support_arrays", "support_numpy", "support_complex")
SUPPORT_FILES = (*ARRAYS, "support_math")


@dataclass(frozen=True)
class Definition:
    """One top-level definition of a support file: its text, the file's other names in it, and the imports it uses."""

    text: str
    uses: frozenset[str]
    imports: frozenset[str]


def support_blocks(names: Iterable[str], modules: Iterable[str]) -> tuple[list[str], list[str]]:
    """The definitions that the names need, and the import lines these need.

    modules: the files that hold them, "support_numpy" and the like.
    """
    known = {name: found for module in modules for name, found in definitions(module).items()}
    wanted: set[str] = set()
    waiting = [name.lstrip("_") if name not in known else name for name in names]
    while waiting:
        name = waiting.pop()
        if name in wanted:
            continue
        if name not in known:
            raise BackendError(
                f"there is no support function {name}", fix=did_you_mean(name, known) or "write it first"
            )
        wanted.add(name)
        waiting += known[name].uses
    chosen = [definition for name, definition in known.items() if name in wanted]
    return [d.text for d in chosen], sorted({line for d in chosen for line in d.imports})


def support_path(module: str) -> Path:
    """Where the file stands, without importing it."""
    found = importlib.util.find_spec(f"symdiff.ops.{module}")
    if found is None or found.origin is None:
        raise BackendError(
            f"there is no support module {module}", fix="one of symdiff.ops whose name begins with support"
        )
    return Path(found.origin)


@lru_cache(maxsize=8)
def definitions(module: str) -> dict[str, Definition]:
    """The top-level functions and constants of a support file, by name."""
    source = support_path(module).read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = source.splitlines(keepends=True)
    imports = {bound: text for node in tree.body for bound, text in _import_lines(node)}
    statements = {name: node for node in tree.body for name in _bound(node)}
    return {
        name: Definition(
            text=_underscored(_text(node, lines), frozenset(statements)),
            uses=frozenset(_names(node) & set(statements) - {name}),
            imports=frozenset(text for bound, text in imports.items() if bound in _names(node)),
        )
        for name, node in statements.items()
    }


def _text(node: ast.stmt, lines: list[str]) -> str:
    """The definition, its docstring cut before the examples."""
    chosen = lines[node.lineno - 1 : node.end_lineno]
    documented = isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None
    if documented and ">>>" in "".join(chosen):
        first = node.body[0]  # type: ignore[attr-defined]
        start, end = first.lineno - node.lineno, first.end_lineno - node.lineno
        kept = "".join(chosen[start : end + 1]).split(">>>")[0].rstrip()
        chosen[start : end + 1] = [kept, '"""\n' if "\n" not in kept else '\n    """\n']
    return "".join(chosen).rstrip()


def _bound(node: ast.stmt) -> list[str]:
    """The name that a top-level function or constant defines."""
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _names(node: ast.stmt) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _import_lines(node: ast.stmt) -> list[tuple[str, str]]:
    """Each name that an import statement binds, with an import line for it alone."""
    if isinstance(node, ast.Import):
        return [
            (a.asname or a.name.split(".")[0], f"import {a.name}" + (f" as {a.asname}" if a.asname else ""))
            for a in node.names
        ]
    if isinstance(node, ast.ImportFrom):
        return [(a.name, f"from {node.module} import {a.name}") for a in node.names]
    return []


def _underscored(text: str, names: frozenset[str]) -> str:
    """The text with a leading underscore on the file's own names that have none."""
    lines = text.splitlines(keepends=True)
    previous = ""
    places: list[tuple[int, int]] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and token.string in names and previous != "." and token.string[0] != "_":
            places.append(token.start)
        previous = token.string
    for row, column in reversed(places):
        line = lines[row - 1]
        lines[row - 1] = f"{line[:column]}_{line[column:]}"
    return "".join(lines)
