"""Random programs that write into arrays give plain NumPy's values and slopes, or are refused."""

from pathlib import Path

import pytest

from symdiff.errors import SymdiffError
from tests.array_check import followed_mismatches, mismatches
from tests.random_array_programs import source
from tests.source_check import failures

QUICK, LONG = range(60), range(60, 2_500)
BATCH = 20
MOST_REFUSED = 0.35  # of the programs where no path is followed; where one is, it is less than half of that
MOST_REFUSED_OF_LARGE_ONES = 0.65  # in some batches; 31 % of all, as each statement may be what is refused


def failing(seeds: range, folder: Path, *, size: int, most_refused: float = MOST_REFUSED) -> dict[int, list[str]]:
    return failures(
        {seed: source(seed, size=size, of_numbers=seed % 3 == 2) for seed in seeds},
        folder,
        refusals=(SymdiffError,),
        most_refused=most_refused,
        follows=True,
        compare=mismatches,
        compare_followed=followed_mismatches,
    )


@pytest.mark.parametrize("start", range(QUICK.start, QUICK.stop, BATCH))
def test_values_and_slopes_are_those_of_plain_numpy(start: int, tmp_path: Path) -> None:
    assert not failing(range(start, start + BATCH), tmp_path, size=2)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, BATCH))
def test_many_more_and_larger_ones(start: int, tmp_path: Path) -> None:
    batch = range(start, start + BATCH)
    assert not failing(batch, tmp_path, size=4, most_refused=MOST_REFUSED_OF_LARGE_ONES)


def test_the_check_sees_a_write_that_is_lost(tmp_path: Path) -> None:
    text = source(0, size=2)
    at = text.rindex("    return ")
    assert not mismatches(text, tmp_path / "same.py", 0)
    assert mismatches(f"{text[:at]}    b[0] += 1e-5 * s\n{text[at:]}", tmp_path / "other.py", 0, against=text)
