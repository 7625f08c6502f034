"""What is picked from a table at a traced place is a copy, which must not be mistaken for the row itself."""

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
