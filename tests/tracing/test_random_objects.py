"""Random programs about who holds what give plain Python's values and gradients, or are refused."""

from pathlib import Path

import pytest

from symdiff.errors import AssignmentError, BranchError, LoopError
from tests.random_objects import source
from tests.source_check import mismatches

QUICK, LONG = range(80), range(80, 2_500)
BATCH = 20
MOST_REFUSED = 0.15  # of the programs, by reasons that are known

# Seeds that failed once, and what was wrong.
MENDED = {
    (109, 10): "a name that is bound under another branch did not count as one that holds an object",
    (383, 10): "the same, behind two branches that are merged",
    (491, 10): "a name that is bound under another branch did not count as one that holds an object",
    (703, 14): "a list that an attribute got on one side was written to by another name, and the attribute not told",
    (944, 14): "an array that was shared on one side was written to, because the memory put it back as it was",
    (1447, 10): "a loop over arrays that a round replaces by one from outside was not written element by element",
}


@pytest.mark.parametrize(("seed", "size"), sorted(MENDED))
def test_seeds_that_failed_once(seed: int, size: int, tmp_path: Path) -> None:
    assert not mismatches(source(seed, size=size), tmp_path / f"objects_{seed}.py", seed)


@pytest.mark.parametrize("start", range(QUICK.start, QUICK.stop, BATCH))
def test_values_and_gradients_are_those_of_plain_python(start: int, tmp_path: Path) -> None:
    assert not failures(range(start, start + BATCH), tmp_path, size=8)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, BATCH))
def test_many_more_and_larger_ones(start: int, tmp_path: Path) -> None:
    assert not failures(range(start, start + BATCH), tmp_path, size=12)


def failures(seeds: range, folder: Path, *, size: int) -> dict[int, list[str]]:
    """What differs, by seeds; what is refused, with a reason that is known, where that is not an exception."""
    found: dict[int, list[str]] = {}
    refused: dict[int, list[str]] = {}
    for seed in seeds:
        try:
            found[seed] = mismatches(source(seed, size=size), folder / f"objects_{seed}.py", seed, points=4)
        except (AssignmentError, BranchError, LoopError) as error:
            refused[seed] = [str(error)]
    differing = {seed: differences for seed, differences in found.items() if differences}
    return differing | (refused if len(refused) > MOST_REFUSED * len(seeds) else {})


def test_the_check_sees_a_write_that_is_lost(tmp_path: Path) -> None:
    text = source(1, size=8)
    at = text.rindex("    return s")
    assert not mismatches(text, tmp_path / "same.py", 1)
    assert mismatches(f"{text[:at]}    p[0] += 1e-5 * x\n{text[at:]}", tmp_path / "other.py", 1, against=text)
