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
from symdiff.ir.endless import look_back
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


def runs_away(x):
    while x > 0.0:
        x = x + 1.0
    return x * x * x


ENDLESS = [
    (at_least_three_rounds, 2.0, 3),
    (runs_away, 2.0, 2),
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
