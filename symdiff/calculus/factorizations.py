"""Rules of linear algebra with several results: slogdet, eigh, svd, qr.

In: a Linalg node, and the cotangents of its results (None where there is none) or the tangents of its arguments. Out:
the argument's cotangent, or the tangents of the results.
"""

from collections.abc import Callable, Sequence

from symdiff.calculus.guards import add_all
from symdiff.calculus.linalg import contracted, scaled
from symdiff.ir import make
from symdiff.ir.make_linalg import column, inverse, lower_triangle, matmul, row, transposed, upper_triangle
from symdiff.ir.nodes import Linalg, Node
from symdiff.ops.piecewise import equal

Pull = Callable[[Linalg, Sequence[Node | None]], Node | None]
Push = Callable[[Linalg, Node], Sequence[Node | None]]


def pull(node: Linalg, cotangents: Sequence[Node | None], position: int) -> Node | None:
    """The part of the argument's cotangent that the node contributes."""
    return _PULLS[node.how](node, cotangents)


def push(node: Linalg, tangents: Sequence[Node | None]) -> Sequence[Node | None]:
    """The tangents of the results."""
    (tangent,) = tangents
    assert tangent is not None
    return _PUSHES[node.how](node, tangent)


def _pull_log_determinant(node: Linalg, cotangents: Sequence[Node | None]) -> Node | None:
    """ā = l̄ a⁻ᵀ; the sign is constant where the matrix is regular."""
    of_logarithm = cotangents[1]
    return None if of_logarithm is None else scaled(of_logarithm, transposed(inverse(node.args[0])))


def _push_log_determinant(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    return None, contracted(transposed(inverse(node.args[0])), tangent)


def reciprocal_gaps(values: Node) -> Node:
    """1 / (w[j] - w[i]) at row i and column j, and 0 where the two are equal, as on the diagonal.

    A function that has a derivative at equal eigenvalues depends on their subspace only; its cotangent has no part
    between their vectors, so that 0 is right. Any other function has no derivative there, and gets a finite number.
    """
    gaps = row(values) - column(values)
    return make.select(equal(gaps, 0.0), 0.0, 1.0 / gaps)


def _pull_eigh(node: Linalg, cotangents: Sequence[Node | None]) -> Node | None:
    """ā = v (w̄ on the diagonal + F ∘ vᵀ v̄) vᵀ, folded onto the triangle that is read (Giles 2008, section 3.1)."""
    of_values, of_vectors = cotangents
    values, vectors = make.part(node, 0), make.part(node, 1)
    turned = transposed(vectors)
    terms = []
    if of_values is not None:
        terms.append(matmul(row(of_values) * vectors, turned))
    if of_vectors is not None:
        inner = reciprocal_gaps(values) * matmul(turned, of_vectors)
        terms.append(matmul(matmul(vectors, inner), turned))
    total = add_all(terms)
    return None if total is None else _folded(total, lower=node.option("lower"))


def _push_eigh(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    """ẇ = diag(vᵀ ȧ v), v̇ = v (F ∘ vᵀ ȧ v), with ȧ made symmetric from the triangle that is read."""
    values, vectors = make.part(node, 0), make.part(node, 1)
    half = lower_triangle if node.option("lower") else upper_triangle
    symmetric = half(tangent) + transposed(half(tangent, -1 if node.option("lower") else 1))
    moved = matmul(symmetric, vectors)
    inner = reciprocal_gaps(values) * matmul(transposed(vectors), moved)
    return make.reduce("sum", vectors * moved, [-2]), matmul(vectors, inner)


def _folded(a: Node, *, lower: bool) -> Node:
    """The elements of the other triangle added to those of the one that is read."""
    if lower:
        return lower_triangle(a) + transposed(upper_triangle(a, 1))
    return upper_triangle(a) + transposed(lower_triangle(a, -1))


_PULLS: dict[str, Pull] = {"slogdet": _pull_log_determinant, "eigh": _pull_eigh}
_PUSHES: dict[str, Push] = {"slogdet": _push_log_determinant, "eigh": _push_eigh}
