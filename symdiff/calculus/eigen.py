"""Rules of eigenvalues and eigenvectors, of Hermitian matrices and of any.

In: a node of eigh or eig, and the cotangents of its results or the tangent of its matrix. Out: the cotangent of the
matrix, or the tangents of the results. Giles, "Collected matrix derivative results" (2008), section 3.1; for complex
matrices Boeddeker, Hanebrink, Drude, Heymann and Haeb-Umbach, "On the computation of complex-valued gradients" (2017).
"""

from collections.abc import Sequence

from symdiff.calculus.guards import add_all
from symdiff.calculus.phases import turning, turning_cotangent
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.complex_arguments import conjugate, real_part
from symdiff.ir.make_linalg import adjoint, column, lower_triangle, matmul, row, solve, transposed, upper_triangle
from symdiff.ir.nodes import Linalg, Node
from symdiff.ir.symmetry import is_symmetric
from symdiff.ops.complex_rows import imag


def reciprocal_gaps(values: Node) -> Node:
    """1 / (w[j] - w[i]) at row i and column j, and 0 on the diagonal.

    Eigenvectors of equal eigenvalues are any basis of their space, and have no derivative: the result is not finite
    there. A function of the eigenvalues alone does not come here, and has its derivative.
    """
    return reciprocal(row(values) - column(values))


def reciprocal(gaps: Node) -> Node:
    """1 / gaps, and 0 on the diagonal."""
    identity = make.eye(gaps.shape[-1])
    return (1.0 - identity) / (gaps + identity)


def pull_eigh(node: Linalg, cotangents: Sequence[Node | None]) -> Node | None:
    """ā = v* (w̄ on the diagonal + F ∘ vᵀ v̄) vᵀ, folded onto the triangle that is read."""
    of_values, of_vectors = cotangents
    values, vectors = make.part(node, 0), make.part(node, 1)
    turned, outer = transposed(vectors), conjugate(vectors)
    terms = []
    if of_values is not None:
        terms.append(matmul(row(of_values) * outer, turned))
    if of_vectors is not None:
        if vectors.dtype == "complex":
            amounts = make.reduce("sum", of_vectors * vectors, [-2])
            of_vectors = of_vectors + turning_cotangent(amounts, vectors, _real_row(node))
        inner = reciprocal_gaps(values) * matmul(turned, of_vectors)
        terms.append(matmul(matmul(outer, inner), turned))
    total = add_all(terms)
    if total is None or _needs_no_folding(node):
        return total
    return _folded(total, lower=node.option("lower"))


def push_eigh(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    """ẇ = diag(vᴴ ȧ v), v̇ = v (F ∘ vᴴ ȧ v), with ȧ made Hermitian from the triangle that is read."""
    values, vectors = make.part(node, 0), make.part(node, 1)
    moved = matmul(_mirrored(node, tangent), vectors)
    inner = reciprocal_gaps(values) * matmul(adjoint(vectors), moved)
    of_values = real_part(make.reduce("sum", conjugate(vectors) * moved, [-2]))
    of_vectors = matmul(vectors, inner)
    if vectors.dtype == "complex":
        of_vectors = of_vectors - 1j * (vectors * row(turning(of_vectors, vectors, _real_row(node))))
    return of_values, of_vectors


def _real_row(node: Linalg) -> int:
    """The row in which LAPACK leaves complex eigenvectors real."""
    return 0 if node.option("lower") else -1


def _needs_no_folding(node: Linalg) -> bool:
    """Whether all tangents of the matrix are symmetric."""
    return node.args[0].dtype != "complex" and is_symmetric(node.args[0])


def _mirrored(node: Linalg, tangent: Node) -> Node:
    """The Hermitian matrix of the triangle that is read; of its diagonal the real part is."""
    if _needs_no_folding(node):
        return tangent
    if tangent.dtype == "complex":
        half = lower_triangle(tangent, -1) if node.option("lower") else upper_triangle(tangent, 1)
        return half + adjoint(half) + _real_diagonal(tangent)
    if node.option("lower"):
        return lower_triangle(tangent) + transposed(lower_triangle(tangent, -1))
    return upper_triangle(tangent) + transposed(upper_triangle(tangent, 1))


def _folded(a: Node, *, lower: bool) -> Node:
    """The elements of the other triangle added to those of the one that is read."""
    if a.dtype == "complex":
        read, other = lower_triangle(a, -1), upper_triangle(a, 1)
        return (read + adjoint(other) if lower else other + adjoint(read)) + _real_diagonal(a)
    if lower:
        return lower_triangle(a) + transposed(upper_triangle(a, 1))
    return upper_triangle(a) + transposed(lower_triangle(a, -1))


def _real_diagonal(a: Node) -> Node:
    return make.eye(a.shape[-1]) * real_part(a)


def pull_eig(node: Linalg, cotangents: Sequence[Node | None]) -> Node | None:
    """ā = v⁻ᵀ (w̄ on the diagonal + F ∘ vᵀ v̄) vᵀ."""
    of_values, of_vectors = cotangents
    values, vectors = make.part(node, 0), make.part(node, 1)
    turned = transposed(vectors)
    terms = []
    if of_values is not None:
        terms.append(column(of_values) * turned)
    if of_vectors is not None:
        freed = of_vectors - _pulled_length(of_vectors, vectors)
        terms.append(matmul(reciprocal_gaps(values) * matmul(turned, freed), turned))
    total = add_all(terms)
    return None if total is None else solve(turned, total)


def push_eig(node: Linalg, tangent: Node) -> Sequence[Node | None]:
    """With m = v⁻¹ ȧ v: ẇ = diag(m), v̇ = v (F ∘ m), less what would change the lengths and phases."""
    values, vectors = make.part(node, 0), make.part(node, 1)
    moved = solve(vectors, matmul(tangent, vectors))
    axes = list(range(moved.ndim - 1))
    of_values = make.einsum([[*axes, axes[-1]]], axes, moved)
    of_vectors = matmul(vectors, reciprocal_gaps(values) * moved)
    return of_values, of_vectors - vectors * row(_stretched(of_vectors, vectors))


def _stretched(tangent: Node, vectors: Node) -> Node:
    """How much longer every vector becomes and, times i, by how much its largest element, which is real, turns."""
    longer = real_part(make.reduce("sum", conjugate(vectors) * tangent, [-2]))
    if vectors.dtype != "complex":
        return longer
    places = _largest(vectors)
    turned = imag(arrays.gather_along(tangent, places, vectors.ndim - 2)) / _largest_elements(vectors, places)
    return longer + 1j * make.reshape(turned, longer.shape)


def _pulled_length(cotangent: Node, vectors: Node) -> Node:
    """The transpose of what `_stretched` takes away."""
    amounts = row(make.reduce("sum", cotangent * vectors, [-2]))
    pulled = real_part(amounts) * conjugate(vectors)
    if vectors.dtype != "complex":
        return pulled
    places = _largest(vectors)
    turned = 1j * (imag(amounts) / _largest_elements(vectors, places))
    return pulled + arrays.scatter_along(turned, places, vectors.ndim - 2, vectors.shape)


def _largest(vectors: Node) -> Node:
    """The place of the largest element of every vector."""
    axis = vectors.ndim - 2
    sizes = real_part(vectors * conjugate(vectors))
    places = arrays.order("argmax", sizes, axis)
    return make.reshape(places, (*vectors.shape[:axis], 1, vectors.shape[-1]))


def _largest_elements(vectors: Node, places: Node) -> Node:
    return real_part(arrays.gather_along(vectors, places, vectors.ndim - 2))
