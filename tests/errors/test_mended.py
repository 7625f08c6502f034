"""What the messages say to do is done, and it works."""

from pathlib import Path

import pytest

from symdiff.build.configuration import read_configuration
from symdiff.errors import SymdiffError
from symdiff.origin import Line
from tests.errors import mended_build, mended_calls
from tests.errors.refusing import MENDED
from tests.errors.test_golden import REFUSED

MODULES = (mended_build, mended_calls)  # which register what is mended
GOLDEN = Path(__file__).parents[1] / "golden" / "errors" / "build"
SAYS_MORE_THAN_A_LINE = {
    "configuration_that_is_not_toml",  # how values are written
    "default_that_is_for_targets",  # where it belongs
    "file_of_a_target_that_is_not_there",
    "key_like_no_other",
    "output_over_an_edited_file",
    "output_over_another_file",
    "output_over_its_source",
    "output_with_a_long_name",
    "package_that_imports_its_output",
    "parameter_that_a_target_has_not",
}
LINES = sorted({path.stem for path in GOLDEN.iterdir() if "> pyproject.toml:" in path.read_text(encoding="utf-8")})


@pytest.mark.parametrize(("room", "name"), MENDED)
def test_what_is_mended_as_the_message_says_works(
    room: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (room, name) in REFUSED
    monkeypatch.chdir(tmp_path)
    assert not MENDED[room, name](tmp_path)  # 0 is the exit code of what went well


@pytest.mark.parametrize("name", [name for name in LINES if name not in SAYS_MORE_THAN_A_LINE])
def test_the_line_that_the_message_says_can_be_pasted(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SymdiffError) as caught:
        REFUSED["build", name](tmp_path)
    path, place = tmp_path / "pyproject.toml", caught.value.origin
    assert isinstance(place, Line)
    path.write_text(pasted(path.read_text(encoding="utf-8"), place, caught.value.fix), encoding="utf-8")
    read_configuration(path)


def pasted(text: str, place: Line, fix: str) -> str:
    """The fix in place of the marked statement or key; below a heading that lacks a key."""
    lines = text.split("\n")
    at = place.line - 1
    start, end = place.columns or (0, 0)
    if place.text.startswith("[[") and not fix.startswith("["):
        return "\n".join([*lines[: at + 1], fix, *lines[at + 1 :]])
    if start and not fix.startswith("[") and fix.partition(" =")[0] != place.text.partition(" =")[0]:
        rest = place.text[end:]  # of an inline table: the key and its value
        return "\n".join([*lines[:at], place.text[:start] + fix + rest[rest.index(" }") :], *lines[at + 1 :]])
    below = at + 1
    while place.text.endswith("[") and lines[below - 1] != "]":
        below += 1
    return "\n".join([*lines[:at], fix, *lines[below:]])
