"""From the words of the command line to options.

In: parsed arguments. Out: the mapping that `options_from` checks, with only what was said.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Any

from symdiff.errors import ArgumentError


@contextmanager
def aside() -> Iterator[None]:
    """What the user's code prints while it is loaded and traced is a message: stdout is for the product."""
    with redirect_stdout(sys.stderr):
        yield


def given_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """The options that flags state, by the names of the configuration."""
    given: dict[str, Any] = {}
    for key in ("backend", "simplify", "name", "templates"):
        value = getattr(arguments, key, None)
        if value is not None:
            given[key] = value
    for key in ("wrt", "emit"):
        value = getattr(arguments, key, None)
        if value is not None:
            given[key] = [word.strip() for word in value.split(",") if word.strip()]
    if arguments.shapes:
        given["shapes"] = {name: shape(text) for name, text in pairs(arguments.shapes, "--shapes", "x=3").items()}
    if arguments.static:
        given["static"] = static(arguments.static)
    if getattr(arguments, "no_verify", False):
        given["verify"] = False
    elif getattr(arguments, "ulp", None) is not None:
        given["verify"] = {"ulp": arguments.ulp}
    return given


def pairs(words: Sequence[str], flag: str, example: str) -> dict[str, str]:
    """`["x=3", "y=4"]` as a mapping; several may stand in one word, `x=3,y=4`."""
    made: dict[str, str] = {}
    for word in (part for text in words for part in text.split(",")):
        name, separator, value = word.partition("=")
        if not separator or not name.strip() or not value.strip():
            raise ArgumentError(
                f"{flag} takes name=value, not {word!r}",
                fix=f"{flag} {f'{word}=3' if word.isidentifier() else example}",
            )
        made[name.strip()] = value.strip()
    return made


def shape(text: str) -> Any:
    """A length, lengths joined by x, or the name of a dimension.

    >>> shape("3"), shape("2x3"), shape("n")
    (3, (2, 3), 'n')
    """
    parts = text.split("x")
    if not all(part.isdecimal() for part in parts):
        return text
    return int(text) if len(parts) == 1 else tuple(map(int, parts))


def static(words: Sequence[str]) -> Any:
    """Names alone, or names with values."""
    if not any("=" in word for word in words):
        return [name.strip() for word in words for name in word.split(",")]
    return {name: number(text) for name, text in pairs(words, "--static", "n=3").items()}


def number(text: str) -> Any:
    """An int, a float, true or false, or the text itself.

    >>> number("3"), number("0.5"), number("true"), number("left")
    (3, 0.5, True, 'left')
    """
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
