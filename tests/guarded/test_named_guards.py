"""What follows a path is not written, whatever its guards are: each kind is named with its value and its line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd

GUARDED: dict[str, tuple[Callable[[Any], Any], Any, str]] = {
    "mask": (lambda x: np.sum(np.sort(x[x > 0.0])), np.array([1.0, -2.0]), "x > 0 is [True, False]"),
    "positions": (lambda x: sum(x[i] for i in np.nonzero(x > 1.0)[0]), np.array([0.5, 2.0]), "x > 1 is [False, True]"),
    "key": (lambda x: {1: x, 2: x * x}[int(x)], 2.5, "is 2.0"),
    "text": (lambda x: {"1": x, "2": x * x}[str(int(x))], 2.5, "is 2.0"),
    "option": (lambda x: np.sum(np.tile(x, int(x[0]))), np.array([2.5, 1.0]), "is 2.0"),
    "length": (lambda x: len([v for v in [x, 2.0 * x] if v > 3.0]) * x, 2.0, "is False"),
    "order": (lambda x: sorted([[x], [1.0]])[1][0] * x, 2.0, "is"),
    "library": (lambda x: x * len(np.histogram(np.floor(x), bins=int(x))[0]), 3.5, "is 3.0"),
}


@pytest.mark.parametrize("how", ["source", "save"])
@pytest.mark.parametrize("name", GUARDED)
def test_every_kind_of_guard_is_named_with_its_line(name: str, how: str, tmp_path: Path) -> None:
    function, x, guard = GUARDED[name]
    gradient = sd.grad(function, mode="guarded")
    gradient(x)
    with pytest.raises(sd.GuardedError) as caught:
        gradient.source() if how == "source" else gradient.save(str(tmp_path / "never.py"))
    assert f"{guard}" in str(caught.value)
    assert f", line {function.__code__.co_firstlineno}" in str(caught.value)
    assert not list(tmp_path.iterdir())
