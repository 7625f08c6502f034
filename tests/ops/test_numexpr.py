"""What numexpr does, checked by running it: the facts that the rows' spellings rest on."""

import numexpr
import numpy as np
import pytest

from symdiff.ops.table import OPS

X = np.array([-3.5, -2.5, -0.5, 0.5, 1.5, 2.5])


def run(text: str, **values: object) -> np.ndarray:
    return numexpr.evaluate(text, local_dict=values, global_dict={})


def test_a_row_without_a_spelling_has_no_function_in_numexpr() -> None:
    known = set(numexpr.expressions.functions)
    assert not {name for name, op in OPS.items() if op.numexpr is None} & known


def test_its_remainder_and_floor_division_round_the_quotient_first() -> None:
    """Which is why NumPy computes them: if this fails, numexpr has mended it, and the rows can have a spelling."""
    one, tenth = np.array([1.0]), np.array([0.1])
    assert run("a % b", a=one, b=tenth)[0] == 0.0 != 1.0 % 0.1
    assert run("a // b", a=one, b=tenth)[0] == 10.0 != 1.0 // 0.1
    assert run("fmod(a, b)", a=one, b=tenth)[0] == np.fmod(1.0, 0.1)


def test_rounding_is_half_to_even() -> None:
    np.testing.assert_array_equal(run("round(x)", x=X), np.rint(X))
    np.testing.assert_array_equal(run("trunc(x)", x=X), np.trunc(X))


def test_whole_literals_are_integers_there() -> None:
    """So every number is written as a float."""
    assert run("where(x > 0, 1, 0)", x=X).dtype == np.int32
    assert run("where(x > 0.0, 1.0, 0.0)", x=X).dtype == np.float64
    np.testing.assert_array_equal(run("x ** 2.0", x=X), X * X)


def test_logic_is_bitwise_and_comparisons_do_not_chain() -> None:
    np.testing.assert_array_equal(run("(x > -1.0) & ~(x > 1.0)", x=X), (X > -1.0) & (X <= 1.0))
    for text in ("x > 0.0 and x < 1.0", "0.0 < x < 1.0"):
        with pytest.raises((TypeError, ValueError), match=r"boolean operators|forbidden"):
            run(text, x=X)


def test_nan_passes_through_maximum_and_sign() -> None:
    nan = np.array([np.nan])
    for text in ("maximum(x, 1.0)", "maximum(1.0, x)", "minimum(x, 1.0)", "sign(x)", "round(x)"):
        assert np.isnan(run(text, x=nan)[0]), text


def test_a_float_literal_makes_float32_float64() -> None:
    """Which the backend mends when it returns."""
    narrow = X.astype(np.float32)
    assert run("sin(x)", x=narrow).dtype == np.float32
    assert run("2.0 * x", x=narrow).dtype == np.float64
