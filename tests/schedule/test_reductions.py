"""Reductions of reductions become one, unless what is between is needed."""

import numpy as np
import pytest

from symdiff.ir import make
from symdiff.ir.evaluate import evaluate
from symdiff.ir.lengths import named
from symdiff.ir.nodes import Input, Node, Reduce
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.schedule.reductions import merge_reductions

X = Input("x", (named("n"), 3, 2))


def program(*outputs: Node) -> Program:
    return Program("f", (Parameter("x"),), (X,), outputs, tuple_of([LEAF] * len(outputs)))


@pytest.mark.parametrize("how", ["sum", "max", "prod"])
@pytest.mark.parametrize(("first", "second"), [([1], [0, 1]), ([0], [1]), ([0, 2], [0])])
def test_one_reduction_is_left(how: str, first: list[int], second: list[int]) -> None:
    before = program(make.reduce(how, make.reduce(how, X * X, first), second))
    after = merge_reductions(before)
    assert sum(isinstance(node, Reduce) for node in after.nodes()) == 1
    values = np.random.default_rng(0).standard_normal((4, 3, 2))
    np.testing.assert_allclose(evaluate(after, values)[0], evaluate(before, values)[0], rtol=1e-13)


def test_three_become_one() -> None:
    total = make.reduce("sum", make.reduce("sum", make.reduce("sum", X, [0]), [0]), [0])
    after = merge_reductions(program(total + 1.0))
    assert sum(isinstance(node, Reduce) for node in after.nodes()) == 1


def test_what_is_needed_or_another_reduction_stays() -> None:
    rows = make.reduce("sum", X, [1, 2])
    shared = program(make.reduce("sum", rows, [0]), rows)
    assert merge_reductions(shared) is shared
    mixed = program(make.reduce("max", rows, [0]))
    assert merge_reductions(mixed) is mixed
