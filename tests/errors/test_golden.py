"""Errors outside of traces: each has a golden file, and what it says is short and says what to do."""

import functools
import re
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from symdiff.errors import SymdiffError
from tests.errors import (
    refused_algebra,
    refused_backends,
    refused_build,
    refused_cli,
    refused_compare,
    refused_configuration,
    refused_emit,
    refused_runtime,
    refused_surface,
    refused_symbolic,
    refused_symbolic_derivatives,
    refused_symbolic_functions,
    refused_symbolic_graphs,
    refused_symbolic_loops,
    refused_symdiff,
    refused_teach,
)
from tests.errors.mended import MENDED
from tests.errors.places import Place, noted_places, places_in
from tests.errors.refusing import REFUSED

ROOT = Path(__file__).parents[2]
MODULES = (  # which register what is refused
    refused_algebra,
    refused_backends,
    refused_build,
    refused_cli,
    refused_compare,
    refused_configuration,
    refused_emit,
    refused_runtime,
    refused_surface,
    refused_symbolic,
    refused_symbolic_derivatives,
    refused_symbolic_functions,
    refused_symbolic_graphs,
    refused_symbolic_loops,
    refused_symdiff,
    refused_teach,
)
ROOMS = sorted({room for room, _ in REFUSED})
# The rooms of which all words are read, where functions hand them to one that makes the error.
WORDINGS = {"cli", "symbolic", "symdiff"}

# Functions whose errors no call from outside comes to, because another room asks first.
WITHOUT_A_GOLDEN: dict[str, set[str]] = {}


@functools.cache
def refusal(room: str, name: str) -> tuple[SymdiffError, str, tuple[Place, ...]]:
    """The error of what is refused, its text, and the places in symdiff where it was made."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as folder,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        patch.chdir(folder)
        made = noted_places(patch)
        with pytest.raises(SymdiffError) as caught:
            REFUSED[room, name](Path(folder))
        error = caught.value
        text = f"{type(error).__name__} {error}".replace(sys.executable, "python")  # before ROOT, which may hold it
        text = text.replace(f"{ROOT}/", "").replace(f"{folder}/", "")
        return error, text, tuple(made[id(error)])


@pytest.mark.parametrize(("room", "name"), REFUSED)
def test_refusal(room: str, name: str, golden: Callable[[str, str], None]) -> None:
    error, text, _ = refusal(room, name)
    assert len(text.splitlines()) <= 12
    assert error.fix
    assert not re.search(r"0x[0-9a-f]{6}|/tmp/", text)
    golden(f"errors/{room}/{name}.txt", text + "\n")


@pytest.mark.parametrize("room", ROOMS)
def test_every_error_of_a_room_has_a_golden_file(room: str) -> None:
    made = {place for key in REFUSED if key[0] == room for place in refusal(*key)[2]}
    places = places_in(room, words=room in WORDINGS)
    unseen = {place: function for place, function in places.items() if place not in made}
    assert set(unseen.values()) <= WITHOUT_A_GOLDEN.get(room, set()), unseen


@pytest.mark.parametrize(("room", "name"), MENDED)
def test_what_is_mended_as_the_message_says_runs(
    room: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (room, name) in REFUSED
    monkeypatch.chdir(tmp_path)
    MENDED[room, name](tmp_path)
