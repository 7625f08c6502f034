"""README and docs: links lead somewhere, the two commands are on the first screen, code that is shown works."""

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symdiff.ops.row import Op, row

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
FIRST_SCREEN = 25


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_two_commands_on_the_first_screen() -> None:
    first = (ROOT / "README.md").read_text("utf-8").splitlines()[:FIRST_SCREEN]
    commands = [line for line in first if line.startswith("python3 -m venv .venv && ")]
    assert len(commands) == 2
    assert commands[0].endswith(".venv/bin/symdiff demo")
    assert commands[1].endswith(".venv/bin/python -m pytest")


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    pattern = re.search(r"grep -m 1 -e '([^']+)' README.md", script)
    assert pattern is not None
    readme = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert [line for line in readme if re.search(pattern[1].replace("-m", r"\-m"), line)] == [
        line for line in readme[:FIRST_SCREEN] if line.endswith("-m pytest")
    ]


def test_the_row_in_contributing_is_a_row() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    block = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert block is not None
    names: dict[str, Any] = {"Op": Op, "row": row, "np": np}
    exec(block[1], names)
    log1p = names["log1p"]
    assert log1p(0.5) == np.log1p(0.5)
    assert log1p.partials[0](log1p(0.5), 0.5) == 1 / 1.5


def test_dependencies_are_those_of_the_conventions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.match(r"[a-z0-9]+", requirement)[0] for requirement in project["dependencies"]}  # type: ignore[index]
    assert names == {"jinja2", "numexpr", "numpy", "rich", "sympy"}
    assert project["requires-python"] == ">=3.11"
    assert not any("<" in requirement for requirement in project["dependencies"])
