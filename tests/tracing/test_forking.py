"""Control flow: which paths are run, what follows from a decision, and how the results are joined."""

import math
import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import symdiff as sd
from symdiff.errors import BranchError, LoopError, TraceError
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Select
from symdiff.ir.program import Program
from symdiff.tracing import trace_function


def selects(program: Program) -> int:
    return sum(isinstance(node, Select) for node in program.nodes())


class TestPaths:
    def test_a_condition_is_asked_once(self) -> None:
        runs = []

        def f(x, count):
            count(1)
            total = 0.0
            for _ in range(10):
                if x > 1:
                    total += x
            return total

        program = trace_function(f, static={"count": runs.append})
        assert len(runs) == 1
        assert selects(program) == 1

    @pytest.mark.parametrize(
        "follows",
        [
            lambda x: x > 1,
            lambda x: operator.lt(1, x),
            lambda x: x >= 1,
            lambda x: not x <= 1,
            lambda x: not x < 1,
            lambda x: x != 1,
            lambda x: np.logical_not(x <= 1),
        ],
    )
    def test_what_follows_is_not_asked(self, follows) -> None:
        def f(x):
            if x > 1:
                if follows(x):
                    return x
                raise AssertionError("unreachable")
            return 0.0

        assert evaluate(trace_function(f), 2.0) == 2.0

    def test_equality_follows_from_two_comparisons(self) -> None:
        def f(x, y):
            if x < y:
                return 1.0
            if x > y:
                return 2.0
            if x == y:
                return 3.0
            raise AssertionError("unreachable")

        program = trace_function(f)
        assert [evaluate(program, 0.0, y) for y in (1.0, -1.0, 0.0)] == [1.0, 2.0, 3.0]

    def test_parts_of_a_conjunction_follow(self) -> None:
        def f(x, y):
            if np.logical_and(x > 0, y > 0):
                return math.log(x) if x > 0 else 1 / 0
            if not np.logical_or(x > 0, y > 0):
                return x if x <= 0 else 1 / 0
            return y

        program = trace_function(f)
        for x, y in ((1.0, 2.0), (-1.0, -2.0), (1.0, -1.0), (-1.0, 1.0)):
            assert evaluate(program, x, y) == f(x, y)

    def test_equal_results_need_no_select(self) -> None:
        program = trace_function(lambda x: 2 * x if x > 0 else x * 2)
        assert selects(program) == 0

    def test_static_conditions_do_not_fork(self) -> None:
        def f(x, n=4):
            y = x
            while n > 0:
                y, n = y * x, n - 1
            return y if x * 0 == 0 else 1 / 0

        assert selects(trace_function(f, static=["n"])) == 0

    def test_nested_helpers_fork_too(self) -> None:
        def sign(x):
            return 1.0 if x > 0 else -1.0

        def f(x, y):
            return sign(x) * sign(y) + sign(x * y)

        program = trace_function(f)
        for x, y in ((1.0, 2.0), (-1.0, 2.0), (-1.0, -3.0), (2.0, -0.5)):
            assert evaluate(program, x, y) == f(x, y)

    def test_sixty_four_paths_are_fine_and_sixty_five_are_not(self) -> None:
        f = lambda v: sum(1.0 if element > 0 else 2.0 for element in v)  # noqa: E731 (lambdas are not rewritten)
        program = trace_function(f, shapes={"v": 6})
        v = np.array([1.0, -1.0, 1.0, 1.0, -1.0, -1.0])
        assert evaluate(program, v) == f(v)
        with pytest.raises(BranchError):
            trace_function(f, shapes={"v": 7})

    def test_a_chain_of_sixty_four_elifs(self) -> None:
        def f(x):
            for i in range(63):
                if x < i:
                    return x * i
            return x

        program = trace_function(f)
        assert [evaluate(program, x) for x in (-0.5, 10.2, 61.5, 70.0)] == [f(x) for x in (-0.5, 10.2, 61.5, 70.0)]

    def test_thresholds_follow_from_each_other(self) -> None:
        def tax(income):
            due = 0.0
            for threshold in range(40):
                if income > threshold:
                    due += 0.01 * (income - threshold)
                if threshold >= income + 0.0 and income > threshold + 1:
                    raise AssertionError("unreachable")
            return due

        program = trace_function(tax)
        for income in (-1.0, 0.0, 0.5, 1.0, 17.0, 17.2, 39.0, 50.0):
            assert evaluate(program, income) == pytest.approx(tax(income), rel=1e-14)

    @pytest.mark.parametrize(("low", "strict"), [(1.0, False), (1.0, True), (-0.0, False)])
    def test_the_edge_of_a_threshold(self, low: float, strict: bool) -> None:
        def f(x):
            if (x > low) if strict else (x >= low):
                return 1.0 if x == low else 2.0 if x > low else 3.0
            return 4.0 if x == low else 5.0 if x < low else 6.0

        program = trace_function(f)
        for x in (low, math.nextafter(low, 9.0), math.nextafter(low, -9.0), low + 1, low - 1):
            assert evaluate(program, x) == f(x)

    def test_comparisons_with_nan_decide_nothing(self) -> None:
        def f(x):
            if x > math.nan:
                return 1.0
            return 2.0 if x <= math.nan else 3.0

        assert evaluate(trace_function(f), 1.0) == 3.0

    def test_loops_without_end(self) -> None:
        def f(x):
            passed = []
            while x > 0:
                x = x - 1
                passed.append(x)
            return len(passed)

        with pytest.raises(LoopError, match="while x > 0"):
            trace_function(f)

    def test_a_function_that_changes_its_mind_is_refused(self) -> None:
        answer = iter(range(100)).__next__  # nobody can tell that it gives something else every time

        with pytest.raises(TraceError, match="the same thing twice"):
            trace_function(lambda x, following: x if x > following() else -x, static={"following": answer})


class TestChoices:
    @given(st.lists(st.floats(-10, 10), min_size=5, max_size=5))
    def test_sorting_needs_no_decision(self, values: list[float]) -> None:
        assert evaluate(SORTED, np.array(values)) == sorted(values)

    @given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
    def test_a_tree_of_decisions(self, x: float, y: float, z: float) -> None:
        assert evaluate(MIDDLE, x, y, z) == middle(x, y, z) == sorted([x, y, z])[1]

    def test_max_and_min_do_not_fork(self) -> None:
        assert selects(trace_function(lambda x, y: max(x, y, 1.0) + min(x, abs(y)))) == 0


def middle(x, y, z):
    if x < y:
        if y < z:
            return y
        return max(x, z)
    if x < z:
        return x
    return max(y, z)


SORTED = trace_function(lambda v: sorted(v), shapes={"v": 5})
MIDDLE = trace_function(middle)


COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
question = st.tuples(st.sampled_from(COMPARISONS), st.sampled_from([-1.0, 0.0, 0.5, 1.0]), st.booleans())


@given(st.lists(question, max_size=6), st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 2.0]))
def test_questions_about_one_number_are_answered_as_python_does(questions, x: float) -> None:
    def f(x):
        return [1.0 if (compare(c, x) if swapped else compare(x, c)) else 0.0 for compare, c, swapped in questions]

    assert evaluate(trace_function(f), x) == f(x)


def fork_behind_a_loop(x, y):
    rest = x
    while rest > 0.3:
        rest *= 0.7
    return len([1] if rest > 0.25 else [1, 2]) * rest * y


def fork_behind_loops_inside_each_other(x, y):
    a, total = x, 0.0
    while a > 0.3:
        b = y
        while b > 0.1:
            b *= 0.5
            total += b * a
        a *= 0.7
    return len([1] if total > 0.5 else [1, 2]) * total


def fork_behind_a_function_that_loops(x, y):
    first, second = (fork_behind_a_loop(each, 1.0) for each in (x, y))
    return len([1] if first > second else [1, 2]) * first


@pytest.mark.parametrize(
    "f", [fork_behind_a_loop, fork_behind_loops_inside_each_other, fork_behind_a_function_that_loops]
)
def test_every_path_comes_to_the_same_loop(f) -> None:
    traced = sd.trace(f)
    for point in [(0.9, 0.8), (0.5, 0.9), (0.2, 0.4), (2.0, 0.05)]:
        assert traced(*point) == pytest.approx(f(*point), rel=1e-14)
