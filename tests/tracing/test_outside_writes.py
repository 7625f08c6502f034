"""What a function writes outside of itself is warned about where nobody reads it, and refused where somebody does."""

import dataclasses
import warnings
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.tracing import trace_function

LOG: list[Any] = []
COUNTS = [0]
LAST: dict[str, Any] = {"x": None}
RECENT: deque[Any] = deque(maxlen=3)
TABLE = [1.0, 2.0, 3.0]
calls = 0
total = 0.0


def _total():
    return total


class Model:
    """An object that counts, logs and remembers."""

    made = 0

    def __init__(self) -> None:
        self.calls = 0
        self.log: list[Any] = []
        self.last = None
        self.best = np.inf

    def loss(self, x):
        self.calls += 1
        self.log.append(x)
        self.last = x
        Model.made += 1
        return x * x

    def counted(self, x):
        self.calls += 1
        return x * self.calls

    def lowest(self, x):
        if x * x < self.best:
            self.best = x * x
        return x * x

    def looked_up(self, x):
        self.calls += 1
        return x * getattr(self, "calls")  # noqa: B009 (it is the case)


@dataclasses.dataclass
class Meter:
    """An object that all of is read."""

    calls: int = 0

    def measure(self, x):
        self.calls += 1
        return x * dataclasses.astuple(self)[0]


MODEL = Model()
METER = Meter()


def _closures() -> list[Callable[..., Any]]:
    count = 0

    def counts(x):
        nonlocal count
        count += 1
        return x * x

    def uses(x):
        nonlocal count
        count += 1
        return x * count

    def get():
        return count

    def asks(x):
        nonlocal count
        count += 1
        return x * get()

    return [counts, uses, asks]


def logs_in_rounds(x):
    for _ in range(3):
        LOG.append(x)
        COUNTS[0] += 1
        LAST["x"] = x
        RECENT.appendleft(x)
        x = x * x
    return x


def counts_on_one_side(x):
    global calls
    if x > 0:
        calls += 1
        return x * x
    return x


def counts_in_a_function(x):
    def count():
        global calls
        calls = calls + 1

    count()
    return x * x


def adds_up(x):
    global total
    total += x
    return x * x


def logs_in_a_loop(x):
    while x > 1.0:
        LOG.append(x)
        x = x / 2.0
    return x


def writes_to_one_of_two(x):
    log = LOG if x > 0 else COUNTS
    log.append(x)
    return x * x


def counts_on_itself(x):
    counts_on_itself.calls = 1
    return x * x


def _reading() -> list[Callable[..., Any]]:
    """Functions that read what they, or functions that they call, write."""

    def length(x):
        LOG.append(x)
        return x * len(LOG)

    def length_before(x):
        n = len(LOG)
        LOG.append(x)
        return x * n

    def sum_of_it(x):
        LOG.append(x)
        return x * sum(LOG)

    def unpacked(x):
        LOG.append(x)
        return x * [*LOG][-1]

    def as_array(x):
        LOG.append(x)
        return np.array(LOG).sum()

    def counter(x):
        COUNTS[0] += 1
        return x * COUNTS[0]

    def counter_before(x):
        n = COUNTS[0]
        COUNTS[0] += 1
        return x * n

    def sum_in_a_function(x):
        global total
        total += x
        return x * _total()

    def sum_before(x):
        global total
        y = _total()
        total += x
        return x * y

    def in_a_function(x):
        def count():
            global calls
            calls += 1

        count()
        return x * calls

    def one_of_two(x):
        table = TABLE if x > 0 else LOG
        if x > 0:
            TABLE.append(x)
        return x * len(table)

    def another_name(x):
        log = LOG
        log.append(x)
        return x + len(log)

    def returned(x):
        LOG.append(x)
        return {"x": x, "log": LOG}

    def element(x):
        LOG.append(x)
        return x if x in LOG else 0.0

    def last_ones(x):
        RECENT.append(x)
        return x * len(RECENT)

    def keys(x):
        LAST["x"] = x
        return x * len({**LAST})

    def method(x):
        return METER.measure(x)

    return [value for name, value in locals().items() if callable(value)]


SILENT = {
    logs_in_rounds: 4,
    counts_on_one_side: 1,
    counts_in_a_function: 1,
    adds_up: 1,
    logs_in_a_loop: 1,
    writes_to_one_of_two: 2,
    counts_on_itself: 1,
    _closures()[0]: 1,
    MODEL.loss: 4,
}
READING = [*_reading(), *_closures()[1:], MODEL.counted, MODEL.lowest, MODEL.looked_up]


@pytest.mark.parametrize("function", SILENT, ids=lambda function: function.__name__)
def test_what_nobody_reads_is_warned_about_once(function: Callable[..., Any]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        program = trace_function(function)
    assert len(caught) == SILENT[function]
    lines = {(warning.filename, warning.lineno) for warning in caught}
    assert len(lines) == len({line for _, line in lines}) and {name for name, _ in lines} == {__file__}
    assert all("the closed form does not" in str(warning.message) for warning in caught)
    assert {name for name, _ in program.constants} <= {"Model.best"}
    assert (LOG, COUNTS, LAST, calls, total, vars(MODEL)["calls"]) == ([], [0], {"x": None}, 0, 0.0, 0)


@pytest.mark.filterwarnings("ignore:the traced function changes")
@pytest.mark.parametrize("derivative", [sd.grad, sd.derivative])
@pytest.mark.parametrize("function", SILENT, ids=lambda function: function.__name__)
def test_derivatives_are_those_of_the_function(function: Callable[..., Any], derivative: Any) -> None:
    slope = derivative(function)
    expected = {logs_in_rounds: 8 * 1.5**7, logs_in_a_loop: 0.5}.get(function, 3.0)
    assert [slope(1.5), slope(1.5)] == pytest.approx([expected] * 2, rel=1e-15)


@pytest.mark.parametrize("function", READING, ids=lambda function: function.__name__)
def test_what_is_read_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(sd.AssignmentError, match="outlives the call") as caught:
        trace_function(function)
    assert caught.value.origin is not None
    assert (LOG, COUNTS, LAST, TABLE, calls, total) == ([], [0], {"x": None}, [1.0, 2.0, 3.0], 0, 0.0)


@pytest.mark.filterwarnings("ignore:the traced function changes")
def test_a_kept_trace_is_not_renewed_when_a_counter_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model()
    slope = sd.grad(model.loss)
    assert slope(1.5) == 3.0
    model.loss(2.0)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("traced again")

    monkeypatch.setattr("symdiff.tracing.function._traced", refuse)
    assert slope(1.5) == 3.0
    assert (model.calls, model.log, model.last) == (1, [2.0], 2.0)


def test_the_warning_names_the_line() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        sd.derivative(Model().loss)
        sd.derivative(Model().loss)
    texts = [str(warning.message) for warning in caught]
    line = Model.loss.__code__.co_firstlineno + 1
    summary = "the closed form does not, and computes the same without it"
    assert texts[0] == f"the traced function changes `Model.calls`, line {line}: {summary}"
    assert len(texts) == 4
