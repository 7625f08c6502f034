"""What is known of truth values: where a condition holds, and once the checks of a program have passed.

In: a condition, or a program with checks. Out: truth values with what they are there; the program without the
conditions that its checks have settled before they are asked for.
"""

from dataclasses import replace

from symdiff.ir import make
from symdiff.ir.nodes import Const, Map, Node, Select
from symdiff.ir.program import Program
from symdiff.ir.rewrite import substitute
from symdiff.ops.piecewise import logical_not


def facts(condition: Node, holds: bool = True) -> dict[Node, Node]:
    """What is known where the condition holds, or does not.

    >>> from symdiff.ir.nodes import Input
    >>> from symdiff.ops.piecewise import greater
    >>> x = Input("x")
    >>> positive = greater(x, 0.0)
    >>> facts(logical_not(positive))[positive]
    Const(False)
    """
    found: dict[Node, bool] = {}
    pending = [(condition, holds)]
    while pending:
        node, value = pending.pop()
        found[node] = value
        if isinstance(node, Map) and node.op is logical_not:
            pending.append((node.args[0], not value))
        elif isinstance(node, Select) and value and node.args[2] is make.constant(False):
            pending += [(node.args[0], True), (node.args[1], True)]
        elif isinstance(node, Select) and not value and node.args[1] is make.constant(True):
            pending += [(node.args[0], False), (node.args[2], False)]
    return {
        node: make.broadcast(make.constant(value), node.shape)
        for node, value in found.items()
        if not isinstance(node, Const)
    }


def after_checks(program: Program) -> Program:
    """The program whose outputs are computed where no check has failed; each check comes after those before it."""
    if not program.checks:
        return program
    known: dict[Node, Node] = {}
    checks = []
    for check in program.checks:
        (failure,) = substitute([check.failure], known)
        checks.append(replace(check, failure=failure))
        known |= facts(failure, holds=False) | facts(check.failure, holds=False)
    outputs = substitute(program.outputs, known)
    return replace(program, outputs=tuple(outputs), checks=tuple(checks))
