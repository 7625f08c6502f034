"""Random programs with classes, exceptions and generators give plain Python's values and gradients.

Those that are refused a closed form do so where the path of every call is followed.
"""

from pathlib import Path

import pytest

from symdiff.errors import SymdiffError
from tests.random_classes import source
from tests.source_check import failures, mismatches

QUICK, LONG = range(40), range(40, 2_500)
BATCH = 20
MOST_REFUSED = 0.6  # of the programs: most put a choice between objects into a loop, or have too many paths


@pytest.mark.parametrize("start", range(QUICK.start, QUICK.stop, BATCH))
def test_values_and_gradients_are_those_of_plain_python(start: int, tmp_path: Path) -> None:
    assert not failing(range(start, start + BATCH), tmp_path, size=4)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, BATCH))
def test_many_more_and_larger_ones(start: int, tmp_path: Path) -> None:
    assert not failing(range(start, start + BATCH), tmp_path, size=5)


def failing(seeds: range, folder: Path, *, size: int) -> dict[int, list[str]]:
    programs = {seed: source(seed, size=size) for seed in seeds}
    return failures(programs, folder, refusals=(SymdiffError,), most_refused=MOST_REFUSED, follows=True)


def test_the_check_sees_an_exception_that_is_lost(tmp_path: Path) -> None:
    text = source(11, size=4)
    at = text.rindex("    return s")
    lost = "    try:\n        s += far(x)\n    except Far:\n        t -= 1e-5\n"
    kept = lost.replace("t -= 1e-5", "t -= 0.0")
    assert not mismatches(text[:at] + lost + text[at:], tmp_path / "same.py", 11)
    assert mismatches(text[:at] + kept + text[at:], tmp_path / "other.py", 11, against=text[:at] + lost + text[at:])
