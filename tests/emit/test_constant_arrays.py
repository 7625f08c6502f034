"""Constant arrays of a module are whole, however much of their text they share."""

from typing import Any

import numpy as np

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
    assert namespace["misfit_grad"](0.5) == np.sum(WEIGHTS * 2.0 * (0.5 * DATA - 1.0) * DATA)
