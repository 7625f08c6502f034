"""What a user of symbols does with an error: looks for the line that raised it, and does what the message says."""

import traceback

import pytest

from tests.errors import mended_symbolic_loops
from tests.errors.mended_symbolic import MENDED
from tests.errors.places import SYMDIFF
from tests.errors.test_golden import REFUSED, refusal

MODULES = (mended_symbolic_loops,)  # which register what is mended


@pytest.mark.parametrize("name", [name for room, name in REFUSED if room == "symbolic"])
def test_the_traceback_ends_in_the_users_line(name: str) -> None:
    error, _, _ = refusal("symbolic", name)
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    assert not [file for file in files if file.startswith(str(SYMDIFF / "symbolic"))]


@pytest.mark.parametrize("name", MENDED)
def test_what_is_mended_as_the_message_says_runs(name: str) -> None:
    assert ("symbolic", name) in REFUSED
    assert MENDED[name]() is not None
