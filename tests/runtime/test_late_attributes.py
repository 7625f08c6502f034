"""Attributes of plain functions that are made when they are asked for."""

import functools
import gc
import weakref
from types import FunctionType
from typing import Any

import pytest

from symdiff.runtime.late_attributes import set_late_attribute


def with_late(make: Any) -> Any:
    def function(x: float) -> float:
        return x

    assert isinstance(function, FunctionType)
    set_late_attribute(function, "late", make)
    return function


def test_it_is_made_once_and_when_it_is_asked_for() -> None:
    made: list[str] = []
    function = with_late(lambda: made.append("made") or len(made))
    vars(function)["other"] = "not this one"
    assert vars(function)["other"] == "not this one"
    assert "late" in [str(name) for name in dir(function)]
    assert not hasattr(function, "lat")
    assert made == []
    assert [function.late for _ in range(100)] == [1] * 100
    assert made == ["made"]
    assert {type(key) for key in vars(function)} == {str}
    assert dir(function).count("late") == 1


def test_what_cannot_be_made_says_so_each_time() -> None:
    function = with_late(lambda: 1 / 0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            _ = function.late


def test_a_wrapper_never_has_another_value() -> None:
    function = with_late(lambda: "made")
    wrapper = functools.wraps(function)(lambda x: function(x))
    assert not hasattr(wrapper, "late")  # as with a property
    assert function.late == "made"
    assert functools.wraps(function)(lambda x: function(x)).late == "made"  # type: ignore[attr-defined]


def test_a_function_with_one_is_freed_at_once() -> None:
    gc.disable()
    try:
        function = with_late(lambda: None)
        gone = weakref.ref(function)
        del function
        assert gone() is None
    finally:
        gc.enable()
