"""Random symbols: drawn once in a call, anew in the next, and constants to derivatives."""

import pickle
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import ArgumentError, ShapeError
from symdiff.symbolic import RandomStreams, function, grad, matrix, scalar, scan, shared, vector

x, m, v, A = scalar("x"), scalar("m"), vector("v"), matrix("A")


def test_drawn_once_in_a_call_and_anew_in_the_next() -> None:
    u = RandomStreams(seed=1).uniform((2, 3))
    f = function([], [u, u + u - 2 * u])
    (first, nothing), (second, _) = f(), f()
    assert first.shape == (2, 3) and not nothing.any() and not np.equal(first, second).any()


def test_one_seed_one_sequence() -> None:
    def numbers(seed: int) -> Any:
        streams = RandomStreams(seed)
        f = function([], [streams.uniform((3,)), streams.normal((3,))])
        return np.array([f(), f()])

    assert np.array_equal(numbers(7), numbers(7)) and not np.array_equal(numbers(7), numbers(8))
    streams = RandomStreams(7)
    f = function([], [streams.uniform((3,)), streams.normal((3,))])
    before = np.array([f(), f()])
    streams.seed(7)
    assert np.array_equal(before, np.array([f(), f()])) is np.array_equal(numbers(7), before)
    streams.seed(9)
    assert not np.array_equal(before, np.array([f(), f()]))


def test_without_default_updates_the_numbers_stay() -> None:
    u = RandomStreams(3).normal((4,))
    still, moving = function([], u, no_default_updates=True), function([], u)
    assert np.array_equal(still(), still())
    assert np.array_equal(still(), moving()) and not np.array_equal(moving(), moving())


def test_distributions() -> None:
    streams = RandomStreams(0)
    draws = [
        streams.uniform((20_000,), low=-1.0, high=3.0),
        streams.normal((20_000,), avg=2.0, std=0.5),
        streams.binomial((20_000,), n=3, p=0.3),
        streams.random_integers((20_000,), low=1, high=6),
    ]
    uniform, normal, binomial, dice = function([], draws)()
    assert uniform.min() > -1 and uniform.max() < 3 and abs(uniform.mean() - 1) < 0.05
    assert abs(normal.mean() - 2) < 0.02 and abs(normal.std() - 0.5) < 0.02
    assert sorted(set(binomial)) == [0, 1, 2, 3] and abs(binomial.mean() - 0.9) < 0.05
    assert sorted(set(dice)) == [1, 2, 3, 4, 5, 6] and abs(dice.mean() - 3.5) < 0.05
    with pytest.raises(ArgumentError, match="the number of trials"):
        streams.binomial((3,), n=0)


def test_sizes_and_parameters_are_symbols() -> None:
    streams = RandomStreams(0)
    mask = streams.binomial(A.shape, p=0.5)
    f = function([A], mask * A)
    for shape in ((3, 4), (2, 2)):
        assert set(np.unique(f(np.ones(shape)))) <= {0.0, 1.0} and f(np.ones(shape)).shape == shape
    noisy = streams.normal(v.shape, avg=v, std=0.0)
    assert function([v], noisy)([1.0, 2.0]).tolist() == [1.0, 2.0]


def test_derivatives_go_through_the_parameters() -> None:
    draw = RandomStreams(0).normal((5,), avg=m, std=x)
    values, by_mean, by_deviation = function([m, x], [draw, *grad(draw.sum(), [m, x])])(10.0, 2.0)
    assert by_mean == 5.0
    assert by_deviation == pytest.approx(((values - 10.0) / 2.0).sum(), rel=1e-14)


def test_a_size_in_what_is_differentiated_is_drawn_once() -> None:
    inner = A * 1.0
    corrupted = RandomStreams(0).binomial(inner.shape, p=0.5) * inner
    cost = (corrupted**2).sum()
    values, slope = function([A], [corrupted, grad(cost, inner)])(np.full((3, 3), 2.0))
    assert (slope == 2 * values).all() and 0 < np.count_nonzero(values) < 9


def test_every_step_of_a_scan_draws_its_own() -> None:
    streams = RandomStreams(0)
    walk, _ = scan(lambda s: s + streams.normal(s.shape), outputs_info=v, n_steps=4)
    steps = np.diff(function([v], walk)(np.zeros(3)), axis=0)
    assert len(np.unique(steps)) == steps.size
    outside = streams.normal((3,))
    walk, _ = scan(lambda s: s + outside, outputs_info=v, n_steps=4)
    steps = np.diff(function([v], walk)(np.zeros(3)), axis=0)
    assert np.allclose(steps, steps[0], rtol=1e-12)


def test_a_loop_in_a_loop() -> None:
    streams = RandomStreams(0)

    def outer(s: Any) -> Any:
        kick = streams.normal(())
        inner, _ = scan(lambda t: t + kick + 100 * streams.uniform(()), outputs_info=s, n_steps=2)
        return inner[-1]

    values, _ = scan(outer, outputs_info=x, n_steps=3)
    f = function([x], values)
    assert len(set(np.diff(f(0.0)))) == 2 and len(f.program.parameters) == 1 + 3 + 6


def test_beside_updates_and_in_a_module() -> None:
    w = shared(np.zeros(2), name="w")
    noise = RandomStreams(5).normal((2,))
    f = function([], noise, updates=[(w, w + noise)])
    total = f() + f()
    assert np.allclose(w.get_value(), total, rtol=1e-15)
    g = function([v], v + RandomStreams(5).normal(v.shape))
    g([1.0, 2.0])
    assert "normal" in g.source()  # a parameter of the module's function
    again = pickle.loads(pickle.dumps(g))
    assert np.array_equal(again([0.0, 0.0]), g([0.0, 0.0]))


def test_what_has_no_numbers_yet() -> None:
    f = function([x], x * RandomStreams(0).uniform(()))
    with pytest.raises(ArgumentError, match="draws random numbers, and cannot be traced"):
        sd.derivative(lambda t: f(t))(1.0)
    open_ = vector("open_", shape=("n",))
    with pytest.raises(ShapeError, match="of random numbers are open"):
        function([open_], open_ * RandomStreams(0).uniform(open_.shape)).source()
