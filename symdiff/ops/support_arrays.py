"""What generated array code does with its arguments and results. Needs NumPy alone.

In: arguments as they come: floats, ints, bools, lists, arrays. Out: arrays and scalars of one floating type.
"""

from typing import Any

import numpy as np


def real(value: Any) -> Any:
    """An argument as an array, or a scalar, of a floating type; floating arrays stay as they are.

    >>> real([1, 2]), real(3)
    (array([1., 2.]), np.float64(3.0))
    """
    return reals(value)[0]


def reals(*values: Any) -> list[Any]:
    """Arguments as arrays or scalars of one floating type, that of the arrays; Python's own numbers take any.

    >>> import numpy as np
    >>> reals(np.ma.array([1.0]))
    Traceback (most recent call last):
        ...
    TypeError: array 1 of 1 in the call: expected a plain array, got <class 'numpy.ma.MaskedArray'>
    >>> [value.dtype.name for value in reals(np.ones(2, dtype=np.float32), 2.0)]
    ['float32', 'float32']
    """
    first = values[0]
    if type(first) is np.ndarray and first.dtype.kind == "f" and first.dtype.isnative:
        dtype = first.dtype
        for v in values:
            if type(v) is not np.ndarray or v.dtype is not dtype or not v.ndim:
                break
        else:
            return list(values)
    arrays: list[Any] = []
    for v in values:
        try:
            arrays.append(real_array(v))
        except (TypeError, ValueError) as error:
            place = f"array {len(arrays) + 1} of {len(values)} in the call"
            raise type(error)(f"{place}: {error}") from None
    typed = [
        array.dtype if array.dtype.kind == "f" else np.dtype(np.float64)
        for array, value in zip(arrays, values, strict=True)
        if type(value) not in (bool, int, float)
    ]
    dtype = np.result_type(*typed) if typed else np.dtype(np.float64)
    return [array.astype(dtype, copy=False)[()] for array in arrays]


def real_array(value: Any) -> Any:
    """An argument as an array of real numbers; anything else is refused."""
    if isinstance(value, (np.matrix, np.ma.MaskedArray)):
        raise TypeError(f"expected a plain array, got {type(value)}")
    array = np.asarray(float(value) if type(value) in (bool, int, float) else value)
    if array.dtype.kind == "O":
        return np.asarray(np.frompyfunc(float, 1, 1)(array), np.float64)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"expected real numbers, got {array.dtype}")
    return array


def result(value: Any, *inputs: Any) -> Any:
    """The value repeated to the common shape of the inputs, in their dtype, in memory of its own.

    >>> import numpy as np
    >>> result(3.0, np.ones(2, dtype=np.float32))
    array([3., 3.], dtype=float32)
    """
    shape = np.broadcast_shapes(*[np.shape(array) for array in inputs])
    array = np.asarray(value)
    dtype = array.dtype if array.dtype.kind == "b" else inputs[0].dtype
    if array.shape == shape and not any(
        np.may_share_memory(array, other) for other in inputs
    ):
        return array.astype(dtype, copy=False)[()]
    return np.array(np.broadcast_to(array, shape), dtype=dtype)[()]


def check_shape(array: Any, shape: tuple[int, ...], name: str) -> None:
    """Refuse an argument of another shape than the function was generated for."""
    if np.shape(array) != shape:
        raise ValueError(
            f"{name} has shape {np.shape(array)}, the function was generated for {shape}"
        )


def add_at(total: Any, key: Any, values: Any) -> Any:
    """Add the values to the array at the positions of the key, repeated ones too."""
    np.add.at(total, key, values)
    return total


def add_along(total: Any, positions: Any, values: Any, axis: int) -> Any:
    """Add the values to the array at their positions along an axis, repeated ones too."""
    grid: list[Any] = list(np.indices(positions.shape, sparse=True))
    grid[axis] = positions
    np.add.at(total, tuple(grid), values)
    return total


def put_along(total: Any, positions: Any, values: Any, axis: int) -> Any:
    """Put the values into the array at their positions along an axis, all of them different."""
    np.put_along_axis(total, positions, values, axis)
    return total


def recurrence(factors: Any, terms: Any, axis: int = 0) -> Any:
    """Each value is the one before along the axis, times its factor, plus its term."""
    values = np.moveaxis(np.array(terms), axis, 0)
    multipliers = np.moveaxis(factors, axis, 0)
    for place in range(1, len(values)):
        values[place] = multipliers[place] * values[place - 1] + values[place]
    return np.moveaxis(values, 0, axis)


def convolved(x: Any, y: Any, mode: str) -> Any:
    """The convolution of arrays of equal rank, over all axes."""
    if x.size < y.size and mode == "full":
        x, y = y, x
    lengths = [n + m - 1 for n, m in zip(x.shape, y.shape, strict=True)]
    total = np.zeros(lengths, dtype=np.result_type(x, y))
    for offset in np.ndindex(*y.shape):
        place = tuple(slice(i, i + n) for i, n in zip(offset, x.shape, strict=True))
        total[place] += x * y[offset]
    if mode == "full":
        return total
    return total[tuple(slice(m - 1, n) for n, m in zip(x.shape, y.shape, strict=True))]


def returned(
    value: Any, shape: tuple[int, ...], name: str, is_complex: bool = False
) -> Any:
    """What a function of the user's has returned, which must be what this code was generated for.

    >>> returned([1, 3], (2,), "f")
    array([1., 3.])
    """
    array = np.asarray(value)
    if array.shape != shape:
        raise ValueError(
            f"{name} returned an array of shape {array.shape}, not {shape}"
        )
    if is_complex:
        return array if array.dtype.kind == "c" else array.astype(np.complex128)
    if array.dtype.kind == "c":
        raise TypeError(f"{name} returned complex numbers, not real ones")
    return array if array.dtype.kind in "fb" else array.astype(np.float64)


def check_axes(array: Any, axes: int, name: str) -> None:
    """Refuse an argument with another number of axes than the function was generated for."""
    if np.ndim(array) != axes:
        raise ValueError(
            f"{name} has shape {np.shape(array)}, the function was generated for {axes} axes"
        )


def sizes(
    array: Any, shape: tuple[int | str, ...], name: str, known: str = ""
) -> list[int]:
    """The lengths of the axes that are given by a name, once for each name; the others must be as stated.

    >>> import numpy as np
    >>> sizes(np.ones((3, 2)), ("n", 2), "X")
    [3]
    """
    found = np.shape(array)
    named = dict(zip(shape, found, strict=False))
    fits = len(found) == len(shape) and all(
        length == (named[wanted] if type(wanted) is str else wanted)
        for length, wanted in zip(found, shape, strict=True)
    )
    if not fits:
        stated = ", ".join(str(length) for length in shape)
        stated = f"({stated},)" if len(shape) == 1 else f"({stated})"
        raise ValueError(
            f"{name} has shape {found}, the function was generated for {stated}{known}"
        )
    return [length for wanted, length in named.items() if type(wanted) is str]


def require_elements(*lengths: int) -> None:
    """Refuse lengths of 0 where numexpr would broadcast: it gives another shape than NumPy."""
    if 0 in lengths:
        raise ValueError(
            "numexpr does not broadcast arrays without elements: use the numpy form"
        )


def real_root(value: Any) -> Any:
    """Refuse the logarithm or square root of a real matrix where it is complex."""
    if np.iscomplexobj(value):
        raise ValueError("a matrix here has no real logarithm or square root")
    return value


def column_sums(matrix: Any) -> Any:
    """The sum of each column. For a narrow matrix BLAS is several times faster than np.sum.

    >>> import numpy as np
    >>> column_sums(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([4., 6.])
    """
    return np.ones(matrix.shape[0], matrix.dtype) @ matrix


def row_sums(matrix: Any) -> Any:
    """The sum of each row. For a narrow matrix BLAS is several times faster than np.sum.

    >>> import numpy as np
    >>> row_sums(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([3., 7.])
    """
    return matrix @ np.ones(matrix.shape[1], matrix.dtype)


def all_returned(
    value: Any, shapes: Any, name: str, complex_parts: tuple[int, ...] = ()
) -> list[Any]:
    """The arrays in what a function of the user's has returned, dicts in the order of their sorted keys.

    >>> all_returned({"b": 1, "a": (2.0, [3.0, 4.0])}, ((), (), (), ()), "f")
    [array(2.), array(3.), array(4.), array(1.)]
    """
    arrays = parts_of(value)
    if len(arrays) != len(shapes):
        raise ValueError(f"{name} returned {len(arrays)} arrays, not {len(shapes)}")
    return [
        returned(array, shape, name, place in complex_parts)
        for place, (array, shape) in enumerate(zip(arrays, shapes, strict=True))
    ]


def parts_of(value: Any) -> list[Any]:
    """The leaves of nested dicts, lists and tuples."""
    if isinstance(value, dict):
        return [part for key in sorted(value) for part in parts_of(value[key])]
    if isinstance(value, (list, tuple)):
        return [part for item in value for part in parts_of(item)]
    return [value]
