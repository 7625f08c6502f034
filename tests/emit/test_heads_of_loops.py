"""The heads of loops that do not fit on a line are broken where `ruff format` breaks them."""

import subprocess
import sys

import pytest

from symdiff.emit.render import rendered
from symdiff.emit.statements import Leave, Repeat
from symdiff.ir import make

CONDITION = "first_value < 0.25 and second_value * third_value > 1.0 and not skip_0_12"
HEADS = {
    "while": Repeat(CONDITION, [Leave("x")], make.constant(1.0)),
    "for": Repeat("reversed(history)", [Leave("x")], make.constant(1.0), tuple(f"a_long_name_{k}" for k in range(8))),
    "short": Repeat("range(n)", [Leave("x")], make.constant(1.0), ("i",)),
}


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("indent", [4, 48])
def test_heads_are_broken_as_ruff_breaks_them(name: str, indent: int) -> None:
    pytest.importorskip("ruff")
    around = [" " * column + "if x:" for column in range(4, indent, 4)]
    text = "\n".join(["def f():", *around, *rendered([HEADS[name]], indent), ""])
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "-"]
    assert subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout == text
