"""Linear algebra of small matrices, element by element.

In: a Linalg node and its arguments as object arrays of scalar nodes. Out: the elements of the result, or None where
there is no short closed form. Determinants, inverses and solutions of up to three rows are written out by cofactors;
triangular systems and Cholesky factors follow their recurrences.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.nodes import Linalg
from symdiff.ops import elementary

Elements = np.ndarray[Any, Any]

_FEW_ROWS = 3
_FEW_ELEMENTS = 64


def linalg_elements(node: Linalg, args: list[Elements]) -> Elements | None:
    """The elements of the result, for small matrices without a batch."""
    function = _CLOSED_FORMS.get(node.how)
    if function is None or any(arg.ndim > 2 or arg.size > _FEW_ELEMENTS for arg in args):
        return None
    return function(node, *args)


def _of_few_rows(function: Callable[..., Elements]) -> Callable[..., Elements | None]:
    def limited(node: Linalg, a: Elements, *others: Elements) -> Elements | None:
        return function(a, *others) if 0 < a.shape[0] <= _FEW_ROWS else None

    return limited


def determinant(a: Elements) -> Any:
    """By the first row."""
    if a.shape[0] == 1:
        return a[0, 0]
    return _alternating([a[0, j] * determinant(_minor(a, 0, j)) for j in range(a.shape[0])])


def _alternating(terms: list[Any]) -> Any:
    total = terms[0]
    for position, term in enumerate(terms[1:]):
        total = total + term if position % 2 else total - term
    return total


def _minor(a: Elements, i: int, j: int) -> Elements:
    return np.delete(np.delete(a, i, 0), j, 1)


def _adjugate(a: Elements) -> Elements:
    """The matrix that is the inverse times the determinant."""
    count = a.shape[0]
    grid: Elements = np.empty(a.shape, dtype=object)
    for i in range(count):
        for j in range(count):
            cofactor = determinant(_minor(a, j, i)) if count > 1 else make.constant(1.0)
            grid[i, j] = -cofactor if (i + j) % 2 else cofactor
    return grid


def _scalar(value: Any) -> Elements:
    grid: Elements = np.empty((), dtype=object)
    grid[()] = value
    return grid


def _det(a: Elements) -> Elements:
    return _scalar(determinant(a))


def _inv(a: Elements) -> Elements:
    grid: Elements = _adjugate(a) / determinant(a)
    return grid


def _solve(a: Elements, b: Elements) -> Elements:
    """Cramer's rule."""
    grid: Elements = _product(_adjugate(a), b) / determinant(a)
    return grid


def _product(x: Elements, y: Elements) -> Elements:
    grid: Elements = np.empty((x.shape[0], *y.shape[1:]), dtype=object)
    for position in np.ndindex(*grid.shape):
        grid[position] = _sum([x[position[0], k] * y[(k, *position[1:])] for k in range(x.shape[1])])
    return grid


def _sum(terms: list[Any]) -> Any:
    return reduce(elementary.add, terms) if terms else make.constant(0.0)


def _cholesky(node: Linalg, a: Elements) -> Elements:
    """Row by row: l[i, j] = (a[i, j] - l[i, :j] @ l[j, :j]) / l[j, j], of the lower triangle."""
    count = a.shape[0]
    grid = _zeros(a.shape)
    for i in range(count):
        for j in range(i + 1):
            rest = a[i, j] - _sum([grid[i, k] * grid[j, k] for k in range(j)])
            grid[i, j] = elementary.sqrt(rest) if i == j else rest / grid[j, j]
    return grid


def _solve_triangular(node: Linalg, a: Elements, b: Elements) -> Elements:
    """By substitution, from the first row of a lower triangle, or the last of an upper one."""
    matrix = a.T if node.option("trans") else a
    count = a.shape[0]
    from_above = node.option("lower") is not node.option("trans")
    solution: Elements = np.empty(b.shape, dtype=object)
    done: list[int] = []
    for i in range(count) if from_above else range(count - 1, -1, -1):
        for position in np.ndindex(*b.shape[1:]):
            rest = b[(i, *position)] - _sum([matrix[i, k] * solution[(k, *position)] for k in done])
            solution[(i, *position)] = rest if node.option("unit") else rest / matrix[i, i]
        done.append(i)
    return solution


def _zeros(shape: tuple[int, ...]) -> Elements:
    grid: Elements = np.empty(shape, dtype=object)
    grid[...] = make.constant(0.0)
    return grid


def _triangle(node: Linalg, a: Elements) -> Elements:
    grid, k = _zeros(a.shape), node.option("k")
    for i, j in np.ndindex(*a.shape):
        if j - i <= k if node.how == "tril" else j - i >= k:
            grid[i, j] = a[i, j]
    return grid


_CLOSED_FORMS: dict[str, Callable[..., Elements | None]] = {
    "det": _of_few_rows(_det),
    "inv": _of_few_rows(_inv),
    "solve": _of_few_rows(_solve),
    "cholesky": _cholesky,
    "solve_triangular": _solve_triangular,
    "tril": _triangle,
    "triu": _triangle,
}
