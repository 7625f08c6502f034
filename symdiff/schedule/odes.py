"""Systems of differential equations that are solved together.

In: a Program in which every argument has sensitivities of its own, each the states of a larger system. Out: the same
function, where those of one system are found at once: the state itself is integrated once for all of them.
"""

from typing import NamedTuple

import numpy as np

from symdiff.calculus.odes import SYSTEM_OF, solved
from symdiff.ir import make
from symdiff.ir.make_ode import Options
from symdiff.ir.nodes import Body, Const, Join, Node, Ode
from symdiff.ir.program import Program
from symdiff.ir.rewrite import substitute


class _System(NamedTuple):
    """The states that there are sensitivities of."""

    body: Body
    args: tuple[Node, ...]
    options: Options


def solve_together(program: Program) -> Program:
    """The program with one larger system for all sensitivities of the same states."""
    groups: dict[_System, list[int]] = {}
    for node in program.nodes():
        if isinstance(node, Ode) and SYSTEM_OF in node.body.derived:
            body, positions = node.body.derived[SYSTEM_OF]
            initial = _initial_state(node.args[0], body)
            if initial is not None and len(positions) == 1:
                system = _System(body, (initial, *node.args[1:]), node.options)
                groups.setdefault(system, []).append(positions[0])
    replacements: dict[Node, Node] = {}
    for system, found in groups.items():
        if len(found) > 1:
            apart = [solved(system.body, (position,), system.args, system.options)[0] for position in found]
            together = solved(system.body, tuple(found), system.args, system.options)
            replacements.update(zip(apart, together, strict=True))
    if not replacements:
        return program
    return program.with_outputs(substitute(program.outputs, replacements), program.structure)


def _initial_state(larger: Node, body: Body) -> Node | None:
    """The initial state of a system, that of the larger one beginning with it."""
    (state,) = body.outputs
    if isinstance(larger, Join) and larger.args[0].shape == state.shape:
        return larger.args[0]
    return make.lift(np.array(larger.value[: state.shape[0]])) if isinstance(larger, Const) else None
