"""What a function takes in besides its arguments: numbers drawn anew in every call, long arrays as they are then."""

# ruff: noqa: NPY002 (old and plain generators are what is tested)

import random
import time
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff import transformed

POINT = np.array([1.0, 0.5])


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with every trace."""
    found: list[int] = []
    real = transformed.trace_function

    def counting(*args: Any, **kwargs: Any) -> Any:
        found.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(transformed, "trace_function", counting)
    return found


def noisy(generator: Any) -> Callable[[Any, float], Any]:
    """A sampled expectation, as of black-box variational inference."""

    def objective(p, scale):
        sample = generator.standard_normal((4, 2)) * np.exp(p[1]) + p[0]
        return scale * np.mean(sample**2)

    return objective


def noisy_slope(generator: Any) -> np.ndarray:
    """The gradient of it at POINT, by hand."""
    standard = generator.standard_normal((4, 2))
    sample = standard * np.exp(POINT[1]) + POINT[0]
    return np.array([np.mean(2.0 * sample), np.mean(2.0 * sample * standard * np.exp(POINT[1]))])


@pytest.mark.parametrize("make", [np.random.RandomState, np.random.default_rng])
def test_a_gradient_draws_what_the_function_would(make: Any) -> None:
    gradient, by_hand = sd.grad(noisy(make(3))), make(3)
    for _ in range(4):
        np.testing.assert_allclose(gradient(POINT, 1.0), noisy_slope(by_hand), rtol=1e-13)
    assert gradient.mode == "closed"


def test_values_and_gradients_share_their_draws() -> None:
    generator = np.random.default_rng(0)
    value, slope = sd.value_and_grad(lambda x: x * generator.normal() ** 2)(2.0)
    assert value == pytest.approx(2.0 * slope)


def test_module_level_and_plain_generators() -> None:
    def objective(x):
        return x * np.random.rand() + x * random.gauss(0.0, 1.0) + x * np.sum(np.random.normal(size=3))

    gradient = sd.grad(objective)
    for seed in (0, 1, 0):
        np.random.seed(seed)
        random.seed(seed)
        found = gradient(1.0)
        np.random.seed(seed)
        random.seed(seed)
        assert found == pytest.approx(objective(1.0), rel=1e-13)


def test_the_stream_moves_on_for_numbers_that_are_not_used() -> None:
    generator, by_hand = np.random.RandomState(1), np.random.RandomState(1)

    def objective(x):
        generator.rand(5)
        return x * generator.rand()

    gradient = sd.grad(objective)
    for _ in range(3):
        by_hand.rand(5)
        assert gradient(2.0) == by_hand.rand()


def test_a_draw_on_one_side_of_a_choice_is_made_there_only() -> None:
    generator, by_hand = np.random.RandomState(2), np.random.RandomState(2)

    def objective(x, positive=generator):
        return x * positive.rand() if x > 0 else x * np.sum(positive.randn(3))

    gradient = sd.grad(objective)
    for x in (1.0, -1.0, 2.0, -2.0):
        assert gradient(x) == pytest.approx(by_hand.rand() if x > 0 else np.sum(by_hand.randn(3)), rel=1e-14)


def test_every_round_of_a_long_loop_draws() -> None:
    generator, by_hand = np.random.RandomState(5), np.random.RandomState(5)

    def objective(x):
        total = 0.0
        for _ in range(2_500):
            total = total + x * generator.rand()
        return total

    gradient = sd.grad(objective)
    for _ in range(2):
        assert gradient(1.0) == pytest.approx(sum(by_hand.rand() for _ in range(2_500)), rel=1e-12)


def test_a_random_number_of_rounds() -> None:
    generator, by_hand = np.random.RandomState(0), np.random.RandomState(0)

    def objective(x):
        for _ in range(generator.randint(1, 5)):
            x = 2.0 * x
        return x

    gradient = sd.grad(objective)
    assert [gradient(1.0) for _ in range(6)] == [2.0 ** by_hand.randint(1, 5) for _ in range(6)]


def test_indices_that_are_drawn() -> None:
    generator, by_hand = np.random.default_rng(4), np.random.default_rng(4)
    data = np.arange(40.0).reshape(20, 2)

    def objective(w):
        return np.sum(data[generator.choice(20, 3, replace=False)] @ w)

    gradient = sd.grad(objective)
    for _ in range(3):
        np.testing.assert_array_equal(gradient(np.ones(2)), data[by_hand.choice(20, 3, replace=False)].sum(axis=0))


def test_shuffling_in_the_function() -> None:
    by_hand = np.random.RandomState(0)
    generator = np.random.RandomState(0)

    def objective(w):
        order = [0, 1, 2]
        generator.shuffle(order)
        return w[order[0]] ** 2

    gradient = sd.grad(objective)
    for _ in range(4):
        order = [0, 1, 2]
        by_hand.shuffle(order)
        assert np.flatnonzero(gradient(np.ones(3))).tolist() == [order[0]]


def test_a_generator_made_in_the_function() -> None:
    seeded = sd.grad(lambda x: x * np.random.default_rng(7).normal())
    assert seeded(1.0) == seeded(1.0) == np.random.default_rng(7).normal()
    unseeded = sd.grad(lambda x: x * np.random.RandomState().normal())
    assert len({unseeded(1.0) for _ in range(4)}) == 4


def test_seeding_in_the_function() -> None:
    def objective(x):
        np.random.seed(3)
        return np.sum(np.random.randn(2) * x)

    gradient = sd.grad(objective)
    for _ in range(3):
        np.testing.assert_array_equal(gradient(np.ones(2)), np.random.RandomState(3).randn(2))


def test_numpys_names_that_are_no_methods() -> None:
    gradient = sd.grad(lambda x: x * (np.random.sample() - np.random.ranf()))
    np.random.seed(0)
    found = [gradient(1.0), gradient(1.0)]
    first, second, third, fourth = np.random.RandomState(0).random_sample(4)
    assert found == [first - second, third - fourth]


def test_distributions_of_scipy() -> None:
    norm = pytest.importorskip("scipy.stats").norm
    gradient = sd.grad(lambda x: x * np.sum(norm.rvs(size=3)))
    np.random.seed(0)
    first, second = gradient(1.0), gradient(1.0)
    np.random.seed(0)
    assert [first, second] == [pytest.approx(np.sum(norm.rvs(size=3))) for _ in range(2)]


def test_a_clock_is_read_in_every_call() -> None:
    for clock in (time.perf_counter, time.monotonic_ns):
        gradient = sd.grad(lambda x, clock=clock: x * clock())
        assert gradient(1.0) < gradient(1.0)


def test_a_gradient_that_was_called_before_draws_inside_of_another() -> None:
    generator, by_hand = np.random.RandomState(0), np.random.RandomState(0)
    inner = sd.grad(lambda x: x**2 * generator.rand())
    assert inner(1.0) == 2.0 * by_hand.rand()
    outer = sd.grad(lambda y: y * inner(3.0) + inner(y))
    for _ in range(3):
        first, second = by_hand.rand(), by_hand.rand()
        assert outer(5.0) == pytest.approx(6.0 * first + 2.0 * second)


def test_second_derivatives_draw_once() -> None:
    generator, by_hand = np.random.RandomState(0), np.random.RandomState(0)
    hessian = sd.hessian(lambda x: np.sum(generator.rand(2) * x**2))
    for _ in range(2):
        np.testing.assert_allclose(hessian(np.ones(2)), np.diag(2.0 * by_hand.rand(2)))
    product = sd.hvp(lambda x: np.sum(generator.rand(2) * x**2))
    np.testing.assert_allclose(product(np.ones(2), np.array([1.0, 10.0])), [2.0, 20.0] * by_hand.rand(2))


def test_a_distribution_that_depends_on_the_arguments_is_refused() -> None:
    generator = np.random.RandomState(0)
    with pytest.raises(sd.TraceError):
        sd.grad(lambda mean: generator.normal(mean, 1.0) ** 2)(1.0)


def module_of(text: str) -> Any:
    module = types.ModuleType("written")
    exec(compile(text, "written.py", "exec"), vars(module))
    return module


def test_a_module_is_given_what_was_drawn_and_long_arrays() -> None:
    generator = np.random.RandomState(0)
    table = np.linspace(0.0, 1.0, 2_000)

    def objective(x, randn=1.0):
        return np.sum(np.sin(x * table)) * np.sum(generator.randn(3)) * randn

    gradient = sd.grad(objective)
    gradient(2.0)
    text = gradient.source()
    assert len(text.splitlines()) < 120
    assert "randn_2, drawn by RandomState.randn(3); table, read as table." in " ".join(text.split())
    given = generator.randn(3)
    found = module_of(text).objective_grad(2.0, table=table, randn_2=given)
    assert found == pytest.approx(np.sum(table * np.cos(2.0 * table)) * np.sum(given), rel=1e-12)
    assert module_of(gradient.source()).objective_grad.__kwdefaults__ is None


class TestLongArrays:
    def test_changes_in_place_are_seen_without_a_new_trace(self, traced: list[int]) -> None:
        data = np.ones((500, 3))

        def objective(w):
            return np.sum(data @ w)

        gradient = sd.grad(objective)
        gradient(np.ones(3))
        count = len(traced)
        data[7, 1] = 10.0
        np.testing.assert_array_equal(gradient(np.ones(3)), [500.0, 509.0, 500.0])
        data = np.zeros((500, 3))
        np.testing.assert_array_equal(gradient(np.ones(3)), np.zeros(3))
        assert len(traced) == count
        data = np.ones((400, 3))
        np.testing.assert_array_equal(gradient(np.ones(3)), np.full(3, 400.0))
        data = data.astype(np.float32)
        np.testing.assert_array_equal(gradient(np.ones(3)), np.full(3, 400.0))

    def test_two_names_of_one_array(self) -> None:
        holder = types.SimpleNamespace(first=np.ones(1_500))
        holder.second = holder.first
        gradient = sd.grad(lambda x: np.sum(x * holder.first) - np.sum(x * holder.second))
        assert gradient(2.0) == 0.0
        holder.second = 3.0 * holder.first
        assert gradient(2.0) == -3_000.0

    def test_what_needs_their_numbers_is_computed_while_tracing(self) -> None:
        data = np.linspace(-1.0, 1.0, 2_000)

        def objective(x):
            return x * np.sum(data[data > 0.5]) + x * float(data[3])

        gradient = sd.grad(objective)
        assert gradient(1.0) == objective(1.0)
        data[3] = 4.0
        assert gradient(1.0) == objective(1.0)

    def test_they_are_not_written_to(self) -> None:
        data = np.ones(2_000)

        def objective(x):
            data[0] = x
            return np.sum(data * x)

        with pytest.raises(sd.TraceError):
            sd.grad(objective)(2.0)
        assert data[0] == 1.0


class TestBatches:
    def test_one_trace_is_for_all_full_batches(self, traced: list[int]) -> None:
        data = np.arange(46.0).reshape(23, 2)

        def batch(number):
            start = 5 * (number % 5)
            return slice(start, start + 5)

        def loss(w, number):
            return np.sum((data[batch(number)] @ w) ** 2)

        gradient, w, counts = sd.grad(loss), np.array([1.0, -2.0]), []
        for number in [0, 1, 2, 3, 4, 5, 9, 4, 1, -1, -2]:
            rows = data[batch(number)]
            np.testing.assert_allclose(gradient(w, number), 2.0 * (rows @ w) @ rows, rtol=1e-13)
            counts.append(len(traced))
        assert counts[0] == counts[3]
        assert counts[6:8] == [counts[6]] * 2
        assert counts[3] < counts[4] < counts[6]

    def test_windows_along_other_axes_and_in_the_gradient(self) -> None:
        def loss(x, k):
            return np.sum(x[..., k : k + 2, None] * 3.0) + np.sum(x[1, 2 * k : k + k + 1])

        gradient, x = sd.grad(loss), np.ones((2, 6))
        for k in (0, 2, 5, 3):
            expected = np.zeros((2, 6))
            expected[:, k : k + 2] += 3.0
            expected[1, 2 * k : 2 * k + 1] += 1.0
            np.testing.assert_array_equal(gradient(x, k), expected)

    def test_a_slice_whose_length_depends_on_the_number(self) -> None:
        gradient = sd.grad(lambda x, n: np.sum(x[:n]) + np.sum(x[n : 2 * n]))
        for n in (1, 3, 2):
            np.testing.assert_array_equal(gradient(np.ones(8), n), [1.0] * (2 * n) + [0.0] * (8 - 2 * n))

    def test_an_element_by_its_number(self, traced: list[int]) -> None:
        data = np.arange(30.0).reshape(10, 3)

        def loss(w, k):
            return np.sum(data[k] * w)

        gradient = sd.grad(loss)
        for k in (3, 7, -1):
            np.testing.assert_array_equal(gradient(np.ones(3), k), data[k])
        assert len(traced) == 1
        with pytest.raises(IndexError):
            gradient(np.ones(3), 10)
        with pytest.raises((IndexError, sd.TraceError)):
            gradient(np.ones(3), 2.5)

    @pytest.mark.parametrize("case", ["into the window", "into the array", "added"])
    def test_a_window_looks_into_its_array(self, case: str) -> None:
        def loss(x, k):
            y = x * 2.0
            window = y[k : k + 2]
            if case == "into the window":
                window[0] = 10.0 * x[0]
            elif case == "into the array":
                y[:3] = 10.0 * x[1]
            else:
                y[k : k + 2] += x[:2] ** 2
            return np.sum(y**2) + 3.0 * np.sum(window)

        x = np.array([1.0, 2.0, 3.0, 4.0])
        gradient = sd.grad(loss)
        for k in (0, 1, 2, 1):
            slope = [(loss(x + e, k) - loss(x - e, k)) / 2e-6 for e in 1e-6 * np.eye(4)]
            np.testing.assert_allclose(gradient(x, k), slope, rtol=1e-6, atol=1e-6)


TABLE = np.linspace(1.0, 2.0, 300)


@pytest.mark.parametrize("inline", [True, False])
def test_long_arrays_in_bodies_and_rules_of_primitives(inline: bool) -> None:
    @sd.primitive(inline=inline)
    def weighted(x):
        return np.sum(TABLE) * x

    sd.defvjp(weighted, lambda ans, x: lambda g: g * np.sum(TABLE))
    gradient = sd.grad(lambda x: weighted(x) ** 2)
    for _ in range(2):
        assert gradient(1.0) == pytest.approx(2.0 * 450.0**2)
    TABLE[0] = 31.0
    try:
        assert gradient(1.0) == pytest.approx(2.0 * 480.0**2)
        positive = sd.grad(lambda x: np.sum(weighted(x[x > 0.0][0]) ** 2))
        assert positive(np.array([-1.0, 1.0])).tolist() == pytest.approx([0.0, 2.0 * 480.0**2])
    finally:
        TABLE[0] = 1.0
