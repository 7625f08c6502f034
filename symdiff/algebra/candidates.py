"""The best way to compute a kernel: candidates compete on the cost of all its values together, and on error.

In: a kernel, and the values of its atoms at sampled points. Out: for some of its visible values another way to compute
them. A candidate wins if the kernel as a whole gets cheaper and the value is nowhere less defined. Its error against
mpmath must not be larger than before, neither in the middle nor in the worst tenth of the points; at every single
point, where luck decides about the error itself, the bound of a running error analysis must not be.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from math import isfinite
from time import monotonic
from typing import Any

import numpy as np

from symdiff.algebra.kernels import Kernel, Plan, down_to, joint_cost, kernels_of, replace
from symdiff.algebra.rational import RationalView
from symdiff.algebra.sampling import Samples, bounds, errors, floats, sampled_values, truths
from symdiff.ir.nodes import Node
from symdiff.ir.program import Program
from symdiff.ops import elementary as e

_GOOD_ENOUGH = (1.0, 2.0)  # ULP at the median and the ninth decile: no reason to keep a longer form
_NOISE = 1.25  # how well so few points can tell two errors apart
_BOUND_ENOUGH = 4.0  # ULP
_LUCK = 2.0  # bounds are that rough
_FEWEST_POINTS = 8
MOST_KERNELS = 32


class Competition:
    """The search for the cheapest accurate way to compute the visible values of one kernel."""

    def __init__(self, kernel: Kernel, samples: Mapping[Node, Samples]) -> None:
        self.kernel = kernel
        self.leaves = frozenset(kernel.atoms)
        self._samples = {leaf: samples[leaf] for leaf in kernel.atoms}
        self._verdicts: dict[tuple[Node, Node], bool] = {}

    def winners(self) -> dict[Node, Plan]:
        """For the visible values that are to be computed otherwise: how."""
        frozen = frozenset(down_to(RationalView(self.kernel, lambda node: False).vanishing, self.leaves))
        best: dict[Node, Node] = {node: node for node in self.kernel.visible}
        cost = self._cost(best)
        for view in self._views(frozen):
            ways = {node: view.ways(node) for node in best if node not in frozen}
            for changes in _changes(ways):
                trial = best | changes
                if self._cost(trial) >= cost:
                    continue
                trial = best | {node: way for node, way in changes.items() if self._is_accurate(node, way)}
                if self._cost(trial) < cost:
                    best, cost = trial, self._cost(trial)
        return {node: Plan(way, self.leaves) for node, way in best.items() if way is not node}

    def _cost(self, ways: Mapping[Node, Node]) -> float:
        return joint_cost(list(ways.values()), self.leaves)

    def _views(self, frozen: frozenset[Node]) -> Iterator[RationalView]:
        """The kernel as rational functions: of atoms; of atoms and quotients; of those and of all shared values.

        What is zero by algebra is there for its rounding error, as in a compensated summation: that, and all it is
        made of, stays as it is.
        """
        shared = self.kernel.shared | frozen
        yield RationalView(self.kernel, lambda node: node in frozen)
        yield RationalView(self.kernel, lambda node: node in frozen or node.op is e.divide)
        yield RationalView(self.kernel, lambda node: node in shared)
        yield RationalView(self.kernel, lambda node: node in shared or node.op is e.divide)

    def _is_accurate(self, node: Node, way: Node) -> bool:
        """Whether the way is as good as what is there, wherever that is defined."""
        verdict = self._verdicts.get((node, way))
        if verdict is None:
            verdict = self._verdicts[node, way] = self._judged(node, way)
        return verdict

    def _judged(self, node: Node, way: Node) -> bool:
        order = down_to([way], self.leaves)
        values = floats(order, self._samples)
        defined = [i for i, error in enumerate(self._errors[node]) if isfinite(error)]
        after = errors(values[way], self._truths[node])
        if len(defined) < _FEWEST_POINTS or not all(isfinite(after[i]) for i in defined):
            return False
        befores, afters = (sorted(column[i] for i in defined) for column in (self._errors[node], after))
        ranks = (len(defined) // 2, len(defined) * 9 // 10)
        if any(afters[r] > max(_NOISE * befores[r], good) for r, good in zip(ranks, _GOOD_ENOUGH, strict=True)):
            return False
        allowed = np.maximum(_LUCK * self._bounds[node], _BOUND_ENOUGH * np.spacing(np.abs(values[way])))
        return bool(np.all((bounds(order, values, self.leaves)[way] <= allowed)[defined]))

    @cached_property
    def _truths(self) -> dict[Node, list[Any]]:
        return truths(self.kernel.nodes, self._samples)

    @cached_property
    def _values(self) -> dict[Node, Samples]:
        return floats(self.kernel.nodes, self._samples)

    @cached_property
    def _errors(self) -> dict[Node, list[float]]:
        """The errors of the values as they are computed now."""
        return {node: errors(self._values[node], self._truths[node]) for node in self.kernel.visible}

    @cached_property
    def _bounds(self) -> dict[Node, Samples]:
        return bounds(self.kernel.nodes, self._values, self.leaves)


def _changes(ways: Mapping[Node, list[Node]]) -> Iterator[dict[Node, Node]]:
    """What to try: all values the same way, so that they may share; then one value at a time."""
    for sort in range(max(map(len, ways.values()), default=0)):
        yield {node: found[sort] for node, found in ways.items() if len(found) > sort}
    for node, found in ways.items():
        yield from ({node: way} for way in found)


def improved(program: Program, deadline: float) -> Program:
    """The program with the plans that won, in its first 32 kernels. Raises TimeoutError past the deadline."""
    kernels = kernels_of(program)[:MOST_KERNELS]
    if not kernels:
        return program
    samples = sampled_values(down_to([node for kernel in kernels for node in kernel.nodes], frozenset()))
    plans: dict[Node, Plan] = {}
    for kernel in kernels:
        if monotonic() > deadline:
            raise TimeoutError
        plans |= Competition(kernel, samples).winners()
    return replace(program, plans) if plans else program
