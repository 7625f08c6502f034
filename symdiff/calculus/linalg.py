"""Rules of linear algebra with one result, in matrix form.

In: a Linalg node, and its cotangent or the tangents of its arguments. Out: cotangents of arguments, or the tangent.
The formulas are those of Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008), in rows and batches as NumPy has them. They are made of nodes, so that they can be
differentiated in turn.
"""

from collections.abc import Callable, Sequence

from symdiff.calculus.guards import add_all, sum_to_shape
from symdiff.ir import make
from symdiff.ir.make_linalg import column, inverse, linalg, matmul, solve, transposed
from symdiff.ir.nodes import Linalg, Node

Pull = Callable[[Linalg, Node, int], Node | None]
Push = Callable[[Linalg, Sequence[Node | None]], Node | None]


def pull(node: Linalg, cotangent: Node, position: int) -> Node | None:
    """The part of the argument's cotangent that the node contributes."""
    found = _PULLS[node.how](node, cotangent, position)
    return None if found is None else sum_to_shape(found, node.args[position].shape)


def push(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    """The tangent of the node."""
    return _PUSHES[node.how](node, tangents)


def scaled(scalars: Node, matrices: Node) -> Node:
    """Each matrix times its scalar."""
    return make.reshape(scalars, (*scalars.shape, 1, 1)) * matrices if scalars.ndim else scalars * matrices


def contracted(x: Node, y: Node) -> Node:
    """The sum of products of the elements of two matrices: trace(x.T @ y)."""
    shared = x.shape if x.ndim > y.ndim else y.shape
    x, y = make.broadcast(x, shared), make.broadcast(y, shared)
    labels = list(range(x.ndim))
    return make.einsum([labels, labels], labels[:-2], x, y)


def _pull_solve(node: Linalg, cotangent: Node, position: int) -> Node | None:
    """b̄ = a⁻ᵀ x̄, ā = -b̄ xᵀ."""
    a, b = node.args
    is_vector = b.ndim == 1
    solution, wanted = (column(node), column(cotangent)) if is_vector else (node, cotangent)
    if is_vector and a.ndim == 2:
        right = solve(transposed(a), cotangent)
        return right if position else -make.einsum([(0,), (1,)], (0, 1), right, node)
    adjoint = solve(transposed(a), wanted)
    if position == 0:
        return -matmul(adjoint, transposed(solution))
    return make.reshape(adjoint, node.shape) if is_vector else adjoint


def _push_solve(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    """ẋ = a⁻¹ (ḃ - ȧ x)."""
    a, b = node.args
    of_a, of_b = tangents
    is_batch_of_vectors = b.ndim == 1 and a.ndim > 2
    terms = []
    if of_b is not None:
        terms.append(column(of_b) if is_batch_of_vectors else of_b)
    if of_a is not None:
        terms.append(-matmul(of_a, column(node) if is_batch_of_vectors else node))
    total = add_all(terms)
    if total is None:
        return None
    return make.reshape(solve(a, total), node.shape)


def _pull_inverse(node: Linalg, cotangent: Node, position: int) -> Node:
    """ā = -yᵀ ȳ yᵀ."""
    turned = transposed(node)
    return -matmul(matmul(turned, cotangent), turned)


def _push_inverse(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    (tangent,) = tangents
    return None if tangent is None else -matmul(matmul(node, tangent), node)


def _pull_determinant(node: Linalg, cotangent: Node, position: int) -> Node:
    """ā = det̄ det a⁻ᵀ, at regular matrices."""
    return scaled(cotangent * node, transposed(inverse(node.args[0])))


def _push_determinant(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    (tangent,) = tangents
    return None if tangent is None else node * contracted(transposed(inverse(node.args[0])), tangent)


def _pull_triangle(node: Linalg, cotangent: Node, position: int) -> Node:
    return linalg(node.how, cotangent, k=node.option("k"))


def _push_triangle(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    (tangent,) = tangents
    return None if tangent is None else linalg(node.how, tangent, k=node.option("k"))


_PULLS: dict[str, Pull] = {
    "solve": _pull_solve,
    "inv": _pull_inverse,
    "det": _pull_determinant,
    "tril": _pull_triangle,
    "triu": _pull_triangle,
}
_PUSHES: dict[str, Push] = {
    "solve": _push_solve,
    "inv": _push_inverse,
    "det": _push_determinant,
    "tril": _push_triangle,
    "triu": _push_triangle,
}
