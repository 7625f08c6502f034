"""How nodes of linear algebra are made: shapes are worked out, identities applied, and the node interned.

In: the name of a routine, its arguments, its options. Out: a node. A routine works on the last two axes of its
arguments; all axes before them are a batch, and broadcast. Shapes are those of NumPy 2: the right side of `solve` is a
vector only if it has one axis.
"""

from collections.abc import Callable, Sequence
from typing import Any

from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.complex_arguments import not_for_complex
from symdiff.ir.nodes import Const, Eye, Layout, Linalg, Map, Node, Shape, intern, numeric_dtype
from symdiff.ir.symmetry import is_symmetric
from symdiff.ops import elementary

Shapes = tuple[Shape, ...]
# Routines that are rational functions of the elements: their rules hold for complex ones as they stand.
_HOLOMORPHIC = frozenset({"solve", "inv", "det", "tril", "triu"})

PINV_RCOND = 1e-15  # NumPy's: smaller singular values, relative to the largest, count as 0


def linalg(how: str, *args: Node, **options: Any) -> Node:
    """The node of a routine. One with several results is taken apart with `make.part`. Raises ShapeError.

    >>> from symdiff.ir.nodes import Input
    >>> a = Input("a", (3, 3))
    >>> linalg("inv", linalg("inv", a)) is a
    True
    >>> linalg("solve", a, Input("b", (5, 3, 2))).shape
    (5, 3, 2)
    """
    args = tuple(make.select(arg, 1.0, 0.0) if arg.dtype == "bool" else arg for arg in args)
    if how not in _HOLOMORPHIC and numeric_dtype(args) == "complex":
        raise not_for_complex(f"np.linalg.{how}", "np.linalg.solve, inv and det take complex matrices")
    identity = _IDENTITIES.get(how)
    simpler = None if identity is None else identity(*args)
    if simpler is not None:
        return simpler
    given = tuple(sorted(options.items()))
    results = _SHAPES[how](dict(given), *(arg.shape for arg in args))
    return intern(("linalg", how, given, args), lambda: Linalg(how, given, args, results))


def result_shapes(node: Linalg) -> Shapes:
    """The shapes that the arguments of a node give its results."""
    return shapes_for(node, [arg.shape for arg in node.args])


def shapes_for(node: Linalg, shapes: Sequence[Shape]) -> Shapes:
    """The shapes of the results for arguments of these shapes."""
    return _SHAPES[node.how](dict(node.options), *shapes)


def solve(a: Node, b: Node) -> Node:
    """x with a @ x = b."""
    return linalg("solve", a, b)


def inverse(a: Node) -> Node:
    """The inverse of a square matrix."""
    return linalg("inv", a)


def lower_triangle(a: Node, k: int = 0) -> Node:
    """The elements on and below the diagonal number k, zeros elsewhere."""
    return linalg("tril", a, k=k)


def upper_triangle(a: Node, k: int = 0) -> Node:
    """The elements on and above the diagonal number k, zeros elsewhere."""
    return linalg("triu", a, k=k)


def matmul(x: Node, y: Node) -> Node:
    """NumPy's `matmul`: the last two axes are multiplied as matrices, the axes before them broadcast."""
    if x.ndim <= 2 and y.ndim <= 2:
        return make.dot(x, y)
    left, right = x.shape[:-2], y.shape[:-2]
    batch = broadcast_batch("matmul", left, right)
    axes, row, inner, column = list(range(len(batch))), len(batch), len(batch) + 1, len(batch) + 2
    if left and left != batch:
        x = make.broadcast(x, (*batch, *x.shape[-2:]))
    if right and right != batch:
        y = make.broadcast(y, (*batch, *y.shape[-2:]))
    of_x = [inner] if x.ndim == 1 else [*(axes if left else ()), row, inner]
    of_y = [inner] if y.ndim == 1 else [*(axes if right else ()), inner, column]
    output = [label for label in (*axes, row, column) if label in of_x or label in of_y]
    return make.einsum([of_x, of_y], output, x, y)


def transposed(x: Node) -> Node:
    """The matrices of the last two axes, transposed; those that are symmetric as they are."""
    if is_symmetric(x):
        return x
    return make.transpose(x, [*range(x.ndim - 2), x.ndim - 1, x.ndim - 2])


def column(x: Node) -> Node:
    """Vectors along the last axis as matrices of one column."""
    return make.reshape(x, (*x.shape, 1))


def row(x: Node) -> Node:
    """Vectors along the last axis as matrices of one row."""
    return make.reshape(x, (*x.shape[:-1], 1, x.shape[-1]))


def broadcast_batch(what: str, *shapes: Shape) -> Shape:
    """The common batch axes. Raises ShapeError."""
    ndim = max(len(shape) for shape in shapes)
    padded = [(1,) * (ndim - len(shape)) + shape for shape in shapes]
    found = []
    for lengths in zip(*padded, strict=True):
        others = [length for length in lengths if length != 1]
        if any(length != others[0] for length in others):
            raise ShapeError(f"the batch axes {' and '.join(map(str, shapes))} of {what} do not broadcast")
        found.append(others[0] if others else 1)
    return tuple(found)


def _matrix(what: str, shape: Shape) -> Shape:
    if len(shape) < 2:
        raise ShapeError(f"{what} takes matrices, got an array of shape {shape}")
    return shape


def _square(what: str, shape: Shape) -> Shape:
    if len(_matrix(what, shape)) and shape[-1] != shape[-2]:
        raise ShapeError(f"{what} takes square matrices, got shape {shape}")
    return shape


def _like_square(what: str) -> Callable[..., Shapes]:
    def shapes(options: dict[str, Any], a: Shape) -> Shapes:
        return (_square(what, a),)

    return shapes


def _triangle(options: dict[str, Any], a: Shape) -> Shapes:
    return (_matrix("a triangle", a),)


def _solve(options: dict[str, Any], a: Shape, b: Shape) -> Shapes:
    n = _square("solve", a)[-1]
    if not b:
        raise ShapeError("the right side of solve has at least one axis")
    rows = b[-1] if len(b) == 1 else b[-2]
    if rows != n:
        hint = "Since NumPy 2 the right side is a vector only if it has one axis; a batch of vectors is b[..., None]."
        raise ShapeError(f"a matrix of shape {a} and a right side of shape {b} do not fit in solve", why=hint)
    if len(b) == 1:
        return ((*a[:-2], n),)
    return ((*broadcast_batch("solve", a[:-2], b[:-2]), n, b[-1]),)


def _determinant(options: dict[str, Any], a: Shape) -> Shapes:
    return (_square("det", a)[:-2],)


def _log_determinant(options: dict[str, Any], a: Shape) -> Shapes:
    batch = _square("slogdet", a)[:-2]
    return batch, batch


def _symmetric_eigen(options: dict[str, Any], a: Shape) -> Shapes:
    return _square("eigh", a)[:-1], a


def _thin_svd(options: dict[str, Any], a: Shape) -> Shapes:
    *batch, m, n = _matrix("svd", a)
    k = _smaller("svd", m, n)
    rows, columns = (m, n) if options["full"] else (k, k)
    return (*batch, m, rows), (*batch, k), (*batch, columns, n)


def _reduced_qr(options: dict[str, Any], a: Shape) -> Shapes:
    *batch, m, n = _matrix("qr", a)
    if _smaller("qr", m, n) != n:
        raise ShapeError(f"a factorization of a matrix with at least as many rows as columns, got shape {a}")
    return (*batch, m, n), (*batch, n, n)


def _pseudo_inverse(options: dict[str, Any], a: Shape) -> Shapes:
    *batch, m, n = _matrix("pinv", a)
    return ((*batch, n, m),)


def _least_squares(options: dict[str, Any], a: Shape, b: Shape) -> Shapes:
    if len(a) != 2 or len(b) not in (1, 2) or a[0] != b[0]:
        raise ShapeError(f"a matrix of shape {a} and a right side of shape {b} do not fit in lstsq")
    return ((a[1], *b[1:]),)


def _sylvester(options: dict[str, Any], a: Shape, b: Shape, q: Shape) -> Shapes:
    m, n = _square("solve_sylvester", a)[-1], _square("solve_sylvester", b)[-1]
    if q[-2:] != (m, n):
        raise ShapeError(f"matrices of shapes {a}, {b} and {q} do not fit in solve_sylvester")
    return ((*broadcast_batch("solve_sylvester", a[:-2], b[:-2], q[:-2]), m, n),)


def _banded(options: dict[str, Any], bands: Shape, b: Shape) -> Shapes:
    if len(bands) != 2 or len(b) not in (1, 2) or bands[1] != b[0] or bands[0] != options["low"] + options["up"] + 1:
        raise ShapeError(f"bands of shape {bands} and a right side of shape {b} do not fit in solve_banded")
    return (b,)


def _smaller(what: str, m: Any, n: Any) -> Any:
    """The smaller of two lengths."""
    if m == n or n == 1:
        return n
    if m == 1:
        return m
    if isinstance(m, int) and isinstance(n, int):
        return min(m, n)
    raise ShapeError(
        f"{what} of a matrix of shape ({m}, {n}) needs to know which length is smaller",
        fix="state the lengths of this matrix as numbers",
    )


def _inverse_of(a: Node) -> Node | None:
    """inv(inv(a)) is a, and inv(a.T) is inv(a).T, so that both share one inverse."""
    if isinstance(a, Linalg) and a.how == "inv":
        return a.args[0]
    return transposed(inverse(a.args[0])) if _is_transposed(a) else None


def _solution(a: Node, b: Node) -> Node | None:
    """solve(inv(a), b) is a @ b, solve(a, identity) is inv(a), and solve(a, 2 b) is 2 solve(a, b)."""
    if isinstance(b, Map) and b.op is elementary.negative:
        return -solve(a, b.args[0])
    if isinstance(b, Map) and b.op is elementary.multiply and not b.args[0].shape and b.args[1].shape == b.shape:
        return b.args[0] * solve(a, b.args[1]) if isinstance(b.args[0], Const) else None
    if isinstance(a, Linalg) and a.how == "inv" and b.ndim:
        return matmul(a.args[0], b)
    return inverse(a) if isinstance(b, Eye) and a.shape[-2:] == b.shape else None


def _of_transposed(how: str) -> Callable[[Node], Node | None]:
    """det(a.T) is det(a)."""

    def identity(a: Node) -> Node | None:
        return linalg(how, a.args[0]) if _is_transposed(a) else None

    return identity


def _is_transposed(a: Node) -> bool:
    """Whether the node is a matrix transposed, and the batch axes stay."""
    ndim = a.ndim
    return (
        isinstance(a, Layout)
        and a.how == "transpose"
        and ndim >= 2
        and a.axes == (*range(ndim - 2), ndim - 1, ndim - 2)
    )


_SHAPES: dict[str, Callable[..., Shapes]] = {
    "solve": _solve,
    "inv": _like_square("inv"),
    "det": _determinant,
    "slogdet": _log_determinant,
    "eigh": _symmetric_eigen,
    "cholesky": _like_square("cholesky"),
    "svd": _thin_svd,
    "qr": _reduced_qr,
    "pinv": _pseudo_inverse,
    "lstsq": _least_squares,
    "tril": _triangle,
    "triu": _triangle,
    "solve_triangular": _solve,
    "solve_banded": _banded,
    "solve_sylvester": _sylvester,
    "expm": _like_square("expm"),
    "logm": _like_square("logm"),
    "sqrtm": _like_square("sqrtm"),
}

_IDENTITIES: dict[str, Callable[..., Node | None]] = {
    "inv": _inverse_of,
    "solve": _solution,
    "det": _of_transposed("det"),
    "slogdet": _of_transposed("slogdet"),
}
