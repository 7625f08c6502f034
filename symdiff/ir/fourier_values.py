"""The values of discrete Fourier transforms: in float64 by NumPy, in mpmath at the present precision.

In: a Fourier node and the value of its argument; object arrays hold mpmath numbers. Out: its value.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.ir.lengths import static
from symdiff.ir.nodes import Fourier

_NUMPY = {"fft": np.fft.fftn, "ifft": np.fft.ifftn, "rfft": np.fft.rfftn, "irfft": np.fft.irfftn}


def fourier_value(node: Fourier, arg: Any) -> Any:
    """The value, in the arithmetic of the argument."""
    array = np.asarray(arg)
    if array.dtype != object:
        return _NUMPY[node.how](array, s=node.lengths, axes=node.axes, norm=node.norm)  # type: ignore[operator]
    return _scaled(node, _exact(node, array))


def _exact(node: Fourier, array: Any) -> Any:
    """The transform without its scaling. rfft begins with the last axis, irfft ends with it."""
    *others, (last, length) = zip(node.axes, static(node.lengths, "a value"), strict=True)
    sign = -1 if node.how in ("fft", "rfft") else 1
    if node.how == "rfft":
        array = _along(array, last, length, sign)[(slice(None),) * last + (slice(length // 2 + 1),)]
    for axis, count in others:
        array = _along(array, axis, count, sign)
    if node.how == "irfft":
        whole = _whole_spectrum(_fitted(array, last, length // 2 + 1), last, length)
        return np.frompyfunc(lambda z: z.real, 1, 1)(_along(whole, last, length, sign))
    return array if node.how == "rfft" else _along(array, last, length, sign)


def _scaled(node: Fourier, array: Any) -> Any:
    import mpmath

    count = mpmath.mpf(1)
    for length in node.lengths:
        count *= length
    power = {"backward": 0, "ortho": 1, "forward": 2}[node.norm]
    if node.how in ("ifft", "irfft"):
        power = 2 - power
    return array if not power else array / (count if power == 2 else mpmath.sqrt(count))


def _fitted(array: Any, axis: int, length: int) -> Any:
    """The array cut off, or filled up with zeros."""
    array = array[(slice(None),) * axis + (slice(length),)]
    padding = [(0, length - array.shape[axis] if place == axis else 0) for place in range(array.ndim)]
    return np.pad(array, padding, constant_values=0)


def _whole_spectrum(half: Any, axis: int, length: int) -> Any:
    """The spectrum of a real signal: conjugates at negative frequencies, real at both ends."""
    import mpmath

    lines = np.moveaxis(half, axis, -1)
    whole = np.empty((*lines.shape[:-1], length), dtype=object)
    for k in range(length):
        source = lines[..., min(k, length - k)]
        if k in (0, length - k):
            whole[..., k] = np.frompyfunc(mpmath.re, 1, 1)(source)
        else:
            whole[..., k] = source if 2 * k < length else np.frompyfunc(mpmath.conj, 1, 1)(source)
    return np.moveaxis(whole, -1, axis)


def _along(array: Any, axis: int, length: int, sign: int) -> Any:
    """The one-dimensional transform of every line along an axis, fitted to a length."""
    import mpmath

    lines = np.moveaxis(_fitted(array, axis, length), axis, -1)
    roots = [mpmath.expjpi(sign * mpmath.mpf(2 * k) / length) for k in range(length)]
    result = np.empty(lines.shape, dtype=object)
    for place in np.ndindex(*lines.shape[:-1]):
        result[place] = _transform(list(lines[place]), roots, 1)
    return np.moveaxis(result, -1, axis)


def _transform(values: Sequence[Any], roots: Sequence[Any], stride: int) -> list[Any]:
    """Cooley and Tukey's way, with the smallest prime factor of the length split off (Math. Comp. 19, 1965)."""
    length = len(values)
    if length == 1:
        return list(values)
    factor = next((p for p in range(2, int(length**0.5) + 1) if length % p == 0), length)
    parts = [_transform(values[start::factor], roots, stride * factor) for start in range(factor)]
    inner = length // factor
    return [
        sum(part[j % inner] * roots[j * k * stride % len(roots)] for k, part in enumerate(parts)) for j in range(length)
    ]
