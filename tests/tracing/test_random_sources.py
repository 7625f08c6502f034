"""Random programs of plain Python give plain Python's values and gradients, in every seed."""

from pathlib import Path

import pytest

from symdiff.emit.function import function_text
from tests.random_sources import source
from tests.source_check import gradient_program, mismatches, plain

QUICK, LONG = range(60), range(60, 2_500)
BATCH = 20

# Seeds that failed once, and what was wrong.
MENDED = {
    10: "a return under the else of a loop was lost",
    22: "the counter of a while with a break was not known; what choices say was inferred in exponential time",
    15: "a value that several guards share was computed outside of all of them, and raised",
    55: "a chained comparison with an element in its middle was not merged",
    80: "the guard of a derivative was lost when an element was taken out of an array",
    233: "rounds of a `while` that some arguments have left forked into paths, and its counter was not known",
    477: "the guard of a derivative was lost in a sum, where one term had it outside and another one inside",
    1968: "the guard of a derivative was lost among elements of an array",
    967: "the guarded cotangent of an array was one number, and not repeated",
    204: "copies behind guards ran out, and an operation raised outside of them",
}
MENDED_OF_LARGE = {
    2050: "the derivative of a loop behind guards was computed, with the loop, where none of them held",
    447: "a choice by a condition that became another one in the same pass took the wrong side",
    419: "a flag that was the negation of a condition let a side that is not taken write into a list",
    287: "a kept round that writes into a shared list was refused, where the rounds may run one by one",
}


@pytest.mark.parametrize("seed", sorted(MENDED))
def test_seeds_that_failed_once(seed: int, tmp_path: Path) -> None:
    assert not mismatches(source(seed), tmp_path / f"seed_{seed}.py", seed)


@pytest.mark.parametrize("seed", sorted(MENDED_OF_LARGE))
def test_large_ones_that_failed_once(seed: int, tmp_path: Path) -> None:
    assert not failures(range(seed, seed + 1), tmp_path, size=14)


@pytest.mark.parametrize("start", range(QUICK.start, QUICK.stop, BATCH))
def test_values_and_gradients_are_those_of_plain_python(start: int, tmp_path: Path) -> None:
    assert not failures(range(start, start + BATCH), tmp_path, size=8)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(LONG.start, LONG.stop, BATCH))
def test_many_more_and_larger_ones(start: int, tmp_path: Path) -> None:
    assert not failures(range(start, start + BATCH), tmp_path, size=14)


def failures(seeds: range, folder: Path, *, size: int) -> dict[int, list[str]]:
    found = {seed: mismatches(source(seed, size=size), folder / f"seed_{seed}.py", seed, points=4) for seed in seeds}
    return {seed: differences for seed, differences in found.items() if differences}


def test_a_program_has_lines_in_proportion_to_its_nodes(tmp_path: Path) -> None:
    for seed in (22, 45, 48):
        program = gradient_program(plain(tmp_path / f"seed_{seed}.py", source(seed)))
        for backend in ("math", "numpy"):
            lines = function_text(program, backend, annotations=False, in_memory=True).lines
            assert len(lines) < 4 * len(program.nodes())


def test_the_check_sees_a_slope_that_is_wrong(tmp_path: Path) -> None:
    text = source(2)
    at = text.rindex("return ") + len("return ")
    assert not mismatches(text, tmp_path / "same.py", 2)
    assert mismatches(f"{text[:at]}1e-5 * x + {text[at:]}", tmp_path / "other.py", 2, against=text)
