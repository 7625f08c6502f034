"""What routines of linear algebra give: the shapes and dtypes of their results.

In: the name of a routine, its options, the shapes and the common dtype of its arguments. Out: a shape and a dtype for
each result, or a ShapeError. A routine works on the last two axes; all axes before them are a batch, and broadcast.
"""

from collections.abc import Callable
from typing import Any

from symdiff.errors import ShapeError
from symdiff.ir.nodes import DType, Shape

Shapes = tuple[Shape, ...]


def shapes_of(how: str, options: dict[str, Any], *shapes: Shape) -> Shapes:
    """The shapes of the results. Raises ShapeError."""
    return _SHAPES[how](options, *shapes)


def dtypes_of(how: str, options: dict[str, Any], given: DType) -> tuple[DType, ...]:
    """The dtypes of the results, of arguments that are real or complex together."""
    if how == "eig":
        found: DType = "real" if options["is_real"] else "complex"
        return found, found
    return _DTYPES[how](given) if how in _DTYPES else (given,)


def broadcast_batch(what: str, *shapes: Shape) -> Shape:
    """The common batch axes. Raises ShapeError."""
    ndim = max(len(shape) for shape in shapes)
    padded = [(1,) * (ndim - len(shape)) + shape for shape in shapes]
    found = []
    for lengths in zip(*padded, strict=True):
        others = [length for length in lengths if length != 1]
        if any(length != others[0] for length in others):
            raise ShapeError(
                f"the batch axes {' and '.join(map(str, shapes))} of {what} do not broadcast",
                why="The axes before the last two count matrices: each pair is equal, or one of them 1.",
                fix="A[:, None] adds an axis of length 1, for each matrix of one with each of the other",
            )
        found.append(others[0] if others else 1)
    return tuple(found)


def _matrix(what: str, shape: Shape) -> Shape:
    if len(shape) < 2:
        raise ShapeError(
            f"{what} takes matrices, got an array of shape {shape}",
            why="A matrix has two axes, its rows and its columns.",
            fix="np.diag(x) or x[:, None] for a matrix of a vector; or state two axes in shapes",
        )
    return shape


def square(what: str, shape: Shape) -> Shape:
    """The shape of square matrices. Raises ShapeError for other arrays."""
    if len(_matrix(what, shape)) and shape[-1] != shape[-2]:
        raise ShapeError(
            f"{what} takes square matrices, got shape {shape}",
            why="It has as many rows as columns.",
            fix="A.T @ A for a square matrix of any other; np.linalg.lstsq and np.linalg.pinv take all matrices",
        )
    return shape


def _right_side(what: str, a: Shape, b: Shape, fix: str) -> ShapeError:
    return ShapeError(
        f"a matrix of shape {a} and a right side of shape {b} do not fit in {what}",
        why=f"The right side has one row for each of the {a[-2]} rows of the matrix.",
        fix=fix,
    )


def _like_square(what: str) -> Callable[..., Shapes]:
    def shapes(options: dict[str, Any], a: Shape) -> Shapes:
        return (square(what, a),)

    return shapes


def _triangle(options: dict[str, Any], a: Shape) -> Shapes:
    return (_matrix("a triangle", a),)


def _solve(options: dict[str, Any], a: Shape, b: Shape) -> Shapes:
    n = square("solve", a)[-1]
    if not b:
        raise ShapeError(
            "the right side of solve has at least one axis",
            why="It has as many elements, or rows, as the matrix has rows.",
            fix="np.full(n, b) for a number in place of a vector",
        )
    rows = b[-1] if len(b) == 1 else b[-2]
    if rows != n:
        raise _right_side(
            "solve", a, b, f"{a[-1]} rows; b[..., None] for several vectors: since NumPy 2 a vector has one axis only"
        )
    if len(b) == 1:
        return ((*a[:-2], n),)
    return ((*broadcast_batch("solve", a[:-2], b[:-2]), n, b[-1]),)


def _determinant(options: dict[str, Any], a: Shape) -> Shapes:
    return (square("det", a)[:-2],)


def _log_determinant(options: dict[str, Any], a: Shape) -> Shapes:
    batch = square("slogdet", a)[:-2]
    return batch, batch


def _symmetric_eigen(options: dict[str, Any], a: Shape) -> Shapes:
    return square("eigh", a)[:-1], a


def _eigen(options: dict[str, Any], a: Shape) -> Shapes:
    return square("eig", a)[:-1], a


def _thin_svd(options: dict[str, Any], a: Shape) -> Shapes:
    *batch, m, n = _matrix("svd", a)
    k = _smaller("svd", m, n)
    rows, columns = (m, n) if options["full"] else (k, k)
    return (*batch, m, rows), (*batch, k), (*batch, columns, n)


def _reduced_qr(options: dict[str, Any], a: Shape) -> Shapes:
    *batch, m, n = _matrix("qr", a)
    assert _smaller("qr", m, n) == n, "the factorization of a wide matrix is made of that of its first columns"
    return (*batch, m, n), (*batch, n, n)


def _pseudo_inverse(options: dict[str, Any], a: Shape) -> Shapes:
    *batch, m, n = _matrix("pinv", a)
    return ((*batch, n, m),)


def _least_squares(options: dict[str, Any], a: Shape, b: Shape) -> Shapes:
    if len(a) != 2 or len(b) not in (1, 2) or a[0] != b[0]:
        raise _right_side("lstsq", a, b, "A.T, if the columns are the equations; b.ravel() for one right side")
    return ((a[1], *b[1:]),)


def _sylvester(options: dict[str, Any], a: Shape, b: Shape, q: Shape) -> Shapes:
    m, n = square("solve_sylvester", a)[-1], square("solve_sylvester", b)[-1]
    if q[-2:] != (m, n):
        raise ShapeError(
            f"matrices of shapes {a}, {b} and {q} do not fit in solve_sylvester",
            why=f"In A X + X B = Q, X and Q have the shape {(m, n)}.",
            fix="Q.T, or the matrices in the order a, b, q",
        )
    return ((*broadcast_batch("solve_sylvester", a[:-2], b[:-2], q[:-2]), m, n),)


def _banded(options: dict[str, Any], bands: Shape, b: Shape) -> Shapes:
    if len(bands) != 2 or len(b) not in (1, 2) or bands[1] != b[0] or bands[0] != options["low"] + options["up"] + 1:
        raise ShapeError(
            f"bands of shape {bands} and a right side of shape {b} do not fit in solve_banded",
            why=f"There are {options['low']} + {options['up']} + 1 bands, each as long as the right side.",
            fix="solve_banded((1, 1), bands, b), with bands of shape (3, n)",
        )
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
        why="The shapes of the factors depend on it.",
        fix='numbers for its lengths in shapes, such as "5 3", or the same name for both, "n n"',
    )


_SHAPES: dict[str, Callable[..., Shapes]] = {
    "solve": _solve,
    "inv": _like_square("inv"),
    "det": _determinant,
    "slogdet": _log_determinant,
    "eig": _eigen,
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

_DTYPES: dict[str, Callable[[DType], tuple[DType, ...]]] = {
    "slogdet": lambda dtype: (dtype, "real"),
    "eigh": lambda dtype: ("real", dtype),
    "svd": lambda dtype: (dtype, "real", dtype),
    "qr": lambda dtype: (dtype, dtype),
}
