"""Tracers: origins of nodes, types that `isinstance` believes in, random expressions against Python."""

import math
import operator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Const, Node
from symdiff.tracing import trace_function


def bound_names(function: Any, **options: Any) -> list[str]:
    """The names of computed values. (Constants are shared between traces, and have no line of their own.)"""
    nodes = [node for node in trace_function(function, **options).nodes() if not isinstance(node, Const)]
    return [node.origin.binds for node in nodes if node.origin is not None and node.origin.binds]


class TestOrigins:
    def test_values_know_the_name_they_are_assigned_to(self) -> None:
        def f(x):
            square = x * x
            wave = math.sin(square + 1.0)
            largest = max(square, wave)
            total = np.hypot(largest, 2.0)
            return total / 3.0

        assert bound_names(f) == ["square", "wave", "largest", "total"]

    def test_parts_of_a_call_have_no_name(self) -> None:
        def f(v):
            spread = np.std(v)
            return spread * 2.0

        assert bound_names(f, shapes={"v": 3}) == ["spread"]

    def test_compound_expressions_name_the_outermost_value(self) -> None:
        def f(x):
            y = 2.0 * x + math.exp(-x) * 3.0
            y += x
            return y * y

        assert bound_names(f) == ["y", "y"]

    def test_lines(self) -> None:
        def f(x):
            y = x * x
            return math.sin(y)

        first = f.__code__.co_firstlineno
        lines = {repr(n): n.origin.line for n in trace_function(f).nodes() if n.args and n.origin is not None}
        assert lines == {"Map(multiply)": first + 1, "Map(sin)": first + 2}

    def test_unpacking_gives_no_element_the_name_of_another(self) -> None:
        def f(v):
            a, b = v
            return a * b

        assert bound_names(f, shapes={"v": 2}) == []

    def test_comprehensions_and_helpers_name_their_own_lines(self) -> None:
        def helper(x):
            inner = x * x
            return inner + 1.0

        def f(x):
            return sum([helper(x * i) for i in range(1, 3)])

        assert bound_names(f) == ["inner", "inner"]


class TestTypes:
    @pytest.mark.parametrize(
        ("make", "kind"),
        [(lambda x, v: x, float), (lambda x, v: x > 0, bool), (lambda x, v: v, np.ndarray), (lambda x, v: v[0], float)],
    )
    def test_isinstance_sees_the_type_of_the_number(self, make, kind) -> None:
        seen = []
        trace_function(
            lambda x, v, see: [see(type(make(x, v)) is kind), see(isinstance(make(x, v), kind)), x][-1],
            args=(1.0, np.ones(2)),
            static={"see": seen.append},
        )
        assert seen == [True, True]

    def test_numbers_are_real_numbers(self) -> None:
        from collections.abc import Iterable
        from numbers import Real

        seen = []
        trace_function(
            lambda x, see: [see(isinstance(x, Real)), see(isinstance(x, Iterable)), see(callable(x)), x][-1],
            static={"see": seen.append},
        )
        assert seen == [True, False, False]


UNARY = [operator.neg, abs, math.sin, np.cos, math.tanh, math.floor, np.sign, lambda x: x * x, lambda x: float(x > 0)]
BINARY = [
    operator.add,
    operator.sub,
    operator.mul,
    max,
    min,
    np.maximum,
    math.hypot,
    lambda x, y: min(y, x),
    lambda x, y: np.where(x > y, x, 2.0 * y),
    lambda x, y: x / (1.0 + y * y),
]
step = st.tuples(st.sampled_from(UNARY), st.sampled_from(BINARY), st.integers(0, 3), st.floats(-2, 2))


@given(st.lists(step, min_size=1, max_size=5), st.floats(-2, 2), st.floats(-2, 2))
def test_random_expressions_agree_with_python(steps: list[Any], x: float, y: float) -> None:
    def f(x, y):
        values = [x, y]
        for one, two, position, constant in steps:
            values.append(two(one(values[-1]), values[position % len(values)] + constant))
        return values[-1]

    expected = f(x, y)
    assert evaluate(check(trace_function(f)), x, y) == pytest.approx(float(expected), rel=1e-13, abs=1e-13)


def test_nodes_are_shared_between_paths() -> None:
    def f(x):
        y = math.sin(x) * math.exp(x)
        return y + 1.0 if x > 0 else y - 1.0

    nodes: list[Node] = trace_function(f).nodes()
    assert sum(repr(node) == "Map(sin)" for node in nodes) == 1
