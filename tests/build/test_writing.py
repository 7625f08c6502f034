"""Files are written whole or not at all, and never over what is not ours."""

import os
from pathlib import Path

import pytest

from symdiff.build.writing import require_place, require_writable, write
from symdiff.emit.freshness import MARK, seal
from symdiff.errors import OutputFileError

TEXT = seal(f'{MARK}\n# content\n# version   symdiff 1\n"""f."""\n\nx = 1\n')


def test_a_new_file_has_the_mode_of_new_files(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write(tmp_path / "f_d.py", TEXT)
    assert (tmp_path / "f_d.py").read_text() == TEXT
    assert (tmp_path / "f_d.py").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "f_d.py"
    path.touch()
    path.chmod(0o750)
    write(path, TEXT)
    assert path.stat().st_mode & 0o777 == 0o750


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.py").touch()
    (tmp_path / "link.py").symlink_to("real.py")
    write(tmp_path / "link.py", TEXT)
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "real.py").read_text() == TEXT


def test_nothing_is_left_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f_d.py"
    path.write_text("before")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputFileError, match="No space left"):
        write(path, TEXT)
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["f_d.py"]


@pytest.mark.parametrize(
    ("existing", "message"),
    [
        ("x = 1\n", "It has no header of symdiff"),
        (b"\xff\xfe".decode("latin-1"), "It has no header of symdiff"),
        (TEXT.replace("x = 1", "x = 2"), "It was edited after symdiff wrote it"),
    ],
)
def test_what_is_not_ours_is_left_alone(existing: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "f_d.py"
    path.write_text(existing, encoding="latin-1")
    with pytest.raises(OutputFileError) as caught:
        require_writable(path, TEXT)
    assert message in caught.value.report()
    assert require_writable(path, TEXT, force=True) in ("foreign", "edited")


def test_a_stale_file_of_ours_may_be_written(tmp_path: Path) -> None:
    path = tmp_path / "f_d.py"
    path.write_text(TEXT)
    assert require_writable(path, TEXT) == "fresh"
    assert require_writable(path, seal(TEXT.replace("x = 1", "x = 2"))) == "stale"


@pytest.mark.parametrize(
    ("place", "message"),
    [("no/folder/f_d.py", "does not exist"), (".", "is a folder"), ("f_d.txt", "does not end in .py")],
)
def test_places_that_cannot_be(place: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match=message):
        require_writable(tmp_path / place, TEXT)


def test_line_ends_that_git_changed_are_no_edit(tmp_path: Path) -> None:
    path = tmp_path / "f_d.py"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert require_writable(path, TEXT) == "fresh"


def test_a_name_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="is no name of a file"):
        require_place(tmp_path / "a\0b.py")
