"""`scan`: taps, ends by a condition, shared variables that change from step to step; numbers as Theano has them."""

import itertools
from typing import Any

import numpy as np
import pytest

from symdiff.errors import ArgumentError, GuardedError, LoopError, ShapeError
from symdiff.symbolic import function, grad, matrix, pp, scalar, scan, shared, tensor, until, vector

x, y = scalar("x"), scalar("y")
v, w, A = vector("v"), vector("w"), matrix("A")
k = scalar("k", dtype="int64")
GIVEN = [1.0, 2.0, 3.0, 4.0, 5.0]


class TestTaps:
    def test_of_sequences(self) -> None:
        back, _ = scan(lambda a, b: 10 * a + b, sequences={"input": v, "taps": [-3, -2]})
        assert function([v], back)(GIVEN).tolist() == [12.0, 23.0]
        ahead, _ = scan(lambda a, b: 10 * a + b, sequences={"input": v, "taps": [1, 2]})
        assert function([v], ahead)(GIVEN).tolist() == [23.0, 34.0, 45.0]

    def test_of_states(self) -> None:
        fibonacci, _ = scan(lambda b, a: a + b, outputs_info={"initial": v, "taps": [-2, -1]}, n_steps=5)
        assert function([v], fibonacci)([0.0, 1.0]).tolist() == [1.0, 2.0, 3.0, 5.0, 8.0]
        third, _ = scan(lambda e, s: e + s, sequences=v, outputs_info={"initial": w, "taps": [-3]})
        assert function([v, w], third)(GIVEN, [100.0, 200.0, 300.0]).tolist() == [101.0, 202.0, 303.0, 105.0, 207.0]

    def test_of_both_in_the_order_in_which_they_are_given(self) -> None:
        def step(before: Any, now: Any, two: Any, one: Any, factor: Any) -> Any:
            return before - now + two * one * factor

        states, _ = scan(
            step,
            sequences={"input": v, "taps": [-1, 0]},
            outputs_info={"initial": w, "taps": [-2, -1]},
            non_sequences=x,
        )
        expected = [2.0, 3.0]
        for before, now in itertools.pairwise(GIVEN):
            expected.append(before - now + expected[-2] * expected[-1] * 0.5)
        assert function([v, w, x], states)(GIVEN, [2.0, 3.0], 0.5).tolist() == expected[2:]

    def test_derivatives(self) -> None:
        states, _ = scan(lambda two, one: two * one, outputs_info={"initial": v, "taps": [-2, -1]}, n_steps=3)
        slopes = function([v], grad(states[-1], v))([2.0, 3.0])  # a b, a b², a² b³
        assert slopes.tolist() == [2 * 2.0 * 27.0, 3 * 4.0 * 9.0]

    def test_too_few_initial_values(self) -> None:
        states, _ = scan(lambda s: s, outputs_info={"initial": v, "taps": [-3]}, n_steps=2)
        with pytest.raises(ShapeError, match=r"looks 3 states back, and the initial value has shape \(2,\)"):
            function([v], states)([1.0, 2.0])


class TestBackwards:
    def test_every_sequence_from_its_own_end(self) -> None:
        states, _ = scan(lambda a, b, s: 2 * s + a * b, sequences=[v, w], outputs_info=0.0, go_backwards=True)
        assert function([v, w], states)(GIVEN, [10.0, 20.0, 30.0]).tolist() == [150.0, 380.0, 790.0]
        tens, _ = scan(lambda a: 10 * a, sequences=v, n_steps=2, go_backwards=True)
        assert function([v], tens)(GIVEN).tolist() == [50.0, 40.0]

    def test_with_taps(self) -> None:
        taken = {"input": v, "taps": [-1, 1]}
        states, _ = scan(lambda a, b, s: 2 * s + a - b * b, sequences=taken, outputs_info=0.0, go_backwards=True)
        expected, total = [], 0.0
        for before, after in ((3.0, 5.0), (2.0, 4.0), (1.0, 3.0)):
            total = 2 * total + before - after * after
            expected.append(total)
        assert function([v], states)(GIVEN).tolist() == expected


class TestNumbersOfSteps:
    def test_from_an_input(self) -> None:
        powers, _ = scan(lambda s, a: s * a, outputs_info=np.ones_like(v), non_sequences=v, n_steps=k)
        f = function([v, k], [powers[-1], grad(powers[-1].sum(), v)])
        for count in (2, 4, 2):
            value, slope = f([1.0, 2.0, 3.0], count)
            assert value.tolist() == [1.0, 2.0**count, 3.0**count]
            assert slope.tolist() == [count * base ** (count - 1) for base in (1.0, 2.0, 3.0)]
        with pytest.raises(LoopError, match="scan goes 0 steps"):
            f([1.0, 2.0, 3.0], 0)

    def test_the_path_is_named_where_a_module_is_asked_for(self) -> None:
        powers, _ = scan(lambda s: s * x, outputs_info=1.0, n_steps=k)
        f = function([x, k], powers[-1])
        assert f(2.0, 3) == 8.0
        with pytest.raises(GuardedError, match="f has no closed form") as caught:
            f.source()
        assert "k is 3" in str(caught.value)

    def test_until(self) -> None:
        powers, _ = scan(lambda s: (2 * s, until(2 * s > x)), outputs_info=1.0, n_steps=1024)
        f = function([x], powers)
        assert f(45.0).tolist() == [2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
        assert f(3.0).tolist() == [2.0, 4.0]
        assert f(46.0).tolist() == [2.0, 4.0, 8.0, 16.0, 32.0, 64.0]

    def test_a_root_is_differentiated_through_its_steps(self) -> None:
        def newton(root: Any) -> Any:
            new = 0.5 * (root + x / root)
            return new, until(abs(new - root) < 1e-12)

        roots, _ = scan(newton, outputs_info=1.0, n_steps=50)
        value, slope = function([x], [roots[-1], grad(roots[-1], x)])(2.0)
        assert value == pytest.approx(2**0.5, rel=1e-15) and slope == pytest.approx(0.5 / 2**0.5, rel=1e-12)

    def test_until_takes_one_condition(self) -> None:
        states, _ = scan(lambda s: (s + v, until(s > 1)), outputs_info=v, n_steps=3)
        with pytest.raises(ShapeError, match="until takes one condition"):
            function([v], states)([1.0, 2.0])


class TestUpdates:
    def test_a_shared_variable_changes_from_step_to_step(self) -> None:
        count = shared(1, name="count")
        outputs, updates = scan(lambda: {count: count + 1}, n_steps=10)
        assert outputs is None
        f = function([], [count + 1, updates[count] + 1], updates=updates)
        assert f() == [2.0, 12.0] and count.get_value() == 11
        assert f() == [12.0, 22.0] and count.get_value() == 21

    def test_beside_outputs(self) -> None:
        total = shared(0.0, name="total")
        totals, updates = scan(lambda e: (total * e, {total: total + e}), sequences=v)
        f = function([v], totals, updates=updates)
        assert f([1.0, 2.0, 3.0]).tolist() == [0.0, 2.0, 9.0] and total.get_value() == 6.0

    def test_without_the_updates_it_stays(self) -> None:
        total = shared(5.0, name="total")
        totals, _ = scan(lambda e: (total * e, {total: total + e}), sequences=v)
        assert function([v], totals)([1.0, 2.0]).tolist() == [5.0, 12.0] and total.get_value() == 5.0


class TestWhatAStepMayUse:
    def test_strict(self) -> None:
        def step(e: Any) -> Any:
            return e * y

        with pytest.raises(ArgumentError, match="the step uses y, which it is not given"):
            scan(step, sequences=v, strict=True)
        scaled, _ = scan(lambda e, f: e * f, sequences=v, non_sequences=y, strict=True)
        assert function([v, y], scaled)([1.0, 2.0], 3.0).tolist() == [3.0, 6.0]

    def test_positions_of_what_is_differentiated(self) -> None:
        cubes = v**3
        rows, _ = scan(lambda i: grad(cubes[i] + cubes[:i].sum(), v), sequences=np.arange(2))
        f = function([v], rows)
        assert f([1.0, 2.0]).tolist() == [[3.0, 0.0], [3.0, 12.0]]
        assert "def " in f.source()  # a closed form: the positions are known

    def test_printed(self) -> None:
        states, _ = scan(lambda b, a: a + b, outputs_info={"initial": v, "taps": [-2, -1]}, n_steps=5)
        assert pp(states) == "scan((state_0[-1] + state_0[-2]), state_0[-2]=v, state_0[-1]=v, n_steps=5)"
        count = shared(1, name="count")
        _, updates = scan(lambda: {count: count + 1}, n_steps=10)
        assert pp(updates[count]) == "scan((count + 1), n_steps=10)[-1]"

    def test_ranks_of_what_a_step_sees(self) -> None:
        t, seen = tensor("t", ndim=3), []

        def step(m: Any, before: Any, state: Any, first: Any) -> Any:
            seen.append([m.ndim, (m @ A).ndim, before.ndim, state.ndim, first.ndim])
            rows, columns = m.shape
            return state * rows + columns

        scan(step, sequences=[t, {"input": v, "taps": [-1]}], outputs_info=A, non_sequences=x)
        assert seen == [[2, 2, 0, 2, 0]]
        third = {"initial": A, "taps": [-3]}
        scan(lambda state: seen.append(state.ndim) or state, outputs_info=third, n_steps=2)
        assert seen[1] == 1

    def test_several_axes(self) -> None:
        t = tensor("t", ndim=3)
        totals, _ = scan(lambda m, s: s + m @ A, sequences=t, outputs_info=np.zeros((2, 2)))
        rng = np.random.default_rng(0)
        given, matrix_ = rng.normal(size=(3, 2, 4)), rng.normal(size=(4, 2))
        assert np.allclose(function([t, A], totals[-1])(given, matrix_), (given @ matrix_).sum(axis=0), rtol=1e-14)
