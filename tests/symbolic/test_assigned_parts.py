"""`set_subtensor` and `inc_subtensor` at positions that are known only when the function is called."""

from typing import Any

import numpy as np
import pytest

from symdiff.symbolic import (
    function,
    grad,
    inc_subtensor,
    ivector,
    lscalar,
    matrix,
    set_subtensor,
    tensor3,
    tensor4,
    vector,
)

t, A, v = tensor3("t"), matrix("A"), vector("v")
i, j, k = ivector("i"), ivector("j"), lscalar("k")
GIVEN = np.random.default_rng(0).normal(size=(4, 3, 5))
I, J = np.array([0, 2, 0, -1]), np.array([1, 1, 1, 0])


@pytest.mark.parametrize(
    ("symbolic", "plain"),
    [
        ((i,), (I,)),
        ((slice(None), i % 3), (slice(None), I % 3)),
        ((i, j), (I, J)),
        ((slice(None), j, i), (slice(None), J, I)),
        ((i, j, i), (I, J, I)),
        ((slice(None), slice(None), j), (slice(None), slice(None), J)),
        ((k,), (1,)),
    ],
)
def test_the_last_value_wins_and_increments_add_up(symbolic: Any, plain: Any) -> None:
    values = np.random.default_rng(1).normal(size=GIVEN[plain].shape)
    inputs = [t, i, j, k]
    f = function(
        inputs, [set_subtensor(t[symbolic], values), inc_subtensor(t[symbolic], values)], on_unused_input="ignore"
    )
    placed, increased = f(GIVEN, I, J, 1)
    expected = GIVEN.copy()
    expected[plain] = values
    assert placed.tolist() == expected.tolist()
    expected = GIVEN.copy()
    np.add.at(expected, plain, values)
    assert np.allclose(increased, expected, rtol=1e-15)


def test_axes_apart() -> None:
    values = np.random.default_rng(1).normal(size=(4, 3))
    expected = GIVEN.copy()
    expected[I, :, J] = values
    assert function([t, i, j], set_subtensor(t[i, :, j], values))(GIVEN, I, J).tolist() == expected.tolist()
    f, given = tensor4("f"), GIVEN[None] * np.ones((2, 1, 1, 1))
    expected = given.copy()
    picked = np.random.default_rng(2).normal(size=(4, 2, 3))
    expected[:, I, :, J] = picked
    assert function([f, i, j], set_subtensor(f[:, i, :, j], picked))(given, I, J).tolist() == expected.tolist()


def test_derivatives_go_to_the_value_that_won() -> None:
    cost = (set_subtensor(v[i], A[0]) ** 2).sum()
    by_array, by_values = function([v, i, A], grad(cost, [v, A]))([1.0, 2.0, 3.0], [0, 2, 0], [[5.0, 6.0, 7.0]])
    assert by_array.tolist() == [0.0, 4.0, 0.0]
    assert by_values.tolist() == [[0.0, 12.0, 14.0]]


def test_a_row_of_an_embedding_is_trained() -> None:
    rows = t[i]
    cost = ((rows - 1.0) ** 2).sum()
    trained = function([t, i], inc_subtensor(rows, -0.5 * grad(cost, rows)))(np.zeros((4, 2, 2)), [0, 2])
    assert trained[[0, 2]].tolist() == np.ones((2, 2, 2)).tolist() and not trained[[1, 3]].any()
