"""Rules of linear algebra with one result, in matrix form.

In: a Linalg node, and its cotangent or the tangents of its arguments. Out: cotangents of arguments, or the tangent.
The formulas are those of Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008), in rows and batches as NumPy has them. They are made of nodes, so that they can be
differentiated in turn.
"""

from collections.abc import Callable, Sequence

from symdiff.calculus.guards import add_all, sum_to_shape
from symdiff.ir import make
from symdiff.ir.complex_arguments import conjugate, real_part
from symdiff.ir.make_linalg import (
    PINV_RCOND,
    adjoint,
    column,
    inverse,
    linalg,
    lower_triangle,
    matmul,
    row,
    solve,
    transposed,
    upper_triangle,
)
from symdiff.ir.nodes import Linalg, Node, Shape

Pull = Callable[[Linalg, Node, int], Node | None]
Push = Callable[[Linalg, Sequence[Node | None]], Node | None]

_WRITTEN_OUT = 3  # rows of a matrix whose cofactors are written out


def pull(node: Linalg, cotangent: Node, position: int) -> Node | None:
    """The part of the argument's cotangent that the node contributes."""
    found = _RULES[node.how][0](node, cotangent, position)
    return None if found is None else sum_to_shape(found, node.args[position].shape)


def push(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    """The tangent of the node."""
    return _RULES[node.how][1](node, tangents)


def scaled(scalars: Node, matrices: Node) -> Node:
    """Each matrix times its scalar."""
    return make.reshape(scalars, (*scalars.shape, 1, 1)) * matrices if scalars.ndim else scalars * matrices


def contracted(x: Node, y: Node) -> Node:
    """The sum of products of the elements of two matrices: trace(x.T @ y)."""
    shared = x.shape if x.ndim > y.ndim else y.shape
    x, y = make.broadcast(x, shared), make.broadcast(y, shared)
    labels = list(range(x.ndim))
    return make.einsum([labels, labels], labels[:-2], x, y)


def solution_cotangents(node: Linalg, adjoint: Node, b: Node) -> tuple[Node, Node]:
    """For x = a⁻¹ b, given b̄: b̄ as b has it, and ā = -b̄ xᵀ, in the batch of x."""
    if b.ndim == 1:
        x, flat = node, adjoint
        if node.ndim == 1:
            return adjoint, -make.einsum([(0,), (1,)], (0, 1), flat, x)
        return adjoint, -matmul(column(flat), row(x))
    return adjoint, -matmul(adjoint, transposed(node))


def solved_like(node: Linalg, right: Node, solver: Callable[[Node], Node]) -> Node:
    """The solution for a right side of the shape of x: a batch of vectors is a batch of columns for NumPy."""
    if node.args[1].ndim == 1 and node.ndim > 1:
        return make.reshape(solver(column(right)), node.shape)
    return solver(right)


def product_like(node: Linalg, matrix: Node) -> Node:
    """matrix @ x."""
    if node.args[1].ndim == 1 and node.ndim > 1:
        return make.reshape(matmul(matrix, column(node)), node.shape)
    return matmul(matrix, node)


def _pull_solve(node: Linalg, cotangent: Node, position: int) -> Node | None:
    """b̄ = a⁻ᵀ x̄, ā = -b̄ xᵀ."""
    a, b = node.args
    adjoint = solved_like(node, cotangent, lambda right: solve(transposed(a), right))
    of_b, of_a = solution_cotangents(node, adjoint, b)
    return of_b if position else of_a


def _push_solve(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    """ẋ = a⁻¹ (ḃ - ȧ x)."""
    a = node.args[0]
    right = _moved_right_side(node, tangents[0], tangents[1])
    return None if right is None else solved_like(node, right, lambda moved: solve(a, moved))


def _moved_right_side(node: Linalg, of_matrix: Node | None, of_b: Node | None) -> Node | None:
    """ḃ - ȧ x, in the shape of x."""
    moved = None if of_matrix is None else product_like(node, of_matrix)
    given = None if of_b is None else make.broadcast(of_b, node.shape)
    if moved is None:
        return given
    return -moved if given is None else given - moved


def _pull_triangular(node: Linalg, cotangent: Node, position: int) -> Node | None:
    """As for solve; only the triangle that is read gets a cotangent, without its diagonal where that is 1."""
    a, b = node.args
    options = dict(node.options)
    turned = {**options, "trans": not options["trans"]}
    adjoint = solved_like(node, cotangent, lambda right: linalg("solve_triangular", a, right, **turned))
    of_b, of_matrix = solution_cotangents(node, adjoint, b)
    return of_b if position else _triangle_read(node, transposed(of_matrix) if options["trans"] else of_matrix)


def _push_triangular(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    a, options = node.args[0], dict(node.options)
    of_matrix = None if tangents[0] is None else _triangle_read(node, tangents[0])
    if of_matrix is not None and options["trans"]:
        of_matrix = transposed(of_matrix)
    right = _moved_right_side(node, of_matrix, tangents[1])
    if right is None:
        return None
    return solved_like(node, right, lambda moved: linalg("solve_triangular", a, moved, **options))


def _triangle_read(node: Linalg, a: Node) -> Node:
    strict = int(node.option("unit"))
    return lower_triangle(a, -strict) if node.option("lower") else upper_triangle(a, strict)


def _pull_banded(node: Linalg, cotangent: Node, position: int) -> Node:
    """As for solve, with the transposed bands; ā has diagonals only."""
    bands = node.args[0]
    low, up = node.option("low"), node.option("up")
    adjoint = linalg("solve_banded", _transposed_bands(bands, low, up), cotangent, low=up, up=low)
    if position:
        return adjoint
    products = [_shifted(adjoint, -offset) * node for offset in range(-up, low + 1)]
    sums = [product if product.ndim == 1 else make.reduce("sum", product, [1]) for product in products]
    return -make.stack(sums)


def _push_banded(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    bands = node.args[0]
    of_bands, right = tangents
    if of_bands is not None:
        up = node.option("up")
        for number in range(bands.shape[0]):
            band = make.index(of_bands, number)
            moved = _shifted((band if node.ndim == 1 else column(band)) * node, number - up)
            right = -moved if right is None else right - moved
    return None if right is None else linalg("solve_banded", bands, right, **dict(node.options))


def _transposed_bands(bands: Node, low: int, up: int) -> Node:
    """The bands of the transposed matrix: diagonals in reverse order, each moved along."""
    rows = [_shifted(make.index(bands, number), number - up) for number in range(low + up + 1)]
    return make.stack(rows[::-1])


def _shifted(array: Node, offset: int) -> Node:
    """The rows moved down by `offset`, with zeros where none came from."""
    if not offset:
        return array
    count = min(abs(offset), array.shape[0])
    zeros = make.broadcast(make.constant(0.0), (count, *array.shape[1:]))
    if offset > 0:
        return make.concatenate([zeros, make.index(array, slice(0, array.shape[0] - count))])
    return make.concatenate([make.index(array, slice(count, None)), zeros])


def _pull_sylvester(node: Linalg, cotangent: Node, position: int) -> Node:
    """For a x + x b = q: q̄ solves aᵀ q̄ + q̄ bᵀ = x̄, and ā = -q̄ xᵀ, b̄ = -xᵀ q̄."""
    a, b, _ = node.args
    adjoint = linalg("solve_sylvester", transposed(a), transposed(b), cotangent)
    if position == 2:
        return adjoint
    turned = transposed(node)
    return -matmul(adjoint, turned) if position == 0 else -matmul(turned, adjoint)


def _push_sylvester(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    a, b, _ = node.args
    of_a, of_b, of_q = tangents
    terms = [] if of_q is None else [of_q]
    if of_a is not None:
        terms.append(-matmul(of_a, node))
    if of_b is not None:
        terms.append(-matmul(node, of_b))
    total = add_all(terms)
    return None if total is None else linalg("solve_sylvester", a, b, make.broadcast(total, node.shape))


def _pull_inverse(node: Linalg, cotangent: Node, position: int) -> Node:
    """ā = -yᵀ ȳ yᵀ."""
    turned = transposed(node)
    return -matmul(matmul(turned, cotangent), turned)


def _push_inverse(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    (tangent,) = tangents
    return None if tangent is None else -matmul(matmul(node, tangent), node)


def cofactors(node: Linalg) -> Node:
    """The derivative of a determinant by its matrix.

    Of few rows it is written out, and right at singular matrices too. Otherwise it is det(a) a⁻ᵀ, which needs a
    regular matrix (Giles 2008, section 2.2.3).
    """
    a = node.args[0]
    if a.shape[-1] not in range(1, _WRITTEN_OUT + 1):
        return scaled(node, transposed(inverse(a)))
    count = a.shape[-1]
    grid = [[make.index(a, (..., i, j)) for j in range(count)] for i in range(count)]
    rows = [make.stack([_cofactor(grid, i, j, a.shape[:-2]) for j in range(count)], -1) for i in range(count)]
    return make.stack(rows, -2)


def _cofactor(grid: Sequence[Sequence[Node]], i: int, j: int, batch: Shape) -> Node:
    if len(grid) == 1:
        return make.broadcast(make.constant(1.0), batch)
    minor = [[x for at, x in enumerate(line) if at != j] for number, line in enumerate(grid) if number != i]
    value = minor[0][0] if len(minor) == 1 else minor[0][0] * minor[1][1] - minor[0][1] * minor[1][0]
    return -value if (i + j) % 2 else value


def _pull_determinant(node: Linalg, cotangent: Node, position: int) -> Node:
    return scaled(cotangent, cofactors(node))


def _push_determinant(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    (tangent,) = tangents
    return None if tangent is None else contracted(cofactors(node), tangent)


def _half_diagonal(a: Node) -> Node:
    """The lower triangle with half of the diagonal."""
    return 0.5 * (lower_triangle(a) + lower_triangle(a, -1))


def _pull_cholesky(node: Linalg, cotangent: Node, position: int) -> Node:
    """ā = ½ l⁻ᵀ (p + pᴴ) l*⁻¹, p the lower triangle of lᵀ l̄ with half of the diagonal.

    Murray, "Differentiation of the Cholesky decomposition" (2016), equations 9 and 10. The matrix is taken as
    Hermitian: ā is Hermitian too, as autograd has it.
    """
    turned = transposed(node)
    inner = matmul(turned, cotangent)
    half = lower_triangle(inner, -1)
    if inner.dtype == "complex":
        symmetric = half + adjoint(half) + make.eye(inner.shape[-1]) * real_part(inner)
    else:
        symmetric = lower_triangle(inner) + transposed(half)
    return 0.5 * solve(turned, adjoint(solve(turned, symmetric)))


def _push_cholesky(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    """l̇ = l Φ(l⁻¹ ȧ l⁻ᴴ) for the Hermitian part of ȧ (Murray 2016, equation 8)."""
    (tangent,) = tangents
    if tangent is None:
        return None
    symmetric = 0.5 * (tangent + adjoint(tangent))
    return matmul(node, _half_diagonal(solve(node, adjoint(solve(node, symmetric)))))


def _pull_pinv(node: Linalg, cotangent: Node, position: int) -> Node:
    """The transpose of the forward rule, term by term."""
    a, y, turned = conjugate(node.args[0]), conjugate(node), transposed(node)
    left = matmul(matmul(y, turned), cotangent)
    right = matmul(cotangent, matmul(turned, y))
    total = (left - matmul(matmul(left, a), y)) + (right - matmul(y, matmul(a, right)))
    return adjoint(total) - matmul(matmul(turned, cotangent), turned)


def _push_pinv(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    """-y ȧ y + y yᴴ ȧᴴ (1 - a y) + (1 - y a) ȧᴴ yᴴ y, where the rank stays (Golub and Pereyra 1973, theorem 4.3)."""
    (tangent,) = tangents
    if tangent is None:
        return None
    a, turned, moved = node.args[0], adjoint(node), adjoint(tangent)
    right = matmul(matmul(node, turned), moved)
    left = matmul(moved, matmul(turned, node))
    first = -matmul(matmul(node, tangent), node)
    return first + (right - matmul(matmul(right, a), node)) + (left - matmul(node, matmul(a, left)))


def _pull_lstsq(node: Linalg, cotangent: Node, position: int) -> Node:
    """For a matrix of full rank: b̄ = y ᵀ x̄ with y = pinv(a), and ā = -b̄ xᵀ plus what the residual, or the freedom
    in x, adds (Golub and Pereyra 1973)."""
    a, b = node.args
    inverse_of_a = linalg("pinv", a, rcond=PINV_RCOND)
    adjoint = matmul(transposed(inverse_of_a), cotangent)
    if position:
        return adjoint
    x, wanted, of_b, right = (part if part.ndim == 2 else column(part) for part in (node, cotangent, adjoint, b))
    total = -matmul(of_b, transposed(x))
    if not _is_wide(a):
        residual = right - matmul(a, x)
        total = total + matmul(residual, transposed(matmul(inverse_of_a, of_b)))
    if not _is_tall(a):
        free = wanted - matmul(inverse_of_a, matmul(a, wanted))
        total = total + matmul(matmul(transposed(inverse_of_a), x), transposed(free))
    return total


def _push_lstsq(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    a, b = node.args
    of_a, of_b = tangents
    inverse_of_a = linalg("pinv", a, rcond=PINV_RCOND)
    right = _moved_right_side_of_lstsq(node, of_a, of_b)
    if right is None:
        return None
    total = matmul(inverse_of_a, right)
    if of_a is None:
        return total
    moved = transposed(of_a)
    if not _is_wide(a):
        residual = matmul(moved, b - matmul(a, node))
        total = total + matmul(inverse_of_a, matmul(transposed(inverse_of_a), residual))
    if not _is_tall(a):
        free = matmul(moved, matmul(transposed(inverse_of_a), node))
        total = total + (free - matmul(inverse_of_a, matmul(a, free)))
    return total


def _moved_right_side_of_lstsq(node: Linalg, of_a: Node | None, of_b: Node | None) -> Node | None:
    moved = None if of_a is None else -matmul(of_a, node)
    return add_all([term for term in (of_b, moved) if term is not None])


def _is_wide(a: Node) -> bool:
    """Whether there are at most as many rows as columns, for sure: then nothing is left over."""
    m, n = a.shape
    return m == n or (isinstance(m, int) and isinstance(n, int) and m <= n)


def _is_tall(a: Node) -> bool:
    m, n = a.shape
    return m == n or (isinstance(m, int) and isinstance(n, int) and m >= n)


def _frechet(how: str, a: Node, direction: Node) -> Node:
    """The derivative of a function of matrices at `a` along a direction.

    It is the upper right block of f([[a, e], [0, a]]) (Mathias, "A chain rule for matrix functions and applications",
    1996, theorem 2.1; Higham, Functions of Matrices, 2008, theorem 3.6).
    """
    zeros = make.broadcast(make.constant(0.0), a.shape)
    above, below = make.concatenate([a, direction], -1), make.concatenate([zeros, a], -1)
    count = a.shape[-1]
    return make.index(linalg(how, make.concatenate([above, below], -2)), (..., slice(0, count), slice(count, None)))


def _pull_function(node: Linalg, cotangent: Node, position: int) -> Node:
    return _frechet(node.how, transposed(node.args[0]), cotangent)


def _push_function(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    (tangent,) = tangents
    return None if tangent is None else _frechet(node.how, node.args[0], tangent)


def _pull_root(node: Linalg, cotangent: Node, position: int) -> Node:
    """y y = a: ā solves yᵀ ā + ā yᵀ = ȳ."""
    turned = transposed(node)
    return linalg("solve_sylvester", turned, turned, cotangent)


def _push_root(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    (tangent,) = tangents
    return None if tangent is None else linalg("solve_sylvester", node, node, tangent)


def _pull_triangle(node: Linalg, cotangent: Node, position: int) -> Node:
    return linalg(node.how, cotangent, k=node.option("k"))


def _push_triangle(node: Linalg, tangents: Sequence[Node | None]) -> Node | None:
    (tangent,) = tangents
    return None if tangent is None else linalg(node.how, tangent, k=node.option("k"))


_RULES: dict[str, tuple[Pull, Push]] = {
    "solve": (_pull_solve, _push_solve),
    "inv": (_pull_inverse, _push_inverse),
    "det": (_pull_determinant, _push_determinant),
    "cholesky": (_pull_cholesky, _push_cholesky),
    "pinv": (_pull_pinv, _push_pinv),
    "lstsq": (_pull_lstsq, _push_lstsq),
    "tril": (_pull_triangle, _push_triangle),
    "triu": (_pull_triangle, _push_triangle),
    "solve_triangular": (_pull_triangular, _push_triangular),
    "solve_banded": (_pull_banded, _push_banded),
    "solve_sylvester": (_pull_sylvester, _push_sylvester),
    "expm": (_pull_function, _push_function),
    "logm": (_pull_function, _push_function),
    "sqrtm": (_pull_root, _push_root),
}
