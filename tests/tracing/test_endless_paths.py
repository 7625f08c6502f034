"""On the path of one input, too, a loop that does not end is stopped with its line; one that ends is not."""

from collections.abc import Callable
from typing import Any

import pytest

import symdiff as sd
from symdiff.tracing import forking


def of_a_constant(x):
    total = [0.0]
    while total[0] >= 0.0:
        total[0] *= x
    return total[0]


def of_new_values(x):
    t = x
    while t > -1.0:
        t = t * t
    return t


@pytest.mark.parametrize("function", [of_a_constant, of_new_values])
def test_endless_loops_are_stopped(function: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forking, "QUESTIONS", 2_000)
    with pytest.raises(sd.LoopError, match="has not ended after 2,000 rounds") as caught:
        sd.grad(function, mode="guarded")(0.7)
    assert caught.value.origin.line == function.__code__.co_firstlineno + 2


def test_a_loop_that_ends_is_followed_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forking, "QUESTIONS", 2_000)

    def shrinking(x):
        rounds = 0
        while x > 1e-3:
            x = x * 0.99
            rounds += 1
        return x * rounds

    found = sd.grad(shrinking, mode="guarded")
    rounds = round(shrinking(2.0) / (2.0 * 0.99**757))
    assert rounds == 757
    assert found(2.0) == pytest.approx(rounds * 0.99**rounds)
