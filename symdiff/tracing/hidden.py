"""Hidden arguments: what a traced function takes in besides its arguments, and every call takes in anew.

In: the random numbers that the function draws while it is traced, and the long arrays that it reads from globals,
closures and attributes. Out: an input of the graph for each, and how a call gets its value: the same generators called
in the function's own order, the arrays as they are then. They belong to the outermost trace that is made for a call.
"""

import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from symdiff.ir.nodes import Input
from symdiff.ir.program import EMPTY, Parameter, Program
from symdiff.ir.rewrite import substitute
from symdiff.ir.structure import LEAF

LONGEST_CONSTANT = 100  # elements of an array that is a part of the closed form
_READ_AS_INPUT = frozenset({"float32", "float64", "int64"})


@dataclass(frozen=True, eq=False)
class Draw:
    """A call of a generator.

    wish: the name that the parameter of the numbers gets, if no other has it.
    text: the call, for documentation.
    """

    source: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    wish: str
    text: str

    def value(self) -> Any:
        """What is drawn now."""
        return self.source(*self.args, **self.kwargs)

    def holds(self) -> bool:
        """Whether the call still does what it did: arguments are known while tracing, so it does."""
        return True

    def is_like(self, other: "Draw") -> bool:
        """Whether it asks the same generator for the same."""
        return self.text == other.text and self.source == other.source


@dataclass(eq=False)
class Capture:
    """A long array that the function reads.

    reads: all the ways by which it has read this array.
    text: its name there.
    """

    reads: list[Callable[[], Any]]
    text: str
    array: Any

    @property
    def wish(self) -> str:
        return self.text.rpartition(".")[2]

    def value(self) -> Any:
        """What is read now."""
        return self.reads[0]()

    def holds(self) -> bool:
        """Whether what is read now is one array again, of the same shape and dtype."""
        try:
            now, *others = [read() for read in self.reads]
        except (LookupError, AttributeError, ValueError):  # deleted; an empty cell
            return False
        if type(now) is not np.ndarray or any(other is not now for other in others):
            return False
        return (now.shape, now.dtype) == (self.array.shape, self.array.dtype)


@dataclass
class Hidden:
    """What a trace has taken in so far.

    given_away: how many random numbers the function was given as they are, on the path of one input; its trace is for
        one call.
    captures: long arrays, by identity.
    keeps_constants: whether long arrays are constants, as short ones are.
    """

    draws: list[tuple[Draw, Input]] = field(default_factory=list)
    position: int = 0
    given_away: int = 0
    captures: dict[int, tuple[Capture, Input]] = field(default_factory=dict)
    keeps_constants: bool = False

    def drawn(self, draw: Draw, rehearsed: Callable[[], Any]) -> Input | None:
        """The input for the next draw: of an attempt before this one where it drew the same there.

        rehearsed: gives numbers as the draw would, and leaves the generator as it is. None where they are no numbers.
        """
        node: Input | None = None
        if self.position < len(self.draws) and self.draws[self.position][0].is_like(draw):
            node = self.draws[self.position][1]
        else:
            numbers = rehearsed()
            if isinstance(numbers, float | int | np.ndarray | np.generic) and np.asarray(numbers).dtype.kind in "iuf":
                node = Input(draw.wish, np.shape(numbers), is_whole=np.asarray(numbers).dtype.kind != "f")
        if node is not None:
            self.draws[self.position :] = [(draw, node)]
            self.position += 1
        return node

    def takes(self, value: Any) -> bool:
        """Whether a value that the function reads is an array that every call gives it anew."""
        if self.keeps_constants or type(value) is not np.ndarray or value.size <= LONGEST_CONSTANT:
            return False
        return value.dtype.isnative and value.dtype.name in _READ_AS_INPUT

    def captured(self, array: Any, name: str, read: Callable[[], Any]) -> Input:
        """The input for a long array."""
        found = self.captures.get(id(array))
        if found is None:
            node = Input(name, array.shape, is_whole=array.dtype.kind == "i")
            self.captures[id(array)] = Capture([read], name, array), node
            return node
        found[0].reads.append(read)
        return found[1]

    def forget(self) -> None:
        """Begins again, with long arrays as constants."""
        self.draws, self.position, self.captures, self.keeps_constants = [], 0, {}, True

    def sources(self) -> list[tuple["Draw | Capture", Input]]:
        """All that was taken in: the draws in their order, then the arrays."""
        return [*self.draws[: self.position], *self.captures.values()]


class _State(threading.local):
    hidden: Hidden | None = None


_state = _State()


def current_hidden() -> Hidden | None:
    """What the running trace takes in; None where no call would give it."""
    return _state.hidden


def captured(value: Any, name: str, read: Callable[[], Any]) -> Input | None:
    """The input for a long array that the running trace reads, if its calls give it anew; None for any other value."""
    hidden = _state.hidden
    return hidden.captured(value, name, read) if hidden is not None and hidden.takes(value) else None


@contextmanager
def hidden_arguments() -> Iterator[Hidden]:
    """A block for a trace made for a call: what it took in. Inside another such block all of it is the outer one's."""
    outer = _state.hidden
    _state.hidden = outer or Hidden()
    try:
        yield _state.hidden if outer is None else Hidden()
    finally:
        _state.hidden = outer


@contextmanager
def nothing_hidden() -> Iterator[None]:
    """A block in which long arrays are constants, and nothing may be drawn."""
    outer = _state.hidden
    _state.hidden = None
    try:
        yield
    finally:
        _state.hidden = outer


@contextmanager
def same_draws() -> Iterator[Callable[[], None]]:
    """A block that runs a function several times: what it gives begins to draw from the front again."""
    hidden = _state.hidden
    start = hidden.position if hidden is not None else 0

    def again() -> None:
        if hidden is not None:
            hidden.position = start

    try:
        yield again
    except BaseException:
        again()
        raise


@contextmanager
def constants_only() -> Iterator[Callable[[], bool]]:
    """A block that follows one input, with long arrays as constants.

    What it gives says whether the function got random numbers as they are.
    """
    with hidden_arguments():
        hidden = _state.hidden
        assert hidden is not None
        before, kept = hidden.given_away, hidden.keeps_constants
        hidden.keeps_constants = True
        try:
            yield lambda: hidden.given_away > before
        finally:
            hidden.keeps_constants = kept


@dataclass(frozen=True)
class HiddenArgument:
    """Where the value of a parameter comes from; no parameter takes it where the program does without it."""

    source: Draw | Capture
    parameter: str | None

    def holds(self) -> bool:
        return self.source.holds()


def with_hidden(
    program: Program, hidden: Hidden, reserved: str | None = None
) -> tuple[Program, tuple[HiddenArgument, ...]]:
    """The program with a keyword parameter for each hidden argument that it uses, and where their values come from.

    reserved: a name that none of them gets.
    """
    found = hidden.sources()
    if not found:
        return program, ()
    used = set(program.nodes())
    taken = {parameter.name for parameter in program.parameters} | {leaf.name for leaf in program.inputs}
    taken |= {reserved} if reserved else set()
    parameters: list[Parameter] = []
    leaves: dict[Any, Any] = {}
    arguments: list[HiddenArgument] = []
    for source, node in found:
        if node not in used:  # the generator moves on all the same, and two names may stop being one array
            arguments.append(HiddenArgument(source, None))
            continue
        name = _free_name(source.wish, taken)
        taken.add(name)
        leaves[node] = Input(name, node.shape, node.dtype, is_whole=node.is_whole)
        origin = f"{'drawn by' if isinstance(source, Draw) else 'read as'} {source.text}"
        parameters.append(Parameter(name, LEAF, EMPTY, inspect.Parameter.KEYWORD_ONLY, hidden=origin))
        arguments.append(HiddenArgument(source, name))
    ends = [*(check.failure for check in program.checks), *program.outputs]
    bound = program.mapped(dict(zip(ends, substitute(ends, leaves), strict=True)))
    inputs = (*program.inputs, *leaves.values())
    return replace(bound, parameters=(*program.parameters, *parameters), inputs=inputs), tuple(arguments)


def _free_name(wish: str, taken: set[str]) -> str:
    if wish not in taken:
        return wish
    return next(name for number in range(2, len(taken) + 3) if (name := f"{wish}_{number}") not in taken)


def hidden_values(arguments: Sequence[HiddenArgument]) -> dict[str, Any]:
    """The hidden arguments of a call, by parameter; draws are made in the function's own order."""
    values = [(each.parameter, each.source.value()) for each in arguments]
    return {name: value for name, value in values if name is not None}
