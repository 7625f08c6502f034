"""How far rounding takes routines of linear algebra.

In: a Linalg node and the values of its arguments. Out: a value that the routine might as well have given.
"""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.emit.sampling import random_like
from symdiff.ir.linalg_values import linalg_value
from symdiff.ir.nodes import Linalg

_ROUNDING = 2.0**-53
_PER_ROW = 4.0  # rounding errors, of the size of the largest element
_FUNCTIONS = ("expm", "logm", "sqrtm")  # forward stable only, and called with blocks of very different sizes


def shaken_value(node: Linalg, args: Sequence[Any], generator: random.Random) -> Any:
    """The value for matrices that are off by a few rounding errors of their largest element.

    That is what backward stability means (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 1.5).
    """
    size = _PER_ROW * _ROUNDING * max((length for arg in args for length in np.shape(arg)), default=1)
    if node.how in _FUNCTIONS:
        shaken = [arg * (1.0 + size * random_like(np.shape(arg), generator, -1.0, 1.0)) for arg in args]
        return _shaken(linalg_value(node, shaken), size, generator)
    return linalg_value(node, [_shaken(arg, size, generator) for arg in args])


def _shaken(array: Any, size: float, generator: random.Random) -> Any:
    largest = np.max(np.abs(array), initial=0.0)
    return array + size * largest * random_like(np.shape(array), generator, -1.0, 1.0)
