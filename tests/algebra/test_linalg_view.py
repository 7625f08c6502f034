"""SymPy's view of linear algebra: short closed forms written out, a clear refusal of the others."""

import numpy as np
import pytest

import symdiff as sd


def test_small_determinants_and_solutions_are_written_out() -> None:
    assert str(sd.trace(lambda a: np.linalg.det(a), shapes={"a": (2, 2)}).expr) == "a[0, 0]*a[1, 1] - a[0, 1]*a[1, 0]"
    solution = str(sd.trace(lambda a, b: np.linalg.solve(a, b)[0], shapes={"a": (2, 2), "b": (2,)}).expr)
    assert solution == "(-a[0, 1]*b[1] + a[1, 1]*b[0])/(a[0, 0]*a[1, 1] - a[0, 1]*a[1, 0])"


def test_large_ones_are_refused_by_name() -> None:
    with pytest.raises(sd.ExpressionError, match="eigh"):
        sd.trace(lambda a: np.linalg.eigh(a)[0], shapes={"a": (3, 3)}).expr  # noqa: B018
