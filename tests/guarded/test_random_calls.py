"""Random programs in sequences of calls: each gives what plain Python gives, whatever was called and changed before."""

from pathlib import Path

import pytest

from tests.calls_check import Found, check_calls
from tests.random_guarded import program

QUICK, LONG = range(12), range(12, 1212)
MOST_REFUSED = 0.4  # of all programs: library functions, masks' lengths as options, what changes what outlives the call


def checked(seeds: range, folder: Path) -> dict[int, Found]:
    return {seed: check_calls(program(seed), folder / f"seed_{seed}.py", seed) for seed in seeds}


def assert_right(found: dict[int, Found]) -> None:
    assert not {seed: each.differences for seed, each in found.items() if each.differences}
    refused = [seed for seed, each in found.items() if each.refusals and not each.slopes]
    assert len(refused) <= MOST_REFUSED * len(found), found
    assert sum(each.is_guarded for each in found.values()) >= 0.5 * len(found)
    assert sum(each.slopes for each in found.values()) >= 8 * len(found)


def test_every_call_is_plain_pythons(tmp_path: Path) -> None:
    assert_right(checked(QUICK, tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, 100))
def test_many_more(start: int, tmp_path: Path) -> None:
    assert_right(checked(range(start, start + 100), tmp_path))


def test_the_same_seed_makes_the_same_program() -> None:
    assert program(7) == program(7) != program(8)
