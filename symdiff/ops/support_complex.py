"""What generated array code with complex numbers does with its arguments and results. Needs NumPy alone.

In: arguments as they come: numbers, lists, arrays. Out: arrays and scalars, complex where the function was generated
for complex numbers and real elsewhere, all of one precision.
"""

from typing import Any

import numpy as np


def numbers(kinds: str, *values: Any) -> list[Any]:
    """Arguments as arrays or scalars of one precision: real for an r among the kinds, complex for a c.

    >>> numbers("cr", 1, [2])
    [np.complex128(1+0j), array([2.])]
    """
    arrays = [np.asarray(value) for value in values]
    for kind, value, array in zip(kinds, values, arrays, strict=True):
        if isinstance(value, (np.matrix, np.ma.MaskedArray)):
            raise TypeError(f"expected plain arrays, got {type(value)}")
        if array.dtype.kind not in ("fiub" if kind == "r" else "fiubc"):
            wanted = "real" if kind == "r" else "complex"
            raise TypeError(f"expected {wanted} numbers, got {array.dtype}")
    typed = [
        array.real.dtype if array.dtype.kind in "fc" else np.dtype(np.float64)
        for array, value in zip(arrays, values, strict=True)
        if type(value) not in (bool, int, float, complex)
    ]
    dtype = np.result_type(*typed) if typed else np.dtype(np.float64)
    wide = np.result_type(dtype, np.complex64)
    return [
        array.astype(dtype if kind == "r" else wide, copy=False)[()]
        for kind, array in zip(kinds, arrays, strict=True)
    ]


def complex_number(value: Any) -> Any:
    """An argument as an array, or a scalar, of a complex type; complex arrays stay as they are.

    >>> complex_number(1.5)
    np.complex128(1.5+0j)
    """
    return numbers("c", value)[0]


def typed_result(value: Any, dtype: Any, *inputs: Any) -> Any:
    """The value repeated to the common shape of the inputs, in a dtype, in memory of its own.

    >>> import numpy as np
    >>> typed_result(1j, np.complex64, np.ones(2))
    array([0.+1.j, 0.+1.j], dtype=complex64)
    """
    shape = np.broadcast_shapes(*[np.shape(array) for array in inputs])
    return np.array(np.broadcast_to(value, shape), dtype=dtype)[()]


def complex_log1p(z: Any) -> Any:
    """log(1 + z), also where z is small."""
    x, y = np.real(z), np.imag(z)
    with np.errstate(all="ignore"):
        near = 0.5 * np.log1p(x * (2.0 + x) + y * y)
        far = np.log(np.abs(1.0 + z))
    return np.where(np.abs(z) < 1.0, near, far)[()] + 1j * np.arctan2(y, 1.0 + x)
