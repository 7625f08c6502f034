"""Random programs that remember in texts give plain Python's values and gradients, or are refused."""

from pathlib import Path

import pytest

from symdiff.errors import BackendError, BranchError, LoopError
from tests.random_texts import source
from tests.source_check import failures, mismatches

QUICK, LONG = range(60), range(60, 2_000)
BATCH = 20
MOST_REFUSED = 0.15  # of the programs: what rounds say matters, more than 64 paths, `math` cannot nest as deep


@pytest.mark.parametrize("start", range(QUICK.start, QUICK.stop, BATCH))
def test_values_and_gradients_are_those_of_plain_python(start: int, tmp_path: Path) -> None:
    assert not failing(range(start, start + BATCH), tmp_path, size=8)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, BATCH))
def test_many_more_and_larger_ones(start: int, tmp_path: Path) -> None:
    assert not failing(range(start, start + BATCH), tmp_path, size=14)


def failing(seeds: range, folder: Path, *, size: int) -> dict[int, list[str]]:
    programs = {seed: source(seed, size=size) for seed in seeds}
    return failures(programs, folder, refusals=(BackendError, BranchError, LoopError), most_refused=MOST_REFUSED)


def test_the_check_sees_a_text_that_is_lost(tmp_path: Path) -> None:
    text = source(1)
    assert not mismatches(text, tmp_path / "same.py", 1)
    at = text.index("    last =")
    other = f"{text[:at]}    s = 'mid' if s == 'lo' else 'lo'\n{text[at:]}"
    assert mismatches(other, tmp_path / "other.py", 1, against=text)
