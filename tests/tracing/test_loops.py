"""Loops that depend on data: the same values and derivatives as plain Python, in every backend, alone and in arrays."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.calculus.derivatives import derive
from symdiff.emit.executing import execute
from symdiff.errors import LoopError
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate, evaluate_mpmath
from symdiff.ir.nodes import Loop
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function
from tests.tracing.loops_corpus import LOOPS, kepler, logistic_map, newton_root, taylor_sine

BACKENDS = ("numpy", "math", "numexpr")
CASES = [(name, point) for name, (_, points) in LOOPS.items() for point in points]
INNER = [name for name, (_, points) in LOOPS.items() if len(points[0]) == 1]


def in_python(function: Callable[..., float], point: tuple[float, ...]) -> float:
    return float(function(*point))


def slope(function: Callable[..., float], point: tuple[float, ...], step: float = 1e-6) -> float:
    """By central differences, along the first argument."""
    ahead, behind = (function(point[0] + sign * step, *point[1:]) for sign in (1, -1))
    return (ahead - behind) / (2 * step)


@pytest.mark.parametrize("name", LOOPS)
def test_it_stays_a_loop(name: str) -> None:
    program = check(trace_function(LOOPS[name][0]))
    assert any(isinstance(node, Loop) for node in program.nodes())
    assert len(program.all_nodes()) < 150


@pytest.mark.parametrize(("name", "point"), CASES)
def test_values(name: str, point: tuple[float, ...]) -> None:
    function = LOOPS[name][0]
    expected = in_python(function, point)
    program = trace_function(function)
    assert evaluate(program, *point) == pytest.approx(expected, rel=1e-13)
    for backend in BACKENDS:
        assert float(compile_program(program, backend)(*point)) == pytest.approx(expected, rel=1e-13), backend


@pytest.mark.parametrize(("name", "point"), CASES)
def test_first_derivatives(name: str, point: tuple[float, ...]) -> None:
    function = LOOPS[name][0]
    program = trace_function(function)
    parameter = program.parameters[0].name
    expected = slope(function, point)
    for kind in ("grad", "deriv", "value_and_grad"):
        derived = check(derive(program, kind, [parameter]))
        for backend in BACKENDS:
            found = compile_program(derived, backend)(*point)
            found = found[1] if kind == "value_and_grad" else found
            assert float(found) == pytest.approx(expected, rel=1e-6, abs=1e-6), (kind, backend)


@pytest.mark.parametrize(("name", "point"), CASES)
def test_second_derivatives(name: str, point: tuple[float, ...]) -> None:
    """In reverse over reverse and forward over reverse, against the differences of the first."""
    function = LOOPS[name][0]
    program = trace_function(function)
    parameter = program.parameters[0].name
    first = compile_program(derive(program, "grad", [parameter]), "math")
    expected = slope(first, point)
    for backend in BACKENDS:
        second = compile_program(check(derive(program, "hess", [parameter])), backend)
        product = compile_program(check(derive(program, "hvp", [parameter])), backend)
        assert float(second(*point)) == pytest.approx(expected, rel=1e-5, abs=1e-5)
        assert float(product(*point, vector=2.0)) == pytest.approx(2.0 * expected, rel=1e-5, abs=2e-5)


@pytest.mark.parametrize("name", LOOPS)
def test_emitted_modules(name: str) -> None:
    """The text passes the allow-list, is executed, and gives the same numbers."""
    function, points = LOOPS[name]
    gradient = sd.grad(function)
    for backend in BACKENDS:
        emitted = execute(gradient.source(backend=backend))[f"{name}_grad"]
        for point in points:
            assert float(emitted(*point)) == pytest.approx(slope(function, point), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", INNER)
@pytest.mark.parametrize("backend", ["numpy", "numexpr"])
def test_elements_of_arrays_end_apart(name: str, backend: str) -> None:
    """Warnings are errors here: an element that is finished raises none, and stays what it is."""
    function, points = LOOPS[name]
    xs = np.array([point[0] for point in points]).repeat(2).reshape(2, -1)
    program = trace_function(function)
    parameter = program.parameters[0].name
    values = compile_program(program, backend)(xs)
    slopes = compile_program(derive(program, "grad", [parameter]), backend)(xs)
    assert values.shape == slopes.shape == xs.shape
    for x, value, found in zip(xs.flat, values.flat, slopes.flat, strict=True):
        assert value == pytest.approx(function(float(x)), rel=1e-13)
        assert found == pytest.approx(slope(function, (float(x),)), rel=1e-6, abs=1e-6)


class TestSine:
    def test_gradient_at_pi(self) -> None:
        assert abs(sd.grad(taylor_sine)(math.pi) + 0.9998995297042174) <= 1e-15
        assert (
            abs(
                compile_program(derive(trace_function(taylor_sine), "grad", ["x"]), "math")(math.pi)
                + 0.9998995297042174
            )
            <= 1e-15
        )

    def test_across_the_changes_of_the_number_of_rounds(self) -> None:
        """Against the derivative of the sum of as many terms, written out."""
        xs = np.linspace(-9.0, 9.0, 10_000)
        found = compile_program(derive(trace_function(taylor_sine), "grad", ["x"]))(xs)
        for x, value in zip(xs.tolist(), found.tolist(), strict=True):
            total, term, change, i = 1.0, x, 1.0, 0
            while abs(term) > 0.001:
                size = (2 * i + 3) * (2 * i + 2)
                change = -(change * x**2 + 2.0 * x * term) / size
                term = -term * x**2 / size
                total += change
                i += 1
            assert value == pytest.approx(total, rel=1e-12, abs=1e-11)

    def test_all_derivatives_share_one_loop(self) -> None:
        program = trace_function(taylor_sine)
        text = sd.value_and_grad(taylor_sine).source(backend="math")
        assert text.count("while ") == 1
        assert text.count("\n    while abs(currterm) > 0.001:  # loops_corpus.py:30\n") == 1
        assert len(program.nodes()) < 10


class TestConvergence:
    """The derivative through the iterations is that of what they converge to."""

    def test_newton(self) -> None:
        for a in (0.03, 2.0, 1e4):
            assert sd.grad(newton_root)(a) == pytest.approx(0.5 / math.sqrt(a), rel=1e-11)

    def test_kepler(self) -> None:
        by_mean, by_eccentricity = sd.grad(kepler, ("mean", "eccentricity"))(1.0, 0.3)
        anomaly = kepler(1.0, 0.3)
        shrinks = 1.0 - 0.3 * math.cos(anomaly)
        assert by_mean == pytest.approx(1.0 / shrinks, rel=1e-12)
        assert by_eccentricity == pytest.approx(math.sin(anomaly) / shrinks, rel=1e-12)


def test_rounds_counted_by_an_argument() -> None:
    points = np.array([[0.2, 0.3, 0.4]]), np.array([[0.0], [3.0], [7.0]])
    found = compile_program(trace_function(logistic_map))(*points)
    for (row, column), value in np.ndenumerate(found):
        assert value == pytest.approx(logistic_map(points[0][0, column], int(points[1][row, 0])), rel=1e-12)


def test_rounds_of_a_known_number_are_a_for() -> None:
    def decay(x, rate):
        for _ in range(100_000):
            x = x - 1e-5 * rate * x
        return x

    text = sd.grad(decay).source(backend="numpy")
    body = text[text.index("def decay_grad") :]
    assert "for _ in range(100000):" in body
    assert len(body.splitlines()) < 40
    assert "where" not in body
    assert sd.grad(decay)(2.0, 0.7) == pytest.approx(math.exp(-0.7), rel=1e-5)


def test_short_loops_are_written_out() -> None:
    def power(x):
        y = 1.0
        for _ in range(5):
            y = y * x
        return y

    assert not any(isinstance(node, Loop) for node in trace_function(power).nodes())


def test_long_loops_whose_rounds_differ_are_written_out() -> None:
    def alternating(x):
        signs = {"even": 1.0, "odd": -1.0}
        total = 0.0
        for k in range(2_500):
            total += signs["odd" if k % 2 else "even"] * x
        return total + x

    program = trace_function(alternating)
    assert not any(isinstance(node, Loop) for node in program.nodes())
    assert evaluate(program, 3.0) == alternating(3.0)


def test_long_loops_that_look_into_a_list_are_kept() -> None:
    def fit(x):
        data = [0.5 * k for k in range(2_500)]
        total = 0.0
        for k in range(1, len(data)):
            total += (data[k] - x * data[k - 1]) ** 2
        return total

    assert any(isinstance(node, Loop) for node in trace_function(fit).nodes())
    assert sd.derivative(fit)(0.9) == pytest.approx(slope(fit, (0.9,)), rel=1e-6)


def test_state_of_arrays() -> None:
    matrix = np.array([[4.0, 1.0], [1.0, 3.0]])

    def solve(b):
        x = np.zeros(2)
        while np.sum((matrix @ x - b) ** 2) > 1e-24:
            x = x + 0.2 * (b - matrix @ x)
        return x[0] + 2.0 * x[1]

    b = np.array([1.0, 2.0])
    expected = np.linalg.solve(matrix, [1.0, 2.0])
    assert sd.grad(solve, shapes={"b": 2})(b) == pytest.approx(expected, rel=1e-10)
    assert solve(b) == pytest.approx(compile_program(trace_function(solve, shapes={"b": 2}))(b))


def test_arrays_that_change_in_place() -> None:
    def heat(x):
        u = np.zeros(3)
        u[1] = x
        for _ in range(3_000):
            u[1] += 0.01 * (u[0] - 2.0 * u[1] + u[2])
            u[0] += 0.01 * (u[1] - u[0])
        return u[0] + u[1]

    program = trace_function(heat)
    assert evaluate(program, 2.0) == pytest.approx(heat(2.0), rel=1e-12)


def test_a_guard_keeps_the_other_side_from_its_loop() -> None:
    """Where the side is not taken the loop would never end."""

    def f(x):
        if x > 0:
            y = x
            while y < 100.0:
                y = y * 2.0
            return y
        return -x

    xs = np.array([-1.0, 0.0, 3.0])
    program = trace_function(f)
    assert compile_program(program)(xs).tolist() == [1.0, 0.0, 192.0]
    assert [evaluate(program, x) for x in xs] == [1.0, 0.0, 192.0]


def test_nan_ends_a_loop() -> None:
    program = trace_function(taylor_sine)
    for backend in BACKENDS:
        assert math.isnan(float(compile_program(program, backend)(math.nan)))


def test_the_value_in_any_precision() -> None:
    exact = evaluate_mpmath(derive(trace_function(newton_root), "grad", ["a"]), 2.0, digits=40)
    assert float(exact) == pytest.approx(0.5 / math.sqrt(2.0), rel=1e-14)


def test_names_of_the_first_round() -> None:
    def f(x):
        while x > 1.0:
            half = x / 2.0
            x = half
        return half

    program = trace_function(f)
    assert evaluate(program, 5.0) == f(5.0)
    assert math.isnan(evaluate(program, 0.5))  # Python's UnboundLocalError


def test_arrays_at_the_places_that_a_loop_counts() -> None:
    def spread(x, n):
        y = np.zeros(4)
        for k in range(n):
            y[k] = x * y[k - 1] + 1.0
        return y[0] + y[2] * y[3]

    program = trace_function(spread)
    gradient = derive(program, "grad", ["x"])
    for n in (0, 1, 4):
        for backend in ("numpy", "math"):
            assert compile_program(program, backend)(0.7, n) == pytest.approx(spread(0.7, n), rel=1e-13)
            assert compile_program(gradient, backend)(0.7, n) == pytest.approx(slope(spread, (0.7, n)), abs=1e-8)


def test_a_counter_finds_a_place_and_picks_there() -> None:
    """It decides when the loop ends, and is a position behind it."""

    def after(v, c):
        i = 0
        while v[i] < c:
            i += 1
        return v[i] * c - v[i - 1] ** 2

    def bisected(v, c):
        low, high = 0, len(v)
        while low < high:
            middle = (low + high) // 2
            if v[middle] < c:
                low = middle + 1
            else:
                high = middle
        return v[low] * c

    v = np.array([1.0, 2.0, 3.5, 5.0])
    for c, place in ((1.5, 1), (3.0, 2), (4.9, 3)):
        for f, expected in ((after, [v[place], -2.0 * v[place - 1], c]), (bisected, [v[place], 0.0, c])):
            program = trace_function(f, shapes={"v": 4})
            by_c, by_v = compile_program(derive(program, "grad", ["c", "v"]))(v=v, c=c)
            slopes = dict(zip((place, place - 1), (expected[2], expected[1]), strict=True))
            assert compile_program(program)(v, c) == pytest.approx(f(v, c), rel=1e-14)
            assert by_c == pytest.approx(expected[0], rel=1e-14)
            assert by_v == pytest.approx([slopes.get(at, 0.0) for at in range(4)], rel=1e-14)


@pytest.mark.parametrize("steps", [*itertools.product((0, 1, 5), (0, 2))])
def test_jvp_and_vjp_are_transposes(steps: tuple[int, int]) -> None:
    def pair(x, y):
        n = 0.0
        while n < x and n < 10.0:
            x, y = x * 0.9 + y, y * math.cos(x)
            n += 1.0
        return x * y

    point = 1.5 + steps[0], 0.3 + steps[1]
    gradient = sd.grad(pair, ("x", "y"))(*point)
    for position, name in enumerate(("x", "y")):
        tangent = sd.jvp(pair, name)(*point, tangent=1.0)
        assert float(tangent) == pytest.approx(gradient[position], rel=1e-12)


def test_a_refusal_of_a_round_is_told_with_its_line() -> None:
    def f(x):
        found = []
        while x > 1.0:
            x = x / 2.0
            found.append(x)
        return found[0]

    with pytest.raises(LoopError, match="changes a list") as caught:
        trace_function(f)
    assert "while x > 1.0" in str(caught.value)


def test_a_long_loop_and_its_way_back_are_few_lines() -> None:
    def relax(a, b, c, rate, pull, push):
        for _ in range(100_000):
            a, b, c = a + 1e-3 * rate * (b - a), b + 1e-3 * pull * (c - b * b), c + 1e-3 * (push - a * c)
        return a * b + c

    for backend in ("numpy", "math"):
        text = sd.grad(relax, ("a", "b", "c", "rate", "pull", "push")).source(backend=backend)
        assert len(text[text.index("def relax_grad") :].splitlines()) < 40


def test_a_gradient_by_many_numbers_takes_the_rounds_back() -> None:
    """One loop forward and one back, whatever the number of arguments."""
    names = ("alpha", "beta", "gamma", "delta", "prey", "hunters")
    point = LOOPS["predators"][1][0]
    predators = LOOPS["predators"][0]
    gradient = sd.grad(predators, names)
    for backend in ("numpy", "math"):
        text = gradient.source(backend=backend)
        assert text.count("in range(2500):") == text.count("in reversed(history):") == 1
    for at, found in enumerate(gradient(*point)):
        ahead, behind = (
            predators(*[p + sign * 1e-6 * (at == place) for place, p in enumerate(point)]) for sign in (1, -1)
        )
        assert found == pytest.approx((ahead - behind) / 2e-6, rel=1e-5, abs=1e-5)
    hessian = np.array(sd.hessian(predators, names)(*point), dtype=float)
    assert hessian == pytest.approx(hessian.T, rel=1e-9, abs=1e-9)


def test_items_of_long_arrays() -> None:
    def smoothed(v):
        level = 0.0
        for item in v:
            level = level * 0.9 + np.sin(item)
        return level

    v = np.linspace(0.1, 1.0, 5_000)
    program = trace_function(smoothed, args=(v,))
    assert len(program.all_nodes()) < 50
    assert compile_program(program)(v) == pytest.approx(smoothed(v), rel=1e-12)
    found = compile_program(derive(program, "grad", ["v"]))(v)
    assert found == pytest.approx(0.9 ** np.arange(4_999.0, -1.0, -1.0) * np.cos(v), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_derivatives_of_any_order(order: int) -> None:
    derivative: Callable[..., Any] = newton_root
    for _ in range(order):
        derivative = sd.grad(derivative)
    factors = math.prod(0.5 - k for k in range(order))
    assert float(derivative(2.0)) == pytest.approx(factors * 2.0 ** (0.5 - order), rel=1e-7)


def test_a_function_of_the_last_round_is_not_called_after_a_loop_that_is_kept() -> None:
    def scaled(factor: float) -> Any:
        return lambda z: z * factor

    def last_slope(x):
        y, total = x, 0.0
        while y > 0.1:
            slope = scaled(y)
            total += slope(x)
            y *= 0.5
        return total + slope(1.0)

    with pytest.raises(sd.TraceError, match="slope"):
        sd.derivative(last_slope)
    assert sd.grad(last_slope)(1.3) == pytest.approx(2 * 1.3 * 1.875 + 0.125, rel=1e-12)
