"""Truth values that are asked for by identity: `flag is True`, `match x > 0: case True`."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import ConversionError
from tests.holds import assert_as_on_numbers


def matched(x, y):
    match x > 0:
        case True:
            return y
        case _:
            return 2.0


def kept_in_a_name(x, y):
    flag = x > 0
    if flag is True:
        return y
    return 2.0


def other_than_false(x, y):
    flag = x > 0
    return y if flag is not False else 2.0


def matched_in_pairs(x, y):
    match (x > 0, y > 0.25):
        case [True, True]:
            r = 1.0
        case [True, False]:
            r = 2.0
        case [False, _]:
            r = 3.0
    return r * y


def matched_with_guards(x, y):
    match (x > 0, y):
        case [True, v]:
            r = v
        case [False, v] if v > 0.5:
            r = 2 * v
        case t:
            r = t[1] * 5
    return r * y


def none_true_or_false(x, y):
    flag = None
    if x > 0:
        flag = True
    if flag is None:
        return y
    return y * 2 if flag is True else 1.0


def static(x, y, verbose=False):
    if verbose is True:
        return 0.0
    return x * y


def behind_lists_of_different_lengths(x, y):
    v = [x] if x > 0 else [x, y]
    r = (y > 0.25) is True
    return len(v) * (2.0 if r else 1.0) * y


def lists_with_a_guard(x, y):
    match [x, y]:
        case [a, b] if a > b:
            return a
        case [a, b]:
            return b * 2


def a_dict_of_numbers(x, y):
    match {"op": "mul", "v": x}:
        case {"op": "add", "v": v}:
            return v + y
        case {"op": "mul", "v": v}:
            return v * y


FUNCTIONS = [value for value in list(globals().values()) if getattr(value, "__module__", "") == __name__]


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("mode", ["closed", "guarded"])
def test_values_are_those_of_plain_python(f: Callable[..., Any], mode: str) -> None:
    traced = sd.value_and_grad(f, mode=mode)
    for point in [(1.0, 0.7), (-1.0, 0.71), (0.31, 0.22), (-0.31, 0.13)]:
        assert traced(*point)[0] == pytest.approx(f(*point), rel=1e-14)


def inside_a_dict(x, y):
    match {"a": x > 0}:
        case {"a": True}:
            return y
        case _:
            return 2.0


def beside_a_list(x, y):
    match (x > 0, [y, x]):
        case [True, [a, b]]:
            return a + b
        case _:
            return 2.0


def of_an_element(v):
    flag = v[0] > 1.0
    return v[1] if flag is True else v[0]


@pytest.mark.parametrize(
    ("f", "args"), [(inside_a_dict, (1.0, 2.0)), (beside_a_list, (1.0, 2.0)), (of_an_element, (np.ones(2),))]
)
@pytest.mark.parametrize("mode", ["closed", "guarded"])
def test_what_is_not_known_to_be_one_of_pythons_is_refused(f: Callable[..., Any], args: Any, mode: str) -> None:
    with pytest.raises(ConversionError, match="True"):
        sd.value_and_grad(f, mode=mode)(*args)


def by_functions(x):
    flag = x > 0.5
    return (x if operator.is_(flag, True) else 2.0) * (3.0 if operator.is_not(flag, True) else x)


def two_conditions(x):
    first, second = x > 0.5, x < 0.9
    return x if first is second else 2.0 * x


def constant_first(x):
    return 2.0 * x if True is (x > 0.5) else x


def in_a_chain(x):
    first = second = x > 0.5
    return 2.0 * x if first is second is True else x


def class_of_a_number(x):
    return 2.0 * x if x.__class__ is float else x


def named_constant(x):
    wanted = True
    return 2.0 * x if (x > 0.5) is wanted else x


@pytest.mark.parametrize(
    "function", [by_functions, two_conditions, constant_first, in_a_chain, class_of_a_number, named_constant]
)
def test_identity_is_that_of_numbers(function: Callable[..., Any]) -> None:
    assert_as_on_numbers(function, (0.2, 0.7, 1.1))
