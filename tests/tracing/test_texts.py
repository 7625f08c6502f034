"""Texts of traced values are shown, and not looked into; of two texts, a choice is between them where it matters."""

# ruff: noqa: T201, FURB192, PERF401, UP031, UP032 (texts in all their spellings are what is tested)

import dataclasses
import logging
import math
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import symdiff as sd
from symdiff.errors import ConversionError
from symdiff.tracing import trace_function

log = logging.getLogger(__name__)


@dataclasses.dataclass
class Point:
    """A user's object with a text of its own."""

    a: float
    b: float

    def __str__(self):
        return f"<{self.a}, {self.b}>"


class OutOfRangeError(ValueError):
    """A user's exception with a text of its own."""

    def __init__(self, value):
        super().__init__(value)
        self.value = value

    def __str__(self):
        return f"bad {self.value}"


def logged(x):
    log.info("x = %s", x)
    log.debug(f"half is {x / 2:.3f}")
    logging.getLogger("another").warning("%g", x)
    return x * x


def written(x):
    sys.stderr.write("x = " + str(x) + "\n")
    print("x = %8.3f" % x, "{:.2f}".format(x), repr(x), file=sys.stderr)
    return x * x


def tabulated(x):
    rows = []
    for i in range(3):
        rows.append(f"{i:3d} {x * i:{8}.{3}f}".ljust(20).upper())
    print("\n".join(rows) + "!" * 3)
    return x * x


def of_an_object(x):
    point = Point(x, 2.0)
    print(point, f"{point} {point!r}", [x])
    return point.a * x


def counted(x):
    message = "no rounds"
    n = 0
    while x > 1.0:
        x = x * 0.5
        n += 1
        message = f"round {n}: {x}"
    print(message)
    return x * x


def converged(x):
    message = "maximum number of iterations"
    for i in range(100):
        step = (x * x - 2.0) / (2.0 * x)
        x = x - step
        if abs(step) < 1e-12:
            message = f"converged in {i} iterations"
            break
    print(message)
    return x


def caught(x):
    try:
        if x < 0.0:
            raise ValueError(f"negative: {x}")
        y = x
    except ValueError as error:
        print(f"failed, {error}")
        y = -x
    return y * y


SAYING = [logged, written, tabulated, of_an_object, counted, converged, caught]


@pytest.mark.parametrize("function", SAYING, ids=lambda function: function.__name__)
@pytest.mark.parametrize("x", [0.75, 3.0, 5.0])
def test_what_is_said_changes_nothing(function: Callable[..., Any], x: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        slope = sd.derivative(function)(x)
        assert sd.grad(function)(x) == pytest.approx(slope, rel=1e-14, abs=1e-30)
    step = 1e-6
    difference = (function(x + step) - function(x - step)) / (2.0 * step)
    assert slope == pytest.approx(difference, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("function", SAYING, ids=lambda function: function.__name__)
def test_saying_a_traced_value_is_warned_about(function: Callable[..., Any], capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        trace_function(function)
    assert found
    assert all("a traced value" in str(each.message) or "in a branch" in str(each.message) for each in found)
    said = capfd.readouterr()
    assert not said.out
    assert not said.err


def test_what_is_said_where_it_depends_on_the_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """Not at all; what is said in every call is said while the function is traced."""

    def f(x):
        print("always")
        if x < 0.0:
            print("negative")
            warnings.warn("negative", RuntimeWarning, stacklevel=2)
        return x * x

    first = f.__code__.co_firstlineno
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        trace_function(f)
    assert [(each.lineno - first, each.category) for each in found] == [(3, UserWarning), (4, UserWarning)]
    assert capsys.readouterr().out == "always\n"


def details(function: Callable[..., Any]) -> set[str]:
    return {text for check in trace_function(function).checks for text in check.details}


def test_messages_of_exceptions() -> None:
    def f(x):
        kind = "low" if x < 0.0 else "high"
        if abs(x) > 10.0:
            raise ValueError(f"{kind} value {x}")
        assert x != 5.0, "five: " + str(x)
        if x == 6.0:
            raise OutOfRangeError(x)
        if x == 7.0:
            raise ValueError("%d is %s, not {%.2f}" % (7, [x], x))
        return x * x

    assert details(f) == {"low value x", "high value x", "five: x", "bad x", "7 is [x], not {x}"}


def by_mode(x):
    mode = "slow"
    if x > 1.0:
        mode = "fast"
    return x * {"slow": 2.0, "fast": 3.0}[mode]


def by_counting(x):
    seen = []
    for i in range(3):
        seen.append("up" if x > i else "down")
    return x * seen.count("up")


def by_entry(x):
    entry = {}
    if x > 1.0:
        entry["sign"] = "positive"
    else:
        entry["sign"] = "negative"
    return x if entry["sign"] == "positive" else -2.0 * x


@pytest.mark.parametrize("function", [by_mode, by_counting, by_entry])
@pytest.mark.parametrize("x", [-1.5, 0.5, 1.5])
def test_a_choice_between_texts_matters(function: Callable[..., Any], x: float) -> None:
    expected = (function(x + 1e-6) - function(x - 1e-6)) / 2e-6
    assert sd.derivative(function)(x) == pytest.approx(expected, rel=1e-8)
    assert sd.grad(function)(x) == pytest.approx(expected, rel=1e-8)
    assert trace_function(function).outputs  # a closed form, by paths


def remembered(x):
    known = {}

    def product(a, b):
        key = str((a, b))
        if key not in known:
            known[key] = a * b
        return known[key]

    return product(x, 2.0) + product(x * x, 2.0)


def measured(x):
    return x * len(repr([x]))


def compared(x):
    return x if f"{x:.1f}" == "1.5" else -x


def parsed(x):
    return x * float("%.1f" % x)


def listed(x):
    return x if "1.5" in ", ".join([str(x)]) else -x


def sorted_by_text(x):
    return sorted([x, 2.0 * x], key=lambda value: "{}".format(value))[0]


def indexed(x):
    return x * int(str(x).strip()[0])


@pytest.mark.parametrize(
    "function", [remembered, measured, compared, parsed, listed, sorted_by_text, indexed, lambda x: x * len(str([x]))]
)
def test_looking_into_a_text_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(ConversionError, match="asked to become") as caught:
        sd.derivative(function)
    assert caught.value.origin is not None
    with pytest.raises(ConversionError, match="is differentiated"):
        sd.grad(function)(1.5)


def test_a_value_that_is_not_differentiated_may_be_looked_into() -> None:
    def f(x, n):
        return x * {"1.5": 2.0, "2.0": 3.0}[f"{n}"]

    slope = sd.grad(f)
    assert [slope(1.0, 1.5), slope(1.0, 2.0), slope(1.0, 1.5)] == [2.0, 3.0, 2.0]


def test_texts_of_numbers_are_texts() -> None:
    def f(x, n=3):
        parts = {f"k{i}": i * x for i in range(3)}
        name = "k%d" % 2
        assert isinstance(f"{x}", str)
        return parts[name] * math.sqrt(len(f"{name:>4}")) * len("{}".format(name)) + 0.0 * n

    assert sd.derivative(f)(1.5) == 8.0
