"""Where an option is said: the line of a TOML file that a key stands in, however it is written."""

from pathlib import Path

import pytest

from symdiff.build.said import Table, line_of

TEXT = """\
[project]
wrt = "not this one"  # nor this wrt

[tool.symdiff]
# backend = "commented"
backend = "math"  # backend

[[tool.symdiff.target]]
function = "a.py:f"
wrt = [
    "x",
]

[[tool.symdiff.target]]
"wrt" = ["é", "wrt"]
verify = { at = [{ ulp = 1 }], ulp = 2 }
shapes.x = 3
"""


@pytest.mark.parametrize(
    ("keys", "line", "marked"),
    [
        (("tool", "symdiff", "backend"), 6, "backend"),
        (("tool", "symdiff", "target", 0), 8, "[[tool.symdiff.target]]"),
        (("tool", "symdiff", "target", 0, "wrt"), 10, "wrt"),
        (("tool", "symdiff", "target", 1), 14, "[[tool.symdiff.target]]"),
        (("tool", "symdiff", "target", 1, "wrt"), 15, "wrt"),
        (("tool", "symdiff", "target", 1, "shapes"), 17, "shapes"),
    ],
)
def test_the_line_of_a_key(keys: tuple[str | int, ...], line: int, marked: str, tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(TEXT, encoding="utf-8")
    found = line_of(path, keys, "somewhere")
    assert found is not None
    assert found.columns is not None
    assert found.line == line
    assert found.text.encode()[slice(*found.columns)].decode() == marked


def test_a_key_that_is_not_there_has_no_line(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert line_of(path, ("tool", "symdiff", "emit"), "somewhere") is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"at": [{"x": 0.5}], "ulp": 8}, "{ at = [{ x = 0.5 }], ulp = 8 }"),
        (True, "true"),
        ('say "x"', "'say \"x\"'"),
    ],
)
def test_values_are_written_as_toml(value: object, text: str) -> None:
    assert Table("t", Path("pyproject.toml"), ("t",)).shown(value) == text
