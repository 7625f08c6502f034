"""Random functions with paths of their own: every call is right, whatever path the call before it took."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from tests.guarded.random_paths import source
from tests.source_check import plain

QUICK, LONG = range(30), range(30, 300)
STEP = 1e-6


def points(function: Any, seed: int, count: int) -> list[tuple[Any, float, Any]]:
    """Arguments where the function is smooth, its value and its slopes there."""
    rng = random.Random(seed)
    found: list[tuple[Any, float, Any]] = []
    for _ in range(count):
        x = np.array([rng.uniform(-2.0, 2.0) for _ in range(3)])
        steps = STEP * np.eye(3)
        value = float(function(x))
        ahead, behind = ([float(function(x + sign * step)) for step in steps] for sign in (1.0, -1.0))
        right, left = (np.array(ahead) - value) / STEP, (value - np.array(behind)) / STEP
        if np.all(np.abs(right - left) < 1e-3 * (1.0 + np.abs(right))):
            found.append((x, value, (right + left) / 2.0))
    return found


def mismatches(seed: int, folder: Path, mode: Any) -> list[str]:
    function = plain(folder / f"paths_{seed}_{mode}.py", source(seed))
    both = sd.value_and_grad(function, mode=mode)
    expected = points(function, seed, 8)
    found: list[str] = []
    for x, value, slopes in [*expected, *reversed(expected)]:
        got, gradient = both(x)
        if got != pytest.approx(value, rel=1e-12, abs=1e-12):
            found.append(f"value {got} at {x}, not {value}")
        if not np.allclose(gradient, slopes, rtol=1e-5, atol=1e-6):
            found.append(f"gradient {gradient} at {x}, not {slopes}")
    return found


@pytest.mark.parametrize("mode", ["auto", "guarded"])
@pytest.mark.parametrize("start", range(QUICK.start, QUICK.stop, 10))
def test_every_call_follows_its_own_path(start: int, mode: Any, tmp_path: Path) -> None:
    assert not {seed: m for seed in range(start, start + 10) if (m := mismatches(seed, tmp_path, mode))}


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, 30))
def test_many_more(start: int, tmp_path: Path) -> None:
    assert not {seed: m for seed in range(start, start + 30) if (m := mismatches(seed, tmp_path, "auto"))}


def test_paths_change_from_call_to_call(tmp_path: Path) -> None:
    function = plain(tmp_path / "paths.py", source(1))
    gradient = sd.grad(function, mode="guarded")
    seen = set()
    for x, _, _ in points(function, 1, 8):
        gradient(x)
        seen.add(tuple(map(str, gradient.guards)))
    assert len(seen) > 1
