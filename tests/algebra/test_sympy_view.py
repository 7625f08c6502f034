"""Programs to SymPy and back."""

import math
import struct
from random import Random

import numpy as np
import pytest
import sympy

from symdiff.algebra.sympy_view import from_sympy, latex, number, pretty, to_sympy
from symdiff.errors import ExpressionError
from symdiff.ir import make
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Input
from symdiff.ir.program import Parameter, Program
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops.table import OPS
from symdiff.tracing import trace_function
from tests.algebra.random_functions import FORMULAS, program_of, random_program

X, Y = sympy.symbols("x y", real=True)


def test_a_closed_form() -> None:
    program = program_of(lambda x, y: e.sin(x) * x / (1.0 + y) - 0.5, "x", "y")
    assert to_sympy(program) == X * sympy.sin(X) / (1 + Y) - sympy.Rational(1, 2)
    assert latex(program) == r"\frac{x \sin{\left(x \right)}}{y + 1} - \frac{1}{2}"
    assert "sin(x)" in pretty(program)


def test_a_choice_is_piecewise() -> None:
    program = program_of(lambda x, y: p.where(p.less(x, y), e.exp(x), 3.0), "x", "y")
    assert to_sympy(program) == sympy.Piecewise((sympy.exp(X), X < Y), (3, True))


def test_random_doubles_are_exact() -> None:
    random = Random(1)
    for _ in range(1000):
        (value,) = struct.unpack("d", random.randbytes(8))
        if math.isfinite(value):
            assert float(number(value)) == value
    assert number(3.0) == sympy.Integer(3)
    assert number(-0.375) == sympy.Rational(-3, 8)
    assert isinstance(number(0.1), sympy.Float)
    assert number(2.0**60) != sympy.Integer(1)


def test_arrays_are_seen_by_elements() -> None:
    v = Input("v", (3,))
    base = Program("f", (Parameter("v"),), (v,), (make.reduce("sum", v * v),))
    element = sympy.IndexedBase(sympy.Symbol("v", real=True), shape=(3,))
    assert to_sympy(base) == sum(element[i] ** 2 for i in range(3))
    assert list(to_sympy(base.with_outputs([2.0 * v], base.structure))) == [2 * element[i] for i in range(3)]
    outer = make.einsum([[0], [1]], [0, 1], v, v)
    matrix = to_sympy(base.with_outputs([outer], base.structure))
    assert matrix.shape == (3, 3)
    assert matrix[0, 2] == element[0] * element[2]


def test_results_keep_their_structure() -> None:
    program = program_of(lambda x, y: (x + y, x * y), "x", "y")
    assert to_sympy(program) == (X + Y, X * Y)


def test_two_inputs_of_one_name_stay_two() -> None:
    first, second = Input("x"), Input("x")
    program = Program("f", (Parameter("a"), Parameter("b")), (first, second), (first - second,))
    assert to_sympy(program) == X - sympy.Symbol("x_2", real=True)


def test_a_long_sum_is_one_sum() -> None:
    def function(x: Input) -> object:
        total = e.sin(x)
        for i in range(2, 2000):
            total = total - e.sin(float(i) * x)
        return total

    assert len(to_sympy(program_of(function, "x")).args) == 1999


def repeated_squares(x: object) -> object:
    for _ in range(40):
        x = x * x + 1.0  # type: ignore[operator]
    return x


def nested_sines(x: object) -> object:
    for _ in range(3000):
        x = e.sin(x)
    return x


@pytest.mark.parametrize("function", [repeated_squares, nested_sines])
def test_what_is_too_large_is_refused(function: object) -> None:
    with pytest.raises(ExpressionError, match="cannot be written out"):
        to_sympy(program_of(function, "x"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FORMULAS)
def test_there_and_back(name: str) -> None:
    program = FORMULAS[name]
    symbols = {sympy.Symbol(node.name, real=True): node for node in program.inputs}
    back = program.with_outputs([from_sympy(to_sympy(program), symbols)], program.structure)
    point = [0.5 + 0.01 * position for position in range(len(program.inputs))]
    assert evaluate(back, *point) == pytest.approx(evaluate(program, *point), rel=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_random_programs_there_and_back(seed: int) -> None:
    program = random_program(seed)
    symbols = {sympy.Symbol(node.name, real=True): node for node in program.inputs}
    back = program.with_outputs([from_sympy(view, symbols) for view in to_sympy(program)], program.structure)
    for before, after in zip(evaluate(program, 0.7, 1.3, 0.4), evaluate(back, 0.7, 1.3, 0.4), strict=True):
        if math.isfinite(before):
            assert after == pytest.approx(before, rel=1e-9, abs=1e-12)


class TestReading:
    x, y = Input("x"), Input("y")

    def read(self, expression: object) -> object:
        return from_sympy(expression, {X: self.x, Y: self.y})

    def test_differences_and_quotients(self) -> None:
        assert self.read(X - Y) is self.x - self.y
        assert self.read(X / Y) is self.x / self.y
        assert self.read(-X - Y) is -(self.x + self.y) or self.read(-X - Y) is -(self.y + self.x)
        assert self.read(1 / X**2) is 1.0 / (self.x * self.x)

    def test_fractions_are_not_rounded_early(self) -> None:
        assert self.read(X / 3) is self.x / 3.0
        assert self.read(X / 4) is 0.25 * self.x
        assert self.read(2 * X / 3) is 2.0 * self.x / 3.0
        assert self.read(sympy.Rational(1, 3)) is make.constant(1.0 / 3.0)

    def test_roots_and_choices(self) -> None:
        assert self.read(sympy.sqrt(X)) is e.sqrt(self.x)
        assert self.read(sympy.exp(X)) is e.exp(self.x)
        assert self.read(sympy.Max(X, Y, 2)) is not None
        choice = self.read(sympy.Piecewise((X, X > 0), (Y, True)))
        assert choice is p.where(p.greater(self.x, 0.0), self.x, self.y)

    def test_what_is_unknown_is_refused(self) -> None:
        with pytest.raises(ExpressionError, match="stands for no node"):
            self.read(sympy.Symbol("q"))
        with pytest.raises(ExpressionError, match="no operation"):
            self.read(sympy.Function("g")(X))
        with pytest.raises(ExpressionError, match="beyond what doubles hold"):
            self.read(X + sympy.Integer(2**60 + 1))

    def test_every_row_with_a_head_is_read_back(self) -> None:
        heads = 0
        for op in OPS.values():
            if op.operands != "real" or op.result != "real":
                continue
            arguments = (X, Y)[: op.arity]
            view = op.in_sympy(sympy, *arguments) if op.arity <= 2 else None
            if isinstance(view, sympy.Function) and view.args == arguments:
                node = self.read(view)
                assert op.in_sympy(sympy, *arguments) == to_sympy(
                    Program("f", (Parameter("x"), Parameter("y")), (self.x, self.y), (node,))  # type: ignore[arg-type]
                )
                heads += 1
        assert heads > 15


def test_text_is_refused_and_never_evaluated() -> None:
    with pytest.raises(ExpressionError, match="text is never evaluated"):
        from_sympy("__import__('os')", {})


def test_choices_in_conditions_are_refused_before_sympy_multiplies_them_out() -> None:
    knots, values = np.array([0.0, 0.5, 1.0, 2.0]), np.array([1.0, -0.5, 0.25, 0.125])

    def table(x):
        return np.interp(x, knots, values)

    program = trace_function(table)
    with pytest.raises(ExpressionError, match="choices in it, which SymPy multiplies out"):
        to_sympy(program)
