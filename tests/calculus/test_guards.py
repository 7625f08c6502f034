"""A branch not taken never spoils a derivative, at any order, in either direction."""

import math

import pytest

from symdiff.calculus import derivatives
from symdiff.ir import make
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import Parameter, Program
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p


def one(build: object) -> Program:
    x = Input("x")
    return Program("f", (Parameter("x"),), (x,), (build(x),))  # type: ignore[operator]


def orders(build: object, at: float, count: int = 4) -> list[float]:
    program = one(build)
    return [float(evaluate(check(derivatives.elementwise(program, ["x"], n)), at)) for n in range(count)]


def test_square_root_under_a_guard() -> None:
    def build(x: Node) -> Node:
        return p.where(p.greater(x, 0.0), e.sqrt(x), 0.0)

    assert orders(build, 0.0) == [0.0] * 4
    assert orders(build, -1.0) == [0.0] * 4
    assert orders(build, 4.0)[:3] == [2.0, 0.25, -0.03125]


def test_two_guards_share_what_they_guard() -> None:
    def build(x: Node) -> Node:
        logarithm = e.log(x)
        return p.where(p.greater(x, 0.0), logarithm, 0.0) + p.where(p.greater(x, 1.0), logarithm * 2.0, 0.0)

    assert orders(build, 0.0) == [0.0] * 4
    assert orders(build, 0.5)[:2] == [math.log(0.5), 2.0]
    assert orders(build, 2.0)[:2] == [pytest.approx(3 * math.log(2.0)), pytest.approx(1.5)]


def test_reciprocal_and_sinc_written_by_hand() -> None:
    assert orders(lambda x: p.where(p.not_equal(x, 0.0), 1.0 / x, 0.0), 0.0) == [0.0] * 4
    hand = orders(lambda x: p.where(p.equal(x, 0.0), x, e.sin(x) / x), 0.0)
    assert hand[:2] == [0.0, 1.0]


def test_guard_survives_the_sum_over_a_broadcast() -> None:
    k, x = Input("k"), Input("x", (3,))
    value = make.reduce("sum", p.where(p.greater(x, 5.0), e.log(k) * x, 0.0))
    program = Program("f", (Parameter("k"), Parameter("x")), (k, x), (value,))
    assert evaluate(derivatives.gradient(program, ["k"]), 0.0, [1.0, 2.0, 3.0]) == 0.0
    assert evaluate(derivatives.gradient(program, ["k"]), 2.0, [1.0, 6.0, 7.0]) == 6.5


def test_guard_survives_being_repeated_along_an_array() -> None:
    k, x = Input("k"), Input("x", (3,))
    root = p.where(p.greater(k, 0.0), e.sqrt(k), 0.0)
    value = make.reduce("sum", make.broadcast(root, (3,)) * x + make.broadcast(2.0 * root, (3,)))
    program = Program("f", (Parameter("k"), Parameter("x")), (k, x), (value,))
    assert evaluate(check(derivatives.gradient(program, ["k"])), 0.0, [1.0, 2.0, 3.0]) == 0.0
    assert evaluate(derivatives.gradient(program, ["k"]), 4.0, [1.0, 2.0, 3.0]) == 3.0


def test_hessian_under_a_guard() -> None:
    x, y = Input("x"), Input("y")
    value = p.where(p.greater(x, 0.0), e.sqrt(x) * y, y * y)
    program = Program("f", (Parameter("x"), Parameter("y")), (x, y), (value,))
    assert evaluate(check(derivatives.hessian(program, ["x", "y"])), 0.0, 3.0) == ((0.0, 0.0), (0.0, 2.0))


def test_kinks_follow_the_stated_policy() -> None:
    x, y = Input("x"), Input("y")
    for op in (p.maximum, p.minimum):
        program = Program("f", (Parameter("x"), Parameter("y")), (x, y), (op(x, y),))
        assert evaluate(derivatives.gradient(program, ["x", "y"]), 2.0, 2.0) == (0.5, 0.5)
    assert orders(p.absolute, 0.0, 2) == [0.0, 0.0]
    assert orders(p.floor, 1.0, 2) == [1.0, 0.0]


def test_power_at_its_edges() -> None:
    x, y = Input("x"), Input("y")
    program = Program("f", (Parameter("x"), Parameter("y")), (x, y), (x**y,))
    gradient = derivatives.gradient(program, ["x", "y"])
    assert evaluate(gradient, 0.0, 2.0) == (0.0, 0.0)
    assert evaluate(gradient, 0.0, 1.0) == (1.0, 0.0)
    assert evaluate(gradient, 3.0, 0.0) == (0.0, pytest.approx(math.log(3.0)))
    assert evaluate(gradient, -2.0, 3.0)[0] == 12.0


def test_a_table_of_200_choices() -> None:
    def build(x: Node) -> Node:
        value: Node = 0.0 * x
        for step in range(200):
            value = p.where(p.greater(x, step), e.sin(step + 1.0) * x, value)
        return value

    assert orders(build, 2.5, 2) == [math.sin(3.0) * 2.5, math.sin(3.0)]
