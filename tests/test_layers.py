"""Imports point one way: down the list of docs/architecture.md."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "symdiff"


def read_layers(page: str) -> list[str]:
    """The layers as the page lists them, topmost first: the indented block after the marker."""
    _, _, rest = page.partition("<!-- layers: read by tests/test_layers.py -->\n\n")
    block, _, _ = rest.partition("\n\n")
    return [line.strip() for line in block.splitlines()]


LAYERS = read_layers((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
# The public face stands with api; `python -m symdiff` is the command.
FACE = {"__init__": "api", "__main__": "cli"}


def layer_of(module: str) -> str:
    """The layer of a dotted module name: the part after `symdiff`."""
    part = module.split(".")[1] if "." in module else "__init__"
    return FACE.get(part, part)


def imported_modules(module: str, source: str, *, is_package: bool) -> Iterator[str]:
    """The dotted names of everything of symdiff's that the source imports, wherever in the file."""
    for statement in ast.walk(ast.parse(source)):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names if alias.name.split(".")[0] == "symdiff")
        elif isinstance(statement, ast.ImportFrom):
            parts = module.split(".")
            base = parts[: len(parts) - statement.level + is_package] if statement.level else []
            origin = ".".join([*base, *(statement.module or "").split(".")]).strip(".")
            if origin == "symdiff":
                names = (alias.name for alias in statement.names)
                yield from (f"symdiff.{name}" for name in names if name != "__version__")
            elif origin.startswith("symdiff."):
                yield origin


def upward_arrows(modules: dict[str, Path]) -> list[str]:
    """Every import that points from a lower layer to a higher one."""
    rank = {layer: position for position, layer in enumerate(LAYERS)}
    return [
        f"{module} imports {target}"
        for module, path in modules.items()
        for target in imported_modules(module, path.read_text("utf-8"), is_package=path.name == "__init__.py")
        if rank[layer_of(target)] < rank[layer_of(module)]
    ]


def own_modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def test_every_module_belongs_to_a_layer() -> None:
    unknown = {module for module in own_modules() if layer_of(module) not in LAYERS}
    assert not unknown, "not in the list of docs/architecture.md"


def test_imports_point_down() -> None:
    assert upward_arrows(own_modules()) == []


def test_an_upward_arrow_is_found(tmp_path: Path) -> None:
    culprit = tmp_path / "nodes.py"
    culprit.write_text(
        "def late():\n    from symdiff.calculus import rules\n    from ..tracing import tracer\n", "utf-8"
    )
    arrows = upward_arrows({"symdiff.ir.nodes": culprit})
    assert arrows == ["symdiff.ir.nodes imports symdiff.calculus", "symdiff.ir.nodes imports symdiff.tracing"]


def loaded_by(*arguments: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded at the end of `python -X importtime ARGUMENTS`."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    lines = (line for line in run.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().split(".")[0] for line in lines}


@pytest.mark.parametrize("heavy", ["jinja2", "matplotlib", "numexpr", "scipy", "sympy"])
def test_import_is_light(heavy: str) -> None:
    assert heavy not in loaded_by("-c", "import symdiff")


@pytest.mark.parametrize("heavy", ["jinja2", "numexpr", "numpy", "rich", "scipy", "sympy"])
def test_help_is_light(heavy: str) -> None:
    assert heavy not in loaded_by("-m", "symdiff", "--help")


def test_the_probe_of_loaded_modules_works() -> None:
    assert {"json", "decimal"} <= loaded_by("-c", "import json, decimal")
