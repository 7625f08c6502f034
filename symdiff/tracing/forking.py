"""Control flow: a function is run once for every path that its `if`s on traced values can take.

In: the conditions that the running function asks about. Out: a decision for each, a path at a time, until every path
has been run; and afterwards one value, chosen by Selects in the shape of the decision tree.

Conditions are nodes, and nodes are hash-consed, so a path that is run again meets the very same conditions. Traced
values are real numbers: of `x > 0` and `x <= 0` one holds.
"""

import threading
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from types import CodeType
from typing import Any, NoReturn

from symdiff.errors import SymdiffError, TraceError
from symdiff.ir import interning, make
from symdiff.ir.loop_nodes import Body
from symdiff.ir.loops import are_the_same
from symdiff.ir.nodes import Const, Node
from symdiff.ir.program import Check
from symdiff.origin import Origin
from symdiff.tracing.attempts import Attempt, Attempts
from symdiff.tracing.conversions import cannot_convert, would_lose_a_derivative
from symdiff.tracing.decisions import Decision, Knowledge
from symdiff.tracing.following import Following
from symdiff.tracing.hidden import same_draws
from symdiff.tracing.loops import endless, fork_in_round, too_many_paths, too_many_questions
from symdiff.tracing.paths import Path
from symdiff.tracing.raising import built_in, shown_details
from symdiff.tracing.sites import KeptRound, Place, Sites, place_of

PATH_BUDGET = 64
ANSWERS = 100_000  # times that one instruction may ask what is known already
QUESTIONS = 100_000  # times that one may ask at all, of constants and on the path of one input
DEPTH = 48  # sides of one choice inside each other
CALLS = 1_000  # times that a choice may be come to inside itself
ROUNDS = 1_000  # of a loop that some arguments have left


class Session:
    """One traced call: the decisions of the path that is running, and those that are still to be tried.

    following: what decides, where the trace follows the path of one input.
    """

    def __init__(self, sites: "Sites | None" = None, following: Following | None = None) -> None:
        self.following = following
        self.prefix: list[Decision] = []
        self.taken: list[Decision] = []
        self.pending: list[list[Decision]] = []
        self.finished = 0
        self.refusal: SymdiffError | None = None
        self.request: Request | None = None
        self.checks: dict[Any, Check] = {}  # where the function raises
        self.has_handlers: Callable[[], bool] = lambda: False  # whether the function may catch exceptions
        self.ends_blocks: Callable[[], bool] = lambda: False  # whether it says what the end of a `with` does with them
        self.has_objects: Callable[[], bool] = lambda: False  # whether it may have objects of classes of the user's
        self.knowledge = Knowledge()
        self.attempts = Attempts()
        self.sides: list[tuple[int, ...]] = []  # of choices between values, by where the code stood when they began
        self._sites = sites if sites is not None else Sites()
        self._inside: dict[Place, list[Decision]] = {}
        self._nested: Counter[Place] = Counter()
        self._answers: Counter[Place] = Counter()
        self._questions: Counter[tuple[CodeType, int]] = Counter()
        self._nodes_made = 0
        self._kept_rounds: list[KeptRound] = []
        self._bodies: dict[tuple[Place, int], list[Body]] = {}  # of the loops of all paths, as each came to them
        self._closed: Counter[Place] = Counter()
        self._rounds: Counter[Place] = Counter()
        self._loops = 0  # that run inside each other
        self._written_out: Counter[Place] = Counter()  # operations of loops that are inside no other

    def start_path(self, prefix: list[Decision]) -> None:
        self.prefix, self.taken = prefix, []
        self.knowledge = Knowledge()
        self.attempts.clear()
        self.sides.clear()
        self._inside.clear()
        self._nested.clear()
        self._answers.clear()
        self._questions.clear()
        self._kept_rounds.clear()
        self._closed.clear()
        self._rounds.clear()
        self._loops = 0
        self._written_out.clear()

    def is_apart(self, origin: Origin) -> bool:
        """Whether the paths of a choice are traced apart because its sides have no common form."""
        return place_of(origin) in self._sites.apart

    def is_kept(self, origin: Origin) -> bool:
        """Whether a loop is kept as a loop because its rounds make many operations."""
        return place_of(origin) in self._sites.kept and not self.is_unrolled(origin)

    def is_whole(self, origin: Origin) -> bool:
        """Whether a loop is kept only for the operations of all its rounds, whoever leaves it."""
        return place_of(origin) in self._sites.whole

    def is_unrolled(self, origin: Origin) -> bool:
        """Whether the rounds of a long loop run one by one because they are not alike."""
        return place_of(origin) in self._sites.unrolled

    def written(self, origin: Origin) -> Sequence[Any]:
        """Where the rounds of a loop have been seen to write, by paths."""
        return self._sites.written.get(place_of(origin), ())

    def start_round(self, origin: Origin, may_unroll: bool) -> None:
        """One round of a loop begins that stands for all."""
        self._kept_rounds.append(KeptRound(origin, may_unroll))
        if may_unroll:
            self._sites.unrollable.add(place_of(origin))

    @property
    def kept_round(self) -> KeptRound:
        """The innermost round that stands for all."""
        return self._kept_rounds[-1]

    def end_round(self) -> None:
        """The round has run."""
        self._kept_rounds.pop()

    @property
    def unrollable(self) -> list[Origin]:
        """The loops inside which the session is, and which could run round by round as well."""
        return [each.origin for each in self._kept_rounds if each.may_unroll]

    @property
    def runs_once(self) -> bool:
        """Whether every call comes here, and once."""
        return not self._kept_rounds and self.premise() is None

    @property
    def has_paths_left(self) -> bool:
        """Whether one more condition may be tried both ways."""
        return len(self.pending) + self.finished + 2 <= PATH_BUDGET

    @property
    def rounds_inside(self) -> int:
        """In how many rounds that stand for all the running code is, one inside the other."""
        return len(self._kept_rounds)

    @property
    def standing(self) -> tuple[int, ...]:
        """Inside how much the running code is: choices, rounds and attempts."""
        return sum(map(len, self._inside.values())), self.rounds_inside, self.attempts.count

    def catching(self, error: type[BaseException]) -> Attempt | None:
        """The `try` that catches what the running code raises, if it runs once for every place that does."""
        return self.attempts.catching(error, self.rounds_inside, blocks_may=self.ends_blocks())

    def premise(self, excluded: Container[Node] = ()) -> Node | None:
        """The condition under which the running code runs; None where it always does.

        excluded: conditions that are known to fail.
        """
        return self.attempts.within(self.knowledge.premise(excluded), self.rounds_inside)

    @property
    def is_in_round(self) -> bool:
        """Whether what runs stands for all rounds of a loop."""
        return bool(self._kept_rounds)

    @property
    def is_inside_choice(self) -> bool:
        """Whether a side of a choice runs, and another one will."""
        return any(self._inside.values())

    @property
    def open_choices(self) -> list[Origin]:
        """The choices inside which the session is; behind them, those that an exception has left."""
        last = [entered[-1].origin for entered in self._inside.values() if entered]
        return [origin for origin in last if origin is not None]

    @property
    def runs_here_anyway(self) -> bool:
        """Whether every call comes here, if it comes to the round that runs, which is inside no other."""
        return len(self._kept_rounds) == 1 and self.premise() is None

    def enter(self, origin: Origin, condition: Node) -> None:
        """One side of a choice begins; sides inside each other without end are a recursion that never ends."""
        place = place_of(origin)
        entered = self._inside.setdefault(place, [])
        entered.append(Decision(condition, True, origin))
        self._nested[place] += len(entered) > 1
        if len(entered) > DEPTH or self._nested[place] > CALLS:
            self.refuse(too_many_paths(entered, DEPTH))

    def leave(self, origin: Origin) -> None:
        self._inside[place_of(origin)].pop()

    def same_body(self, origin: Origin, body: Body) -> Body:
        """The body that another path has made at this place, if it is the same one; a loop is equal to itself only."""
        place = place_of(origin)
        self._closed[place] += 1
        earlier = self._bodies.setdefault((place, self._closed[place]), [])
        found = next((each for each in earlier if are_the_same(body, each)), None)
        if found is None:
            earlier.append(body)
        return found or body

    def enter_loop(self) -> None:
        self._loops += 1

    def leave_loop(self, origin: Origin | None, operations: int) -> None:
        """The end of a loop, and how many operations it made if its rounds ran one by one, which gives its origin."""
        self._loops -= 1
        if origin is not None and not self._loops:
            self._written_out[place_of(origin)] += operations

    def written_out(self, origin: Origin) -> int:
        """The operations that a loop made when the function came to it before, where it is inside no other loop."""
        return self._written_out[place_of(origin)] if self._loops == 1 else 0

    def goes_round(self, origin: Origin) -> bool:
        """Whether a loop that some arguments have left may make another round for the others."""
        place = place_of(origin)
        self._rounds[place] += 1
        return self._rounds[place] <= ROUNDS

    def decide(self, condition: Node, origin: Origin | None) -> bool:
        """The side that the running path takes at this condition."""
        if self.following is not None:
            self.asked(condition, origin)
            side = bool(self.settled(condition, "bool", origin))
            if self._nodes_made != interning.made():  # something new has happened
                self._nodes_made = interning.made()
                self._answers.clear()
            self._answered(condition, origin)
            return side
        known = self.knowledge.value(condition)
        if known is not None:
            self._answered(condition, origin)
            return known
        if self._kept_rounds:
            self.refuse(fork_in_round(condition, origin))
        position = len(self.taken)
        if position < len(self.prefix):
            decision = self.prefix[position]
            if decision.condition is not condition:
                self.refuse(_unsteady(origin))
        else:
            decision = Decision(condition, True, origin)
            self.pending.append([*self.taken, Decision(condition, False, origin)])
        self.taken.append(decision)
        self.knowledge.learn(condition, decision.side)
        if len(self.pending) + self.finished + 1 > PATH_BUDGET:
            self.refuse(too_many_paths(self.taken, PATH_BUDGET))
        return decision.side

    def asked(self, condition: Node, origin: Origin | None) -> None:
        """One more question of an instruction that nothing else stops, as no other path is tried."""
        if origin is not None:
            self._questions[origin.code, origin.offset] += 1
            if self._questions[origin.code, origin.offset] > QUESTIONS:
                self.refuse(too_many_questions(condition, QUESTIONS, origin))

    def _answered(self, condition: Node, origin: Origin | None) -> None:
        """The same question with the same answer, again and again, is a loop that never ends."""
        if origin is None:
            return
        place = place_of(origin)
        self._answers[place] += 1
        if self._answers[place] > ANSWERS:
            self.refuse(endless(condition, origin))

    def settled(self, node: Node, how: str, origin: Origin | None) -> Any:
        """The number of a traced value, where the path of one input is followed; a refusal elsewhere."""
        following = self.following
        if following is None:
            self.refuse(cannot_convert(node, how, origin))
        if not following.may_settle(node, how):
            self.refuse(would_lose_a_derivative(node, how, origin))
        try:
            return following.settle(node, how, origin)
        except KeyError:  # of a trace around this one, which follows no input
            self.refuse(cannot_convert(node, how, origin))
        except SymdiffError as error:
            self.refuse(error)

    def fail(self, failure: Node, error: BaseException, origin: Origin | None) -> bool:
        """Notes that the function raises where `failure` holds on the running path; says whether it always does."""
        return self.note(Check(failure, built_in(type(error)), shown_details(error), origin))

    def note(self, check: Check) -> bool:
        """Notes a check of the running path, or of the round that runs; says whether the function always raises."""
        checks = self._kept_rounds[-1].checks if self._kept_rounds else self.checks
        premise = self.premise({each.failure for each in checks.values()})
        where = check.failure if premise is None else make.select(premise, check.failure, False)
        if isinstance(where, Const) and not self._kept_rounds:
            return bool(where.value)
        checks.setdefault((where, check.error, check.details), replace(check, failure=where))
        return False

    def refuse(self, error: SymdiffError) -> NoReturn:
        """Raises the error, and remembers it in case the user's code swallows it."""
        if self.refusal is None:
            self.refusal = error
        raise error


def _unsteady(origin: Origin | None) -> TraceError:
    return TraceError(
        "the function does not do the same thing twice",
        origin=origin,
        label="asks for another condition when it is run again",
        why="Each path through the `if`s is run on its own, and all of them must begin alike.",
        fix="pass what changes between calls (a counter, a random number) as an argument",
    )


class _State(threading.local):
    """The sessions that run in this thread, the innermost last."""

    sessions: list[Session]

    def __init__(self) -> None:
        self.sessions = []


_state = _State()


class Request(BaseException):
    """The function is to be traced again, in another way; what of the user's may catch it does not end that."""

    def __init__(self) -> None:
        super().__init__()
        session = current_session()
        if session is not None and session.request is None:
            session.request = self


class Caught(Request):
    """The function may catch an exception that it raises: its paths are to be run as they are written."""


def current_session() -> Session | None:
    """The innermost running session of this thread."""
    return _state.sessions[-1] if _state.sessions else None


def refuse(error: SymdiffError) -> NoReturn:
    """Raises the error in the running session, so that no `except` of the user's can hide it."""
    session = current_session()
    if session is not None:
        session.refuse(error)
    raise error


def premise() -> Node | None:
    """The condition under which the running code runs; None where it always does."""
    session = current_session()
    return None if session is None else session.premise()


def following() -> Following | None:
    """What the innermost running trace follows; None where it holds for every input."""
    session = current_session()
    return None if session is None else session.following


def follows_throughout() -> bool:
    """Whether the running trace and all that it runs inside of follow the path of one input."""
    return all(session.following is not None for session in _state.sessions)


def runs_once_in_every_call() -> bool:
    """Whether what runs now does so once in every call: under no condition, and not as one round for all."""
    return all(session.runs_once for session in _state.sessions)


def may_settle(node: Node, how: str) -> bool:
    """Whether the running trace follows the path of one input and may give the number away."""
    known = following()
    return known is not None and known.may_settle(node, how)


def settled(node: Node, how: str, origin: Origin | None) -> Any:
    """The number of a traced value, where the running trace follows the path of one input; a refusal elsewhere."""
    session = current_session()
    if session is None:
        raise cannot_convert(node, how, origin)
    return session.settled(node, how, origin)


def value_on_the_path(node: Node) -> Any:
    """The value of a node on the path that is followed, which is not a decision; a refusal where none is."""
    known = following()
    try:
        if known is not None:
            return known.value(node)
    except KeyError:
        pass  # of a trace further out
    refuse(cannot_convert(node, "float", node.origin))


def explore(
    run: Callable[[Session], Any], sites: "Sites | None" = None, following: Following | None = None
) -> list[Path]:
    """Every path of `run`, from the one where all conditions hold to the one where none does.

    sites: the choices and loops that do not run as others do.
    following: what decides in place of trying both sides; there is one path then.
    """
    session = Session(sites, following)
    paths: list[Path] = []
    session.pending.append([])
    with same_draws() as draw_again:
        while session.pending:
            session.start_path(session.pending.pop())
            draw_again()
            _state.sessions.append(session)
            try:
                value = run(session)
            except Exception:
                if session.request is None:
                    raise
            finally:
                _state.sessions.pop()
            if session.request is not None:  # the user's code caught it
                raise session.request
            if session.refusal is not None:
                raise session.refusal
            session.finished += 1
            paths.append(Path(session.taken, value))
    return paths
