"""The habits of the house: short files that say what they do, real names."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = [ROOT / name for name in ("symdiff", "examples", "benchmarks", "tests")]
MODULES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.py")) if "golden" not in path.parts]
NO_NAMES = {"utils", "util", "helpers", "common", "misc"}
LONGEST = 450


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_file_has_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST, "find the second idea in it"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_file_says_what_it_is(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not source or ast.get_docstring(ast.parse(source)), "say what flows in and what flows out"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_file_has_a_name(path: Path) -> None:
    assert path.stem not in NO_NAMES, "name the file after its idea"


def unexplained(path: Path) -> list[str]:
    """Public classes and functions without a docstring; a function of a single statement explains itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and (len(node.body) > 1 or isinstance(node, ast.ClassDef))
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "symdiff").rglob("*.py")), ids=named)
def test_public_names_are_explained(path: Path) -> None:
    assert unexplained(path) == []
