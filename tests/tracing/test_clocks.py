"""The time is another one at every call: it is asked for again in each, and never frozen into a closed form."""

import datetime
import time
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import symdiff as sd

START = datetime.datetime(2020, 1, 1)
now = datetime.datetime.now


class Day(date):
    """A date of the user's."""

    def next(self):
        return self.day + 1


def _asking() -> list[Callable[..., Any]]:
    return [
        lambda x: x * datetime.datetime.now().year,
        lambda x: x * datetime.datetime.today().year,
        lambda x: x * date.today().year,
        lambda x: x * now(datetime.UTC).year,
        lambda x: x * time.localtime().tm_year,
        lambda x: x * time.gmtime(None).tm_year,
        lambda x: x * float(time.strftime("%Y")),
        lambda x: x * len(time.ctime()),
        lambda x: x * time.time_ns(),
        lambda x: x * uuid.uuid4().version,
    ]


def matched(x):
    match START:
        case datetime.datetime(year=year):
            return x * year
    return x


def inner(x):
    class Later(date):
        def next(self):
            return self.day + 2

    return x * Later(2020, 1, 3).next()


FIXED = [
    lambda x: x * (date(2020, 5, 1) - date(2020, 1, 1)).days,
    lambda x: x * datetime.datetime.strptime("2020-03-07", "%Y-%m-%d").day * isinstance(START, date),
    lambda x: x * datetime.datetime.fromtimestamp(0, datetime.UTC).year,
    lambda x: x * datetime.datetime.combine(date(2020, 1, 2), datetime.time(3)).hour,
    lambda x: x * (date.min.year + date.fromisoformat("2024-02-03").replace(day=4).day),
    lambda x: x * time.gmtime(0).tm_year * len(time.strftime("%Y", time.gmtime(0))),
    lambda x: x * (3.0 if type(START) is datetime.datetime else 2.0),
    lambda x: x * Day(2020, 1, 1).next(),
    matched,
    inner,
]


@pytest.mark.parametrize("function", _asking())
def test_the_present_has_no_closed_form(function: Callable[..., Any]) -> None:
    with pytest.raises(sd.UnsupportedError, match="gives another number at every call"):
        sd.derivative(function)


@pytest.mark.parametrize("function", _asking()[:-2])
def test_the_present_is_asked_for_in_every_call(function: Callable[..., Any]) -> None:
    assert sd.grad(function)(1.5) == pytest.approx(function(1.0))  # but at midnight, New Year


@pytest.mark.parametrize("function", FIXED)
def test_other_times_are_constants(function: Callable[..., Any]) -> None:
    assert sd.derivative(function)(1.5) == function(1.0)


def test_a_clock_is_not_frozen_by_the_first_call() -> None:
    slope = sd.grad(lambda x: x * time.perf_counter())
    first = slope(1.0)
    assert slope(1.0) > first
