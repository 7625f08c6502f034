"""Random programs about who holds what give plain Python's values and gradients, or are refused."""

from pathlib import Path

import pytest

from symdiff.errors import AssignmentError, BranchError, LoopError
from tests.random_objects import source
from tests.source_check import failures, mismatches

QUICK, LONG = range(80), range(80, 2_500)
BATCH = 20
MOST_REFUSED = 0.15  # of the programs, by reasons that are known


@pytest.mark.parametrize("start", range(QUICK.start, QUICK.stop, BATCH))
def test_values_and_gradients_are_those_of_plain_python(start: int, tmp_path: Path) -> None:
    assert not failing(range(start, start + BATCH), tmp_path, size=8)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, BATCH))
def test_many_more_and_larger_ones(start: int, tmp_path: Path) -> None:
    assert not failing(range(start, start + BATCH), tmp_path, size=12)


def failing(seeds: range, folder: Path, *, size: int) -> dict[int, list[str]]:
    programs = {seed: source(seed, size=size) for seed in seeds}
    return failures(programs, folder, refusals=(AssignmentError, BranchError, LoopError), most_refused=MOST_REFUSED)


def test_the_check_sees_a_write_that_is_lost(tmp_path: Path) -> None:
    text = source(1, size=8)
    at = text.rindex("    return s")
    assert not mismatches(text, tmp_path / "same.py", 1)
    assert mismatches(f"{text[:at]}    p[0] += 1e-5 * x\n{text[at:]}", tmp_path / "other.py", 1, against=text)
