"""What a loop computes, round by round.

In: a Loop or Rewind node, the values of its arguments, and what computes the value of a node. Out: the final state;
OverflowError where the loop never ends. In a `rounds_at_most` block, a loop gives up that goes on for too long, or ends
where the function has no value.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from symdiff.ir.decided_by_nan import is_decided_by_nan
from symdiff.ir.endless import FIRST_LOOK, LAST_LOOK, LookBack, look_back, never_ends
from symdiff.ir.nodes import Body, Loop, Node, Rewind
from symdiff.ir.program import topological

Compute = Callable[..., Any]

_limit: ContextVar[float] = ContextVar("limit", default=math.inf)


class TooManyRounds(Exception):  # noqa: N818 (no error: what is evaluated only to compare is left out)
    """A loop goes on longer than `rounds_at_most` allows."""


class EndedByNan(TooManyRounds):
    """A loop in a `rounds_at_most` block ends where a nan is compared with: the function has no value there."""


@contextmanager
def rounds_at_most(limit: int) -> Iterator[None]:
    """In the block, a loop that is evaluated here raises TooManyRounds where it goes on for longer.

    One that ends because of a nan raises EndedByNan.
    """
    token = _limit.set(limit)
    try:
        yield
    finally:
        _limit.reset(token)


class _Final(list[Any]):
    """The final state of a loop, which knows from what it came."""

    given: list[Any]


def final_state(node: Loop, args: list[Any], value: Compute) -> _Final:
    """The state when the condition fails: of each element apart, where numbers stand for scalars in arrays."""
    state = args[: len(node.body.outputs)]
    for active, _, new in rounds_of(node, args, value):
        state = where(active, new, state)
    final = _Final(state)
    final.given = args
    return final


def taken_back(node: Rewind, args: list[Any], value: Compute) -> list[Any]:
    """The state after all rounds have been taken back."""
    body, forward, given = node.body, node.loop, args[0].given
    state, captured = args[1 : len(body.outputs) + 1], args[len(body.outputs) + 1 :]
    order = topological(body.outputs)
    kept = given[len(forward.body.outputs) :]
    for active, before, _ in reversed(list(rounds_of(forward, given, value))):
        known = dict(zip(forward.body.inputs, [*before, *kept], strict=True))
        known |= zip(body.inputs, [*state, *captured], strict=True)
        state = where(active, _run(order, body.outputs, known, value), state)
    return state


def rounds_of(node: Loop, args: list[Any], value: Compute) -> Iterator[tuple[Any, list[Any], list[Any]]]:
    """For each round where it is active, the state before it, and the next one."""
    body = node.body
    state, captured = args[: len(body.outputs)], args[len(body.outputs) :]
    first, rest = topological([body.condition]), topological(body.outputs)
    limit, seen = _limit.get(), look_back(body)
    rounds, due, before = 0, FIRST_LOOK, state
    while True:
        known = dict(zip(body.inputs, [*state, *captured], strict=True))
        asked = _values(first, known, value)
        active = asked[body.condition]
        if not np.any(active):
            if limit < math.inf and is_decided_by_nan(body.condition, asked):
                raise EndedByNan
            return
        rounds += 1
        if rounds > limit:
            raise TooManyRounds
        new = _run(rest, body.outputs, known, value)
        yield active, state, new
        state = where(active, new, state)
        if rounds == due and seen is not None:
            is_stuck = np.logical_and(active, _is_stuck(seen, body, [*state, *captured], before, value))
            if rounds == LAST_LOOK or np.any(is_stuck):
                raise TooManyRounds if limit < math.inf else OverflowError(never_ends(node))
            due, before = 2 * due, state


def _is_stuck(seen: LookBack, body: Body, now: list[Any], before: list[Any], value: Compute) -> Any:
    """Whether the loop, or that of an element, never ends."""
    known = dict(zip(body.inputs, now, strict=True))
    known |= zip(seen.before, [before[at] for at in seen.positions], strict=True)
    return _run(topological([seen.is_stuck]), [seen.is_stuck], known, value)[0]


def _run(order: Sequence[Node], outputs: Sequence[Node], inputs: Mapping[Any, Any], value: Compute) -> list[Any]:
    known = _values(order, inputs, value)
    return [known[output] for output in outputs]


def _values(order: Sequence[Node], inputs: Mapping[Any, Any], value: Compute) -> dict[Node, Any]:
    known: dict[Node, Any] = dict(inputs)
    for inner in order:
        if inner not in known:
            known[inner] = value(inner, [known[arg] for arg in inner.args])
    return known


def where(active: Any, new: list[Any], old: list[Any]) -> list[Any]:
    """The new values where they are meant."""
    return new if not np.ndim(active) else [np.where(active, *pair) for pair in zip(new, old, strict=True)]
