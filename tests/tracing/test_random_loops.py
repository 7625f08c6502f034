"""Random programs with loops, against plain Python: values, gradients in both directions of differentiation, arrays."""

from pathlib import Path

import pytest

from tests.random_loops import source
from tests.source_check import mismatches

QUICK, LONG = range(100), range(100, 3_000)
BATCH = 20

# Seeds that failed once, and what was wrong.
MENDED = {
    238: "the condition of an inner `if` closed the outer one, and what stood in it was lost",
    2496: "the head of a loop deep inside others was broken before its `while`",
}


@pytest.mark.parametrize("seed", sorted(MENDED))
def test_seeds_that_failed_once(seed: int, tmp_path: Path) -> None:
    assert not mismatches(source(seed), tmp_path / f"loops_{seed}.py", seed, points=3)


@pytest.mark.parametrize("start", range(QUICK.start, QUICK.stop, BATCH))
def test_values_and_gradients_are_those_of_plain_python(start: int, tmp_path: Path) -> None:
    assert not failures(range(start, start + BATCH), tmp_path)


def test_rounds_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same by the other way of reverse mode, which is for many numbers."""
    monkeypatch.setattr("symdiff.calculus.loops.DIRECTIONS", 0)
    assert not failures(range(20), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, BATCH))
def test_many_more(start: int, tmp_path: Path) -> None:
    assert not failures(range(start, start + BATCH), tmp_path)


def failures(seeds: range, folder: Path) -> dict[int, list[str]]:
    found = {seed: mismatches(source(seed), folder / f"loops_{seed}.py", seed, points=3) for seed in seeds}
    return {seed: differences for seed, differences in found.items() if differences}
