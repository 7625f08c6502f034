"""Choices, assignments to parts, loops."""

from typing import Any

import numpy as np
import pytest

from symdiff.errors import ArgumentError, LoopError, ShapeError
from symdiff.symbolic import (
    arange,
    function,
    grad,
    ifelse,
    inc_subtensor,
    matrix,
    scalar,
    scan,
    set_subtensor,
    switch,
    vector,
)

x, y, n = scalar("x"), scalar("y"), scalar("n", dtype="int64")
v, A = vector("v"), matrix("A")


class TestChoices:
    def test_element_by_element(self) -> None:
        assert function([v], switch(v > 0, v, -v))([1.0, -2.0]).tolist() == [1.0, 2.0]

    def test_the_side_not_taken_does_not_matter(self) -> None:
        root = ifelse(x > 0, np.sqrt(x), 0.0)
        assert function([x], [root, grad(root, x)])(0.0) == [0.0, 0.0]

    def test_several_at_once(self) -> None:
        low, high = ifelse(x < y, [x, y], [y, x])
        assert function([x, y], [low, high])(3.0, 1.0) == [1.0, 3.0]

    def test_what_does_not_fit(self) -> None:
        with pytest.raises(ShapeError, match="ifelse takes one condition"):
            function([v], ifelse(v > 0, v, -v))([1.0, 2.0])
        with pytest.raises(ShapeError, match=r"the sides of ifelse have shapes \(2,\) and \(\)"):
            function([v, x], ifelse(x > 0, v, x))([1.0, 2.0], 1.0)
        with pytest.raises(ArgumentError):
            ifelse(x > 0, [x], [x, y])


class TestParts:
    def test_set_and_increased(self) -> None:
        given = np.arange(6.0).reshape(2, 3)
        changed = function([A, x], [set_subtensor(A[0], x), inc_subtensor(A[:, 1:], x), A])(given, 9.0)
        assert [each.tolist() for each in changed] == [
            [[9.0, 9.0, 9.0], [3.0, 4.0, 5.0]],
            [[0.0, 10.0, 11.0], [3.0, 13.0, 14.0]],
            given.tolist(),
        ]

    def test_derivatives_go_to_both(self) -> None:
        cost = (set_subtensor(v[0], x**2) ** 2).sum()
        slopes = function([v, x], grad(cost, [v, x]))([5.0, 3.0], 2.0)
        assert slopes[0].tolist() == [0.0, 6.0] and slopes[1] == 32.0

    def test_only_parts_are_set(self) -> None:
        with pytest.raises(ArgumentError, match="set_subtensor takes a part of an array"):
            set_subtensor(v, 1.0)

    def test_axes_shuffled(self) -> None:
        given = np.arange(6.0).reshape(2, 3)
        assert function([A], A.dimshuffle(1, "x", 0))(given).tolist() == given.T[:, None, :].tolist()
        assert function([v], v.dimshuffle(["x", 0]))([1.0, 2.0]).tolist() == [[1.0, 2.0]]

    def test_lengths(self) -> None:
        assert function([A], A.sum() / A.shape[0] + A.size)(np.ones((2, 3))) == 9.0
        assert function([v], v * arange(1, v.shape[0] + 1))([1.0, 1.0]).tolist() == [1.0, 2.0]


class TestScan:
    def test_sequences_states_and_the_rest(self) -> None:
        def step(element: Any, other: Any, state: Any, factor: Any) -> Any:
            return factor * state + element * other

        states, updates = scan(step, sequences=[v, v**2], outputs_info=x, non_sequences=y)
        assert updates == {}
        assert function([v, x, y], states)([1.0, 2.0, 3.0], 10.0, 2.0).tolist() == [21.0, 50.0, 127.0]

    def test_outputs_that_are_no_states(self) -> None:
        (states, squares), _ = scan(lambda e, s: [s + e, e**2], sequences=v, outputs_info=[0.0, None])
        found = function([v], [states, squares])([1.0, 2.0, 3.0])
        assert [each.tolist() for each in found] == [[1.0, 3.0, 6.0], [1.0, 4.0, 9.0]]
        squares, _ = scan(lambda e: e**2, sequences=v)
        assert function([v], squares)([1.0, 2.0]).tolist() == [1.0, 4.0]

    def test_backwards_and_fewer(self) -> None:
        states, _ = scan(lambda e, s: 10 * s + e, sequences=v, outputs_info=0.0, go_backwards=True)
        assert function([v], states)([1.0, 2.0, 3.0]).tolist() == [3.0, 32.0, 321.0]
        states, _ = scan(lambda e, s: 10 * s + e, sequences=v, outputs_info=0.0, n_steps=2)
        assert function([v], states)([1.0, 2.0, 3.0]).tolist() == [1.0, 12.0]

    def test_rows(self) -> None:
        totals, _ = scan(lambda row: (row * v).sum(), sequences=A)
        assert function([A, v], totals)([[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0]).tolist() == [21.0, 43.0]

    def test_one_inside_another(self) -> None:
        def powers(element: Any) -> Any:
            inner, _ = scan(lambda p, e: p * e, outputs_info=1.0, non_sequences=element, n_steps=2)
            return inner

        outer, _ = scan(powers, sequences=v)
        assert function([v], outer)([2.0, 3.0]).tolist() == [[2.0, 4.0], [3.0, 9.0]]

    def test_the_number_of_steps_is_a_number_or_a_length(self) -> None:
        states, _ = scan(lambda s: s * 2, outputs_info=1.0, n_steps=v.shape[0])
        assert function([v], states[-1], on_unused_input="ignore")([0.0, 0.0, 0.0]) == 8.0
        depends, _ = scan(lambda s: s * 2, outputs_info=1.0, n_steps=n)
        with pytest.raises(LoopError, match="the number of steps of scan depends on the value of an input"):
            function([n], depends).source()
        for count in (0, 20_000):
            with pytest.raises(LoopError, match=f"scan goes {count:,} steps"):
                function([], scan(lambda s: s * 2, outputs_info=1.0, n_steps=count)[0])()

    def test_what_does_not_fit(self) -> None:
        with pytest.raises(ArgumentError, match="scan needs sequences or a number of steps"):
            scan(lambda s: s, outputs_info=x)
        with pytest.raises(ArgumentError, match="taps are whole numbers"):
            scan(lambda s: s, sequences={"input": v, "taps": [-1.5]})
        with pytest.raises(ArgumentError, match="scan knows no 'tap' here"):
            scan(lambda s: s, sequences={"input": v, "tap": [-1]})
        with pytest.raises(ArgumentError, match=r"the taps of outputs_info are \[0\]"):
            scan(lambda s: s, outputs_info={"initial": v, "taps": [0]}, n_steps=2)
        with pytest.raises(ArgumentError, match="the step returns 2 outputs, and outputs_info has 1 entries"):
            scan(lambda s: [s, s], outputs_info=x, n_steps=2)
        with pytest.raises(ArgumentError, match="expressions, then updates, then until"):
            scan(lambda s: ({}, s), outputs_info=x, n_steps=2)
        with pytest.raises(ArgumentError, match="only shared variables are updated, and y is none"):
            scan(lambda s: (s, {y: s}), outputs_info=x, n_steps=2)
        with pytest.raises(ShapeError, match="scan goes 3 steps, and a sequence has 2 elements"):
            function([v], scan(lambda e: e, sequences=v, n_steps=3)[0])([1.0, 2.0])
        with pytest.raises(ShapeError, match="a sequence of scan is a number"):
            function([x], scan(lambda e: e, sequences=x)[0])(1.0)
        with pytest.raises(ShapeError, match=r"state 0 of scan has shape \(\) before a step, \(2,\) after it"):
            function([v], scan(lambda s: s + v, outputs_info=0.0, n_steps=2)[0])([1.0, 2.0])
