"""Rules of linear algebra with several results: slogdet, eig, eigh, svd, qr.

In: a Linalg node, and the cotangents of its results (None where there is none) or the tangents of its arguments. Out:
the argument's cotangent, or the tangents of the results. Cotangents are those of du = Re(g · dz): where a formula of
the literature has a conjugate, its transpose has one elsewhere.
"""

from collections.abc import Callable, Sequence

from symdiff.calculus.eigen import pull_eig, pull_eigh, push_eig, push_eigh
from symdiff.calculus.guards import add_all
from symdiff.calculus.linalg import contracted, scaled
from symdiff.calculus.singular_values import pull_svd, push_svd
from symdiff.ir import make
from symdiff.ir.complex_arguments import real_part
from symdiff.ir.make_linalg import inverse, lower_triangle, matmul, solve, transposed, upper_triangle
from symdiff.ir.nodes import Linalg, Node
from symdiff.ops.complex_rows import imag

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
    """ā = l̄ a⁻ᵀ. The sign is constant where a real matrix is regular; that of a complex one turns by Im tr(a⁻¹ ȧ)."""
    of_sign, of_logarithm = cotangents
    sign = make.part(node, 0)
    amounts = [] if of_logarithm is None else [of_logarithm]
    if of_sign is not None and sign.dtype == "complex":
        amounts.append(1j * imag(of_sign * sign))
    total = add_all(amounts)
    return None if total is None else scaled(total, transposed(inverse(node.args[0])))


def _push_log_determinant(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    moved = contracted(transposed(inverse(node.args[0])), tangent)
    sign = make.part(node, 0)
    return 1j * sign * imag(moved) if sign.dtype == "complex" else None, real_part(moved)


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
    "eig": (pull_eig, push_eig),
    "eigh": (pull_eigh, push_eigh),
    "svd": (pull_svd, push_svd),
    "qr": (_pull_qr, _push_qr),
}
