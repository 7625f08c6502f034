"""What a function does besides computing: it prints, logs and warns, it opens files. The closed form does none of it.

In: `print`, `logging.info` or `open`, as the traced function calls them. Out: a warning with the user's line, once a
line, where what is said depends on the arguments; files are read and written while the function is traced, and what was
read stays as it was.
"""

import functools
import sys
import warnings
from collections.abc import Callable, Collection, Hashable
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from symdiff.origin import Origin
from symdiff.tracing.forking import following, runs_once_in_every_call
from symdiff.tracing.frames import user_origin
from symdiff.tracing.texts import Text, text_of

_FILES = ("load", "loadtxt", "genfromtxt", "fromfile", "save", "savez", "savez_compressed", "savetxt")
_OUTSIDE: dict[Any, str] = {
    open: "opens a file",
    input: "asks for input",
    **{getattr(np, name): "opens a file" for name in _FILES},
}
_LEVELS = {  # of what a logger's methods log; `log` is told
    "debug": 10,
    "info": 20,
    "warning": 30,
    "warn": 30,
    "error": 40,
    "exception": 40,
    "critical": 50,
    "fatal": 50,
    "log": 0,
}
_SAYING = {  # by module and name
    **dict.fromkeys([("builtins", "print"), ("pprint", "pprint"), ("pprint", "pp")], "prints"),
    **{("logging", level): "logs" for level in _LEVELS},
    **dict.fromkeys([("warnings", "warn"), ("_warnings", "warn")], "warns of"),
}
_STREAMS = frozenset({"write", "writelines"})
_Dispatcher = type(np.sum)
_seen: dict[Any, Any] = {}  # where it was warned already


def is_effect(value: Any) -> bool:
    """Whether a value is a function that does something besides computing, or an object with such methods."""
    if isinstance(value, Hashable) and isinstance(value, FunctionType | BuiltinFunctionType | _Dispatcher):
        return value in _OUTSIDE or _name(value) in _SAYING or _name(value) == ("logging", "getLogger")
    return value is sys.stdout or value is sys.stderr or _is_logger(value)


def effect(value: Any) -> Any:
    """What stands in for it while a trace runs."""
    if _is_logger(value):
        return Saying(value, "logs", _LEVELS)
    if not callable(value):
        return Saying(value, "prints", _STREAMS)
    if value in _OUTSIDE:
        return warned(value, _OUTSIDE[value])
    if _name(value) == ("logging", "getLogger"):
        return lambda *args, **kwargs: Saying(value(*args, **kwargs), "logs", _LEVELS)
    return functools.partial(_said, _SAYING[_name(value)], value)


def _name(function: Any) -> tuple[str, str]:
    return str(getattr(function, "__module__", "")), str(getattr(function, "__name__", ""))


def _is_logger(value: Any) -> bool:
    logging = sys.modules.get("logging")
    return logging is not None and isinstance(value, logging.Logger | logging.LoggerAdapter)


class Saying:
    """The stand-in of a logger or a stream, whose methods of some names say something."""

    def __init__(self, original: Any, verb: str, methods: Collection[str]) -> None:
        self.original = original
        self._verb = verb
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.original, name)
        return functools.partial(_said, self._verb, found) if name in self._methods else found


def _said(verb: str, function: Callable[..., Any], *values: Any, **options: Any) -> None:
    """Says what is the same in every call; what is not is warned about."""
    if verb == "logs" and _is_left_out(function, values):
        return
    file = options.get("file")
    if type(file) is Saying:
        options["file"] = file.original
    if type(text_of(lambda: "".join(map(str, values)))) is Text:
        warn(f"{verb} a traced value", f"it has no number yet, and the closed form {verb} nothing")
    elif runs_once_in_every_call() or following() is not None:
        function(*values, **options)
    else:
        warn(f"{verb} something in a branch or a loop", f"the closed form {verb} nothing")


def _is_left_out(function: Any, values: tuple[Any, ...]) -> bool:
    """Whether a logger is set to a higher level: then plain Python logs nothing either."""
    logger = getattr(function, "__self__", None) or sys.modules["logging"].getLogger()
    level = _LEVELS[function.__name__] or (values and values[0])
    return isinstance(level, int) and not logger.isEnabledFor(level)


def warned(function: Callable[..., Any], what: str) -> Callable[..., Any]:
    """The function, with a warning of what it does."""

    def warning(*args: Any, **kwargs: Any) -> Any:
        warn(what, "this happens once, while the function is traced, and not when the closed form runs")
        return function(*args, **kwargs)

    return warning


def warn(what: str, why: str, origin: Origin | None = None) -> None:
    """A warning of what the function does, once a line; where it does so now, if no other origin is given."""
    origin = origin or user_origin()
    where = ("<unknown>", 1) if origin is None else (origin.filename, origin.line or 1)
    summary = f"the traced function {what}, line {where[1]}: {why}"
    warnings.warn_explicit(summary, UserWarning, where[0], where[1], registry=_seen)
