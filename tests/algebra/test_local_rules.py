"""Local rules: cheaper, never less accurate, and nothing that is shared is taken apart."""

from random import Random

import mpmath
import pytest

from symdiff.algebra.cost import cost
from symdiff.algebra.passes import locally, simplify
from symdiff.algebra.stable import stabilise
from symdiff.errors import ArgumentError
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate, evaluate_mpmath
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from tests.algebra.random_functions import random_program

x, y, z = Input("x"), Input("y"), Input("z")


def program(*outputs: Node) -> Program:
    structure = LEAF if len(outputs) == 1 else tuple_of([LEAF] * len(outputs))
    return Program("f", tuple(Parameter(node.name) for node in (x, y, z)), (x, y, z), outputs, structure)


RULES: list[tuple[Node, Node]] = [
    (x * y / y, x),
    (x * y * z / (x * z), y),
    (x * z / (x * y * z), 1.0 / y),
    (x * y / (y * x), x / x),
    (x * (1.0 / y), x / y),
    (x / y * y, x),
    (1.0 / (x / y), y / x),
    (x / 4.0, 0.25 * x),
    (x * y + x * z, x * (y + z)),
    (y * x - z * x, x * (y - z)),
    (2.0 * (x * y) - 2.0 * (z * x), (2.0 * x) * (y - z)),
    (x * x * y + x * x * z, x * x * (y + z)),
    (x / z - y / z, (x - y) / z),
    (x * x / z / z + e.sin(x / z), (x / z) * (x / z) + e.sin(x / z)),
    (2.0 * x + 3.0 * x, 5.0 * x),
    (0.5 * x + x, 1.5 * x),
    ((2.0 * x) * (3.0 * y), 6.0 * (x * y)),
    (x + (-2.0), x - 2.0),
    (x - (-2.0), x + 2.0),
    (x + (-2.0) * y, x - 2.0 * y),
    (e.sin(-x), -e.sin(x)),
    (e.sin(-2.0 * x), -e.sin(2.0 * x)),
    (e.cos(y - x) + e.cos(-x), e.cos(y - x) + e.cos(x)),
]


@pytest.mark.parametrize(("raw", "better"), RULES, ids=range(len(RULES)))
def test_a_rule(raw: Node, better: Node) -> None:
    assert locally(program(raw)).outputs[0] is better


LEFT_ALONE: list[Node] = [
    (x + y) - x,  # a compensated summation
    0.1 * (0.3 * x),  # the product of the numbers is not exact
    x / 3.0,
    x / 10.0,
    p.where(p.not_equal(y, 0.0), x / y, 0.0),
]


@pytest.mark.parametrize("node", LEFT_ALONE, ids=range(len(LEFT_ALONE)))
def test_what_could_lose_accuracy_is_left_alone(node: Node) -> None:
    assert locally(program(node)).outputs[0] is node


def test_shared_products_are_not_taken_apart() -> None:
    shared = x * y
    raw = program(shared + x * z, shared)
    assert locally(raw).outputs == raw.outputs
    quotient = 1.0 / y
    raw = program(x * quotient, quotient)
    assert locally(raw).outputs == raw.outputs


def test_cancellation_does_not_multiply_products() -> None:
    product = x * y * z * e.sin(x) * e.cos(x)
    raw = program(product / y, product)
    assert locally(raw).outputs == raw.outputs
    assert locally(program(product / y)).outputs[0] is x * z * e.sin(x) * e.cos(x)


def test_cancellation_in_the_guarded_side_stays_guarded() -> None:
    raw = program(p.where(p.greater(x, 0.0), e.log(x) * y / y, 0.0))
    assert evaluate(locally(raw), -1.0, 2.0, 0.0) == 0.0


@pytest.mark.parametrize("seed", range(150))
def test_random_programs(seed: int) -> None:
    raw = random_program(seed)
    simple = check(simplify(raw, "fast"))
    assert simplify(simple, "fast").outputs == simple.outputs
    assert cost(simple.outputs) <= cost(stabilise(raw).outputs)
    assert_as_accurate(raw, simple, seed)


def assert_as_accurate(raw: Program, simple: Program, seed: int, slack: float = 8.0) -> None:
    """At random points: finite where the raw program is, and not much further from mpmath than that."""
    random = Random(seed)
    for _ in range(8):
        point = [random.choice((-1.0, 1.0)) * 10.0 ** random.uniform(-1, 1) for _ in raw.inputs]
        results = zip(
            evaluate(raw, *point), evaluate(simple, *point), evaluate_mpmath(raw, *point, digits=80), strict=True
        )
        for before, after, truth in results:
            if not mpmath.isfinite(before) or not mpmath.isfinite(truth):
                continue
            scale = abs(before - truth) + slack * 2.0**-52 * abs(truth) + mpmath.mpf(10) ** -300
            assert abs(after - truth) <= slack * scale, (point, before, after, truth)


def test_levels() -> None:
    raw = program(x * y / y)
    assert simplify(raw, "none") is raw
    assert simplify(raw).outputs[0] is x
    with pytest.raises(ArgumentError, match="no level 'most'"):
        simplify(raw, "most")  # type: ignore[arg-type]
