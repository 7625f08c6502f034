"""What a function does besides computing: it prints, opens files, reads the environment. The closed form does not.

In: `print`, `open`, `Path.read_text` or `os.environ`, as the traced function uses them. Out: a warning with the user's
line, once a line; files are read and written while the function is traced, and what was read stays as it was.
"""

import functools
import os
import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.purity import outside_write
from symdiff.tracing.raising import shown
from symdiff.tracing.values import has_tracer, is_traced

_FILES = ("load", "loadtxt", "genfromtxt", "fromfile", "save", "savez", "savez_compressed", "savetxt")
_OUTSIDE: dict[Any, str] = {
    open: "opens a file",
    input: "asks for input",
    os.getenv: "reads the environment",
    **{getattr(np, name): "opens a file" for name in _FILES},
}
_OF_PATHS = ("open", "read_text", "read_bytes", "write_text", "write_bytes")
_PRINTED = "prints a traced value", "it has no number yet, and the closed form prints nothing"
_ONCE = "this happens once, while the function is traced, and not when the closed form runs"
_Dispatcher = type(np.sum)
_seen: dict[Any, Any] = {}  # where it was warned already


def is_effect(value: Any) -> bool:
    """Whether a value is a function that does something besides computing."""
    if value is os.environ or value is Path or isinstance(value, Path):
        return True
    if isinstance(value, Hashable) and isinstance(value, FunctionType | BuiltinFunctionType | _Dispatcher):
        return value is print or value in _OUTSIDE or _is_pretty(value)
    return False


def _is_pretty(value: Any) -> bool:
    """Whether it is `pprint.pprint` or `pprint.pp`, which print what they are given."""
    return getattr(value, "__module__", "") == "pprint" and getattr(value, "__name__", "") in ("pprint", "pp")


def effect(value: Any) -> Any:
    """What stands in for it while a trace runs."""
    if value is os.environ:
        return Environment()
    if value is Path:
        return WatchedPath
    if isinstance(value, Path):
        return WatchedPath(value)
    return _warned(value) if value in _OUTSIDE else functools.partial(_printed, value)


def _printed(function: Callable[..., Any], *values: Any, **options: Any) -> None:
    if not has_tracer(values):
        function(*values, **options)
        return
    _warn(*_PRINTED)


def printed(value: Any, conversion: int, spec: str) -> str:
    """A part of an f-string that is printed; a traced value by its formula."""
    if is_traced(value):
        _warn(*_PRINTED)
    return shown(value, conversion, spec)


def _warned(function: Callable[..., Any], what: str = "") -> Callable[..., Any]:
    def warned(*args: Any, **kwargs: Any) -> Any:
        _warn(what or _OUTSIDE[function], _ONCE)
        return function(*args, **kwargs)

    return warned


def _warn(what: str, why: str) -> None:
    origin = user_origin()
    where = ("<unknown>", 1) if origin is None else (origin.filename, origin.line or 1)
    summary = f"the traced function {what}, line {where[1]}: {why}"
    warnings.warn_explicit(summary, UserWarning, where[0], where[1], registry=_seen)


class WatchedPath(type(Path())):  # type: ignore[misc]
    """A path whose files are opened with a warning."""


for _name in _OF_PATHS:
    setattr(WatchedPath, _name, _warned(getattr(Path, _name), "opens a file"))


class Environment(Mapping[str, str]):
    """`os.environ`, which is read with a warning and not written to."""

    def __getitem__(self, name: str) -> str:
        _warn("reads the environment", _ONCE)
        return os.environ[name]

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)

    def __setitem__(self, name: str, value: str) -> None:
        refuse(outside_write("the environment"))

    __delitem__ = __setitem__
