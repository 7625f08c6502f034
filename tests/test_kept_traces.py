"""What a derivative keeps between calls: its traces, for as long as what they have read is as it was."""

import functools
import gc
import weakref
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff import transformed
from symdiff.runtime.kept import MOST_KEPT

STIFFNESS = 2.0


def stiffened(x: float) -> float:
    return STIFFNESS * x * x


def rebound(x: float) -> float:
    return stiffened(x) + x


class TestWhatIsReadBesidesTheArguments:
    """A kept trace never outlives the globals, cells and attributes that it was made with."""

    def test_globals_of_helpers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        gradient = sd.grad(rebound)
        assert gradient(3.0) == 13.0
        monkeypatch.setattr(f"{__name__}.STIFFNESS", 5.0)
        assert gradient(3.0) == 31.0
        monkeypatch.setattr(f"{__name__}.stiffened", lambda x: x)
        assert gradient(3.0) == 2.0

    def test_closures(self) -> None:
        k = 2.0
        gradient = sd.grad(lambda x: k * x)
        assert gradient(1.0) == 2.0
        k = 3.0
        assert gradient(1.0) == 3.0

    def test_arrays_that_change_in_place(self) -> None:
        weights = np.array([1.0, 2.0])
        table = {"scale": [1.0]}
        gradient = sd.grad(lambda x: np.sum(weights * x) * table["scale"][0])
        assert gradient(np.ones(2)).tolist() == [1.0, 2.0]
        weights[0] = 7.0
        assert gradient(np.ones(2)).tolist() == [7.0, 2.0]
        table["scale"][0] = 10.0
        assert gradient(np.ones(2)).tolist() == [70.0, 20.0]

    def test_attributes_of_objects_and_classes(self) -> None:
        class Spring:
            unit = 1.0

            def __init__(self, k: float) -> None:
                self.k = k

            def energy(self, x: float) -> float:
                return 0.5 * self.k * x * x * self.unit

        spring = Spring(4.0)
        gradient = sd.grad(spring.energy)
        assert gradient(3.0) == 12.0
        spring.k = 6.0
        assert gradient(3.0) == 18.0
        Spring.unit = 10.0
        assert gradient(3.0) == 180.0

    def test_a_trace_is_kept_while_nothing_changes(self) -> None:
        gradient = sd.grad(rebound)
        gradient(1.0)
        (kept,) = gradient._kept.values()
        gradient(2.0)
        assert list(gradient._kept.values()) == [kept]


class TestDerivativesMadeWhereTheyAreCalled:
    """`grad(f)(x)` in a loop: the traces belong to the function."""

    @pytest.fixture
    def traced(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Grows with every trace."""
        found: list[str] = []

        def counting(name: str, real: Any) -> Any:
            def counted(*args: Any, **kwargs: Any) -> Any:
                found.append(name)
                return real(*args, **kwargs)

            return counted

        for name in ("trace_function", "follow_function"):
            monkeypatch.setattr(transformed, name, counting(name, getattr(transformed, name)))
        return found

    def test_one_trace(self, traced: list[str]) -> None:
        def f(x, y):
            return np.sum(x**2 * y)

        for _ in range(3):
            assert sd.grad(f)(2.0, 3.0) == 12.0
        assert len(traced) == 1
        assert sd.grad(f, argnum=1)(2.0, 3.0) == 4.0
        assert sd.value_and_grad(f)(2.0, 3.0) == (12.0, 12.0)

    def test_derivatives_of_derivatives(self, traced: list[str]) -> None:
        def f(x):
            return x**4

        assert sd.grad(sd.grad(f))(2.0) == 48.0
        count = len(traced)
        assert [sd.grad(sd.grad(f))(2.0) for _ in range(3)] == [48.0] * 3
        assert len(traced) == count

    def test_paths(self, traced: list[str]) -> None:
        def f(x):
            return np.sum(np.sort(x[x > 0.0]) ** 2)

        found = [sd.grad(f)(np.array([1.0, -sign])).tolist() for sign in (1.0, -1.0, 1.0, -1.0)]
        assert found == [[2.0, 0.0], [2.0, 2.0]] * 2
        assert traced.count("follow_function") == 2

    def test_what_the_function_reads_is_looked_at(self) -> None:
        factor = 2.0

        def f(x, power=2):
            return factor * x**power

        assert sd.grad(f)(3.0) == 12.0
        factor = 5.0
        assert sd.grad(f)(3.0) == 30.0
        f.__defaults__ = (3,)
        assert sd.grad(f)(1.0) == 15.0

    def test_each_shows_its_own_calls(self) -> None:
        def f(x):
            return np.sum(x**2)

        assert sd.grad(f)(np.ones(3)).shape == (3,)
        assert sd.grad(f).program.inputs[0].shape == ()

    def test_traces_go_with_the_function(self) -> None:
        def made() -> Any:
            data = np.ones(3)
            return lambda x: np.sum(data * x**2)

        f = made()
        sd.grad(f)(np.ones(3))
        ending = weakref.ref(f)
        del f
        gc.collect()
        assert ending() is None

    def test_closures_without_end(self) -> None:
        def made(k: float) -> Any:
            return lambda x: k * x * x

        endings = []
        for k in range(100):
            f = made(float(k))
            assert sd.grad(f)(1.0) == 2.0 * k
            endings.append(weakref.ref(f))
        del f
        gc.collect()
        assert not any(ending() for ending in endings)

    def test_static_arguments_without_end(self) -> None:
        def f(x, k):
            return k * x * x

        slope = sd.grad(f, static=("k",))
        for k in range(100):
            assert slope(1.0, k) == sd.grad(f, static=("k",))(1.0, k) == 2.0 * k
        (pool,) = vars(f)["_symdiff_traces"].values()
        assert len(pool.kept) == len(slope._kept) == MOST_KEPT

    def test_traces_go_with_a_function_that_calls_itself(self) -> None:
        def made() -> Any:
            def halved(x, rounds=3):
                return halved(x / 2, rounds - 1) if rounds > 0 else x

            return halved

        f = made()
        assert sd.grad(f)(1.0) == 0.125
        ending = weakref.ref(f)
        del f
        gc.collect()
        assert ending() is None

    def test_a_wrapper_takes_over_no_traces(self) -> None:
        """`functools.wraps` copies the attributes of the function."""

        def cubed(x):
            return x**3

        assert sd.grad(cubed)(2.0) == 12.0

        @functools.wraps(cubed)
        def doubled(x):
            return 2.0 * x

        assert sd.grad(doubled)(2.0) == 2.0
        assert sd.grad(cubed)(2.0) == 12.0

    def test_a_wrapper_has_traces_of_its_own(self) -> None:
        slope = sd.grad(lambda x: x**3)
        assert sd.grad(slope)(2.0) == 12.0

        @functools.wraps(slope)
        def doubled(x):
            return 2.0 * slope(x)

        assert sd.grad(doubled)(2.0) == 24.0
