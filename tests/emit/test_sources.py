"""The digest of a function's source changes with its meaning and with nothing else."""

import linecache
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from symdiff.emit.sources import definition, digest, source_digest, stable_tokens, traced_functions
from symdiff.tracing import trace_function

BASE = '''\
def f(x, k=2.0):
    """A function."""
    y = k * x
    return y + 1.0
'''


def digest_of(text: str) -> str:
    return digest(*stable_tokens(text))


SAME = {
    "comments": BASE.replace("k * x", "k * x  # twice"),
    "blank lines": BASE.replace("    y", "\n    # what follows\n\n    y"),
    "spaces": BASE.replace("k * x", "k*x"),
    "indentation": BASE.replace("    ", "  "),
    "in a class": "".join(f"    {line}\n" for line in BASE.splitlines()),
}
OTHER = {
    "an operator": BASE.replace("k * x", "k + x"),
    "a default": BASE.replace("2.0", "2.5"),
    "a name": BASE.replace("y", "z"),
    "the docstring": BASE.replace("A function", "The function"),
    "nesting": BASE.replace("    return", "    if x:\n        return"),
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_layout_does_not_count(text: str) -> None:
    assert digest_of(text) == digest_of(BASE)


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_meaning_counts(text: str) -> None:
    assert digest_of(text) != digest_of(BASE)


def test_f_strings_are_one_token_in_every_version() -> None:
    """Python 3.12 takes them apart; the digest must not tell the versions from each other."""
    text = 'z = f\'a{x!r:>{k}}b\' f"""c\n{d}"""  # e'
    assert list(stable_tokens(text)) == ["z", "=", "f'a{x!r:>{k}}b'", 'f"""c\n{d}"""', "\n"]


@pytest.fixture
def module(tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    def load(text: str) -> dict[str, Any]:
        path = tmp_path / "model.py"
        path.write_text(text, encoding="utf-8")
        linecache.checkcache(str(path))
        namespace: dict[str, Any] = {"__name__": "model"}
        exec(compile(text, str(path), "exec"), namespace)
        return namespace

    return load


HELPED = """\
import math

def scaled(x):
    return 2.0 * x

def f(x):
    return math.sin(scaled(x))
"""


def test_helpers_count(module: Callable[[str], dict[str, Any]]) -> None:
    before = source_digest(trace_function(module(HELPED)["f"]))
    unused = source_digest(trace_function(module(HELPED + "\ndef other(x):\n    return x\n")["f"]))
    changed = source_digest(trace_function(module(HELPED.replace("2.0 * x", "3.0 * x"))["f"]))
    assert before == unused
    assert before != changed


def test_a_function_without_source_is_known_by_its_graph() -> None:
    def made(text: str) -> str:
        namespace: dict[str, Any] = {}
        exec(text, namespace)
        return source_digest(trace_function(namespace["f"]))

    assert made("def f(x): return x * x + 1.5") == made("def f(x): y = x * x; return y + 1.5")
    assert made("def f(x): return x * x + 1.5") != made("def f(x): return x * x + 1.25")


def code_of(text: str, name: str, module: Callable[[str], dict[str, Any]]) -> CodeType:
    return module(text)[name].__code__  # type: ignore[no-any-return]


def test_a_lambda_is_its_own_text(module: Callable[[str], dict[str, Any]]) -> None:
    code = code_of("g = [1, 2]; h = lambda x: x + 1  # more\n", "h", module)
    assert definition(code) == "(lambda x: x + 1)"


def test_decorators_belong_to_the_definition(module: Callable[[str], dict[str, Any]]) -> None:
    text = "def same(f):\n    return f\n\n@same\ndef g(x):\n    return x\n"
    assert definition(code_of(text, "g", module)) == "@same\ndef g(x):\n    return x\n"


def test_comprehensions_are_part_of_their_function() -> None:
    """Python 3.12 inlines them: their code objects must not count in 3.11 either."""
    outer = compile("def f(x):\n    return [y for y in x]\n", "m.py", "exec").co_consts[0]
    inner = [constant for constant in outer.co_consts if isinstance(constant, CodeType)]
    assert traced_functions([outer, *inner, outer]) == [outer]
