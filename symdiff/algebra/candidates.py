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

from symdiff.algebra.kernels import Kernel, Plan, down_to, is_arithmetic, joint_cost, kernels_of, replace
from symdiff.algebra.rational import KernelAlgebra, Stays
from symdiff.algebra.sampling import Samples, bounds, errors, floats, sampled_values, truths
from symdiff.ir.nodes import Const, Map, Node
from symdiff.ir.program import Program
from symdiff.ops import elementary as e

_GOOD_ENOUGH = (1.0, 2.0)  # ULP at the median and the ninth decile: no reason to keep a longer form
_NOISE = 1.25  # how well so few points can tell two errors apart
_BOUND_ENOUGH = 4.0  # ULP
_LUCK = 2.0  # bounds are that rough
_MOST_INLINED = 40
_FEWEST_POINTS = 8
MOST_KERNELS = 16


class Competition:
    """The search for the cheapest accurate way to compute the visible values of one kernel."""

    def __init__(self, kernel: Kernel, samples: Mapping[Node, Samples]) -> None:
        self.kernel = kernel
        self.leaves = frozenset(kernel.atoms)
        self._algebra = KernelAlgebra(kernel)
        self._samples = {leaf: samples[leaf] for leaf in kernel.atoms}
        self._verdicts: dict[tuple[Node, Node], bool] = {}

    def winners(self) -> dict[Node, Plan]:
        """For the visible values that are to be computed otherwise: how."""
        best: dict[Node, Node] = {node: node for node in self.kernel.visible}
        cost = self._cost(best)
        for stays, values in self._views():
            found = self._algebra.values(values, stays)
            for changes in _changes({node: self._algebra.ways(node, found[node]) for node in values}):
                trial = best | changes
                if self._cost(trial) >= cost:
                    continue
                trial = best | {node: way for node, way in changes.items() if self.is_accurate(node, way)}
                if self._cost(trial) < cost:
                    best, cost = trial, self._cost(trial)
        return {node: Plan(way, self._below(node)) for node, way in best.items() if way is not node}

    def _below(self, node: Node) -> frozenset[Node]:
        """The atoms that a value is made of: those are computed before it, others perhaps after."""
        return frozenset(arg for part in down_to([node], self.leaves) for arg in part.args if arg in self.leaves)

    def _cost(self, ways: Mapping[Node, Node]) -> float:
        return joint_cost(list(ways.values()), self.leaves)

    def _views(self) -> Iterator[tuple[Stays, list[Map]]]:
        """What is to stay as it is, while which values are looked at.

        All values as functions of the atoms; then quotients, shared values, or both stay; then one shared value after
        the other is written into those that use it. What is zero by algebra is there for its rounding error, as in a
        compensated summation: that, and all it is made of, always stays.
        """
        frozen = frozenset(down_to(self._algebra.vanishing(), self.leaves))
        shared = self.kernel.shared | frozen
        free = [node for node in self.kernel.visible if node not in frozen]
        yield (lambda node: node in frozen), free
        yield (lambda node: node in frozen or node.op is e.divide), free
        yield (lambda node: node in shared), free
        yield (lambda node: node in shared or node.op is e.divide), free
        shallow = {node for node in self.kernel.shared if all(arg in self.leaves for arg in node.args)} - frozen
        inlined = [node for node in self.kernel.nodes if node in self.kernel.shared and node not in frozen | shallow]
        for node in inlined[:_MOST_INLINED]:
            rest = shared - shallow - {node}
            users = self._users(node, rest)
            yield rest.__contains__, [user for user in free if user in users]

    def _users(self, shared: Map, stays: frozenset[Node]) -> set[Node]:
        """The values that a shared value is written into."""
        users: set[Node] = set()
        for node in self.kernel.nodes:
            if any(arg is shared or (arg in users and arg not in stays) for arg in node.args):
                users.add(node)
        return users

    def is_accurate(self, node: Node, way: Node) -> bool:
        """Whether the way is as good as what is there, wherever that is defined."""
        verdict = self._verdicts.get((node, way))
        if verdict is None:
            verdict = self._verdicts[node, way] = self._judged(node, way)
        return verdict

    def _judged(self, node: Node, way: Node) -> bool:
        order = down_to([way], self.leaves)
        if not all((isinstance(part, Const) and not part.shape) or is_arithmetic(part) for part in order):
            return False  # an identity has reached into an atom, or made a new array of constants
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


def _changes(ways: Mapping[Map, list[Node]]) -> Iterator[dict[Map, Node]]:
    """What to try: all values the same way, so that they may share; then one value at a time."""
    for sort in range(max(map(len, ways.values()), default=0)):
        yield {node: found[sort] for node, found in ways.items() if len(found) > sort}
    for node, found in ways.items():
        yield from ({node: way} for way in found)


def improved(program: Program, deadline: float) -> Program:
    """The program with the plans that won, in its first 16 kernels. Raises TimeoutError past the deadline."""
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
