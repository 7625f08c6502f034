"""A call is never wrong because an earlier one took another path: kinks, nan, threads, nesting, changed arrays."""

import math
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.runtime.guarded import MOST_TRACES
from tests.guarded.functions import CASES
from tests.guarded.test_paths import slope

RATE = [2.0]


def thirds(y: Any) -> Any:
    parts = [y]
    while parts[-1] > 1.0:
        parts.append(parts[-1] / 3.0)
    return sum(part**3 for part in parts)


class TestValues:
    def test_at_a_kink_the_path_is_that_of_python(self) -> None:
        def f(x):
            return {True: x, False: 3.0 * x}[bool(x > 0.0)]

        gradient = sd.grad(f, mode="guarded")
        assert [gradient(x) for x in (0.0, 5e-324, -0.0, 1.0, -1.0, 0.0)] == [3.0, 1.0, 3.0, 1.0, 3.0, 3.0]

    def test_of_nan_no_comparison_holds_and_none_follows_from_another(self) -> None:
        def f(x):
            parts = [x]
            if not x > 1.0:
                parts.append(2.0 * x)
            if x <= 1.0:
                parts.append(4.0 * x)
            if x != x:
                parts.append(8.0 * x)
            return sum(parts)

        gradient = sd.grad(f, mode="guarded")
        for _ in range(3):
            assert [gradient(x) for x in (2.0, math.nan, 0.5)] == [1.0, 11.0, 7.0]

    def test_a_whole_number_of_nan_is_pythons_own_error(self) -> None:
        gradient = sd.grad(lambda x: sum(x**i for i in range(int(x))))
        assert gradient(2.5) == 1.0
        with pytest.raises(sd.TraceError, match="NaN"):
            gradient(math.nan)
        assert gradient(2.5) == 1.0

    @pytest.mark.parametrize("mode", ["auto", "guarded"])
    def test_the_sign_of_zero_is_seen(self, mode: Any) -> None:
        gradient = sd.grad(lambda x, y: x * math.copysign(1.0, float(str(y))), mode=mode)
        assert [gradient(1.0, y) for y in (0.0, -0.0, 0.0)] == [1.0, -1.0, 1.0]

    def test_a_mask_without_elements(self) -> None:
        gradient = sd.grad(lambda x: np.sum(np.sort(x[x > 0.0]) ** 2))
        assert gradient(np.array([-1.0, -2.0])).tolist() == [0.0, 0.0]
        assert gradient(np.array([-1.0, 2.0])).tolist() == [0.0, 4.0]

    def test_an_array_that_the_caller_changes(self) -> None:
        def f(x, data):
            return x * np.histogram(data, bins=[0.0, 1.0, 2.0])[0][1]

        data, gradient = np.array([0.5, 1.5, 1.7]), sd.grad(f)
        assert gradient(3.0, data) == 2.0
        data[1] = 0.1
        assert gradient(3.0, data) == 1.0

    def test_a_guard_that_has_no_value_on_another_path(self) -> None:
        def f(a):
            if np.linalg.det(a) == 0.0:
                return [np.sum(a)][0]
            solution = np.linalg.solve(a, np.ones(2))
            return {True: np.sum(solution), False: np.sum(a**2)}[bool(solution[0] > 0.0)]

        gradient, regular, singular = sd.grad(f, mode="guarded"), np.array([[2.0, 0.5], [0.0, 1.0]]), np.ones((2, 2))
        for _ in range(2):
            np.testing.assert_allclose(gradient(regular), slope(f, regular), rtol=1e-6, atol=1e-9)
            assert gradient(singular).tolist() == [[1.0, 1.0], [1.0, 1.0]]

    def test_integers_stay_integers(self) -> None:
        def f(x, n):
            return x ** math.comb(n, 2) if n & 1 and x > 0.0 else x * len("a" * n)

        gradient = sd.grad(f, mode="guarded")
        assert [gradient(2.0, n) for n in (3, 4, 3)] == [12.0, 4.0, 12.0]


class TestNesting:
    @pytest.mark.parametrize("x", [0.5, 2.0, 5.0])
    def test_derivatives_of_derivatives(self, x: float) -> None:
        parts = [9.0**-k for k in range(10) if k == 0 or x / 3.0 ** (k - 1) > 1.0]
        cubes = sum(part * 3.0 ** (-k) for k, part in enumerate(parts))
        assert sd.grad(sd.grad(thirds))(x) == pytest.approx(6.0 * x * cubes, rel=1e-14)
        assert sd.hessian(thirds)(x) == pytest.approx(6.0 * x * cubes, rel=1e-14)
        assert sd.grad(sd.grad(sd.grad(thirds)))(x) == pytest.approx(6.0 * cubes, rel=1e-14)

    def test_inner_gradients_have_the_guards_of_the_outer(self) -> None:
        inner = sd.grad(thirds)

        def f(x):
            return inner(x * x) * x

        gradient = sd.grad(f)
        for x in (0.5, 2.0, 5.0, 0.9, 2.0, 1.1):
            assert gradient(x) == pytest.approx(float(slope(f, x)), rel=1e-6)
        assert any("x * x > 1" in str(guard) for guard in gradient.guards)

    def test_inner_functions_that_decide_by_the_outer_argument(self) -> None:
        def f(x):
            def g(y):
                parts = [y * x]
                while parts[-1] > x - 1.0:
                    parts.append(parts[-1] - 2.0)
                return sum(part**2 for part in parts)

            return sd.grad(g)(3.0)

        gradient = sd.grad(f)
        for x in (0.3, 2.1, 5.2, 0.3):
            assert gradient(x) == pytest.approx(float(slope(f, x)), rel=1e-6)

    def test_what_the_inner_function_reads_is_looked_at_again(self) -> None:
        inner = sd.grad(lambda x: RATE[0] * x)
        outer = sd.grad(lambda x: inner(x) * x)
        assert outer(1.0) == 2.0
        RATE[0] = 3.0
        assert outer(1.0) == 3.0
        RATE[0] = 2.0

    def test_a_closed_trace_around_a_path_is_refused(self) -> None:
        with pytest.raises(sd.TraceError):
            sd.trace(lambda x: sd.grad(CASES["list_that_grows"][0])(x))


class TestKeeping:
    def test_the_number_of_paths_is_bounded(self) -> None:
        gradient = sd.grad(CASES["counted"][0])
        for x in np.arange(0.5, 3 * MOST_TRACES):
            assert gradient(x) == pytest.approx(sum(i * x ** (i - 1) for i in range(1, int(x))), rel=1e-13)
        assert f"guarded: {MOST_TRACES} paths" in repr(gradient)

    def test_a_path_is_traced_once(self) -> None:
        gradient = sd.grad(CASES["counted"][0])
        gradient(2.5)
        traced = gradient.guards
        assert gradient(2.75) == 1.0
        assert gradient.guards is traced

    def test_globals_are_looked_at_again(self) -> None:
        def f(x):
            return RATE[0] * sum(x**i for i in range(int(x)))

        gradient = sd.grad(f)
        assert gradient(2.5) == 2.0
        RATE[0] = 5.0
        assert gradient(2.5) == 5.0
        RATE[0] = 2.0
        assert gradient(2.5) == 2.0

    def test_threads(self) -> None:
        function, inputs = CASES["list_that_grows"]
        gradient, start = sd.grad(function), threading.Barrier(4)
        expected = {x: float(slope(function, x)) for x in inputs}

        def calls(shift: int) -> list[tuple[float, float]]:
            start.wait()
            return [(x, gradient(x)) for i in range(40) for x in [inputs[(i * shift + shift) % len(inputs)]]]

        with ThreadPoolExecutor(4) as pool:
            for results in pool.map(calls, range(1, 5)):
                for x, found in results:
                    assert found == pytest.approx(expected[x], rel=1e-6)

    def test_pickles(self) -> None:
        gradient = sd.grad(thirds)
        assert gradient(5.0) == pickle.loads(pickle.dumps(gradient))(5.0)


class TestOperators:
    def test_products_and_matrices(self) -> None:
        def f(x):
            return x[x > 0.0] ** 3

        x, v = np.array([1.0, -2.0, 3.0]), np.array([1.0, 10.0, 100.0])
        assert sd.jacobian(f)(x).tolist() == [[3.0, 0.0, 0.0], [0.0, 0.0, 27.0]]
        assert sd.jvp(f)(x, v).tolist() == [3.0, 2700.0]
        assert sd.vjp(f)(x, np.array([1.0, 2.0])).tolist() == [3.0, 0.0, 54.0]
        assert sd.hvp(lambda x: np.sum(f(x)))(x, vector=v).tolist() == [6.0, 0.0, 1800.0]
        product = sd.jvp(f)
        for sign in (1.0, -1.0, 1.0):
            np.testing.assert_array_equal(product(sign * x, v), (3.0 * x**2 * v)[sign * x > 0.0])

    def test_every_function_of_the_shape_of_values(self) -> None:
        x, y = np.array([2.0, 0.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.0, -4.0])
        weights = np.array([1.0, 2.0, 3.0, 4.0])

        def taken(x):
            return (
                np.sum(x[np.nonzero(x)] ** 2 * weights[: len(np.flatnonzero(x))]) + np.sum(np.argwhere(x > 1.0)) * x[0]
            )

        def distinct(x):
            values, first, back, counts = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
            return np.sum(values**2 * counts) + np.sum(values[back] * weights) + np.sum(first * values)

        gradient = sd.grad(taken)
        for at in (x, y, x):
            steps = [taken(at + 1e-6 * e * (at != 0)) - taken(at - 1e-6 * e * (at != 0)) for e in np.eye(4)]
            np.testing.assert_allclose(gradient(at), np.divide(steps, 2e-6), atol=1e-6)
        assert sd.value_and_grad(distinct)(x)[0] == distinct(x)
        assert sd.grad(distinct)(x).tolist() == [2 * 2.0 * 2 + 1 + 3, 0.0 + 2 + 1, 0.0, 6.0 + 4 + 3]
        assert sd.grad(distinct)(y).tolist() == sd.grad(distinct, mode="guarded")(y).tolist()

    def test_unique_joins_nans_as_numpy_does(self) -> None:
        x = np.array([math.nan, 1.0, math.nan])
        for equal in (True, False):
            value, _ = sd.value_and_grad(lambda x, e=equal: len(np.unique(x, equal_nan=e)) * x[1])(x)
            assert value == len(np.unique(x, equal_nan=equal))
