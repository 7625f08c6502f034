"""Rules of linear algebra with several results: slogdet, eigh, svd, qr.

In: a Linalg node, and the cotangents of its results (None where there is none) or the tangents of its arguments. Out:
the argument's cotangent, or the tangents of the results.
"""

from collections.abc import Callable, Sequence

from symdiff.calculus.guards import add_all
from symdiff.calculus.linalg import contracted, scaled
from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir.make_linalg import column, inverse, lower_triangle, matmul, row, solve, transposed, upper_triangle
from symdiff.ir.nodes import Linalg, Node
from symdiff.ir.symmetry import is_symmetric

Pull = Callable[[Linalg, Sequence[Node | None]], Node | None]
Push = Callable[[Linalg, Node], Sequence[Node | None]]


def pull(node: Linalg, cotangents: Sequence[Node | None], position: int) -> Node | None:
    """The part of the argument's cotangent that the node contributes."""
    return _RULES[node.how][0](node, cotangents)


def push(node: Linalg, tangents: Sequence[Node | None]) -> Sequence[Node | None]:
    """The tangents of the results."""
    (tangent,) = tangents
    assert tangent is not None
    return _RULES[node.how][1](node, tangent)


def _pull_log_determinant(node: Linalg, cotangents: Sequence[Node | None]) -> Node | None:
    """ā = l̄ a⁻ᵀ; the sign is constant where the matrix is regular."""
    of_logarithm = cotangents[1]
    return None if of_logarithm is None else scaled(of_logarithm, transposed(inverse(node.args[0])))


def _push_log_determinant(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    return None, contracted(transposed(inverse(node.args[0])), tangent)


def reciprocal_gaps(values: Node) -> Node:
    """1 / (w[j] - w[i]) at row i and column j, and 0 on the diagonal.

    Eigenvectors of equal eigenvalues are any basis of their space, and have no derivative: the result is not finite
    there. A function of the eigenvalues alone does not come here, and has its derivative.
    """
    return _reciprocal(row(values) - column(values))


def _reciprocal(gaps: Node) -> Node:
    identity = make.eye(gaps.shape[-1])
    return (1.0 - identity) / (gaps + identity)


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
    if total is None or is_symmetric(node.args[0]):  # then so are all its tangents
        return total
    return _folded(total, lower=node.option("lower"))


def _push_eigh(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    """ẇ = diag(vᵀ ȧ v), v̇ = v (F ∘ vᵀ ȧ v), with ȧ made symmetric from the triangle that is read."""
    values, vectors = make.part(node, 0), make.part(node, 1)
    moved = matmul(_mirrored(node, tangent), vectors)
    inner = reciprocal_gaps(values) * matmul(transposed(vectors), moved)
    return make.reduce("sum", vectors * moved, [-2]), matmul(vectors, inner)


def _mirrored(node: Linalg, tangent: Node) -> Node:
    """The symmetric matrix of the triangle that is read."""
    if is_symmetric(node.args[0]):
        return tangent
    if node.option("lower"):
        return lower_triangle(tangent) + transposed(lower_triangle(tangent, -1))
    return upper_triangle(tangent) + transposed(upper_triangle(tangent, 1))


def _folded(a: Node, *, lower: bool) -> Node:
    """The elements of the other triangle added to those of the one that is read."""
    if lower:
        return lower_triangle(a) + transposed(upper_triangle(a, 1))
    return upper_triangle(a) + transposed(lower_triangle(a, -1))


def _pull_svd(node: Linalg, cotangents: Sequence[Node | None]) -> Node | None:
    """ā = u (diag s̄ + (F ∘ (uᵀ ū - ūᵀ u)) s + s (F ∘ (vᵀ v̄ - v̄ᵀ v))) vᵀ, and what leaves the span of u and v.

    Townsend, "Differentiating the singular value decomposition" (2016). F as in `reciprocal_gaps`, of squares.
    """
    of_u, of_s, of_vh = cotangents
    u, s, vh = (make.part(node, position) for position in range(3))
    _refuse_full(node)
    inner, outer = [], []
    if of_u is not None:
        inner.append(_skew(transposed(u), of_u, s) * row(s))
        if u.shape[-1] != u.shape[-2]:
            leaving = of_u - matmul(u, matmul(transposed(u), of_u))
            outer.append(matmul(leaving / row(s), vh))
    if of_vh is not None:
        inner.append(column(s) * _skew(vh, transposed(of_vh), s))
        if vh.shape[-1] != vh.shape[-2]:
            leaving = of_vh - matmul(matmul(of_vh, transposed(vh)), vh)
            outer.append(matmul(u / row(s), leaving))
    if of_s is not None:
        outer.append(matmul(u * row(of_s), vh))
    between = add_all(inner)
    if between is not None:
        outer.append(matmul(matmul(u, between), vh))
    return add_all(outer)


def _skew(turned: Node, cotangent: Node, s: Node) -> Node:
    product = matmul(turned, cotangent)
    return _squared_gaps(s) * (product - transposed(product))


def _squared_gaps(s: Node) -> Node:
    """1 / (s[j]² - s[i]²) at row i and column j, and 0 on the diagonal."""
    return _reciprocal((row(s) - column(s)) * (row(s) + column(s)))


def _refuse_full(node: Linalg) -> None:
    if node.option("full"):
        raise UnsupportedError(
            "singular vectors with full_matrices=True have no derivative",
            origin=node.origin,
            why="Beyond the smaller number of rows and columns they are any basis of the rest.",
            fix="np.linalg.svd(a, full_matrices=False)",
        )


def _push_svd(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    """ṡ = diag(uᵀ ȧ v), u̇ = u (F ∘ (p s + s pᵀ)) + (1 - u uᵀ) ȧ v s⁻¹, with p = uᵀ ȧ v; likewise v (Townsend 2016)."""
    u, s, vh = (make.part(node, position) for position in range(3))
    _refuse_full(node)
    turned, v = transposed(u), transposed(vh)
    moved = matmul(tangent, v)
    of_s = make.reduce("sum", u * moved, [-2])
    product = matmul(turned, moved)
    gaps = _squared_gaps(s)
    of_u = matmul(u, gaps * (product * row(s) + column(s) * transposed(product)))
    of_v = matmul(v, gaps * (column(s) * product + transposed(product) * row(s)))
    if u.shape[-1] != u.shape[-2]:
        of_u = of_u + (moved - matmul(u, product)) / row(s)
    if v.shape[-1] != v.shape[-2]:
        other = matmul(transposed(tangent), u)
        of_v = of_v + (other - matmul(v, matmul(vh, other))) / row(s)
    return of_u, of_s, transposed(of_v)


def _pull_qr(node: Linalg, cotangents: Sequence[Node | None]) -> Node | None:
    """ā = (q̄ + q c) r⁻ᵀ, c symmetric with the lower triangle of r r̄ᵀ - q̄ᵀ q.

    For full column rank (Seeger, Hetzel, Dai, Meissner and Lawrence, "Auto-Differentiating Linear Algebra", 2017).
    """
    of_q, of_r = cotangents
    q, r = make.part(node, 0), make.part(node, 1)
    terms = []
    if of_r is not None:
        terms.append(matmul(r, transposed(of_r)))
    if of_q is not None:
        terms.append(-matmul(transposed(of_q), q))
    inner = add_all(terms)
    if inner is None:
        return None
    total = matmul(q, lower_triangle(inner) + transposed(lower_triangle(inner, -1)))
    if of_q is not None:
        total = of_q + total
    return transposed(solve(r, transposed(total)))


def _push_qr(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    """With x = ȧ r⁻¹ and t the part of qᵀ x that makes ṙ = t r upper triangular: q̇ = x - q t."""
    q, r = make.part(node, 0), make.part(node, 1)
    moved = transposed(solve(transposed(r), transposed(tangent)))
    inner = matmul(transposed(q), moved)
    upper = upper_triangle(inner) + transposed(lower_triangle(inner, -1))
    return moved - matmul(q, upper), matmul(upper, r)


_RULES: dict[str, tuple[Pull, Push]] = {
    "slogdet": (_pull_log_determinant, _push_log_determinant),
    "eigh": (_pull_eigh, _push_eigh),
    "svd": (_pull_svd, _push_svd),
    "qr": (_pull_qr, _push_qr),
}
