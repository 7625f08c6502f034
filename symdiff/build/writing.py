"""Writing a generated file: whole or not at all, and never over what is not ours.

In: a path and a text. Out: the file, or OutputFileError and the file as it was.
"""

import os
import shlex
import stat
from collections.abc import Iterable
from pathlib import Path

from symdiff.emit.freshness import State, state
from symdiff.errors import OutputFileError
from symdiff.errors.message import shown_path

_LONGEST_NAME = 220  # bytes; file systems have 255, and the temporary file has a longer name


def read_existing(path: Path) -> str | None:
    """What stands in the file; None where there is none."""
    try:
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")  # git may check files out with either
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return ""  # not text, so not ours
    except OSError as error:
        raise OutputFileError(
            f"{_shown(path)} cannot be read: {error.strerror}",
            fix="give this user the right to read it, or name another file",
        ) from error


def _shown(path: Path) -> str:
    return shown_path(str(path))


def require_place(path: Path) -> None:
    """Refuse, before any work is done, a path that no module can be written to."""
    if "\0" in str(path):
        raise OutputFileError(f"{str(path)!r} is no name of a file", fix="derivatives.py")
    if len(os.fsencode(path.name)) > _LONGEST_NAME:
        raise OutputFileError(f"{path.name[:20]}… is too long for the name of a file", fix="derivatives.py")
    if path.is_dir():
        raise OutputFileError(f"{_shown(path)} is a folder", fix=_shown(path / "derivatives.py"))
    if not path.parent.is_dir():
        folder = _shown(path.parent)
        raise OutputFileError(f"the folder {folder} does not exist", fix=f"mkdir -p {shlex.quote(folder)}")
    if path.suffix != ".py":
        raise OutputFileError(f"{_shown(path)} does not end in .py", fix=_shown(path.with_suffix(".py")))


def require_other_file(path: Path, sources: Iterable[Path]) -> None:
    """Refuse, `force` or not, to write a module over a file that it is made from."""
    if path.resolve() in sources:
        raise OutputFileError(
            f"{_shown(path)} is not overwritten",
            why="The function, or a helper that was traced, stands in it.",
            fix=f"name another file: {_shown(path.with_name(f'{path.stem}_derivatives.py'))}",
        )


def require_writable(path: Path, text: str, *, force: bool = False) -> State:
    """How the file and the text compare; OutputFileError where the file must not, or could not, be written."""
    require_place(path)
    found = state(read_existing(path), text)
    if force or found not in ("foreign", "edited"):
        return found
    why = "It has no header of symdiff." if found == "foreign" else "It was edited after symdiff wrote it."
    raise OutputFileError(
        f"{_shown(path)} is not overwritten",
        why=why,
        fix="name another file, or pass --force (in Python force=True)",
    )


def write(path: Path, text: str) -> None:
    """Put the text in place in one step. The mode of a file that exists is kept; a link stays a link."""
    real = path.resolve()
    temporary = real.with_name(f".{real.name}.{os.getpid()}.tmp")
    try:
        mode = stat.S_IMODE(real.stat().st_mode) if real.exists() else None
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                temporary.chmod(mode)
            temporary.replace(real)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputFileError(
            f"{_shown(path)} cannot be written: {error.strerror}",
            fix="make room, give this user the right to write it, or name another file",
        ) from error
