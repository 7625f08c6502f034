"""How much work a proof is, and so how it is done: at how many points, and in which arithmetic.

In: a claim, and the leaves of a point. Out: the number of scalar operations of an evaluation there, and what follows
from it. An operation costs some microseconds in mpmath, and a proof takes about ten evaluations a point.
"""

import math
from collections.abc import Mapping

import numpy as np

from symdiff.emit.arithmetic import Machine, machine_for
from symdiff.emit.differences import Claim
from symdiff.emit.sampling import Leaves, sizes_at
from symdiff.ir.evaluate import sized
from symdiff.ir.lengths import Dimension, Name
from symdiff.ir.nodes import Const, Einsum, Fourier, Input, Linalg, Loop, Map, Node, Ode, Reduce, Rewind, Select
from symdiff.ir.program import Program, topological
from symdiff.ir.sizes import bind

_MOST_POINTS = 16
_NODES = 20_000  # of all evaluations: each costs Python's own overhead, however few elements it has
_OPERATIONS = 100_000  # of all evaluations in mpmath
_MACHINE_OPERATIONS = 30_000_000  # of all evaluations in the machine's floats
_MACHINE_POINTS = 4
_ROUNDS = 100  # of a loop, whose number is not known here; a proof follows up to three times as many
_STEPS = 100  # evaluations of a slope, in units of what mpmath takes for as many operations


def point_count(claim: Claim) -> int:
    """At how many sampled points the claim is proven."""
    nodes = len(claim.program.nodes()) + 1
    different = _MACHINE_POINTS if claim.primal.has_open_lengths else 1
    work = max(operations(claim.program, sizes_at(claim.primal, number)) for number in range(different))
    points = min(_MOST_POINTS, _NODES // nodes, _OPERATIONS // (work + 1))
    return points or max(1, min(_MACHINE_POINTS, _NODES // nodes, _MACHINE_OPERATIONS // (work + 1)))


def machine_at(claim: Claim, leaves: Leaves) -> Machine | None:
    """The machine's floats where a point is too large for mpmath; None where it is not."""
    inputs = claim.program.inputs
    sizes = bind([node.name for node in inputs], [node.shape for node in inputs], list(map(np.shape, leaves)))
    if operations(claim.program, sizes) < _OPERATIONS:
        return None
    return machine_for(claim.primal, claim.program)


def operations(program: Program, sizes: Mapping[Name, Dimension]) -> int:
    """How many scalar operations an evaluation of the Program takes where lengths have these sizes."""
    return sum(_operations(node, sizes) for node in program.nodes())


def _operations(node: Node, sizes: Mapping[Name, Dimension]) -> int:
    match node:
        case Map() | Select():
            return _elements(node, sizes)
        case Reduce():
            return _elements(node.args[0], sizes)
        case Input() | Const():
            return 0
        case Einsum():
            shapes = [sized(arg.shape, sizes) for arg in node.args]
            lengths: dict[int, int] = {}
            for labels, shape in zip(node.inputs, shapes, strict=True):
                lengths.update(zip(labels, shape, strict=True))
            return len(node.args) * math.prod(lengths.values())
        case Linalg():
            return max(_elements(arg, sizes) * sized(arg.shape, sizes)[-1] for arg in node.args)
        case Fourier():
            return _elements(node, sizes) * sum(sized(node.lengths, sizes))
        case Ode():
            return _STEPS * sum(_operations(inner, sizes) for inner in topological(node.body.outputs))
        case Loop() | Rewind():
            return _ROUNDS * sum(_operations(inner, sizes) for inner in topological(node.body.outputs))
    return _elements(node, sizes) // 16  # moving an element costs less than computing one


def _elements(node: Node, sizes: Mapping[Name, Dimension]) -> int:
    return math.prod(sized(node.shape, sizes)) if node.shape and node.dtype != "tuple" else 1
