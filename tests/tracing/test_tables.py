"""What is picked from a table at a traced place is a copy, which must not be mistaken for the row itself."""

from collections.abc import Callable

import numpy as np
import pytest

import symdiff as sd

ROWS = [[1.0, 2.0], [3.0, 5.0]]


def test_a_row_that_may_change_afterwards_is_not_picked() -> None:
    def changed_behind_its_back(x):
        rows = [[x, 1.0], [2.0, x * x]]
        row = rows[int(x)]
        rows[1][0] = 7.0
        return row[0] * x

    with pytest.raises(sd.ConversionError, match="index"):
        sd.derivative(changed_behind_its_back)
    assert sd.grad(changed_behind_its_back)(1.5) == 7.0


def test_a_row_that_was_picked_is_not_written_to() -> None:
    def writing(x):
        row = ROWS[int(x)]
        row[0] = x
        return row[0]

    with pytest.raises(sd.SymdiffError):
        sd.derivative(writing)
    assert ROWS == [[1.0, 2.0], [3.0, 5.0]]


def test_rows_of_different_lengths_have_no_common_form() -> None:
    ragged = [[1.0], [2.0, 3.0]]

    def total(x):
        return sum(ragged[int(x)]) * x

    with pytest.raises(sd.ConversionError, match="index"):
        sd.derivative(total)
    assert sd.grad(total)(1.5) == 5.0


def test_a_place_outside_of_the_table_raises() -> None:
    def outside(x):
        return ROWS[int(x)][0] * x

    assert sd.grad(outside)(1.5) == 3.0
    with pytest.raises(IndexError):
        sd.grad(outside)(2.5)


def of_a_list(x):
    values = [x, 2 * x]
    try:
        return values[int(x)]
    except IndexError:
        return -x


def of_an_array_in_a_helper(x):
    def pick(k):
        return np.array([x, 3 * x])[k]

    try:
        result = pick(int(x))
    except (LookupError, ValueError):
        result = -x
    return result


def of_one_of_two_places(x):
    values = [x, 2 * x]
    try:
        result = values[0 if x > 1 else 9]
    except IndexError:
        result = -x
    return result


@pytest.mark.parametrize("function", [of_a_list, of_an_array_in_a_helper, of_one_of_two_places])
def test_a_place_outside_that_the_function_catches(function: Callable[[float], float]) -> None:
    both = sd.value_and_grad(function)
    for x in (0.5, 1.5, 2.5, 0.75):
        value, slope = both(x)
        assert value == function(x)
        assert slope == pytest.approx((function(x + 1e-6) - function(x - 1e-6)) / 2e-6, rel=1e-6)
