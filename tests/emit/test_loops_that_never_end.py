"""A kept loop that can never end is stopped with its line, in memory and in emitted modules; one that ends is not."""

import itertools
import math
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.calculus.derivatives import derive
from symdiff.emit import repeat
from symdiff.ir import endless, loop_values
from symdiff.ir.endless import FIRST_LOOK, look_back
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Loop
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function


@pytest.fixture(autouse=True)
def _is_stopped() -> Iterator[None]:
    """A test that hangs fails."""

    def give_up(*_: Any) -> None:
        raise AssertionError("it goes on for ever")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def overflows(y):
    while y > 0.5:
        y = y**2
    return y


def sticks_beside_the_root(x):
    root = x
    while root * root != x:
        root = 0.5 * (root + x / root)
    return root


def jumps_between_three(x):
    a, b, c = x, x * x, x * x * x
    while a + b + c > 0.0:
        a, b, c = b, c, a
    return a


def counts_while_it_overflows(x):
    term = total = x
    n = 1
    while True:
        term = -term * x * x / ((2 * n) * (2 * n + 1))
        total = total + term
        n += 1
        if abs(term) < 1e-10:
            return total


def counts_in_a_for(x):
    for i in itertools.count():
        x = x**2 + i
        if x < 0.5:
            break
    return x


def is_none_at_once(x):
    while True:
        x = 0.5 * x - (x - x) / (x - x)
        if abs(x) < 1e-3:
            break
    return x


def within_another(x):
    total = 0.0
    while total < 3.0:
        y = x
        while y > 0.5:
            y = y * y
        total = total + 1.0 + y
    return total


def by_more_than_four(a, b, c, d, e):
    while a > 0.5:
        a, b = a**2 + 0.0 * e, b * c + d
    return a + b


def at_least_three_rounds(x):
    k = 0
    while x > 0.0 or k < 3:
        k += 1
        x = x * x + 1.0
    return x


ENDLESS = [
    (at_least_three_rounds, 2.0, 3),
    (overflows, 2.0, 2),
    (sticks_beside_the_root, 3.0, 3),
    (jumps_between_three, 1.0, 3),
    (counts_while_it_overflows, 1e200, 4),
    (counts_in_a_for, 3.0, 2),
    (within_another, 2.0, 5),
]


def functions_of(f: Callable[..., Any], backend: str) -> list[Callable[..., Any]]:
    """The value, its gradient and its second derivative."""
    program = trace_function(f)
    wrt = (program.parameters[0].name,)
    return [
        compile_program(each, backend) for each in (program, derive(program, "grad", wrt), derive(program, "hess", wrt))
    ]


@pytest.mark.parametrize("backend", ["math", "numpy"])
@pytest.mark.parametrize(("f", "x", "line"), ENDLESS, ids=lambda case: getattr(case, "__name__", ""))
def test_it_is_stopped_with_its_line(f: Callable[..., Any], x: float, line: int, backend: str) -> None:
    place = f"{Path(f.__code__.co_filename).name}:{f.__code__.co_firstlineno + line - 1}"
    for function in functions_of(f, backend):
        with pytest.raises(OverflowError, match=re.escape(f"{place}: this loop never ends")):
            function(x)


def test_nan_is_what_it_was() -> None:
    value, *_ = functions_of(is_none_at_once, "numpy")
    with pytest.raises(OverflowError, match="this loop never ends"):
        value(2.0)


@pytest.mark.parametrize("backend", ["math", "numpy"])
def test_rounds_that_are_taken_back_are_not_kept_for_ever(backend: str) -> None:
    program = trace_function(by_more_than_four)
    gradient = compile_program(derive(program, "grad", ("a", "b", "c", "d", "e")), backend)
    with pytest.raises(OverflowError, match="this loop never ends"):
        gradient(2.0, 0.1, 0.2, 0.3, 0.4)
    assert gradient(0.9, 0.1, 0.2, 0.3, 0.4)[0] == pytest.approx(8.0 * 0.9**7)


def test_one_element_that_never_ends_stops_all() -> None:
    _, slope, _ = functions_of(sticks_beside_the_root, "numpy")
    assert slope(np.array([4.0, 9.0])) == pytest.approx([0.25, 1.0 / 6.0])
    with pytest.raises(OverflowError, match="this loop never ends"):
        slope(np.array([4.0, 3.0, 9.0]))


def test_calls_and_modules_stop() -> None:
    with pytest.raises(OverflowError, match="this loop never ends"):
        sd.value_and_grad(overflows)(2.0)
    for backend in ("math", "numpy", "numexpr"):
        namespace: dict[str, Any] = {}
        exec(sd.generate(overflows, emit="grad", backend=backend).text, namespace)
        assert namespace["overflows_grad"](0.9) == pytest.approx(8.0 * 0.9**7)
        with pytest.raises(OverflowError, match="this loop never ends"):
            namespace["overflows_grad"](2.0)


@pytest.mark.parametrize(("f", "x", "line"), ENDLESS, ids=lambda case: getattr(case, "__name__", ""))
def test_the_reference_stops(f: Callable[..., Any], x: float, line: int) -> None:
    program = trace_function(f)
    with pytest.raises(OverflowError, match="this loop never ends"):
        evaluate(program, **{program.parameters[0].name: x})


def test_code_that_rounding_keeps_in_its_loop_is_proven_elsewhere() -> None:
    def root_of(x):
        root = x
        while abs(root * root - x) > 2e-16 * x:
            root = 0.5 * (root + x / root)
        return root

    assert "sampled point" in sd.generate(root_of, emit="grad", backend="math").text


# Loops that are stopped after many rounds


def never_large_enough(x):
    k = 0.0
    while math.cos(k * x) < 2.0:
        k += 1.0
    return k * x


def taken_one_by_one(x):
    for k in itertools.count():
        if x * k > 1e300 * x * x and x < 0.0:
            break
    return x * k


def comes_back_after_eleven(x):
    k = 0
    while k != 12 or x < 0.0:
        k = (k + 1) % 11
        x = x * 1.001
    return x


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """The rounds after which loops are stopped."""
    monkeypatch.setattr(repeat, "SOONER", 2)
    for module in (repeat, loop_values, endless):
        monkeypatch.setattr(module, "LAST_LOOK", 4 * FIRST_LOOK)
    return 4 * FIRST_LOOK


@pytest.mark.parametrize("backend", ["math", "numpy"])
@pytest.mark.parametrize("f", [never_large_enough, taken_one_by_one, comes_back_after_eleven], ids=lambda f: f.__name__)
def test_what_asks_about_what_grows_is_stopped(f: Callable[[Any], Any], backend: str, few: int) -> None:
    line = f.__code__.co_firstlineno + (1 if f is taken_one_by_one else 2)
    message = re.escape(f"{Path(f.__code__.co_filename).name}:{line}: this loop never ends")
    for function in functions_of(f, backend)[:2]:
        with pytest.raises(OverflowError, match=message):
            function(2.0)
    with pytest.raises(OverflowError, match=message):
        evaluate(trace_function(f), x=2.0)


@pytest.mark.parametrize("backend", ["math", "numpy"])
def test_rounds_that_are_kept_are_fewer(backend: str, few: int) -> None:
    def far(a, b, c, d, e):
        k = 0.0
        while math.cos(k * a) < 2.0 + e:
            k += b * c * d
            a = a * b
        return k

    program = trace_function(far)
    gradient = compile_program(derive(program, "grad", ("a", "b", "c", "d", "e")), backend)
    sooner = 1 if backend == "math" else 2
    with pytest.raises(OverflowError, match=f"or not within {few // sooner // 2:,} rounds"):
        gradient(1.0, 1.0, 1.0, 1.0, 0.0)
    with pytest.raises(OverflowError, match=f"or not within {few // sooner:,} rounds"):
        compile_program(program, backend)(1.0, 1.0, 1.0, 1.0, 0.0)


def test_a_bound_of_ones_own_is_kept(few: int) -> None:
    def bounded(x, n):
        for k in range(n):
            if math.cos(k * x) > 2.0:
                break
        return k * x

    def unbounded(x, n):
        k = 0
        while math.cos(k * x) < 2.0 and k * x * x < n * x * x:
            k += 1
        return k * x

    assert sd.grad(bounded)(0.5, 3 * few) == 3 * few - 1
    with pytest.raises(OverflowError, match="this loop never ends, or not within 1,680 rounds"):
        sd.grad(unbounded)(0.5, 3 * few)
    assert sd.grad(unbounded)(0.5, few // 4) == few // 4


# Loops that end


def long_and_lost(x, n):
    """An infinity that is no end: the counter is."""
    k = 0
    while k < n and abs(x) > 1e-3:
        x = x * x
        k += 1
    return x + k


def sought_for_long(x):
    """The first number is infinite until it is found."""
    first, t = math.inf, 0.0
    while first == math.inf:
        t = t + 1.0
        if t * x > 5_000.0:
            first = t
    return first * x


def long_alternation(x):
    """What is asked about comes back, and what it is made of does not."""
    sign, size = 1.0, 4_000.0
    while size > 0.0 and sign * sign > 0.0:
        sign = -sign
        size = size - 1.0 if x > 0.0 else size - 2.0
    return sign * size + x


def recovers(x):
    """Infinite for a while, and then finite again."""
    y, k = x, 0.0
    while y > 0.0:
        y = y * y
        k = k + 1.0
        if k > 3_000.0:
            y = -k
    return y + x


@pytest.mark.parametrize("backend", ["math", "numpy"])
@pytest.mark.parametrize(
    ("f", "arguments"),
    [
        (long_and_lost, (3.0, 5_000.0)),
        (sought_for_long, (1.0,)),
        (long_alternation, (1.0,)),
        (long_alternation, (-1.0,)),
        (recovers, (3.0,)),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
def test_what_ends_gives_what_plain_python_gives(
    f: Callable[..., Any], arguments: tuple[Any, ...], backend: str
) -> None:
    assert compile_program(trace_function(f), backend)(*arguments) == f(*arguments)
    assert evaluate(trace_function(f), **dict(zip(f.__code__.co_varnames, arguments, strict=False))) == f(*arguments)


def test_a_loop_that_a_counter_ends_does_not_look_back() -> None:
    (loop,) = (node for node in trace_function(long_and_lost).nodes() if isinstance(node, Loop))
    assert look_back(loop.body) is None
    text = sd.derivative(long_and_lost, "x").source(backend="math")
    assert "rounds" not in text
