"""Every support function, as it is pasted into files: complete, formatted, typed, and the same function."""

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symdiff.emit.support import definitions, support_blocks
from symdiff.errors import BackendError
from symdiff.ops import support_math

FILES = {"math": ("support_math",), "numpy": ("support_arrays", "support_numpy")}


def pasted(language: str, *names: str) -> str:
    wanted = names or tuple(name for module in FILES[language] for name in definitions(module))
    blocks, imports = support_blocks(wanted, FILES[language])
    plain = sorted(line for line in imports if line.startswith("import"))
    named = sorted(line for line in imports if line.startswith("from"))
    standard = [line for line in [*plain, *named] if "numpy" not in line]
    rest = [line for line in plain if "numpy" in line]
    groups = ["\n".join(group) for group in (standard, rest) if group]
    return (
        '"""Support."""\n\n' + "\n\n".join(groups) + "\n\n__all__: list[str] = []\n\n\n" + "\n\n\n".join(blocks) + "\n"
    )


@pytest.mark.parametrize("language", FILES)
@pytest.mark.parametrize(
    "tool",
    [
        ["ruff", "check", "--isolated"],
        ["ruff", "format", "--check", "--isolated"],
        ["mypy", "--strict", "--config-file="],
    ],
    ids=" ".join,
)
def test_support_functions_are_clean_where_they_are_pasted(tool: list[str], language: str, tmp_path: Path) -> None:
    pytest.importorskip(tool[0])
    path = tmp_path / "support.py"
    path.write_text(pasted(language), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", *tool, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_a_function_uses_comes_with_it() -> None:
    namespace: dict[str, Any] = {}
    exec(pasted("numpy", "erf"), namespace)
    assert namespace["_erf"](0.5) == math.erf(0.5)
    assert "_gamma" not in namespace


def test_it_is_the_same_function() -> None:
    namespace: dict[str, Any] = {}
    exec(pasted("math"), namespace)
    for name in definitions("support_math"):
        original = getattr(support_math, name)
        if callable(original) and original.__code__.co_argcount == 1:
            for x in (0.25, 0.75, 1.5):
                assert outcome(namespace[f"_{name.lstrip('_')}"], x) == outcome(original, x)


def outcome(function: Callable[[float], float], x: float) -> float | str:
    try:
        return function(x)
    except ValueError as error:
        return str(error)


def test_examples_are_left_behind() -> None:
    assert ">>>" not in pasted("numpy")
    assert '"""' in pasted("numpy")


def test_an_unknown_one_is_named() -> None:
    with pytest.raises(BackendError, match="no support function nonsense"):
        support_blocks(["nonsense"], FILES["math"])
