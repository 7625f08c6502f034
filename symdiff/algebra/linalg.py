"""Identities of linear algebra: forms that overflow or take more work, and what a person writes in their place.

In: one node of a graph, and how often its parts are used. Out: a better node of the same value, or None.
"""

from collections.abc import Mapping

from symdiff.ir import make
from symdiff.ir.make_linalg import linalg, solve, transposed
from symdiff.ir.nodes import Einsum, Linalg, Map, Node
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p

_Products = dict[tuple[tuple[int, ...], ...], tuple[int, ...]]
_MATRIX_TIMES_ANY: _Products = {((0, 1), (1,)): (0,), ((0, 1), (1, 2)): (0, 2)}
_ANY_TIMES_MATRIX: _Products = {((0,), (0, 1)): (1,), ((0, 1), (1, 2)): (0, 2)}


def better_linalg(node: Node, uses: Mapping[Node, int]) -> Node | None:
    """What the first identity that applies makes of the node."""
    if isinstance(node, Map) and node.op is e.log:
        return _log_determinant(node.args[0])
    return _system(node, uses) if isinstance(node, Einsum) and len(node.args) == 2 else None


def _log_determinant(argument: Node) -> Node | None:
    """log(det(a)) and log(abs(det(a))) are slogdet(a)[1], which neither overflows nor underflows.

    Where the determinant is negative the former has no value, and the latter has; where both have, they agree.
    """
    if isinstance(argument, Map) and argument.op is p.absolute:
        argument = argument.args[0]
    if isinstance(argument, Linalg) and argument.how == "det":
        return make.part(linalg("slogdet", argument.args[0]), 1)
    return None


def _system(node: Einsum, uses: Mapping[Node, int]) -> Node | None:
    """inv(a) @ b is solve(a, b), and b @ inv(a) is solve(a.T, b), where nothing else needs the inverse.

    A solution has a small residual; a product with the inverse need not (Higham, Accuracy and Stability of Numerical
    Algorithms, 2002, section 14.1), and takes three times the work for one right side.
    """
    x, y = node.args
    if _is_inverse(x, uses) and y.ndim in (1, 2) and _MATRIX_TIMES_ANY.get(node.inputs) == node.output:
        return solve(x.args[0], y)
    if _is_inverse(y, uses) and x.ndim in (1, 2) and _ANY_TIMES_MATRIX.get(node.inputs) == node.output:
        turned = transposed(y.args[0])
        return solve(turned, x) if x.ndim == 1 else transposed(solve(turned, transposed(x)))
    return None


def _is_inverse(node: Node, uses: Mapping[Node, int]) -> bool:
    return isinstance(node, Linalg) and node.how == "inv" and node.ndim == 2 and uses.get(node, 1) <= 1
