"""`try` statements that run once for every place where they may raise: which of them catches what.

In: an exception that the running code may raise. Out: the statement that catches it, if the runtime of rewritten code
runs it; and the conditions under which such a statement is known not to raise in the run that is under way.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import FrameType

from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.tracing.handlers import catches
from symdiff.tracing.raising import is_users


class Attempt(ABC):
    """A `try` while it runs.

    frame: the function that it stands in. rounds: in how many rounds that stand for all it is. denied: the conditions
    under which it would have raised at the places that the run has come past.
    """

    frame: FrameType
    rounds: int
    denied: list[Node]

    @abstractmethod
    def catches(self, error: type[BaseException]) -> bool:
        """Whether an `except` clause of its own catches an exception that is raised now."""

    @abstractmethod
    def raises(self, condition: Node) -> bool:
        """Whether the run is one in which the condition holds."""

    @abstractmethod
    def give_up(self) -> None:
        """Asks for another trace, in which paths are told apart where it raises."""

    @abstractmethod
    def break_off(self) -> None:
        """An exception has left it. Asks for another trace where there is more for it to run."""


class Attempts:
    """Those that run, the innermost last."""

    def __init__(self) -> None:
        self._running: list[Attempt] = []

    def clear(self) -> None:
        """None runs."""
        self._running.clear()

    def enter(self, attempt: Attempt) -> None:
        """One begins; those that an exception has left are gone."""
        running = set(_running_frames())
        self._break_off([each for each in self._running if each.frame not in running])
        self._running.append(attempt)

    def leave(self, attempt: Attempt) -> None:
        """One has ended, or been run to its end once."""
        self._break_off(self._running[self._running.index(attempt) + 1 :])
        self._running.remove(attempt)

    def end(self) -> None:
        """The function has ended."""
        self._break_off(self._running)

    def _break_off(self, left: list[Attempt]) -> None:
        for each in left:
            each.break_off()
        self._running = [each for each in self._running if each not in left]

    def catching(self, error: type[BaseException], rounds: int, *, blocks_may: bool) -> Attempt | None:
        """The one that catches an exception that the running code raises; None where another clause does, or a block.

        rounds: in how many rounds that stand for all the code is.
        """
        for frame in _running_frames():
            if not is_users(frame):
                continue
            own = [each for each in self._running if each.frame is frame and each.catches(error)]
            if own:
                is_clear = own[-1].rounds == rounds and not (blocks_may and _ends_a_block(frame))
                return own[-1] if is_clear else None
            if catches(frame, error, blocks_may=blocks_may):
                return None
        return None

    def denied(self, rounds: int) -> list[Node]:
        """The conditions that do not hold in this run."""
        return [each for attempt in self._running if attempt.rounds == rounds for each in attempt.denied]

    @property
    def count(self) -> int:
        """How many run."""
        return len(self._running)

    @property
    def passed(self) -> Attempt | None:
        """The innermost one whose run has passed a place where it might raise."""
        return next((each for each in reversed(self._running) if each.denied), None)

    def within(self, premise: Node | None, rounds: int) -> Node | None:
        """The premise, and that no place has raised which has been passed; None where there is neither."""
        for condition in reversed(self.denied(rounds)):
            premise = make.select(condition, False, make.constant(True) if premise is None else premise)
        return premise


class _NeverRaisedError(BaseException):
    """What no clause names."""


def _ends_a_block(frame: FrameType) -> bool:
    """Whether the end of a `with` is around the running instruction."""
    return catches(frame, _NeverRaisedError, blocks_may=True)


def _running_frames() -> Iterator[FrameType]:
    """The frames that run, as far as the traced function, the innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") != "symdiff.tracing.function":
        yield frame
        frame = frame.f_back
