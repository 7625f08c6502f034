"""Traces that follow the path of one input, kept for the inputs that take the same path.

In: compiled paths, and the arguments of a call. Out: the path that the arguments take, if it is kept. Every guard of a
path is computed again from the arguments of each call, so the answer never depends on what was called before.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symdiff.errors import GuardedError
from symdiff.ir.make_linalg import may_turn_complex
from symdiff.ir.program import Guard, Program, Reading
from symdiff.ir.structure import LEAF, tuple_of

MOST_TRACES = 16
_SHOWN = 3  # guards in a message


@dataclass(frozen=True, eq=False)
class GuardedTrace:
    """A compiled path.

    check: computes the guards from the arguments of the function.
    function: computes the result.
    readings: what the trace has read besides the arguments.
    """

    guards: Sequence[Guard]
    check: Callable[..., Any]
    function: Callable[..., Any]
    readings: Sequence[Reading]

    def holds(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Whether the arguments take this path."""
        if not all(reading.holds() for reading in self.readings):
            return False
        try:
            with np.errstate(all="ignore"):
                values = self.check(*args, **kwargs)
        except Exception:  # noqa: BLE001 (a later guard may have no value where an earlier one fails: a singular matrix, …)
            return False
        return all(_is_same(guard.value, value) for guard, value in zip(self.guards, values, strict=True))


def guard_program(traced: Program) -> Program:
    """What computes the guards of a trace."""
    nodes = [guard.node for guard in traced.guards]
    return traced.with_outputs(nodes, tuple_of([LEAF] * len(nodes)), name=f"{traced.name}_guards")


def _is_same(before: Any, now: Any) -> bool:
    """Whether a guard has the very same value; a zero of the other sign is another one."""
    if type(before) is np.bool_:
        return bool(before == now)
    same: bool = np.asarray(now, before.dtype).tobytes() == before.tobytes()
    return same and np.shape(now) == np.shape(before)


class GuardedTraces:
    """The traces for arguments of one structure, the one that was used last in front; the oldest goes out."""

    def __init__(self) -> None:
        self._traces: list[GuardedTrace] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._traces)

    @property
    def latest(self) -> GuardedTrace | None:
        """The trace that was used last."""
        return next(iter(self._traces), None)

    def find(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> GuardedTrace | None:
        """The trace of the path that the arguments take."""
        traces = self._traces  # replaced as a whole, never changed
        found = next((trace for trace in traces if trace.holds(args, kwargs)), None)
        if found is not None and found is not traces[0]:
            self.keep(found)
        return found

    def keep(self, used: GuardedTrace) -> None:
        """Puts the trace in front."""
        with self._lock:
            others = [trace for trace in self._traces if trace is not used]
            self._traces = [used, *others][:MOST_TRACES]


def not_closed(name: str, guards: Sequence[Guard]) -> GuardedError:
    """The refusal to show or write a path as if it were a closed form."""
    listed = "; ".join(str(guard) for guard in guards[:_SHOWN])
    return GuardedError(
        f"{name} has no closed form: its calls follow the paths of their inputs",
        origin=guards[0].origin if guards else None,
        label="is decided by the input" if guards else "",
        why=f"The path of the last call holds where {listed}{'; …' if len(guards) > _SHOWN else '.'}"
        if guards
        else 'It was asked for by mode="guarded".',
        fix="choose with np.where(condition, a, b), and loop a number of times that does not depend on the input"
        if guards
        else 'leave mode="guarded" out',
    )


def means_real_roots(program: Program) -> bool:
    """Whether the program holds only where square roots of real matrices are real."""
    return any(may_turn_complex(node) and node.how == "sqrtm" for node in program.all_nodes())
