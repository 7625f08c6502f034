"""Guarded mode: a trace that follows the path of one input.

In: the values of the inputs, and what the running function asks of traced values. Out: answers, each recorded as a
guard: what was asked, and what the answer was. The trace holds for every input that gives all guards the same answers.
A number that a derivative flows through is never given away: what is computed from it would be a constant.
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symdiff.errors import LoopError
from symdiff.ir import make
from symdiff.ir.evaluate import values_of
from symdiff.ir.nodes import Const, Input, Map, Node, ambient
from symdiff.ir.program import topological
from symdiff.ops import piecewise
from symdiff.origin import Origin
from symdiff.tracing.describe import describe

MOST_GUARDS = 100_000
_FEW = 6  # elements of an array in a message
_DECISIONS = frozenset({"bool", "int", "hash"})  # nothing is computed from the answer


@dataclass(frozen=True, eq=False)
class Guard:
    """A decision that a trace has taken: what was asked, the answer, and the user's instruction that asked."""

    node: Node
    value: Any
    origin: Origin | None

    @property
    def line(self) -> int | None:
        """The line of the user's that asked."""
        return None if self.origin is None else self.origin.line

    def __str__(self) -> str:
        """
        >>> print(Guard(Input("n"), np.float64(3.0), None))
        n is 3.0
        """
        value = self.value
        many = np.size(value) > _FEW
        shown = f"an array of shape {np.shape(value)}" if many else str(np.asarray(value).tolist())
        where = f", line {self.line}" if self.line else ""
        return f"{describe(self.node)} is {shown}{where}"

    def __repr__(self) -> str:
        return f"<{self}>"


class Following:
    """What is known of the input whose path is followed, and what has been asked about it.

    given: the values of the inputs.
    varying: the inputs that something is differentiated by.
    outer: of the trace that this one runs inside of, whose values may be asked for too.
    is_exact: whether whole numbers are those of Python, which the trace then holds for alone.
    """

    def __init__(
        self,
        given: Mapping[Input, Any],
        varying: Iterable[Input] = (),
        outer: "Following | None" = None,
        *,
        is_exact: bool = False,
    ) -> None:
        self.is_exact = is_exact
        self.guards: dict[Node, Guard] = {}
        self._given = dict(given)
        values: dict[Node, Any] = {node: _number(value, node) for node, value in given.items()}
        self._values: ChainMap[Node, Any] = ChainMap(values, *(outer._values.maps if outer else ()))
        varies: dict[Node, bool] = {**dict.fromkeys(given, False), **dict.fromkeys(varying, True)}
        self._varies: ChainMap[Node, bool] = ChainMap(varies, *(outer._varies.maps if outer else ()))

    def value(self, node: Node) -> Any:
        """The value of a node on this input. Raises KeyError where it depends on a trace that follows none."""
        values_of([node], self._values)
        return self._values[node]

    def define(self, leaf: Node, node: Node) -> None:
        """A leaf that is no input stands for a node, and has its value."""
        self._varies[leaf] = self.varies(node)
        self._values[leaf] = self.value(node)

    def varies(self, node: Node) -> bool:
        """Whether a derivative may flow through the node."""
        for each in topological([node], self._varies):
            if each not in self._varies:
                self._varies[each] = self._passes_on(each)
        return self._varies[node]

    def _passes_on(self, node: Node) -> bool:
        if isinstance(node, Input):
            return True  # of an outer trace
        if node.dtype in ("bool", "int"):
            return False
        args = node.args
        if isinstance(node, Map):
            args = tuple([arg for arg, partial in zip(args, node.op.partials, strict=True) if partial is not None])
        return any(self._varies[arg] for arg in args)

    def may_settle(self, node: Node, how: str) -> bool:
        """Whether the function may have the number: it only decides by it, or no derivative flows through it."""
        return how != "bytes" and (how in _DECISIONS or not self.varies(node))

    def settle(self, node: Node, how: str, origin: Origin | None) -> Any:
        """The number; from now on the trace holds for inputs alone that give the same one."""
        if how == "int":
            ambient.origin = origin
            node = make.apply(piecewise.trunc, [node])
        if isinstance(node, Const):
            return node.value
        guard = self.adopt(node, origin)
        return _own(self._given[node]) if isinstance(node, Input) and node in self._given else guard.value

    def adopt(self, node: Node, origin: Origin | None) -> Guard:
        """The guard of a node, which becomes one of this trace."""
        guard = self.guards.get(node)
        if guard is None:
            if len(self.guards) >= MOST_GUARDS:
                raise _endless(node, origin)
            guard = self.guards[node] = Guard(node, _own(self.value(node)), origin)
        return guard


def _own(value: Any) -> Any:
    """The value, in memory that nobody else writes to."""
    return value.copy() if isinstance(value, np.ndarray) else value


def _number(value: Any, node: Input) -> Any:
    return np.asarray(value, dtype=complex if node.dtype == "complex" else float)[()]


def _endless(node: Node, origin: Origin | None) -> LoopError:
    return LoopError(
        f"more than {MOST_GUARDS:,} decisions on the path of one input",
        origin=origin,
        label=f"condition is {describe(node)}",
        why="Each of them is checked again at every call; the loop may be one that never ends.",
        fix="give the loop a bound, `for _ in range(1000):`, or do less in one call",
    )
