"""Constant arrays of a module are whole, however much of their text they share."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd

DATA = np.arange(40.0)
WEIGHTS = DATA[::-1] % 7.0


def misfit(k):
    return np.sum(WEIGHTS * (k * DATA - 1.0) ** 2)


def test_arrays_with_equal_elements_in_one_module() -> None:
    text = sd.generate(misfit, wrt="k", emit=["value", "grad"]).text
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    assert namespace["misfit"](0.5) == misfit(0.5)
    assert namespace["misfit_grad"](0.5) == pytest.approx(np.sum(WEIGHTS * 2.0 * (0.5 * DATA - 1.0) * DATA), rel=1e-15)


def test_they_stand_there_once_under_the_names_that_the_function_reads() -> None:
    lines = sd.generate(misfit, wrt="k", emit=["value", "grad"]).text.splitlines()
    assert lines.count("_DATA = np.arange(40.0)") == 1
    assert lines.count("_WEIGHTS = np.array(") == 1


def test_names_of_support_functions_and_parameters_are_not_taken() -> None:
    real = np.array([1.0, 2.5, 2.0])

    def total(x, _data=2.0):
        return np.sum(real * x) + np.sum(DATA) * _data + np.sum(DATA * x)

    text = sd.generate(total, wrt="x", emit="value").text
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    assert namespace["total"](3.0) == total(3.0)
    assert "_real = np" not in text
