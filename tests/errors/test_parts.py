"""Every error says what to do about it; those that a trace meets also say why."""

import ast
from pathlib import Path

import pytest

from symdiff import errors
from symdiff.errors import SymdiffError, TraceError

ROOT = Path(__file__).parents[2]
# A CheckError is no message to users: a Program that a pass of ours has made is not well-formed.
KINDS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, SymdiffError) and kind is not errors.CheckError
}
MADE = [
    (path, call)
    for path in sorted((ROOT / "symdiff").rglob("*.py"))
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KINDS
]


@pytest.mark.parametrize(("path", "call"), MADE, ids=[f"{path.relative_to(ROOT)}:{call.lineno}" for path, call in MADE])
def test_an_error_says_what_to_do(path: Path, call: ast.Call) -> None:
    said = {part.arg for part in call.keywords}
    wanted = {"why", "fix"} if issubclass(KINDS[call.func.id], TraceError) else {"fix"}  # type: ignore[attr-defined]
    assert wanted <= said or None in said, ast.unparse(call)  # None: `**parts`
