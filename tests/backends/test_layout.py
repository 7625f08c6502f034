"""Strings that do not fit on a line are cut, and say the same afterwards."""

import ast

import pytest

from symdiff.backends.layout import LongString, lines


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
