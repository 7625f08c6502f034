"""Functions whose results are real or complex as the numbers of a call have it: eig, eigvals, sqrtm, real_if_close.

In: arrays. Out: nodes of the dtype that NumPy gives the result on the path of one input; that it is this one is a guard
of the trace. Where no path is followed, square roots of real matrices are real; the others have no closed form.
"""

from typing import Any

from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex
from symdiff.ir.make_linalg import linalg
from symdiff.ir.nodes import Node
from symdiff.ops import complex_rows as c
from symdiff.ops import piecewise as p
from symdiff.tracing.forking import following, refuse, settled
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_linalg import results_of
from symdiff.tracing.numpy_reductions import reduced
from symdiff.tracing.rules import rule
from symdiff.tracing.values import NamedResults, to_node

_EPSILON = 2.0**-52


@rule("numpy.linalg.eig")
def _eig(a: Any) -> NamedResults:
    return results_of(_decomposed(to_node(a), "np.linalg.eig"), "eigenvalues", "eigenvectors")


@rule("numpy.linalg.eigvals")
def _eigvals(a: Any) -> Node:
    return make.part(_decomposed(to_node(a), "np.linalg.eigvals"), 0)


def _decomposed(matrix: Node, name: str) -> Node:
    """The eigenvalues and eigenvectors: real, if those of a real matrix are."""
    found = linalg("eig", matrix, is_real=False)
    if matrix.dtype == "complex":
        return found
    are_real = reduced("all", p.equal(c.imag(make.part(found, 0)), 0.0))
    fix = f"{name}(A + 0j), which is complex for every A; or np.linalg.eigh(A) for a symmetric matrix"
    return linalg("eig", matrix, is_real=True) if _is_so(are_real, f"{name} of a real matrix", fix) else found


@rule("scipy.linalg.sqrtm")
def _sqrtm(A: Any) -> Node:  # noqa: N803 (SciPy's name)
    """The real root of a real matrix; on a path, the complex one where an eigenvalue is negative."""
    matrix = to_node(A)
    if matrix.dtype == "complex" or following() is None:
        return linalg("sqrtm", matrix)
    values = make.part(linalg("eig", matrix, is_real=False), 0)
    on_the_cut = p.logical_and(p.equal(c.imag(values), 0.0), p.less(c.real(values), 0.0))
    is_complex = settled(reduced("any", on_the_cut), "bool", user_origin())
    return linalg("sqrtm", as_complex(matrix) if is_complex else matrix)


@rule("numpy.real_if_close")
def _real_if_close(a: Any, tol: Any = 100.0) -> Node:
    node = to_node(a)
    if node.dtype != "complex":
        return node
    limit = tol * _EPSILON if tol > 1 else tol
    is_close = reduced("all", p.less(p.absolute(c.imag(node)), limit))
    is_real = _is_so(is_close, "np.real_if_close of a complex value", "np.real(z), if the imaginary part is noise")
    return c.real(node) if is_real else node


def _is_so(condition: Node, what: str, fix: str) -> bool:
    """Whether the result is real on the path that is followed; a refusal where none is."""
    if following() is None:
        refuse(
            UnsupportedError(
                f"{what} is not traceable for all arguments at once",
                origin=user_origin(),
                label="is real or complex as its numbers have it",
                why="The closed form must know which, before there are numbers.",
                fix=fix,
            )
        )
    return bool(settled(condition, "bool", user_origin()))
