"""The header of a generated file: where it comes from, how to make it again, what was proven of it.

In: the facts. Out: comment lines. Every text is made of printable characters on one line, whatever it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from symdiff.emit.freshness import MARK
from symdiff.emit.sources import digest

_LONGEST = 16


@dataclass(frozen=True, kw_only=True)
class Header:
    """The facts of a generated file.

    source: relative path (posix) and name of the function, or the name alone where there is no file.
    helpers: the other functions that were traced.
    digests: of the source, the options and the template.
    command: what makes the file again; empty where no command can.
    constants: names read from outside while tracing, and their values.
    requires: the packages that the file imports.
    accuracy: what verification found; empty where it was switched off.
    """

    source: str
    helpers: Sequence[str] = ()
    source_digest: str
    options_digest: str
    template_digest: str
    command: str = ""
    constants: Sequence[tuple[str, Any]] = ()
    requires: Sequence[str] = ()
    accuracy: str = ""

    def lines(self) -> list[str]:
        """The comment lines; the content line is empty until the text is sealed."""
        rows = [
            ("source", self.source),
            ("helpers", ", ".join(self.helpers)),
            ("digest", f"source {self.source_digest}, options {self.options_digest}, template {self.template_digest}"),
            ("command", self.command),
            *(("constant", f"{name} = {constant_text(value)}") for name, value in self.constants),
            ("requires", ", ".join(self.requires)),
            ("accuracy", self.accuracy or "not verified"),
            ("content", " "),
            ("version", f"symdiff {symdiff_version()}"),
        ]
        return [MARK, "#", *(f"# {name:<9} {one_line(text)}".rstrip() for name, text in rows if text)]


def one_line(text: str) -> str:
    """The text in printable characters on one line.

    >>> one_line("a\\nb")
    'a\\\\nb'
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )


def constant_text(value: Any) -> str:
    """A value that was read while tracing: short ones as they are, long ones by shape and digest."""
    if isinstance(value, np.ndarray):
        listed = repr(value.tolist())
        return listed if value.size <= _LONGEST else f"array of shape {value.shape}, digest {digest(listed)}"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, str | int | float | bool | complex | None):
        text = repr(value)
        return text if len(text) <= 60 else f"{type(value).__name__}, digest {digest(text)}"
    if isinstance(value, list | tuple):
        inner = ", ".join(constant_text(item) for item in value[:_LONGEST])
        rest = f", … {len(value)} in all, digest {digest(*map(constant_text, value))}" if len(value) > _LONGEST else ""
        return f"[{inner}{rest}]" if isinstance(value, list) else f"({inner}{rest})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {constant_text(item)}" for key, item in value.items()) + "}"
    return type(value).__qualname__


def symdiff_version() -> str:
    """The version of symdiff, also in a checkout that is not installed."""
    try:
        return version("symdiff")
    except PackageNotFoundError:
        return "(not installed)"
