"""The comments that name the user's lines."""

import linecache
from types import FunctionType
from typing import Any

import pytest

import symdiff as sd
from symdiff.emit.freshness import meaning

CODE = "import math\ndef f(x):\n    y = math.sin(x)\n    return y * y + y\n"


def defined_in(filename: str) -> Any:
    namespace: dict[str, Any] = {}
    exec(compile(CODE, filename, "exec"), namespace)
    assert isinstance(namespace["f"], FunctionType)
    linecache.cache[filename] = (len(CODE), None, CODE.splitlines(keepends=True), filename)
    return namespace["f"]


@pytest.mark.parametrize(
    ("filename", "comment"),
    [
        ("/home/me/model.py", "# model.py:3"),
        ("<stdin>", "# line 3"),
        ("<ipython-input-7-0123456789ab>", "# line 3"),
        ("/tmp/ipykernel_4711/1234567890.py", "# line 3"),
    ],
)
def test_files_are_named_and_prompts_are_not(filename: str, comment: str) -> None:
    text = sd.generate(defined_in(filename), emit="value").text
    assert f"y = np.sin(x)  {comment}\n" in text


def test_a_check_leaves_the_numbers_of_lines_out() -> None:
    assert meaning('# head\n"""m"""\ny = x  # line 3\n') == meaning('# head\n"""m"""\ny = x  # line 12\n')
