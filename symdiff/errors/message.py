"""What a message looks like: the user's line with carets, a cause, a fix; and the traceback without symdiff's frames.

In: what went wrong, where, why, how to mend it. Out: at most twelve lines of text.
"""

import contextlib
import difflib
import textwrap
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from symdiff.origin import Line, Origin, is_internal

MOST_LINES = 12
_WIDTH = 100
_INDENT = " " * 6  # under the text that follows `why:  ` and `fix:  `


def layout(summary: str, excerpt: list[str], why: str, fix: str, code: str) -> list[str]:
    """The lines of a message. Where they are too many, the cause is shortened first, then the fix."""
    head = [" ".join(summary.split()), *excerpt]
    last = f"more: symdiff explain {code}"
    room = MOST_LINES - len(head) - 1
    remedy = _shortened(_entry("fix:  ", fix.splitlines()), room)
    cause = _shortened(_entry("why:  ", _wrapped(why)), room - len(remedy))
    return [*head, *cause, *remedy, last]


def excerpt(origin: Origin | Line | None, label: str = "") -> list[str]:
    """The place, and the user's line with carets under the part that is meant."""
    if origin is None or origin.line is None:
        return []
    place = f"  --> {shown_path(origin.filename)}:{origin.line} in {origin.part}"
    if not origin.text.strip():
        return [place]
    text, start, end = _window(origin.text, _character_columns(origin))
    line = f"{origin.line:4d} | {text}"
    if end == start:
        return [place, line]
    carets = _blank(text[:start]) + "^" * max(1, _display_width(text[start:end]))
    return [place, line, f"     | {carets} {label}".rstrip()]


def shown_path(filename: str) -> str:
    """The path as the user would type it: relative where it lies under the working directory."""
    try:
        return str(Path(filename).relative_to(Path.cwd()))
    except (ValueError, OSError):  # elsewhere, or the working directory is gone
        return filename


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like the unknown one; None where none comes near."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion to put behind a message about an unknown word, or the empty string.

    >>> did_you_mean("nunpy", ["numpy", "numexpr", "math"])
    'did you mean `numpy`?'
    """
    suggestion = closest(word, known)
    return f"did you mean `{suggestion}`?" if suggestion else ""


def choices(what: str, word: str, known: Iterable[str]) -> str:
    """What is known, as the cause of a message about an unknown word.

    >>> choices("It is one of", "nunpy", ["numpy", "numexpr", "math"])
    'It is one of numpy, numexpr, math; did you mean `numpy`?'
    """
    known = list(known)
    suggestion = did_you_mean(word, known)
    return f"{what} {', '.join(known)}" + (f"; {suggestion}" if suggestion else ".")


def without_internal_frames(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback with the frames of symdiff left out, and those of the context managers around its functions."""
    kept = []
    while traceback is not None:
        filename = traceback.tb_frame.f_code.co_filename
        if not is_internal(filename) and filename != contextlib.__file__:
            kept.append(traceback)
        traceback = traceback.tb_next
    result: TracebackType | None = None
    for entry in reversed(kept):
        result = TracebackType(result, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return result


def _entry(title: str, lines: list[str]) -> list[str]:
    return [(title if number == 0 else _INDENT) + line for number, line in enumerate(lines)]


def _wrapped(text: str) -> list[str]:
    return [part for line in text.splitlines() for part in textwrap.wrap(line, _WIDTH, break_on_hyphens=False)]


def _shortened(lines: list[str], room: int) -> list[str]:
    if len(lines) <= room:
        return lines
    return [*lines[: room - 1], lines[room - 1] + " …"] if room > 0 else []


def _character_columns(origin: Origin | Line) -> tuple[int, int]:
    """Start and end of the instruction, counted in characters; equal where Python does not know them."""
    if origin.columns is None:
        return (0, 0)
    encoded = origin.text.encode()
    start, end = (len(encoded[:column].decode(errors="ignore")) for column in origin.columns)
    return (start, max(start + 1, end))


def _window(text: str, columns: tuple[int, int]) -> tuple[str, int, int]:
    """A long line cut to the part around the columns."""
    start, end = columns
    if len(text) <= _WIDTH:
        return (text, start, end)
    left = max(0, min(start - 20, len(text) - _WIDTH))
    right = min(len(text), left + _WIDTH)
    before, after = "…" if left else "", "…" if right < len(text) else ""
    moved = len(before) - left
    return (before + text[left:right] + after, start + moved, min(end, right) + moved)


def _display_width(text: str) -> int:
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _blank(text: str) -> str:
    """Blanks as wide as the text; tabs stay tabs, so that the carets stand under what they mean."""
    return "".join("\t" if character == "\t" else " " * _columns_of(character) for character in text)
