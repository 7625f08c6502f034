"""Random programs with whole numbers, against plain Python's, which are exact."""

import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import symdiff as sd
from tests.random_whole_numbers import source
from tests.source_check import plain

QUICK, LONG = range(40), range(40, 2_000)
BATCH = 10
LARGEST = 1e9  # of values: of larger ones, differences say nothing
STEP = 1e-6
Point = tuple[float, float, int, int]


@pytest.mark.parametrize("start", range(QUICK.start, QUICK.stop, BATCH))
def test_values_and_gradients_are_those_of_plain_python(start: int, tmp_path: Path) -> None:
    assert not failures(range(start, start + BATCH), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, BATCH))
def test_many_more(start: int, tmp_path: Path) -> None:
    assert not failures(range(start, start + BATCH), tmp_path)


def failures(seeds: range, folder: Path) -> dict[int, list[str]]:
    found = {seed: list(mismatches(seed, folder / f"whole_{seed}.py")) for seed in seeds}
    return {seed: differences for seed, differences in found.items() if differences}


def mismatches(seed: int, path: Path) -> Iterator[str]:
    """What differs from plain Python at three points, which one trace or several serve."""
    function, rng = plain(path, source(seed)), random.Random(seed)
    gradient = sd.value_and_grad(function, argnum=(0, 1))
    for _ in range(3):
        point = rng.uniform(0.3, 2.0), rng.uniform(0.3, 2.0), rng.randrange(6), rng.randrange(-4, 9)
        try:
            expected = float(function(*point))
        except (OverflowError, ZeroDivisionError):
            continue
        if not math.isfinite(expected) or abs(expected) > LARGEST:
            continue
        value, slopes = gradient(*point)
        if not math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9):
            yield f"value {value!r}, not {expected!r}, at {point}"
        for axis, slope in enumerate(slopes):
            near, far = _slope(function, point, axis, STEP), _slope(function, point, axis, 3 * STEP)
            noise = 1e-13 * abs(expected) / STEP
            is_smooth = math.isclose(near, far, rel_tol=1e-5, abs_tol=1e-5 + noise)
            if is_smooth and not math.isclose(slope, near, rel_tol=1e-3, abs_tol=1e-3 + 10 * noise):
                yield f"slope {slope!r}, not {near!r}, at {point}"


def _slope(function: Callable[..., Any], point: Point, axis: int, step: float) -> float:
    ahead, behind = (
        tuple(value + sign * step if at == axis else value for at, value in enumerate(point)) for sign in (1, -1)
    )
    return float(function(*ahead) - function(*behind)) / (2 * step)
