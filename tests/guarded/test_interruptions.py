"""What ends a trace early leaves nothing behind: exceptions, interrupts at any place, calls of threads, many calls."""

import copy
import gc
import random
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import symdiff as sd
from symdiff.runtime.guarded import MOST_TRACES
from symdiff.tracing import forking


class Breaking:
    """A function with paths, which raises what it is told to, in the middle of one."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __call__(self, x: Any) -> Any:
        parts = [x]
        while parts[-1] > 1.0:
            parts.append(parts[-1] / 2.0)
            if self.error is not None and len(parts) > 2:
                raise self.error
        return sum(part**2 for part in parts) * len(parts)


def slope(x: float, order: int = 1) -> float:
    count = next(count for count in range(1, 100) if x / 2.0 ** (count - 1) <= 1.0)
    squares = count * sum(0.25**k for k in range(count))
    return 2.0 * x * squares if order == 1 else 2.0 * squares


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), ValueError("wrong"), MemoryError()])
@pytest.mark.parametrize("order", [1, 2])
def test_after_an_error_in_the_function(error: BaseException, order: int) -> None:
    function = Breaking()
    derived = sd.grad(function) if order == 1 else sd.grad(sd.grad(function))
    for x in (9.3, 0.4, 9.3):
        function.error = error
        if x > 1.0:
            with pytest.raises(type(error)):
                derived(x)
        function.error = None
        assert forking.current_session() is None
        assert derived(x) == pytest.approx(slope(x, order), rel=1e-13)


class Interrupter:
    """Raises an interrupt at a call of some function, as a signal does."""

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def __call__(self, frame: Any, event: str, argument: Any) -> None:
        if event == "call":
            self.calls -= 1
            if self.calls == 0:
                sys.setprofile(None)
                raise KeyboardInterrupt


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # in a finalizer, it is only shown
def test_after_an_interrupt_anywhere() -> None:
    rng, threshold, before = random.Random(0), gc.get_threshold(), sys.getprofile()
    interrupted = 0
    for _ in range(60):
        gradient, interrupter = sd.grad(Breaking()), Interrupter(int(10 ** rng.uniform(1.0, 4.0)))
        try:
            sys.setprofile(interrupter)
            gradient(9.3)
        except KeyboardInterrupt:
            interrupted += 1
        finally:
            sys.setprofile(before)
        assert forking.current_session() is None
        assert gc.get_threshold() == threshold
        assert [gradient(x) for x in (9.3, 0.4)] == pytest.approx([slope(9.3), slope(0.4)], rel=1e-13)
    assert interrupted > 20


def test_an_inner_error_that_the_function_catches() -> None:
    def inner(x):
        if x > 2.0:
            raise ValueError("large")
        return [x, x**3][int(x > 0.5)]

    def f(x):
        try:
            return sd.grad(inner)(x) * x
        except ValueError:
            return x * x * x

    gradient = sd.grad(f)
    assert [gradient(x) for x in (0.25, 1.0, 3.0, 0.25, 3.0, 1.0)] == [1.0, 9.0, 27.0, 1.0, 27.0, 9.0]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copies_go_their_own_ways(copied: Any) -> None:
    function = Breaking()
    gradient = sd.grad(function)
    gradient(9.3)
    other = copied(gradient)
    for x in (0.4, 30.0, 9.3):
        assert other(x) == gradient(x) == pytest.approx(slope(x), rel=1e-13)


def test_first_calls_at_once() -> None:
    for _ in range(5):
        gradient, start = sd.grad(Breaking()), threading.Barrier(4)

        def calls(seed: int, gradient: Any = gradient, start: Any = start) -> list[tuple[float, float]]:
            rng = random.Random(seed)
            start.wait()
            return [(x, gradient(x)) for x in [rng.uniform(0.1, 40.0) for _ in range(15)]]

        with ThreadPoolExecutor(4) as pool:
            for results in pool.map(calls, range(4)):
                assert [found for _, found in results] == pytest.approx([slope(x) for x, _ in results], rel=1e-13)


def test_ten_thousand_calls_leave_nothing() -> None:
    gradient = sd.grad(Breaking())
    rng = random.Random(0)
    for x in [0.5 * 2.0**k for k in range(MOST_TRACES - 2)]:  # every path that there will be
        gradient(x)
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(10_000):
        gradient(2.0 ** rng.uniform(-1.0, MOST_TRACES - 4))
    gc.collect()
    assert len(gc.get_objects()) < before + 500
    assert sum(map(len, gradient._guarded.values())) <= MOST_TRACES
