"""Rules of the singular value decomposition.

In: a node of svd, and the cotangents of its results or the tangent of its matrix. Out: the cotangent of the matrix, or
the tangents of the results. Townsend, "Differentiating the singular value decomposition" (2016); for complex matrices
Wan and Zhang, "Automatic differentiation for complex valued SVD" (2019), with the phases of LAPACK.
"""

from collections.abc import Sequence

from symdiff.calculus.eigen import reciprocal
from symdiff.calculus.guards import add_all
from symdiff.calculus.phases import turning, turning_cotangent
from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir.complex_arguments import conjugate, real_part
from symdiff.ir.lengths import smaller
from symdiff.ir.make_linalg import adjoint, column, matmul, row, transposed
from symdiff.ir.nodes import Linalg, Node
from symdiff.ops.complex_rows import imag


def pull_svd(node: Linalg, cotangents: Sequence[Node | None]) -> Node | None:
    """ā = u* (diag s̄ + (F ∘ (uᵀ ū - ūᴴ u*)) s + s (F ∘ (vᵀ v̄ - v̄ᴴ v*))) vᵀ, and what leaves the span of u and v."""
    of_u, of_s, of_vh = cotangents
    u, s, vh = (make.part(node, position) for position in range(3))
    _refuse_full(node)
    of_v = None if of_vh is None else adjoint(of_vh)
    of_u, of_v = _with_phases(node, of_u, of_v)
    first, last = conjugate(u), conjugate(vh)
    inner, outer = [], []
    if of_u is not None:
        inner.append(_skew(transposed(u), of_u, s) * row(s))
        if u.shape[-1] != u.shape[-2]:
            leaving = of_u - matmul(first, matmul(transposed(u), of_u))
            outer.append(matmul(leaving / row(s), last))
    if of_v is not None:
        inner.append(column(s) * _skew(last, of_v, s))
        if vh.shape[-1] != vh.shape[-2]:
            leaving = adjoint(of_v) - matmul(matmul(adjoint(of_v), transposed(vh)), last)
            outer.append(matmul(first / row(s), leaving))
    if of_s is not None:
        outer.append(matmul(first * row(of_s), last))
    if u.dtype == "complex":
        inner += _pulled_turns(u, vh, s, of_u, of_v)
    between = add_all(inner)
    if between is not None:
        outer.append(matmul(matmul(first, between), last))
    return add_all(outer)


def push_svd(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    """ṡ = diag(uᴴ ȧ v), u̇ = u (F ∘ (p s + s pᴴ)) + (1 - u uᴴ) ȧ v s⁻¹, with p = uᴴ ȧ v; likewise v."""
    u, s, vh = (make.part(node, position) for position in range(3))
    _refuse_full(node)
    turned, v = adjoint(u), adjoint(vh)
    moved = matmul(tangent, v)
    of_s = real_part(make.reduce("sum", conjugate(u) * moved, [-2]))
    product = matmul(turned, moved)
    gaps = _squared_gaps(s)
    of_u = matmul(u, gaps * (product * row(s) + column(s) * adjoint(product)))
    of_v = matmul(v, gaps * (column(s) * product + adjoint(product) * row(s)))
    if u.shape[-1] != u.shape[-2]:
        of_u = of_u + (moved - matmul(u, product)) / row(s)
    if v.shape[-1] != v.shape[-2]:
        other = matmul(adjoint(tangent), u)
        of_v = of_v + (other - matmul(v, matmul(vh, other))) / row(s)
    if u.dtype == "complex":
        apart = imag(make.reduce("sum", conjugate(u) * moved, [-2])) / (2.0 * s)
        of_u, of_v = of_u + 1j * (u * row(apart)), of_v - 1j * (v * row(apart))
        together = row(turning(of_u, u, 0) if _is_wide(node) else turning(of_v, v, 0))
        of_u, of_v = of_u - 1j * (u * together), of_v - 1j * (v * together)
    return of_u, of_s, adjoint(of_v)


def _is_wide(node: Linalg) -> bool:
    """Whether LAPACK makes the first row of u real, and not that of v."""
    m, n = node.args[0].shape[-2:]
    return m != n and smaller(m, n) == m


def _with_phases(node: Linalg, of_u: Node | None, of_v: Node | None) -> tuple[Node | None, Node | None]:
    """The cotangents of vectors whose pairs turn together, so that one row of u or v is real."""
    u, v = make.part(node, 0), adjoint(make.part(node, 2))
    if u.dtype != "complex":
        return of_u, of_v
    sums = [make.reduce("sum", given * of, [-2]) for given, of in ((of_u, u), (of_v, v)) if given is not None]
    amounts = add_all(sums)
    if amounts is None:
        return of_u, of_v
    if _is_wide(node):
        return add_all([part for part in (of_u, turning_cotangent(amounts, u, 0)) if part is not None]), of_v
    return of_u, add_all([part for part in (of_v, turning_cotangent(amounts, v, 0)) if part is not None])


def _pulled_turns(u: Node, vh: Node, s: Node, of_u: Node | None, of_v: Node | None) -> list[Node]:
    """On the diagonal: u and v turn apart by Im(uᴴ ȧ v) / s."""
    terms = [] if of_u is None else [make.reduce("sum", u * of_u, [-2])]
    if of_v is not None:
        terms.append(-make.reduce("sum", adjoint(vh) * of_v, [-2]))
    total = add_all(terms)
    return [] if total is None else [make.eye(s.shape[-1]) * row(1j * (imag(total) / (2.0 * s)))]


def _skew(turned: Node, cotangent: Node, s: Node) -> Node:
    product = matmul(turned, cotangent)
    return _squared_gaps(s) * (product - adjoint(product))


def _squared_gaps(s: Node) -> Node:
    """1 / (s[j]² - s[i]²) at row i and column j, and 0 on the diagonal."""
    return reciprocal((row(s) - column(s)) * (row(s) + column(s)))


def _refuse_full(node: Linalg) -> None:
    if node.option("full"):
        raise UnsupportedError(
            "singular vectors with full_matrices=True have no derivative",
            origin=node.origin,
            why="Beyond the smaller number of rows and columns they are any basis of the rest.",
            fix="np.linalg.svd(a, full_matrices=False)",
        )
