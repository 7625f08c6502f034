"""Exceptions that end without their name: by a bare `except`, a `finally` that returns, the end of a `with`."""

import contextlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.emit.executing import execute
from tests.holds import assert_as_on_numbers


class Far(Exception):  # noqa: N818 (as users name them)
    pass


class Ending:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is not None and issubclass(kind, ValueError)


@contextlib.contextmanager
def quiet():
    try:  # noqa: SIM105 (the case)
        yield
    except ValueError:
        pass


def far(x):
    if x < 0.2:
        raise Far
    return x * x


def bare_clause(x):
    y = 0.5 * x
    try:
        y += far(x)
    except:  # noqa: E722 (the case)
        y -= 0.25
    return y


def bare_clause_around_lists(x):
    held = [x]
    try:
        if x > 0.2:
            held.append(2.0 * x)
        held.append(x * x)
    except:  # noqa: E722 (the case)
        held = [7.0]
    return sum(held)


def finally_that_returns(x):
    y = 0.5 * x
    try:
        y += far(x)
    finally:
        return y  # noqa: B012 (the case)


def finally_that_hides_arithmetic(x):
    y = 0.5 * x
    try:
        y = math.log(x)
    finally:
        return y  # noqa: B012 (the case)


def end_of_a_block(x):
    y = 0.5 * x
    with Ending():
        y = math.log(x)
        y += 1.0
    return y


def end_of_a_block_by_a_generator(x):
    y = 0.5 * x
    with quiet():
        y = math.sqrt(x)
        y += 1.0
    return y


def finally_inside(x):
    y = 0.0
    try:
        try:
            y = math.log(x)
        finally:
            y += 1.0
    except ValueError:
        y += 2.0 * x
    return y


def another_clause_inside(x):
    try:
        try:
            y = math.log(x)
        except ZeroDivisionError:
            y = 5.0
    except ValueError:
        y = 2.0 * x
    return y


def block_inside(x):
    try:
        with contextlib.nullcontext():
            y = math.log(x)
    except ValueError:
        y = 2.0 * x
    return y


def clause_that_runs(x):
    try:
        try:
            raise Far
        except Far:
            y = math.log(x)
    except ValueError:
        y = 2.0 * x
    return y


def position_in_a_list(x):
    numbers = [x, 2.0 * x, 0.5]
    try:
        return numbers[math.floor(5.0 * x)]
    except IndexError:
        return 3.0 * x


def position_in_an_array(x):
    numbers = np.array([x, 2.0 * x, 0.5])
    try:
        return numbers[math.floor(5.0 * x)]
    except IndexError:
        return 3.0 * x


def largest_of_nothing(x):
    numbers = np.array([x, 0.5 * x])
    try:
        return numbers[numbers > 0.3].max()
    except ValueError:
        return 3.0 * x


@sd.trace
def checked(x):
    if x < 0.3:
        raise ValueError("too small")
    return x * x


def check_of_a_closed_form(x):
    try:
        return checked(x)
    except ValueError:
        return 3.0 * x


@pytest.mark.parametrize(
    "function",
    [
        position_in_a_list,
        position_in_an_array,
        largest_of_nothing,
        check_of_a_closed_form,
        bare_clause,
        bare_clause_around_lists,
        finally_that_returns,
        finally_that_hides_arithmetic,
        end_of_a_block,
        end_of_a_block_by_a_generator,
        finally_inside,
        another_clause_inside,
        block_inside,
        clause_that_runs,
    ],
)
def test_they_do_what_they_do_on_numbers(function: Callable[..., Any]) -> None:
    assert_as_on_numbers(function, (-0.7, 0.1, 0.9))


def raised_after_all(x):
    with Ending():
        x = 1.0 / x
    return 2.0 * x


def raised_again(x):
    try:
        return math.log(x)
    except ValueError:
        raise


@pytest.mark.parametrize(("function", "x"), [(raised_after_all, 0.0), (raised_again, -1.0)])
def test_what_is_not_hidden_is_raised(function: Callable[..., Any], x: float) -> None:
    with pytest.raises((ValueError, ZeroDivisionError)) as plain:
        function(x)
    compiled = execute(sd.derivative(function).source("math"))[f"{function.__name__}_dx"]
    with pytest.raises(plain.type):
        compiled(x)
