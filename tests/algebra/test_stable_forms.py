"""Every row of the table of stable forms against mpmath: never less accurate, never less defined."""

import inspect
import math
from itertools import product
from random import Random

import mpmath
import numpy as np
import pytest

from symdiff.algebra.passes import simplify
from symdiff.algebra.patterns import Pattern, match
from symdiff.algebra.stable import FORMS, stabilise
from symdiff.calculus.derivatives import elementwise, gradient
from symdiff.ir import make
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate, evaluate_mpmath
from symdiff.ir.nodes import Input, Map
from symdiff.ir.program import Parameter, Program
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops import stable as s
from symdiff.ops.special import erf, erfc
from tests.algebra.random_functions import program_of

x, y, z = Input("x"), Input("y"), Input("z")
FAITHFUL = 4.0  # ULP: what a chain of a few library functions costs, none of which is rounded exactly


def points_of(pattern: Pattern) -> list[tuple[float, ...]]:
    """Points of the row's domain: its ends, zero and tiny numbers where they belong, and fifty between."""
    random = Random(pattern.name)
    count = len(inspect.signature(pattern.raw).parameters)
    domain = pattern.domain if len(pattern.domain) == count else pattern.domain * count
    ends = [[low, high, *(v for v in (0.0, 1e-9, -1e-9, 1e-3, 0.5) if low <= v <= high)] for low, high in domain]
    between = [tuple(random.uniform(low, high) for low, high in domain) for _ in range(50)]
    return [*product(*ends), *between]


def ulps(value: float, truth: mpmath.mpf) -> float:
    if math.isnan(value) or math.isinf(value):
        return math.inf
    return float(abs(mpmath.mpf(value) - truth) / math.ulp(float(truth)))


@pytest.mark.parametrize("pattern", FORMS.patterns, ids=lambda pattern: pattern.name)
def test_a_form_is_never_worse_than_what_it_replaces(pattern: Pattern) -> None:
    names = list(inspect.signature(pattern.raw).parameters)
    raw, better = program_of(pattern.raw, *names), program_of(pattern.better, *names)
    before, after = [], []
    for point in points_of(pattern):
        truth = evaluate_mpmath(raw, *point, digits=700)
        if not mpmath.isfinite(truth) or not math.isfinite(float(truth)):
            continue
        before.append(ulps(float(evaluate(raw, *point)), truth))
        after.append(ulps(float(evaluate(better, *point)), truth))
        assert math.isfinite(after[-1]), point
    assert len(after) >= 50
    assert max(after) <= max(FAITHFUL, max(before))
    assert np.median(after) <= max(1.0, np.median(before))


@pytest.mark.parametrize("pattern", FORMS.patterns, ids=lambda pattern: pattern.name)
def test_a_form_is_found(pattern: Pattern) -> None:
    names = list(inspect.signature(pattern.raw).parameters)
    program = program_of(pattern.raw, *names)
    found = check(stabilise(program)).outputs[0]
    expected = pattern.better(*program.inputs)
    assert found is stabilise(program.with_outputs([expected], program.structure)).outputs[0]


WRITTEN = {
    "sigmoid": (1.0 / (1.0 + e.exp(-x)), s.sigmoid(x)),
    "sigmoid of a product": (1.0 / (e.exp(-2.0 * x) + 1.0), s.sigmoid(2.0 * x)),
    "fermi": (1.0 / (e.exp((x - y) / z) + 1.0), s.sigmoid(-((x - y) / z))),
    "logistic growth": (3.0 / (1.0 + e.exp(-x)), 3.0 * s.sigmoid(x)),
    "softplus": (e.log(e.exp(x * y) + 1.0), s.softplus(x * y)),
    "tanh": ((1.0 - e.exp(-x)) / (1.0 + e.exp(-x)), e.tanh(0.5 * x)),
    "tanh of a product": (
        (e.exp(2.0 * x) - e.exp(-2.0 * x)) / (e.exp(2.0 * x) + e.exp(-2.0 * x)),
        e.tanh(2.0 * x),
    ),
    "sigmoid by tanh": (0.5 * (e.tanh(x) + 1.0), s.sigmoid(2.0 * x)),
    "logistic density": (e.exp(-x) / e.power(1.0 + e.exp(-x), 2.0), e.bell(x)),
    "s (1 - s)": (s.sigmoid(x) * (1.0 - s.sigmoid(x)), e.bell(x)),
    "normal distribution": ((1.0 + erf(x)) / 2.0, 0.5 * erfc(-x)),
    "log(1 - e^-x)": (e.log(1.0 - e.exp(-x)), s.log1mexp(x)),
    "a power of a square": (e.power(e.power(x - y, 2.0), 1.5), e.power(p.absolute(x - y), 3.0)),
    "a whole power of a square": (e.power(x * x, 2.0), (x * x) * (x * x)),
    "hypot": (e.sqrt(e.power(x - y, 2.0) + z * z), e.hypot(x - y, z)),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_forms_as_people_write_them(name: str) -> None:
    raw, better = WRITTEN[name]
    program = Program("f", tuple(Parameter(node.name) for node in (x, y, z)), (x, y, z), (raw,))
    assert simplify(program, "fast").outputs[0] is better


def test_the_derivatives_of_log_one_plus_exp() -> None:
    program = stabilise(program_of(lambda x: e.log(1.0 + e.exp(x)), "x"))
    assert evaluate(stabilise(elementwise(program, ["x"], 1)), 800.0) == 1.0
    assert evaluate(stabilise(elementwise(program, ["x"], 2)), 40.0) == 4.248354255291589e-18


def test_a_form_in_a_derivative_is_recognised_after_differentiation() -> None:
    derived = elementwise(program_of(lambda x: e.exp(x) - x, "x"), ["x"], 1)
    assert simplify(derived, "fast").outputs[0] is e.expm1(derived.inputs[0])


def test_guards_stay_where_they_are() -> None:
    raw = p.where(p.not_equal(x, 0.0), e.sin(x) / x, 1.0)
    program = Program("f", (Parameter("x"),), (x,), (raw,))
    assert simplify(program, "fast").outputs[0] is raw
    derived = simplify(gradient(program, ["x"]), "full")
    assert evaluate(derived, 0.0) == 0.0


def test_arrays_keep_their_shape() -> None:
    v, w = Input("v", (3,)), Input("w", (2, 1))
    program = Program("f", (Parameter("v"), Parameter("w")), (v, w), (e.log(1.0 + e.exp(v)), v * w / w))
    simple = check(simplify(program.with_outputs([program.outputs[1]], program.structure), "fast"))
    assert simple.outputs[0].shape == (2, 3)
    assert stabilise(program.with_outputs([program.outputs[0]], program.structure)).outputs[0] is s.softplus(v)
    one = program.with_outputs([e.sin(v) * e.sin(v) + e.cos(v) * e.cos(v)], program.structure)
    assert check(stabilise(one)).outputs[0].shape == (3,)


class TestMatching:
    def test_wildcards_are_consistent(self) -> None:
        pattern = e.sin(x) * e.sin(x) + e.cos(x) * e.cos(x)
        assert match(pattern, e.cos(y) * e.cos(y) + e.sin(y) * e.sin(y)) == {x: y}
        assert match(pattern, e.cos(y) * e.cos(y) + e.sin(z) * e.sin(z)) is None

    def test_operands_match_in_both_orders(self) -> None:
        assert match(x - y * x, z - z * e.exp(z)) == {x: z, y: e.exp(z)}
        assert match(x / y, z - y) is None

    def test_minus_is_found_in_products_and_differences(self) -> None:
        assert match(e.exp(-x), e.exp(-2.0 * y)) == {x: 2.0 * y}
        assert match(e.exp(-x), e.exp(y - z)) == {x: z - y}
        assert match(e.exp(-x), e.exp(y + z)) is None
        assert match(e.exp(-x), e.exp(2.0 * y)) == {x: -2.0 * y}

    def test_numbers_are_themselves(self) -> None:
        assert match(1.0 + x, 2.0 + y) is None
        assert match(make.lift(1.0) + x, y + 1.0) == {x: y}
        assert isinstance(1.0 + y, Map)


def test_powers_of_squares_are_differentiated_at_zero() -> None:
    """|x|^3.4 as (x^2)^1.7, as equations of state have it near the critical point: its slopes are 0 where x is."""
    program = simplify(program_of(lambda x: e.power(x * x, 1.7), "x"), "fast")
    for order, slope in ((1, 3.4 * 0.25**2.4), (2, 3.4 * 2.4 * 0.25**1.4), (3, 3.4 * 2.4 * 1.4 * 0.25**0.4)):
        derived = simplify(elementwise(program, ["x"], order, simplify), "fast")
        assert float(evaluate(derived, 0.0)) == 0.0
        assert float(evaluate(derived, 0.25)) == pytest.approx(slope, rel=1e-14)
        assert float(evaluate(derived, -0.25)) == pytest.approx(slope * (-1) ** order, rel=1e-14)
