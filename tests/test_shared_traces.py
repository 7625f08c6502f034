"""`grad(f)(x)` in a loop: the traces belong to the function."""

import functools
import gc
import weakref
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff import transformed


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
            return np.sum(x[x > 0.0] ** 2)

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

    def test_a_wrapper_has_traces_of_its_own(self) -> None:
        slope = sd.grad(lambda x: x**3)
        assert sd.grad(slope)(2.0) == 12.0

        @functools.wraps(slope)
        def doubled(x):
            return 2.0 * slope(x)

        assert sd.grad(doubled)(2.0) == 24.0
