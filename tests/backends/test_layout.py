"""Code that is too long for a line is broken where `ruff format` breaks it; long strings are cut and say the same."""

import ast
import random
import subprocess
import sys
import textwrap

import pytest

from symdiff.backends.layout import LongString, lines

NAMES = ("alpha", "v12", "x", "beta_total", "1.5", "np.pi")
FUNCTIONS = {"np.exp": 1, "_bell": 1, "np.hypot": 2, "np.where": 3}
OPERATORS = (("+", "-"), ("*", "/"), ("or",), ("and",), ("<",))


def expression(generator: random.Random, depth: int) -> str:
    """A random expression, with its operands in parentheses where they are operations."""
    kind = generator.random()
    if not depth or kind < 0.2:
        return generator.choice(NAMES)
    if kind < 0.5:
        function = generator.choice(list(FUNCTIONS))
        return f"{function}({', '.join(expression(generator, depth - 1) for _ in range(FUNCTIONS[function]))})"
    operators = generator.choice(OPERATORS)
    count = 2 if operators == ("<",) else generator.choice((2, 2, 3, 4))
    code = operand(generator, depth)
    for _ in range(count - 1):
        code += f" {generator.choice(operators)} {operand(generator, depth)}"
    return code


def operand(generator: random.Random, depth: int) -> str:
    code = expression(generator, depth - 1)
    is_one = " " not in code or (code.endswith(")") and code.split("(")[0] in FUNCTIONS)
    return code if (is_one and code.count("(") == 1) or " " not in code else f"({code})"


def statement(generator: random.Random, indent: int) -> list[str]:
    code = expression(generator, generator.choice((2, 3, 4)))
    margin = " " * indent
    match generator.randrange(4):
        case 0:
            return lines("value = ", code, indent=indent)
        case 1:
            return lines("return ", code, indent=indent)
        case 2:
            return [*lines("if ", code, ":", indent), f"{margin}    pass"]
    return [f"{margin}value = [", *lines("", code, ",", indent + 4), f"{margin}]"]


def test_long_lines_are_broken_as_ruff_breaks_them() -> None:
    pytest.importorskip("ruff")
    generator = random.Random(5)
    functions: list[str] = []
    while len(functions) < 400:
        indent = generator.choice((4, 8, 16, 40))
        written = statement(generator, indent)
        if len(written) > 3:
            blocks = ["def f():", *(" " * column + "if x:" for column in range(4, indent, 4))]
            functions.append("\n".join([*blocks, *written]))
    text = "\n\n\n".join(functions) + "\n"
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "short",
        "x + " * 60 + "y",
        "where(" * 20 + "v13, v15, v33" + ", v15)" * 20,
        "where(" * 20 + "v13" + ",v15)" * 20,
        "a " + "where(" * 40 + "b c" + ")" * 40,
    ],
)
def test_a_string_keeps_its_text(text: str) -> None:
    written = lines("", LongString(text), ",", 8)
    (value,) = ast.literal_eval("(" + "\n".join(written) + ")")
    assert value == text


@pytest.mark.parametrize("indent", range(4, 120, 4))
def test_what_does_not_fit_is_code_still(indent: int) -> None:
    generator = random.Random(indent)
    for _ in range(60):
        written = "\n".join(lines("value = ", expression(generator, 3), indent=indent))
        ast.parse(textwrap.dedent(written))
    written = lines("value = ", "(v107 or v89xxx) and y < 0.6", indent=indent)
    assert eval("\n".join(written).split("=", 1)[1].strip(), {"v107": 0, "v89xxx": 1, "y": 0.5}) is True
