"""Logistic functions of one value, and of its negative, share their exponential.

In: a Program. Out: the same one in which sigmoid, softplus and log_sigmoid of ±x, where there are two or more of them,
are made of one exp(-|x|). A loss and its gradient ask for all of them; as functions of their own each would compute it
again. One alone stays, as it reads better. The forms are those of Mächler, "Accurately computing log(1 - exp(-|a|))",
2012, section 3: none overflows, and none loses a digit on either side of 0.
"""

from collections.abc import Callable, Mapping

from symdiff.ir import make
from symdiff.ir.nodes import Map, Node, record
from symdiff.ir.program import Program
from symdiff.ir.rewrite import remade, rewrite, transform
from symdiff.ops.elementary import bell, exp, log1p, negative
from symdiff.ops.piecewise import absolute, greater_equal, maximum, minimum
from symdiff.ops.row import Op
from symdiff.ops.stable import log_sigmoid, sigmoid, softplus


def inlined(program: Program) -> Program:
    """The program with every logistic function of a number written out, which spares a call for each.

    >>> from symdiff.ir.nodes import Input
    >>> from symdiff.ir.program import Parameter
    >>> x = Input("x")
    >>> program = Program("f", (Parameter("x"),), (x,), (bell(x) + sigmoid(x),))
    >>> sum(node.op is exp for node in inlined(program).nodes() if isinstance(node, Map))
    1
    """

    def written_out(node: Node) -> Node | None:
        form = _INLINE.get(node.op) if isinstance(node, Map) and not node.shape else None
        return None if form is None else form(*node.args)

    if not any(isinstance(node, Map) and node.op in _INLINE for node in program.nodes()):
        return program
    return rewrite(program, written_out)


def share_exponentials(program: Program) -> Program:
    """The program with what two logistic functions have in common computed once.

    >>> from symdiff.ir.nodes import Input
    >>> from symdiff.ir.program import Parameter
    >>> x = Input("x")
    >>> program = Program("f", (Parameter("x"),), (x,), (softplus(x) * sigmoid(-x),))
    >>> sum(node.op is exp for node in share_exponentials(program).nodes() if isinstance(node, Map))
    2
    """
    members: dict[Node, list[Node]] = {}
    for node in program.nodes():
        if isinstance(node, Map) and node.op in _FORMS:
            members.setdefault(_signed(node)[0], []).append(node)
    shared = {node for family in members.values() if len(family) > 1 for node in family}
    if not shared:
        return program

    def made(node: Node, known: Mapping[Node, Node]) -> Node:
        rebuilt = remade(node, known)
        return _written_out(rebuilt) if node in shared and isinstance(rebuilt, Map) else rebuilt

    return transform(program, made)


def _signed(node: Map) -> tuple[Node, bool]:
    """x, and whether the function is of -x."""
    (argument,) = node.args
    turned = isinstance(argument, Map) and argument.op is negative
    return (argument.args[0], True) if turned else (argument, False)


def _written_out(node: Map) -> Node:
    x, is_turned = _signed(node)
    return _FORMS[node.op](x, is_turned)


def _sigmoid(x: Node, is_turned: bool) -> Node:
    above = record(negative, record(maximum, x, 0.0)) if is_turned else record(minimum, x, 0.0)
    return record(exp, above) / (1.0 + _decay(x))


def _softplus(x: Node, is_turned: bool) -> Node:
    return _rest(x) - record(minimum, x, 0.0) if is_turned else record(maximum, x, 0.0) + _rest(x)


def _log_sigmoid(x: Node, is_turned: bool) -> Node:
    return record(negative, _softplus(x, not is_turned))


def _decay(x: Node) -> Node:
    return record(exp, record(negative, record(absolute, x)))


def _rest(x: Node) -> Node:
    """log(1 + e^-|x|), which softplus(x) has above max(x, 0)."""
    return record(log1p, _decay(x))


def _one_side(x: Node) -> Node:
    """1 / (1 + e^-x), with one exponential that does not overflow."""
    return make.select(greater_equal(x, 0.0), 1.0, _decay(x)) / (1.0 + _decay(x))


def _density(x: Node) -> Node:
    whole = 1.0 + _decay(x)
    return _decay(x) / (whole * whole)


_INLINE: dict[Op, Callable[[Node], Node]] = {sigmoid: _one_side, bell: _density}
_FORMS: dict[Op, Callable[[Node, bool], Node]] = {sigmoid: _sigmoid, softplus: _softplus, log_sigmoid: _log_sigmoid}
