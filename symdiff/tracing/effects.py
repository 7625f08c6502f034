"""What a function does besides computing: it prints, it opens files. The closed form does none of it.

In: `print`, `open` or `input`, as the traced function calls them. Out: a warning with the user's line, once a line;
files are read and written while the function is traced, and what was read stays as it was.
"""

import warnings
from collections.abc import Callable
from typing import Any

from symdiff.tracing.frames import user_origin
from symdiff.tracing.raising import shown
from symdiff.tracing.values import has_tracer, is_traced

_OUTSIDE: dict[Any, str] = {open: "opens a file", input: "asks for input"}
_PRINTED = "prints a traced value", "it has no number yet, and the closed form prints nothing"
_seen: dict[Any, Any] = {}  # where it was warned already


def is_effect(value: Any) -> bool:
    """Whether a value is a function that does something besides computing."""
    return value is print or value is open or value is input


def effect(function: Callable[..., Any]) -> Callable[..., Any]:
    """What stands in for the function while a trace runs."""
    return _printed if function is print else _warned(function)


def _printed(*values: Any, **options: Any) -> None:
    if not has_tracer(values):
        print(*values, **options)  # noqa: T201 (the user's own)
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
