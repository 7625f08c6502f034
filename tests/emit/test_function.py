"""The text of a function: signature, docstring, structure, comments, layout."""

import inspect
import itertools
import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from symdiff.calculus.derivatives import gradient, hessian
from symdiff.emit.function import FunctionText, function_text
from symdiff.errors import BackendError
from symdiff.ir.evaluate import evaluate
from symdiff.ir.make import constant
from symdiff.ir.nodes import Input
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF, structure_of, tuple_of
from symdiff.ops.elementary import exp, sin
from symdiff.ops.piecewise import greater, where
from symdiff.runtime.compile import compile_program
from symdiff.runtime.defining import support_function
from symdiff.tracing import trace_function
from tests.programs import program_of
from tests.random_programs import scalar_program, vector_program

BACKENDS = ["numpy", "numexpr", "math"]


class Point(NamedTuple):
    a: float
    b: float


@dataclass
class Body:
    mass: float
    position: tuple[float, float]


def module(text: FunctionText, backend: str) -> str:
    """A module of one function, with support functions as names that are typed."""
    returned = "float" if backend == "math" else "Any"
    value = "float(values[0])" if backend == "math" else "values[0]"
    support = [f"def _{name}(*values: Any) -> {returned}:\n    return {value}" for name in text.support]
    typing = ["from typing import Any"] if support else []
    imports = {*text.imports, *typing}
    standard = sorted(line for line in imports if not line.startswith(("import n", "import scipy")))
    others = sorted(line for line in imports if line not in standard)
    standard.sort(key=lambda line: (line.startswith("from"), line))
    head = ["\n".join(group) for group in (standard, others) if group]
    blocks = ["\n\n".join(head), *(["\n".join(text.constants)] if text.constants else [])]
    head_text = "\n\n".join(block for block in blocks if block)
    return "\n\n\n".join([*([head_text] if head_text else []), *support, "\n".join(text.lines)]) + "\n"


def long_names(first_argument_with_a_very_long_name: Any, second_argument_with_a_very_long_name: Any) -> Any:
    product_of_both_arguments = first_argument_with_a_very_long_name * second_argument_with_a_very_long_name
    return where(
        greater(product_of_both_arguments, 0.0), exp(product_of_both_arguments), sin(product_of_both_arguments)
    )


def corpus() -> list[Program]:
    programs = [scalar_program(seed, outputs=1 + seed % 3, size=10 + 4 * seed) for seed in range(12)]
    programs += [vector_program(seed) for seed in range(8)]
    programs += [
        hessian(
            program_of(lambda x: (x * x)[1] * exp(x[0]) * x[2] * x[3] if False else _product(x), shapes={"x": (4,)}),
            ["x"],
        )
    ]
    programs += [
        program_of(long_names),
        program_of(lambda x: x * np.linspace(0, 1, 24).reshape(4, 6), shapes={"x": (4, 6)}),
    ]
    programs += [program_of(lambda x: tuple(sin(x * n) for n in range(30)))]
    programs += [trace_function(function) for function in (plain_tree, damped, extremes, deep)]
    programs += [gradient(trace_function(deep), list("abcd")), hessian(trace_function(damped4), list("abcd"))]
    programs += [gradient(trace_function(extremes), ["x", "max"])]
    programs += [made(trace_function(f)) for f in (reflected, turned) for made in (lambda p: p, _by_x)]
    return programs


def _product(x: Any) -> Any:
    from symdiff.ir.make import index

    return sin(index(x, 0)) * exp(index(x, 1)) * index(x, 2) * index(x, 3) * index(x, 3)


def tree(params: Any = {"w": 1.0, "b": [2.0, 3.0]}, *, point: Any = Point(1.0, 2.0)) -> Any:  # noqa: B006, B008
    return {"sum": params["w"] * point.a + params["b"][0], "rest": (params["b"][1] * point.b, point.a)}


def plain_tree(params: Any = {"w": 1.0, "b": [2.0, 3.0]}, *, k: Any = (1.0, 2.0)) -> Any:  # noqa: B006
    return {"sum": params["w"] * k[0] + params["b"][0], "rest": (params["b"][1] * k[1], k[0])}


def damped(x: Any, k: Any = 2.0) -> Any:
    """A damped \"""wave\""" with \\backslashes."""
    wave = k * math.sin(x) ** 2
    damping = 1 + math.exp(-x)
    return wave / damping


def damped4(a: Any, b: Any, c: Any, d: Any) -> Any:
    return a * math.sin(b * c) ** 2 / (1 + math.exp(-d))


def reflected(x: Any, y: Any) -> Any:
    impedance = x + 1j * y - 1.0 / (1j * y)
    return abs((impedance - 50) / (impedance + 50)) ** 2


def turned(x: Any, y: Any) -> Any:
    wave = np.exp(1j * x) * y
    return np.angle(wave) + wave.real * wave.imag - abs(wave) + np.conj(wave).imag * abs(wave - 1j) ** 2


def _by_x(program: Program) -> Program:
    return gradient(program, ["x"])


def extremes(x: Any, y: Any, max: Any = 3.0) -> Any:
    larger = np.where(y > x, y, x)
    at_least = np.where(x >= y, x, y)
    positive = np.where(y <= 0.0, 0.0, y)
    return (larger * at_least + positive * np.where(np.logical_not(y == x), x, max)) * np.where(x > y, y, x)


def deep(a: Any, b: Any, c: Any, d: Any) -> Any:
    """Choices in choices, so far to the right that a number does not fit behind its name."""

    def level(x: Any, number: int) -> Any:
        if number == 0:
            return math.sin(x) * a
        if math.exp(x) * number > b:
            y = math.cos(x * number)
            return level(y * d, number - 1) + y
        return c * number

    return level(a * b * c * d, 19)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus, written as modules."""
    path = tmp_path_factory.mktemp("generated")
    for (number, program), backend in itertools.product(enumerate(corpus()), BACKENDS):
        try:
            text = function_text(program, backend)
        except BackendError:
            assert backend == "math"
            continue
        (path / f"m{number}_{backend}.py").write_text(module(text, backend), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "format", "--diff", "--isolated", "."],
        ["ruff", "check", "--isolated", "--ignore", "B006", "."],  # a default that can be changed is the user's own
        [
            "ruff",
            "check",
            "--isolated",
            "--select",
            "E,F,W,I,UP,B,C4,SIM,RUF,N806",
            "--ignore",
            "B006,B008,E501,N806,SIM108,SIM300",
            ".",
        ],
        ["mypy", "--strict", "."],
    ],
    ids=lambda command: " ".join(command[:4]),
)
def test_formatter_linter_and_type_checker_are_content(command: list[str], folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]


def test_lines_name_the_users_values_and_lines() -> None:
    text = "\n".join(function_text(trace_function(damped), "math").lines)
    first = inspect.getsourcelines(damped)[1]
    assert f"wave = k * (v0 * v0)  # test_function.py:{first + 2}" in text
    assert f"damping = 1.0 + math.exp(-x)  # test_function.py:{first + 3}" in text
    assert "return wave / damping" in text


def test_derivatives_carry_no_line_of_the_users() -> None:
    text = function_text(gradient(trace_function(damped), ["k"]), "math").lines
    commented = [line.strip().partition("  #")[0] for line in text if "#" in line]
    assert commented == ["v0 = math.sin(x)", "damping = 1.0 + math.exp(-x)"]
    assert text[-1] == "    return v0 * v0 / damping"


@pytest.mark.parametrize(
    "doc", ['a """ b', "ends with \\", "a\n\nb", '"', "\x00\x1b[31m", "x" * 300, "\\N{BULLET}", "'''"]
)
def test_any_docstring_is_harmless(doc: str) -> None:
    x = Input("x")
    program = Program("f", (Parameter("x"),), (x,), (sin(x),), doc=doc)
    for backend in BACKENDS:
        function = compile_program(program, backend)
        assert function(0.5) == pytest.approx(math.sin(0.5), rel=1e-15)
        assert all(len(line) <= 88 for line in function_text(program, backend).lines)


def signatures(*functions: Callable[..., Any]) -> list[Callable[..., Any]]:
    return list(functions)


@pytest.mark.parametrize(
    "function",
    signatures(
        lambda x, /, y, *, z: x * y * z,
        lambda x, y=2.0, /, *, z=3.0: x * y * z,
        lambda *, x, y=1.0: x * y,
        lambda x=0.5, /: x * 2,
    ),
)
@pytest.mark.parametrize("backend", [*BACKENDS, "auto"])
def test_kinds_and_defaults_are_kept(function: Callable[..., Any], backend: str) -> None:
    compiled = compile_program(trace_function(function), backend, name="f")
    kinds = {p.name: (p.kind, p.default) for p in inspect.signature(function).parameters.values()}
    assert {p.name: (p.kind, p.default) for p in inspect.signature(compiled).parameters.values()} == kinds


@pytest.mark.parametrize("backend", [*BACKENDS, "auto"])
def test_structures_go_in_and_come_out(backend: str) -> None:
    function = compile_program(trace_function(tree), backend)
    params = {"w": 2.0, "b": [3.0, 5.0]}
    assert function(params, point=Point(7.0, 11.0)) == {"sum": 17.0, "rest": (55.0, 7.0)}
    assert function() == tree()
    with pytest.raises(ValueError, match="elements"):
        function({"w": 2.0, "b": [3.0, 5.0, 6.0]})


@pytest.mark.parametrize("backend", [*BACKENDS, "auto"])
def test_values_of_the_users_classes_are_built_from_the_parameters(backend: str) -> None:
    program = trace_function(lambda p, d: p.a * d.mass * d.position[1], args=(Point(1.0, 2.0), Body(1.0, (2.0, 3.0))))
    function = compile_program(gradient(program, ["p", "d"]), backend, name="slopes")
    assert function(Point(2.0, 3.0), Body(5.0, (7.0, 11.0))) == (Point(55.0, 0.0), Body(22.0, (0.0, 10.0)))


def test_a_class_that_no_parameter_has_is_refused() -> None:
    x = Input("x")
    program = Program("f", (Parameter("x"),), (x,), (sin(x), x), structure_of(Point(1.0, 2.0)))
    with pytest.raises(BackendError, match="Point"):
        function_text(program, "numpy")


@pytest.mark.parametrize("value", [3, "fast", True, None, 0.5, (1, "a")])
@pytest.mark.parametrize("backend", [*BACKENDS, "auto"])
def test_a_parameter_that_is_not_traced_is_checked(value: Any, backend: str) -> None:
    x = Input("x")
    fixed = Parameter("n", structure=None, default=value, static_value=value)
    function = compile_program(Program("f", (Parameter("x"), fixed), (x,), (2.0 * x,)), backend)
    assert function(1.0) == function(1.0, value) == 2.0
    with pytest.raises(ValueError, match="was generated for n = "):
        function(1.0, "other")


def test_an_object_without_literal_is_bound_in_memory_and_refused_in_a_file() -> None:
    x = Input("x")
    fixed = Parameter("n", structure=None, default=math.sin, static_value=math.sin)
    program = Program("f", (Parameter("x"), fixed), (x,), (2.0 * x,))
    for backend in [*BACKENDS, "auto"]:
        function = compile_program(program, backend)
        assert function(1.0) == function(1.0, math.sin) == 2.0
        with pytest.raises(ValueError, match="was generated for another value of n"):
            function(1.0, math.cos)
    with pytest.raises(BackendError, match="no literal"):
        function_text(program, "numpy")


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_constant_function(backend: str) -> None:
    program = Program("f", (), (), (constant(2.5), constant(np.ones((2, 2)))), tuple_of([LEAF, LEAF]))
    number, array = compile_program(program, backend)()
    assert number == 2.5
    assert np.array_equal(array, np.ones((2, 2)))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_long_chain_needs_no_recursion(backend: str) -> None:
    def chain(x: Any) -> Any:
        for _ in range(3000):
            x = sin(x) * 0.5 + x
        return x

    program = program_of(chain)
    assert compile_program(program, backend)(0.3) == pytest.approx(evaluate(program, 0.3), rel=1e-12)


def test_support_functions_are_found_or_named() -> None:
    assert support_function("reals", "numexpr")(2)[0] == 2.0
    with pytest.raises(LookupError):
        support_function("no_such_function", "math")


def test_elements_without_a_use_get_no_variable() -> None:
    def affine(x, w=(1.0, 2.0)):  # type: ignore[no-untyped-def]
        return w[0] * x + w[1]

    text = "\n".join(function_text(gradient(trace_function(affine), ["x"]), "math").lines)
    assert "w_0 = float(w[0])" in text
    assert "w_1" not in text
    assert "x = float(x)" in text


@pytest.mark.parametrize("backend", BACKENDS)
def test_defaults_of_lists_and_arrays_are_tuples(backend: str) -> None:
    """A default that can be changed is a trap, and ruff says so."""

    def weighted(x: Any, w: Any = np.array([[1.0, 2.0]]), v: Any = [3.0]) -> Any:  # noqa: B006, B008
        return x * np.sum(w) + v[0]

    program = trace_function(weighted)
    text = " ".join(function_text(program, backend).lines)
    assert " = ((1.0, 2.0),)," in text
    assert " = (3.0,)" in text
    function = compile_program(program, backend)
    assert function(2.0) == function(2.0, [[1.0, 2.0]], [3.0]) == function(2.0, np.array([[1.0, 2.0]]), (3.0,)) == 9.0
