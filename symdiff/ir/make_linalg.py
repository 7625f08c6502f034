"""How nodes of linear algebra are made: shapes are worked out, identities applied, and the node interned.

In: the name of a routine, its arguments, its options. Out: a node. A routine works on the last two axes of its
arguments; all axes before them are a batch, and broadcast. Shapes are those of NumPy 2: the right side of `solve` is a
vector only if it has one axis.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex, conjugate, not_for_complex
from symdiff.ir.linalg_results import Shapes, broadcast_batch, dtypes_of, shapes_of
from symdiff.ir.nodes import Const, Eye, Layout, Linalg, Map, Node, Part, Shape, intern, numeric_dtype
from symdiff.ir.symmetry import is_symmetric
from symdiff.ops import elementary

# Routines that are complex-differentiable functions of the elements: their rules have no conjugates.
_RATIONAL = {"solve", "inv", "det", "tril", "triu", "solve_triangular", "solve_banded", "solve_sylvester"}
_HOLOMORPHIC = frozenset({*_RATIONAL, "expm", "logm", "sqrtm"})
_ON_COMPLEX = frozenset({*_HOLOMORPHIC, "slogdet", "eig", "eigh", "cholesky", "svd", "pinv"})

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
    dtype = numeric_dtype(args)
    if how not in _ON_COMPLEX and dtype == "complex":
        raise not_for_complex(f"np.linalg.{how}", "np.linalg.svd and pinv take complex matrices")
    if how == "solve_sylvester" and dtype == "complex":  # SciPy 1.17 is wrong where some are real and some complex
        args = tuple(as_complex(arg) for arg in args)
    identity = _IDENTITIES.get(how)
    simpler = None if identity is None else identity(*args)
    if simpler is not None:
        return simpler
    given = tuple(sorted(options.items()))
    shapes = shapes_of(how, dict(given), *(arg.shape for arg in args))
    results = tuple(zip(shapes, dtypes_of(how, dict(given), dtype), strict=True))
    return intern(("linalg", how, given, args), lambda: Linalg(how, given, args, results))


def result_shapes(node: Linalg) -> Shapes:
    """The shapes that the arguments of a node give its results."""
    return shapes_for(node, [arg.shape for arg in node.args])


def shapes_for(node: Linalg, shapes: Sequence[Shape]) -> Shapes:
    """The shapes of the results for arguments of these shapes."""
    return shapes_of(node.how, dict(node.options), *shapes)


def is_holomorphic(node: Node) -> bool:
    """Whether the node is, as far as it is a routine's result, a complex-differentiable function of the elements.

    Eigenvalues are; eigenvectors have length 1, which no such function has.
    """
    routine = node.args[0] if isinstance(node, Part) else node
    if not isinstance(routine, Linalg) or routine.how in _HOLOMORPHIC:
        return True
    return routine.how == "eig" and not (isinstance(node, Part) and node.position)


def may_turn_complex(node: Node) -> TypeGuard[Linalg]:
    """Whether the node is a real matrix's logarithm or square root, which SciPy gives complex where no real one is.

    A closed form means the real one; its code raises ValueError where there is none.
    """
    return isinstance(node, Linalg) and node.how in ("logm", "sqrtm") and node.dtype == "real"


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


def adjoint(x: Node) -> Node:
    """The conjugates of the matrices of the last two axes, transposed."""
    return transposed(conjugate(x))


def column(x: Node) -> Node:
    """Vectors along the last axis as matrices of one column."""
    return make.reshape(x, (*x.shape, 1))


def row(x: Node) -> Node:
    """Vectors along the last axis as matrices of one row."""
    return make.reshape(x, (*x.shape[:-1], 1, x.shape[-1]))


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


_IDENTITIES: dict[str, Callable[..., Node | None]] = {
    "inv": _inverse_of,
    "solve": _solution,
    "det": _of_transposed("det"),
    "slogdet": _of_transposed("slogdet"),
}
