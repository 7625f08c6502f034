"""What a function does besides computing: it prints, it opens files. The closed form does none of it.

In: `print`, `open` or `input`, as the traced function calls them. Out: a warning with the user's line, once a line;
files are read and written while the function is traced, and what was read stays as it was.
"""

import functools
import warnings
from collections.abc import Callable, Hashable
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from symdiff.tracing.frames import user_origin
from symdiff.tracing.raising import shown
from symdiff.tracing.values import has_tracer, is_traced

_FILES = ("load", "loadtxt", "genfromtxt", "fromfile", "save", "savez", "savez_compressed", "savetxt")
_OUTSIDE: dict[Any, str] = {
    open: "opens a file",
    input: "asks for input",
    **{getattr(np, name): "opens a file" for name in _FILES},
}
_PRINTED = "prints a traced value", "it has no number yet, and the closed form prints nothing"
_Dispatcher = type(np.sum)
_seen: dict[Any, Any] = {}  # where it was warned already


def is_effect(value: Any) -> bool:
    """Whether a value is a function that does something besides computing."""
    if isinstance(value, Hashable) and isinstance(value, FunctionType | BuiltinFunctionType | _Dispatcher):
        return value is print or value in _OUTSIDE or _is_pretty(value)
    return False


def _is_pretty(value: Any) -> bool:
    """Whether it is `pprint.pprint` or `pprint.pp`, which print what they are given."""
    return getattr(value, "__module__", "") == "pprint" and getattr(value, "__name__", "") in ("pprint", "pp")


def effect(function: Callable[..., Any]) -> Callable[..., Any]:
    """What stands in for the function while a trace runs."""
    return _warned(function) if function in _OUTSIDE else functools.partial(_printed, function)


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


def _warned(function: Callable[..., Any]) -> Callable[..., Any]:
    def warned(*args: Any, **kwargs: Any) -> Any:
        _warn(_OUTSIDE[function], "this happens once, while the function is traced, and not when the closed form runs")
        return function(*args, **kwargs)

    return warned


def _warn(what: str, why: str) -> None:
    origin = user_origin()
    where = ("<unknown>", 1) if origin is None else (origin.filename, origin.line or 1)
    summary = f"the traced function {what}, line {where[1]}: {why}"
    warnings.warn_explicit(summary, UserWarning, where[0], where[1], registry=_seen)
