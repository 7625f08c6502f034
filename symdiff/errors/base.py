"""The base of the exceptions, and what is done with one: printing it, and keeping its traceback short.

In: what went wrong, where, why, how to mend it. Out: a message of at most twelve lines.
"""

import functools
import os
from collections.abc import Callable
from types import TracebackType
from typing import Any, ClassVar, ParamSpec, TypeVar

from symdiff.errors.message import excerpt, layout, without_internal_frames
from symdiff.origin import Line, Origin

P = ParamSpec("P")
R = TypeVar("R")


class SymdiffError(Exception):
    """The base of every error that symdiff raises on purpose.

    `except symdiff.SymdiffError` catches them all.
    """

    code: ClassVar[str] = "SD000"

    def __init_subclass__(cls) -> None:
        """Our own classes go by their public names: `symdiff.BranchError`, also in tracebacks."""
        if cls.__module__.startswith("symdiff."):
            cls.__module__ = "symdiff"

    def __init__(
        self,
        summary: str,
        *,
        origin: Origin | Line | None = None,
        label: str = "",
        why: str = "",
        fix: str = "",
    ) -> None:
        super().__init__(summary)
        self.summary = summary
        self.origin = origin
        self.label = label
        self.why = why
        self.fix = fix
        self._excerpt: list[str] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles with the excerpt as text: code objects do not pickle, and worker processes hand errors over."""
        return _restored, (type(self), self.summary, self.why, self.fix, self._place())

    def __str__(self) -> str:
        """What Python prints behind the name of the class."""
        return f"[{self.code}] " + "\n".join(self._lines())

    def report(self) -> str:
        """What the command prints: the same, in full."""
        return f"symdiff.{type(self).__name__} [{self.code}]: " + "\n".join(self._lines())

    def _lines(self) -> list[str]:
        return layout(self.summary, self._place(), self.why, self.fix, self.code)

    def _place(self) -> list[str]:
        return excerpt(self.origin, self.label) if self._excerpt is None else self._excerpt


SymdiffError.__module__ = "symdiff"


def _restored(kind: type[SymdiffError], summary: str, why: str, fix: str, place: list[str]) -> SymdiffError:
    error = kind(summary, why=why, fix=fix)
    error._excerpt = place
    return error


class UserTraceback:
    """A block that an error of ours leaves without the frames of symdiff in its traceback.

    `SYMDIFF_TRACEBACK=full` in the environment keeps them. The public functions run inside such a block.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if isinstance(error, SymdiffError) and os.environ.get("SYMDIFF_TRACEBACK") != "full":
            error.__traceback__ = without_internal_frames(traceback)


def short_traceback(function: Callable[P, R]) -> Callable[P, R]:
    """A public function, run inside a UserTraceback."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with UserTraceback():
            return function(*args, **kwargs)

    return run
