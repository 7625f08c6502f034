"""Names are valid, deterministic, and never collide."""

import keyword
import math
from typing import Any

import numpy as np
import pytest

from symdiff.emit.function import function_text
from symdiff.emit.names import Names, checked
from symdiff.errors import ArgumentError
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Input
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.ops.elementary import exp, sin
from symdiff.ops.piecewise import absolute, sign
from symdiff.runtime.compile import compile_program
from tests.programs import program_of


@pytest.mark.parametrize(
    "name", ["", "1x", "a b", "lambda", "None", "__import__", "__class__", "x;y", "os.system('x')", "a\n"]
)
def test_hostile_names_are_refused(name: str) -> None:
    with pytest.raises(ArgumentError):
        checked(name)


@pytest.mark.parametrize("name", ["x", "lambda_", "θ", "_x", "np", "match"])
def test_identifiers_pass(name: str) -> None:
    assert checked(name) == name


def test_a_hostile_parameter_or_function_name_never_reaches_text() -> None:
    leaf = Input("x")
    evil = Program("f", (Parameter("x, y=__import__('os')"),), (leaf,), (sin(leaf),))
    with pytest.raises(ArgumentError):
        function_text(evil, "numpy")
    with pytest.raises(ArgumentError):
        function_text(program_of(lambda x: sin(x)), "numpy", name="f():\n  pass\ndef g")


def test_later_duplicates_get_numbers() -> None:
    names = Names(["x"])
    assert [names.fresh(wish) for wish in ("y", "y", "x", "y", "class", "_y")] == [
        "y",
        "y_1",
        "x_1",
        "y_2",
        "v0",
        "y_3",
    ]


HOSTS = [
    "np",
    "math",
    "ne",
    "sin",
    "exp",
    "abs",
    "float",
    "type",
    "len",
    "lambda_",
    "θ",
    "_sign",
    "_reals",
    "_result",
    "ArithmeticError",
    "ValueError",
    "v0",
    "where",
    "array_form",
    "a__b",
    "numexpr",
    "Any",
    "_x",
    "real",
    "E",
]


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "math", "auto"])
@pytest.mark.parametrize("name", HOSTS)
def test_a_parameter_of_any_name_works(name: str, backend: str) -> None:
    leaf, other = Input(name), Input("second")
    value = sign(sin(leaf)) + exp(absolute(leaf)) * other + exp(absolute(leaf))
    program = Program(
        "f", (Parameter(name), Parameter("second")), (leaf, other), (value, other), tuple_of([LEAF, LEAF])
    )
    function: Any = compile_program(program, backend)
    expected = evaluate(program, 0.3, 2.0)
    assert np.allclose(function(0.3, 2.0), expected, rtol=1e-15)
    assert function(**{name: 0.3, "second": 2.0}) == function(0.3, 2.0)
    if backend != "math":
        assert np.allclose(function([0.3], 2.0)[0], expected[0], rtol=1e-15)


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "math", "auto"])
@pytest.mark.parametrize("name", ["abs", "np", "math", "ne", "float", "_reals", "type", "len"])
def test_a_function_of_any_name_works(name: str, backend: str) -> None:
    function = compile_program(program_of(lambda x: absolute(sin(x)), name=name), backend)
    assert math.isclose(function(-0.3), math.sin(0.3))


def test_names_do_not_depend_on_keywords_of_this_python() -> None:
    assert all(Names().fresh(word) == "v0" for word in keyword.kwlist)
