"""Powers lowered to what machines do well: `x*x*x`, `(x*x)*(x*x)`, reciprocals and square roots.

In: a Program. Out: the same Program with `power(x, n)` for small whole and half-whole n spelled as products that share
their partial powers. The graph keeps `power` until here, where derivative rules and SymPy want to see it.
"""

from symdiff.ir.nodes import Const, Map, Node, record
from symdiff.ir.program import Program
from symdiff.ir.rewrite import remade, transform
from symdiff.ops import complex_rows
from symdiff.ops.elementary import divide, power, sqrt

LARGEST_EXPONENT = 16.0
_POWERS = (power, complex_rows.power)


def lower(program: Program) -> Program:
    """The program with small powers as products. New nodes keep the origin and the rule of the node they stand for."""
    nodes = program.nodes()
    if not any(_is_small_power(node) for node in nodes):
        return program
    return transform(program, lambda node, known: _lowered(remade(node, known)))


def _lowered(node: Node) -> Node:
    exponent = _small_exponent(node)
    return node if exponent is None else raised(node.args[0], exponent)


def raised(base: Node, exponent: float) -> Node:
    """base ** exponent, for a whole or half-whole exponent, by products of partial powers.

    >>> from symdiff.ir.nodes import Input
    >>> raised(Input("x"), 3.0).args[0]
    Map(multiply)
    """
    if exponent < 0.0:
        return record(divide, 1.0, raised(base, -exponent))
    whole = int(exponent)
    if whole != exponent:
        root = record(sqrt, base)
        return raised(base, float(whole)) * root if whole else root
    if whole == 1:
        return base
    half = raised(base, float(whole // 2))
    return half * half * base if whole % 2 else half * half


def _is_small_power(node: Node) -> bool:
    return _small_exponent(node) is not None


def _small_exponent(node: Node) -> float | None:
    """The exponent of a power that is worth its products; 0 and what is not finite stay as they are."""
    if not isinstance(node, Map) or node.op not in _POWERS:
        return None
    exponent = node.args[1]
    if (
        not isinstance(exponent, Const)
        or exponent.shape
        or exponent.dtype == "complex"
        or not 0.0 < abs(exponent.value) <= LARGEST_EXPONENT
    ):
        return None
    return exponent.value if (2.0 * exponent.value).is_integer() else None
