"""Functions without a closed form: what values decide is looked at in every call."""

import pickle
from typing import Any

import numpy as np
import pytest

from symdiff.errors import GuardedError, ShapeError, TraceError
from symdiff.symbolic import arange, function, grad, ivector, lscalar, matrix, scalar, shared, tensor3, vector, zeros

i, j = lscalar("i"), lscalar("j")
x, v, A, t = scalar("x"), vector("v"), matrix("A"), tensor3("t")
DATA = np.arange(40.0).reshape(20, 2)
BOUNDS = (-30, -20, -3, 0, 3, 19, 20, 25)


def paths_of(f: Any) -> int:
    """How many paths are kept."""
    (kept,) = f._kept.values()
    return len(kept._traces)


class TestSlices:
    def test_every_pair_of_bounds(self) -> None:
        f = function([A, i, j], A[i:j])
        from_, to = function([A, i], A[i:, ::-1]), function([A, i], A[..., :, 1][:i])
        for start in BOUNDS:
            assert from_(DATA, start).tolist() == DATA[start:, ::-1].tolist()
            assert to(DATA, start).tolist() == DATA[:start, 1].tolist()
            for stop in BOUNDS:
                assert f(DATA, start, stop).tolist() == DATA[start:stop].tolist(), (start, stop)

    @pytest.mark.parametrize(
        "key",
        [
            lambda a: (0, slice(a, None)),
            lambda a: (slice(a, None), 0),
            lambda a: (Ellipsis, slice(None, a)),
            lambda a: (slice(a, a + 2), [0, 1], slice(None)),
            lambda a: ([0, 1], slice(a, None), [1, 2]),
            lambda a: (None, slice(a, 3)),
            lambda a: (slice(None, None, 2), a),
            lambda a: (slice(a, None), Ellipsis, slice(None, a)),
        ],
    )
    def test_beside_other_keys(self, key: Any) -> None:
        given = np.arange(60.0).reshape(3, 4, 5)
        f = function([t, i], t[key(i)])
        for start in (0, 1, 2, -1):
            assert f(given, start).tolist() == given[key(start)].tolist()

    def test_all_full_batches_share_a_path(self) -> None:
        data, w = shared(DATA, name="data"), shared(np.ones(2), name="w")
        batch = matrix("batch")
        cost = ((batch @ w) ** 2).mean()
        step = function([i], cost, updates=[(w, w - 1e-4 * grad(cost, w))], givens={batch: data[i * 6 : (i + 1) * 6]})
        weights = np.ones(2)
        for number in (0, 1, 2, 3, 0):
            part = DATA[number * 6 : (number + 1) * 6]
            assert step(number) == pytest.approx(np.mean((part @ weights) ** 2), rel=1e-13)
            weights = weights - 1e-4 * 2 * (part @ weights) @ part / len(part)
            assert np.allclose(w.get_value(), weights, rtol=1e-13)
        assert paths_of(step) == 2  # three batches of six, one of two

    def test_assignment_to_one(self) -> None:
        from symdiff.symbolic import inc_subtensor, set_subtensor

        f = function([v, i], [set_subtensor(v[i : i + 2], 9.0), inc_subtensor(v[i : i + 2], 1.0)])
        for start in (0, 2):
            placed, increased = f([1.0, 2.0, 3.0, 4.0], start)
            expected = np.array([1.0, 2.0, 3.0, 4.0])
            expected[start : start + 2] += 1.0
            assert increased.tolist() == expected.tolist()
            expected[start : start + 2] = 9.0
            assert placed.tolist() == expected.tolist()


class TestDecisions:
    def test_masks(self) -> None:
        f = function([v], [v[v > 2], v[(v > 2).nonzero()], grad((v[v > 2] ** 2).sum(), v)])
        for given in ([1.0, 3.0, 4.0], [5.0, 1.0, 1.0], [0.0, 0.0, 0.0]):
            masked, picked, slope = f(given)
            expected = [value for value in given if value > 2]
            assert masked.tolist() == picked.tolist() == expected
            assert slope.tolist() == [2 * value if value > 2 else 0.0 for value in given]
        assert paths_of(f) == 3

    def test_lengths(self) -> None:
        f = function([i], [arange(i), arange(1, i + 1), zeros((i, 2))])
        for count in (3, 0, 3):
            numbers, others, none = f(count)
            assert numbers.tolist() == list(range(count)) and others.tolist() == list(range(1, count + 1))
            assert none.shape == (count, 2)

    def test_in_the_middle_of_a_gradient(self) -> None:
        inner = v[:i] ** 2  # differentiated by, so the graph is cut there
        f = function([v, i], grad((inner[inner > 1] * 3).sum(), inner))
        assert f([1.0, 2.0, 3.0], 2).tolist() == [0.0, 3.0]
        assert f([2.0, 2.0, 3.0], 2).tolist() == [3.0, 3.0]
        assert f([2.0, 2.0, 3.0], 3).tolist() == [3.0, 3.0, 3.0]

    def test_other_shapes_and_pickles(self) -> None:
        f = function([v, i], v[:i].sum())
        assert f([1.0, 2.0], 1) == 1.0 and f([1.0, 2.0, 3.0], 2) == 3.0
        assert pickle.loads(pickle.dumps(f))([1.0, 2.0, 3.0], 2) == 3.0

    def test_mistakes_are_told_as_before(self) -> None:
        f = function([v, A], v + A[0, :3])
        with pytest.raises(TraceError, match=r"shape|broadcast"):
            f([1.0, 2.0], np.ones((2, 3)))
        with pytest.raises((ShapeError, TraceError)) as caught:
            f.source()
        assert not isinstance(caught.value, GuardedError)


class TestPositions:
    """Whole numbers say where something is; there is a closed form."""

    def test_labels(self) -> None:
        labels = ivector("labels")
        loss = -np.mean(np.log(A)[arange(labels.shape[0]), labels])
        f = function([A, labels], [loss, grad(loss, A)])
        given = np.array([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]])
        for chosen in ([1, 0, 0], [0, 1, 1]):
            value, slope = f(given, chosen)
            expected = np.zeros((3, 2))
            expected[range(3), chosen] = -1 / (3 * given[range(3), chosen])
            assert value == pytest.approx(-np.mean(np.log(given[range(3), chosen])), rel=1e-15)
            assert np.allclose(slope, expected, rtol=1e-15)
        assert "def " in f.source()

    def test_elements_and_rows(self) -> None:
        f = function([A, i], [A[i], A[:, i], A[i, i], A[-1 - i]])
        given = np.arange(9.0).reshape(3, 3)
        for at in (0, 2, -1):
            expected = [given[at], given[:, at], given[at, at], given[-1 - at]]
            assert [np.asarray(each).tolist() for each in f(given, at)] == [each.tolist() for each in expected]
        with pytest.raises(IndexError):
            f(given, 3)

    def test_shared_whole_numbers(self) -> None:
        order = shared(np.array([2, 0]), name="order")
        f = function([v], v[order])
        assert f([1.0, 2.0, 3.0]).tolist() == [3.0, 1.0]
        order.set_value([1, 1])
        assert f([1.0, 2.0, 3.0]).tolist() == [2.0, 2.0]

    def test_what_is_not_whole_is_no_position(self) -> None:
        with pytest.raises(TraceError):
            function([v, x], v[x])([1.0, 2.0], 0.5)
