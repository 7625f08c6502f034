"""Loops that never end are refused with their line, where the function is traced, called, shown or emitted."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest

import symdiff as sd
from symdiff.errors import LoopError
from symdiff.tracing import trace_function
from symdiff.tracing.lowering import limits, repetition


def nothing_leaves_it(x):
    while True:
        x = x + 1.0


def counter_that_does_not_move(x):
    n = 0
    while n < 10:
        x = x * 2.0
    return x


def growing_while_it_is_run_over(x):
    found = [1.0]
    for value in found:
        found.append(value * x)  # noqa: PERF401
    return x


def list_that_grows_without_end(x):
    found = [x]
    while len(found) > 0:
        found.append(found[-1] * 2.0)
    return x


def far_too_many_rounds(x):
    i = 0
    while i < 1e9:
        i += 1
    return x * i


def waits_for_what_stays(x):
    k = 0
    while x > 0:
        k = k + 1
    return k * x


def asks_once_and_for_all(x):
    while True:
        if x > 100.0:
            break
    return x


ALWAYS = [
    nothing_leaves_it,
    counter_that_does_not_move,
    growing_while_it_is_run_over,
    list_that_grows_without_end,
    far_too_many_rounds,
]
FOR_SOME = [waits_for_what_stays, asks_once_and_for_all]


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROUNDS", 20_000)
    monkeypatch.setattr(repetition, "MOST_OPERATIONS", 20_000)
    monkeypatch.setattr(repetition, "OPEN_OPERATIONS", 20_000)


@pytest.mark.parametrize("f", [*ALWAYS, *FOR_SOME], ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    "use",
    [
        trace_function,
        lambda f: sd.grad(f)(0.7),
        lambda f: sd.grad(f).source("math"),
        lambda f: sd.generate(f, emit="grad"),
    ],
    ids=["trace", "call", "source", "generate"],
)
def test_it_is_refused_with_its_line(f: Callable[[Any], Any], use: Callable[[Any], Any]) -> None:
    with pytest.raises(LoopError) as caught:
        use(f)
    assert caught.value.origin is not None
    assert caught.value.origin.filename == f.__code__.co_filename
    assert "loop" in str(caught.value)


@pytest.mark.parametrize("f", FOR_SOME, ids=lambda f: f.__name__)
def test_arguments_for_which_it_ends_are_served(f: Callable[[Any], Any]) -> None:
    x = -1.0 if f is waits_for_what_stays else 101.0
    assert sd.value_and_grad(f)(x) == (f(x), 0.0 if f is waits_for_what_stays else 1.0)


def test_the_line_is_that_of_the_loop() -> None:
    with pytest.raises(LoopError) as caught:
        trace_function(asks_once_and_for_all)
    assert caught.value.origin is not None
    assert caught.value.origin.line == asks_once_and_for_all.__code__.co_firstlineno + 1


def test_flags_that_end_a_loop_are_no_loops_without_end() -> None:
    def f(x):
        total, first = 0.0, True
        while True:
            total = total + x
            if not first and x < 5.0:
                return total
            if x >= 5.0:
                break
            first = False
        return 2.0 * x

    assert [sd.value_and_grad(f)(x) for x in (1.5, 6.0)] == [(3.0, 2.0), (12.0, 2.0)]


# Whole numbers


def linear_congruences(x):
    seed = 42
    for _ in range(3_000):
        seed = (1_103_515_245 * seed + 12_345) % 2_147_483_648
    return x * seed


def large_remainders(x):
    a, b = 0, 1
    for _ in range(2_100):
        a, b = b, (a + b) % 10**18
    return x * a


def congruences_until(x):
    seed = 42
    while x > 1e-9:
        seed = (1_103_515_245 * seed + 12_345) % 2_147_483_648
        x = x * 0.5
    return x * seed


def counters(x):
    total, n = 0.0, 0
    for k in itertools.count():
        n = n + 2 if k % 3 == 1 else n - 1
        total = total + x**k * (n % 5)
        if k * k % 7 == 4 and total > 3.0 * x:
            return total
    return None


@pytest.mark.parametrize("f", [linear_congruences, large_remainders, congruences_until, counters])
def test_whole_numbers_are_exact(f: Callable[[Any], Any]) -> None:
    value, slope = sd.value_and_grad(f)(0.9)
    assert value == pytest.approx(f(0.9), rel=1e-14)
    assert slope == pytest.approx((f(0.9 + 1e-7) - f(0.9 - 1e-7)) / 2e-7, rel=1e-6)


def test_whole_numbers_that_floats_do_not_hold_are_refused() -> None:
    with pytest.raises(LoopError, match="whole numbers that may become larger than 2\\*\\*53"):
        trace_function(congruences_until)
    assert trace_function(counters)


def power_of_three(x):
    i = 1
    for _ in range(3_000):
        i = i * 3
    return x * (i % 7)


def power_until(x):
    i, y = 1, x
    while y > 1e-9:
        i = i * 3
        y = y * 0.7
    return x * (i % 7 + 1)


def power_by_an_argument(x, n):
    i = 1
    for _ in range(n):
        i = i * 3
    return x * (i % 7)


def powers_inside_each_other(x):
    i, y = 1, x
    while y > 1e-3:
        z = y
        while z > 1e-4:
            z = z * 0.5
            i = i * 2
        y = y * 0.7
    return x * (i // 1_000_003 % 10)


@pytest.mark.parametrize("f", [power_of_three, power_until, powers_inside_each_other], ids=lambda f: f.__name__)
def test_whole_numbers_that_a_loop_leaves_are_exact(f: Callable[[Any], Any]) -> None:
    assert sd.value_and_grad(f)(2.0) == (f(2.0), f(2.0) / 2.0)


def test_rounds_by_an_argument_leave_exact_numbers() -> None:
    for n in (0, 5, 40, 60):
        assert sd.grad(power_by_an_argument)(2.0, n) == power_by_an_argument(1.0, n)


def test_whole_numbers_that_need_not_be_exact_are_kept() -> None:
    def product(x, n):
        factorial, k = 1, 1
        while k < n:
            k += 1
            factorial *= k
        return x / factorial + (k - 1) * x

    def parity(x):
        steps, y = 0, x
        while y > 1e-9:
            y = y * 0.5
            steps += 3
        return x * (steps % 2) + x * (steps // 2 - 1)

    def of_arguments(x, a, b):
        y, steps = x, 0
        while y > 1.0:
            y = y * 0.5
            steps += 1
        return x * (math.floor(a) * math.floor(b) % 7) + steps * y

    assert sd.derivative(of_arguments, "x")(3.0, 2.5, 3.5) == 6.0 + 2.0 * 0.25
    assert sd.derivative(product, "x")(0.5, 5.0) == pytest.approx(1.0 / 120.0 + 4.0)
    assert sd.derivative(parity)(1.0) == parity(1.0)
    with pytest.raises(LoopError, match="whole numbers may become larger than 2\\*\\*53") as caught:
        sd.derivative(power_until)
    assert caught.value.origin is not None
    assert caught.value.origin.line == power_until.__code__.co_firstlineno + 5


def cube_of_an_argument(x, n):
    return x * (n**7 % 1_009)


def product_of_floors(x, y):
    m = math.floor(10.0 * x)
    for _ in range(25):
        m = m * 7 + 1 if x > y else m * 5
    return x * (m % 1_009) + y * (m // 10**9 % 7)


def rounded_on_the_path(x, n):
    y, m = x, n
    while y > 0.05:
        m = m * 977 + round(10.0 * y)
        y = y * 0.5
    return x * (m % 13) + [1.0, 2.0, 3.0][m % 3]


def parity_of_a_large_one(x, n):
    for _ in range(60):
        n = 3 * n + 1
    return x * x if n % 2 == 0 else x


@pytest.mark.parametrize(
    ("f", "arguments"),
    [
        (cube_of_an_argument, [(2.0, 3), (2.0, 1_001), (3.0, 999_999)]),
        (product_of_floors, [(1.73, 0.31), (0.72, 0.93)]),
        (rounded_on_the_path, [(1.73, 5), (1.73, 6), (9.32, 7)]),
        (parity_of_a_large_one, [(1.5, 1), (1.5, 2), (1.5, 10**6)]),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
@pytest.mark.parametrize("mode", ["auto", "guarded"])
def test_whole_numbers_are_those_of_python(f: Callable[..., Any], arguments: list[tuple[Any, ...]], mode: Any) -> None:
    gradient = sd.value_and_grad(f, mode=mode)
    for first, *others in arguments:
        value, slope = gradient(first, *others)
        assert value == f(first, *others)
        assert slope == pytest.approx((f(first + 1e-6, *others) - f(first - 1e-6, *others)) / 2e-6, rel=1e-6)
