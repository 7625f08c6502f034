"""Loops that run as they are written are counted, in closed traces and on the path of one input."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.tracing import forking, iterators
from symdiff.tracing.lowering import limits, repetition


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROUNDS", 2_000)
    monkeypatch.setattr(iterators, "MOST_ITEMS", 3_000)
    monkeypatch.setattr(repetition, "OPEN_OPERATIONS", 8_000)
    monkeypatch.setattr(forking, "QUESTIONS", 2_000)


def nothing_happens(x):
    while True:
        pass
    return x


def adds_nothing(x):
    i = 0
    while True:
        i += 0
        x = x * 1.0
    return x


def goes_on_after_all(x):
    i = 0
    while True:
        try:
            i += 1
            continue
        finally:
            x = x + i
    return x


def array_that_grows(x):
    found = np.zeros(1)
    while True:
        found = np.concatenate([found, [1.0]])
    return x


def text_that_grows(x):
    found = "a"
    while found:
        found = found + "b"
    return x


def set_that_grows(x):
    found = set()
    for k in itertools.count():
        found.add(k)
        if not found:
            break
    return x


def in_cycles(x):
    for factor in itertools.cycle([1.0, 2.0]):
        x = x * factor
    return x


def until_a_value_comes(x):
    for _ in iter(int, 1):
        x = x + 1.0
    return x


def of_a_generator(x):
    def numbers():
        k = 0
        while True:
            yield k
            k += 1

    for k in numbers():
        x = x + k
    return x


class Ones:
    def __iter__(self) -> "Ones":
        return self

    def __next__(self) -> float:
        return 1.0


class Twos:
    def __getitem__(self, position: int) -> float:
        return 2.0


def of_an_object(x):
    for factor in Ones():
        x = x * factor
    return x


def of_an_object_with_items(x):
    for factor in Twos():
        x = x * factor
    return x


def in_a_comprehension(x):
    return sum([x * k for k in itertools.count()])


def in_a_generator_expression(x):
    return sum(x * k for k in itertools.count())


def taken_by_a_builtin(x):
    return x * len(list(itertools.count()))


def repeated(x):
    return sum(itertools.repeat(x))


class Model:
    def __init__(self) -> None:
        self.n, self.value = 0, 1.0

    def run(self, x):
        while self.n < 10:
            self.value = self.value * x
        return self.value


def in_a_method(x):
    return Model().run(x)


def within_another(x):
    while True:
        j = 0
        while j < 3:
            j += 1
            x = x * 1.01


def whole_numbers_that_explode(x):
    i = 1
    while i > 0:
        i = i * i + 1
    return x


def whole_numbers_of_a_tuple(x):
    pair = (1, 1)
    while pair[0] > 0:
        pair = (pair[1], pair[0] * pair[1] + 1)
    return x


def whole_numbers_of_a_list(x):
    found = [2]
    while found[0] > 0:
        found[0] = found[0] ** 2
    return x


def whole_numbers_of_an_object(x):
    model = Model()
    model.n = 2
    while model.n > 0:
        model.n = model.n * model.n
    return x


def whole_numbers_of_a_for(x):
    i = 2
    for _ in range(10**6):
        i = i**3
    return x * (i % 7)


ENDLESS = [
    nothing_happens,
    whole_numbers_that_explode,
    whole_numbers_of_a_tuple,
    whole_numbers_of_a_list,
    whole_numbers_of_an_object,
    adds_nothing,
    goes_on_after_all,
    array_that_grows,
    text_that_grows,
    set_that_grows,
    in_cycles,
    until_a_value_comes,
    of_a_generator,
    of_an_object,
    of_an_object_with_items,
    in_a_comprehension,
    in_a_generator_expression,
    taken_by_a_builtin,
    repeated,
    in_a_method,
    within_another,
]


@pytest.mark.parametrize("f", ENDLESS, ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    "use",
    [lambda f: sd.grad(f)(0.7), lambda f: sd.grad(f, mode="guarded")(0.7), lambda f: sd.generate(f, emit="grad")],
    ids=["call", "guarded", "generate"],
)
def test_it_is_stopped_with_its_line(f: Callable[[Any], Any], use: Callable[[Any], Any]) -> None:
    with pytest.raises(sd.LoopError) as caught:
        use(f)
    assert caught.value.origin is not None
    assert caught.value.origin.filename == f.__code__.co_filename
    assert caught.value.origin.line > 20


def test_whole_numbers_that_explode_in_a_for_are_stopped() -> None:
    with pytest.raises(sd.LoopError, match="`i` has grown to more than 1,000,000 bits"):
        sd.grad(whole_numbers_of_a_for, mode="guarded")(0.7)


def over_a_long_range(x):
    for k in range(10**12):
        x = x * 1.0000001 + k
    return x


def over_a_long_range_for_nothing(x):
    for _ in range(10**12):
        pass
    return x


@pytest.mark.parametrize(
    ("f", "why"),
    [(over_a_long_range, "operations"), (over_a_long_range_for_nothing, "rounds")],
    ids=str,
)
def test_long_ranges_are_not_followed_for_ever(
    f: Callable[[Any], Any], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_OPERATIONS", 8_000)
    monkeypatch.setattr(limits, "LONGEST_RANGE", 20_000)
    with pytest.raises(sd.LoopError, match=f"it has made .*,000 {why}") as caught:
        sd.grad(f, mode="guarded")(0.7)
    assert caught.value.origin is not None
    assert caught.value.origin.line == f.__code__.co_firstlineno + 1


def test_what_ends_runs_to_its_end() -> None:
    def sums(x):
        total, k = 0.0, 0
        while k < 1_900:
            k += 1
        for _ in range(3_000):
            k += 1
        found = [1.0]
        for value in found:
            if len(found) < 1_900:
                found.append(value)
        for factor in itertools.takewhile(lambda i: i < 1_900, itertools.count()):
            total += factor
        return x * (total + k + len(found) + sum(1 for _ in range(2_500)))

    for mode in ("auto", "guarded"):
        assert sd.value_and_grad(sums, mode=mode)(2.0)[0] == sums(2.0)


def test_rounds_are_counted_anew_each_time() -> None:
    def f(x):
        total = 0.0
        for _ in range(3):
            k = 0
            while k < 1_500:
                k += 1
            total += k
        return x * total

    assert sd.grad(f, mode="guarded")(2.0) == 4_500.0
