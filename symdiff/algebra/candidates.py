"""The best way to compute a kernel: candidates compete on the cost of all its values together, and on error.

In: a kernel, and the values of its atoms at sampled points. Out: for some of its visible values another way to compute
them. A candidate wins if the kernel as a whole gets cheaper, and the value is nowhere undefined where it was defined,
and nowhere in the ranking of its errors (the middle, the worst tenth, the worst) less accurate than before.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from math import isfinite
from time import monotonic
from typing import Any

from symdiff.algebra.kernels import Kernel, Plan, down_to, joint_cost, kernels_of, replace
from symdiff.algebra.rational import RationalView
from symdiff.algebra.sampling import Samples, errors, floats, noises, sampled_values, truths
from symdiff.ir.nodes import Node
from symdiff.ir.program import Program
from symdiff.ops import elementary as e

_GOOD_ENOUGH = (1.0, 2.0, 2.0)  # ULP at the median, the ninth decile and the worst: no reason to keep a longer form
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
        best: dict[Node, Node] = {node: node for node in self.kernel.visible}
        cost = self._cost(best)
        for view in self._views():
            ways: dict[Node, list[Node]] = {node: view.ways(node) for node in self.kernel.visible}
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

    def _views(self) -> Iterator[RationalView]:
        """The kernel as rational functions: of atoms; of atoms and quotients; of those and of all shared values."""
        shared = self.kernel.shared
        yield RationalView(self.kernel, lambda node: False)
        yield RationalView(self.kernel, lambda node: node.op is e.divide)
        yield RationalView(self.kernel, lambda node: node in shared)
        yield RationalView(self.kernel, lambda node: node in shared or node.op is e.divide)

    def _is_accurate(self, node: Node, way: Node) -> bool:
        """Whether the way is as good as what is there, wherever that is defined."""
        verdict = self._verdicts.get((node, way))
        if verdict is None:
            verdict = self._verdicts[node, way] = self._judged(node, way)
        return verdict

    def _judged(self, node: Node, way: Node) -> bool:
        values = floats(down_to([way], self.leaves), self._samples)
        pairs = [
            (before, after)
            for before, after in zip(
                self._errors[node], errors(values[way], self._truths[node], self._noises[node]), strict=True
            )
            if isfinite(before)
        ]
        if len(pairs) < _FEWEST_POINTS or not all(isfinite(after) for _, after in pairs):
            return False
        befores, afters = (sorted(column) for column in zip(*pairs, strict=True))
        ranks = (len(pairs) // 2, len(pairs) * 9 // 10, len(pairs) - 1)
        return all(afters[rank] <= max(befores[rank], good) for rank, good in zip(ranks, _GOOD_ENOUGH, strict=True))

    @cached_property
    def _truths(self) -> dict[Node, list[Any]]:
        return truths(self.kernel.nodes, self._samples)

    @cached_property
    def _noises(self) -> dict[Node, list[float]]:
        return noises(self.kernel.nodes, self._samples, self._truths)

    @cached_property
    def _errors(self) -> dict[Node, list[float]]:
        """The errors of the values as they are computed now."""
        values = floats(self.kernel.nodes, self._samples)
        return {node: errors(values[node], self._truths[node], self._noises[node]) for node in self.kernel.visible}


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
