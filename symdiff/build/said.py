"""Where options are said, and how one is written there: in a call, on the command line, in a table of pyproject.toml.

In: the name and the value of an option. Out: the text to say it with; for a table, the line in which a key stands.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from symdiff.errors import OutputFileError, SymdiffError, TargetError
from symdiff.origin import Line, Origin, user_origin


@dataclass(frozen=True)
class Call:
    """A call of a function.

    >>> print(Call("generate").option("emit", ["value", "grad"]))
    emit=['value', 'grad']
    """

    name: str

    def __str__(self) -> str:
        return self.name

    def option(self, key: str, value: Any) -> str:
        """The text that says it."""
        return f"{key}={value!r}"

    def shown(self, value: Any) -> str:
        """A value as it is written there."""
        return repr(value)

    def line(self, *keys: str) -> Origin | Line | None:
        """Where a key stands, if that is known."""
        return user_origin()

    def inside(self, key: str) -> "Call":
        """The table that an option holds."""
        return type(self)(f"{self.name}: {key}")


@dataclass(frozen=True)
class CommandLine(Call):
    """The words that were typed in.

    >>> print(CommandLine().option("emit", ["value", "grad"]))
    --emit value,grad
    """

    name: str = "the command line"

    def option(self, key: str, value: Any) -> str:
        """The flag."""
        return f"--{key} {value if isinstance(value, str | int | float) else ','.join(map(str, value))}"

    def line(self, *keys: str) -> None:
        """In none: it was typed in."""


@dataclass(frozen=True)
class Table(Call):
    """A table of a TOML file.

    >>> print(Table("[tool.symdiff]", Path("pyproject.toml"), ("tool", "symdiff")).option("emit", ["value", "grad"]))
    emit = ["value", "grad"]
    """

    file: Path
    keys: tuple[str | int, ...]
    heading: str = ""  # of the table around it

    def option(self, key: str, value: Any) -> str:
        """The line of the table."""
        return f"{key} = {_toml(value)}"

    def shown(self, value: Any) -> str:
        """A value as TOML writes it."""
        return _toml(value)

    def line(self, *keys: str) -> Line | None:
        """The line in which the key stands, or the heading of the table."""
        return line_of(self.file, (*self.keys, *keys), self.heading or self._heading)

    def inside(self, key: str) -> "Table":
        """The table that is the value of a key."""
        between = "." if len(self.keys) == 1 else ": "
        return Table(f"{self.name}{between}{key}", self.file, (*self.keys, key), self.heading or self._heading)

    @property
    def _heading(self) -> str:
        names = [key for key in self.keys if isinstance(key, str)]
        return f"[[{'.'.join(names)}]]" if isinstance(self.keys[-1], int) else f"[{'.'.join(names)}]"


@contextmanager
def told_of(where: Table | None) -> Iterator[None]:
    """An error that is not about a line of the user's code is about the target that this table states."""
    try:
        yield
    except SymdiffError as error:
        if error.origin is None and where is not None:
            line = where.line("output" if isinstance(error, OutputFileError) else "function")
            is_said_there = isinstance(error, OutputFileError | TargetError)
            error.origin = line if line is None or is_said_there else replace(line, columns=None)
        raise


def line_of(file: Path, keys: Sequence[str | int], part: str) -> Line | None:
    """The first line of the statement that brings a key into a TOML file: the shortest beginning that has it.

    part: what of the file it is said to be in.
    """
    lines = file.read_text(encoding="utf-8").split("\n")
    first = next((number for number, line in enumerate(lines) if "symdiff" in line), 0)
    start = first
    for end in range(first + 1, len(lines) + 1):
        try:
            beginning = tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:  # in the middle of a statement
            continue
        if _has(beginning, keys):
            text = lines[start]
            return Line(str(file), start + 1, part, text, _columns(text, keys[-1]))
        start = end
    return None


def line_of_mistake(file: Path, message: str) -> Line | None:
    """The place that a message of `tomllib` names."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if found is None:
        return None
    line, column = int(found[1]), int(found[2])
    lines = file.read_text(encoding="utf-8").split("\n")
    start = len(lines[line - 1][: column - 1].encode())
    part = next((each.strip() for each in reversed(lines[:line]) if each.lstrip().startswith("[")), file.name)
    return Line(str(file), line, part, lines[line - 1], (start, start + 1))


def _has(data: Any, keys: Sequence[str | int]) -> bool:
    try:
        for key in keys:
            data = data[key]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _columns(text: str, key: str | int) -> tuple[int, int]:
    """Of the key in the line; of the whole line for a heading."""
    found = re.search(rf"(?<![\w-]){re.escape(str(key))}(?![\w-])", text.partition("#")[0])
    stripped = text.strip()
    start, end = found.span() if found else (text.index(stripped), text.index(stripped) + len(stripped))
    return len(text[:start].encode()), len(text[:end].encode())


def _toml(value: Any) -> str:
    if isinstance(value, str):
        quote = "'" if '"' in value or "\\" in value else '"'
        return f"{quote}{value}{quote}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)
