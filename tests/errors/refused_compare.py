"""What the comparison with other methods refuses."""

from pathlib import Path

from symdiff.cli.compare import run
from symdiff.cli.main import parser
from tests.errors.refusing import refused


@refused("compare")
def method_with_another_name(folder: Path) -> object:
    (folder / "model.py").write_text("def square(x):\n    return x * x\n", encoding="utf-8")
    return run(parser().parse_args(["compare", "model.py:square", "--against", "fd,autogrd"]))
