"""The algebraic passes: Program -> Program, the same function for less work and with smaller errors.

In: a Program. Out: one that costs no more. "fast" works on nodes alone and takes microseconds a node.
"""

from collections import Counter
from typing import Literal, get_args

from symdiff.algebra.local import simpler
from symdiff.algebra.stable import better_form
from symdiff.errors import ArgumentError
from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.ir.program import Program
from symdiff.ir.rewrite import rewrite

Level = Literal["none", "fast", "full"]

_MOST_SWEEPS = 8


def simplify(program: Program, level: Level = "fast") -> Program:
    """The program, simplified: "none" as it is, "fast" by stable forms and local rules.

    >>> from symdiff.ir.nodes import Input
    >>> from symdiff.ir.program import Parameter
    >>> x, y = Input("x"), Input("y")
    >>> program = Program("f", (Parameter("x"), Parameter("y")), (x, y), (x * y / y,))
    >>> simplify(program).outputs[0] is x
    True
    """
    if level not in get_args(Level):
        raise ArgumentError(
            f"there is no level {level!r} of simplification", fix=f"choose one of {', '.join(get_args(Level))}"
        )
    return program if level == "none" else locally(program)


def locally(program: Program) -> Program:
    """Stable forms and local rules, in sweeps until nothing changes."""
    for _ in range(_MOST_SWEEPS):
        swept = _sweep(program)
        if swept.outputs == program.outputs:
            break
        program = swept
    return program


def _sweep(program: Program) -> Program:
    uses = Counter(arg for node in program.nodes() for arg in node.args)
    uses.update(program.outputs)

    def rule(node: Node) -> Node | None:
        stable = better_form(node)
        if stable is not None:
            return stable
        found = simpler(node, uses)
        return None if found is None else make.broadcast(found, node.shape)

    return rewrite(program, rule)
