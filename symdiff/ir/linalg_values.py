"""The values of routines of linear algebra: in float64 by NumPy and SciPy, in mpmath at the present precision.

In: a Linalg node and the values of its arguments; object arrays hold mpmath numbers. Out: its value, a tuple where the
node has several results. What has no value, as the inverse of a singular matrix, is nan.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir.nodes import Linalg

Array = Any


def linalg_value(node: Linalg, args: Sequence[Array]) -> Any:
    """The value, in the arithmetic of the arguments."""
    if any(np.asarray(arg).dtype == object for arg in args):
        from symdiff.ir.linalg_mpmath import MPMATH

        function = MPMATH[node.how]
        args = [np.asarray(arg, dtype=object) for arg in args]
    else:
        function = FLOAT[node.how]
        args = [np.asarray(arg, dtype=float) for arg in args]
    try:
        value = function(*args, **dict(node.options))
    except (np.linalg.LinAlgError, ArithmeticError, ValueError):
        value = tuple(np.full(shape, np.nan) for shape in _result_shapes(node))
        value = value if node.parts else value[0]
    return tuple(part[()] for part in value) if node.parts else value[()]


def _result_shapes(node: Linalg) -> list[tuple[int, ...]]:
    return [shape for shape, _ in node.parts] if node.parts else [node.shape]


def _eigh(a: Array, *, lower: bool) -> Any:
    return tuple(np.linalg.eigh(a, UPLO="L" if lower else "U"))


FLOAT: dict[str, Callable[..., Any]] = {
    "solve": np.linalg.solve,
    "inv": np.linalg.inv,
    "det": np.linalg.det,
    "slogdet": np.linalg.slogdet,
    "eigh": _eigh,
    "tril": np.tril,
    "triu": np.triu,
}
