"""The runtime of rewritten loops: rounds run as they are written until one depends on the arguments; that one is kept.

In: tests, or what a `for` runs over, and the names that the rounds bind. Out: the names after the loop. A loop whose
test is the same for all arguments runs as Python runs it, as long as that makes few operations. Otherwise one round
runs with fresh inputs for all that the rounds bind, and what it makes of them becomes the body of a Loop. A loop in one
side of a choice makes no rounds where that side is not taken.
"""

import sys
from collections.abc import Iterator, Sequence, Sized
from types import FrameType
from typing import Any

from symdiff.errors import LoopError
from symdiff.ir import interning, make
from symdiff.ir.nodes import Input, ambient
from symdiff.ops import piecewise
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.frames import Part
from symdiff.tracing.loops import does_not_end
from symdiff.tracing.lowering.choices import names_of, truth_of, undecided
from symdiff.tracing.lowering.limits import GROWS, LONGEST_RANGE, MOST_ADDED, MOST_OPERATIONS, Limit
from symdiff.tracing.lowering.names import Path
from symdiff.tracing.lowering.objects import Holder
from symdiff.tracing.lowering.rounds import Counter, Round
from symdiff.tracing.lowering.sequences import Bounds, Endless, Items, Rounds, length_of, rounds_over
from symdiff.tracing.tracer import ArrayTracer
from symdiff.tracing.values import to_node

UNROLLED_ROUNDS = 2_000  # that run one by one; a longer loop is kept as a loop where its rounds are alike
UNROLLED_OPERATIONS = 5_000  # of all rounds together, as far as they were written out, in all runs of the loop
LEFT_OPERATIONS = 200  # of one that some arguments have left: its rounds stand under each other's conditions
MOST_TAKEN = 100  # rounds over what has no length, once some arguments have left the loop
OPEN_OPERATIONS = 200_000  # of one over what has no length, which may have no end either


class Kept(forking.Request):
    """Loops at some places make so many operations that they are to be kept as loops."""

    def __init__(self, sites: Sequence[Origin], *, early: bool) -> None:
        super().__init__()
        self.sites = sites
        self.early = early


class Unrolled(forking.Request):
    """Long loops at some places, whose rounds are not alike: they are to run round by round."""

    def __init__(self, sites: Sequence[Origin]) -> None:
        super().__init__()
        self.sites = sites


class Repetition(Holder):
    """One `while` or `for` while it runs."""

    def __init__(self, names: Sequence[str], stop: str, returned: str, written: Sequence[Path]) -> None:
        self._names = names
        self._stop = stop
        self._returned = returned
        self._is_endless = False
        self._sequence: Any = None
        self._written = written
        self._now: dict[str, Any] = {}
        self._is_over = False
        self._round: Round | None = None
        self._started = interning.operations()
        self._taken = 0
        self._limit = Limit()
        self._origin: Origin | None = None  # known once rounds run one by one
        self._session = forking.current_session()
        if self._session is not None:
            self._session.enter_loop()

    def held(self) -> list[Any]:
        """What the loop runs over."""
        return [self._sequence]

    def __getitem__(self, name: str) -> Any:
        return self._now[name]

    # `while`

    def more(self) -> bool:
        """Whether the test is to be asked once more."""
        frame = sys._getframe(1)
        if self._is_over or (self._round is not None and self._round.condition is not None):
            return False
        self._now = names_of(frame, self._names) if self._round is None else self._round.fresh
        return True

    def goes_on(self, test: Any) -> bool:
        """Whether the body runs now."""
        test = truth_of(test)
        condition, session, frame = undecided(test), forking.current_session(), sys._getframe(1)
        if self._round is not None:
            self._round.begin(condition if condition is not None else make.constant(bool(test)))
            return True
        origin = _caller(2)
        is_kept = session is not None and session.is_kept(origin) and bool(self._names or self._written)
        if session is None or (condition is None and not (is_kept and test)):
            self._is_over = not test
            if not self._is_over:
                self._check_operations(session, origin, self._most_operations(session, frame))
                self._limit.another(origin, frame)
            return not self._is_over
        self._round = Round(frame, self._now, origin, session, written=self._written, may_unroll=condition is None)
        return False

    # `for`

    def rounds(self, sequence: Any) -> Iterator[Any]:
        """The items of a sequence; one that stands for all where their number is open, or large."""
        frame, origin, session = sys._getframe(1), _caller(2), forking.current_session()
        self._is_endless = isinstance(sequence, Endless)
        self._sequence = sequence
        self._limit = Limit(LONGEST_RANGE if isinstance(sequence, Sized) else None)
        found = self._kept(sequence, origin, session)
        length = len(sequence) if isinstance(sequence, list) else None
        if session is None or found is None:
            for item in sequence:
                is_left = session is not None and self._is_left_by_some(frame)
                if is_left:
                    self._taken += 1
                    if isinstance(sequence, Endless):
                        found = sequence.rounds_from(item)
                        break
                    if not isinstance(sequence, Sized) and self._taken > MOST_TAKEN:
                        forking.refuse(_never_exhausted(origin))
                self._now = names_of(frame, self._names)
                self._check_operations(session, origin, self._most_operations(session, frame))
                self._limit.another(origin, frame)
                yield item
                if length is not None and len(sequence) > length + MOST_ADDED:
                    forking.refuse(does_not_end(origin, GROWS))
            if session is None or found is None:
                return
        ambient.origin = Part(origin.code, origin.offset)
        counter = Input("i", is_whole=found.is_whole)
        before = names_of(frame, self._names)
        kept = Counter(counter, found.first, found.step)
        self._round = Round(
            frame, before, origin, session, written=self._written, counter=kept, may_unroll=not found.is_open
        )
        self._now = self._round.fresh
        condition = found.goes_on(counter)
        flag = self._now.get(self._stop)
        if flag is not None:
            condition = make.select(condition, piecewise.logical_not(to_node(flag)), False)
        self._round.begin(condition)
        yield found.item(counter)

    def _most_operations(self, session: forking.Session | None, frame: FrameType) -> int:
        """How many operations the rounds may make that are written out."""
        is_left = session is not None and self._is_left_by_some(frame)
        return LEFT_OPERATIONS if is_left else UNROLLED_OPERATIONS

    def _is_left_by_some(self, frame: FrameType) -> bool:
        """Whether it depends on the arguments if the loop has been left."""
        return bool(self._stop) and undecided(frame.f_locals.get(self._stop)) is not None

    def _kept(self, sequence: Any, origin: Origin, session: forking.Session | None) -> Rounds | None:
        """The rounds of a loop that is to be kept; None for one whose rounds run one by one."""
        if session is None or not isinstance(sequence, Bounds | Items | ArrayTracer | list | tuple):
            return None
        length = length_of(sequence)
        if length is not None:
            is_long = length > UNROLLED_ROUNDS or (length > 1 and session.is_kept(origin))
            if not is_long or session.is_unrolled(origin):
                return None
        return rounds_over(sequence, origin)

    def finish(self) -> None:
        """The names after the loop."""
        now = names_of(sys._getframe(1), self._names)
        self._sequence = None
        self._now = now if self._round is None else self._round.end(now)
        if self._is_endless and self._returned:
            self._now[self._returned] = True
        if self._session is not None:
            self._session.leave_loop(self._origin, self._operations())

    def _operations(self) -> int:
        """How many operations the loop has made so far."""
        return interning.operations() - self._started

    def _check_operations(self, session: forking.Session | None, origin: Origin, most: int) -> None:
        """Whether the rounds that have run have made too many operations to be written out."""
        if session is None or session.following is not None:
            return
        self._origin = origin
        count = self._operations() + session.written_out(origin)
        most = UNROLLED_OPERATIONS if session.is_whole(origin) else most
        if count > most and not session.is_unrolled(origin):
            is_early = count <= UNROLLED_OPERATIONS
            raise Unrolled([origin]) if session.is_kept(origin) else Kept([origin], early=is_early)
        most = MOST_OPERATIONS if isinstance(self._sequence, Sized) else OPEN_OPERATIONS
        if count > most:
            forking.refuse(_too_many_operations(origin, most))


def repetition(names: Sequence[str], stop: str = "", returned: str = "", written: Sequence[Path] = ()) -> Repetition:
    """A loop whose rounds bind the names.

    stop: the name of the flag that ends the loop after a round. returned: that of the flag which holds behind a loop
    that never ends by itself, as only a `return` or a `raise` leaves it; empty if a `break` does. written: where the
    rounds write into objects that they do not bind names to.
    """
    return Repetition(names, stop, returned, written)


def _too_many_operations(origin: Origin, most: int) -> LoopError:
    return LoopError(
        f"this loop makes more than {most:,} operations",
        origin=origin,
        label="its rounds are not alike, and would be written out one by one",
        why="Only a loop of which every round is the same computation on numbers and arrays is kept as a loop.",
        fix="keep what changes from round to round in numbers and arrays: no lists that grow, no texts, no dict keys",
        never_ends=True,
    )


def _never_exhausted(origin: Origin) -> LoopError:
    return LoopError(
        "the number of rounds of this loop depends on a traced value",
        origin=origin,
        label="goes on for some arguments",
        why=f"After {MOST_TAKEN} rounds some arguments have not left it, and what it runs over has no length.",
        fix="count the rounds, `for k in itertools.count():` or `while True:`, which is kept as a loop",
    )


def _caller(depth: int) -> Origin:
    """The instruction of the rewritten function that called the runtime."""
    frame = sys._getframe(depth)
    return Origin(frame.f_code, frame.f_lasti)
