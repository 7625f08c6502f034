"""Convolutions of arrays with axes for examples and channels, as networks have them.

In: two arrays, the axes to convolve along, and those to sum over as a matrix product does. Out: one array: axes of the
first that are left alone, those of the second, and the axes of the convolution. It is made of slices and products, one
for each position of the smaller window, so that it is traced as any NumPy code is.
"""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.errors import ArgumentError, ShapeError
from symdiff.errors.message import choices

Axes = Sequence[Sequence[int]]
_MODES = ("full", "valid", "same")


def convolve(a: Any, b: Any, axes: Axes | None = None, dot_axes: Axes = ((), ()), mode: str = "full") -> Any:
    """The convolution of a and b along pairs of axes, with sums over other pairs.

    axes: the axes of a and those of b to convolve along; all of them in order where nothing is stated.
    dot_axes: the axes of a and those of b to sum over together, the channels of a network.
    mode: "full" keeps every overlap, "valid" those of the whole smaller window, "same" as many as a has.

    Raises ArgumentError for another mode, ShapeError for axes that do not fit.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.convolve(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.5]))
    array([0. , 1. , 2.5, 4. , 1.5])
    >>> images, filters = np.ones((10, 3, 8, 8)), np.ones((3, 6, 5, 5))
    >>> sd.convolve(images, filters, axes=([2, 3], [2, 3]), dot_axes=([1], [0]), mode="valid").shape
    (10, 6, 4, 4)
    """
    if mode not in _MODES:
        raise ArgumentError(f"there is no mode {mode!r}", why=choices("It is one of", mode, _MODES), fix='mode="full"')
    along = [list(range(np.ndim(a))), list(range(np.ndim(b)))] if axes is None else [list(each) for each in axes]
    summed = [list(each) for each in dot_axes]
    if len(along[0]) != len(along[1]) or len(summed[0]) != len(summed[1]):
        raise ShapeError(
            f"axes come in pairs, these do not: {along}, {summed}",
            why="Each axis of the first array is slid along, or multiplied with, one axis of the second.",
            fix="axes=([2, 3], [2, 3]), dot_axes=([1], [0]), with as many axes of the first array as of the second",
        )
    sizes = [[np.shape(array)[axis] for axis in given] for array, given in zip((a, b), along, strict=True)]
    if mode == "valid" and any(second > first for first, second in zip(*sizes, strict=True)):
        if any(second < first for first, second in zip(*sizes, strict=True)):
            raise ShapeError(
                "one array must be at least as long as the other along all axes of a valid convolution",
                why="Only overlaps with the whole smaller array are kept.",
                fix='mode="full" or mode="same"',
            )
        left_alone = [np.ndim(array) - len(along[k]) - len(summed[k]) for k, array in enumerate((a, b))]
        turned = convolve(b, a, along[::-1], summed[::-1], mode)
        order = [*range(left_alone[1], sum(left_alone)), *range(left_alone[1]), *range(sum(left_alone), turned.ndim)]
        return np.transpose(turned, order)
    return _slid(_padded(a, along[0], sizes[1], mode), b, along, summed)


def _padded(a: Any, axes: Sequence[int], window: Sequence[int], mode: str) -> Any:
    """The array with as many zeros around it as the mode asks for."""
    if mode == "valid":
        return a
    widths = [(0, 0)] * np.ndim(a)
    for axis, size in zip(axes, window, strict=True):
        widths[axis] = (size - 1, size - 1) if mode == "full" else (size - 1 - (size - 1) // 2, (size - 1) // 2)
    return np.pad(a, widths)


def _slid(a: Any, b: Any, along: Axes, summed: Axes) -> Any:
    """The sum over the elements of the window: each times the part of a that it slides over."""
    window = [np.shape(b)[axis] for axis in along[1]]
    lengths = [np.shape(a)[axis] - size + 1 for axis, size in zip(along[0], window, strict=True)]
    total: Any = 0.0
    for place in itertools.product(*map(range, window)):
        part: list[Any] = [slice(None)] * np.ndim(a)
        element: list[Any] = [slice(None)] * np.ndim(b)
        for at, axis in enumerate(along[0]):
            part[axis] = slice(place[at], place[at] + lengths[at])
        for at, axis in enumerate(along[1]):
            element[axis] = window[at] - 1 - place[at]
        total = total + _product(a[tuple(part)], b[tuple(element)], along, summed)
    return total


def _product(part: Any, element: Any, along: Axes, summed: Axes) -> Any:
    """The product of a part of a with one element of the window, the axes of the convolution last."""
    of_element = [axis - sum(other < axis for other in along[1]) for axis in summed[1]]
    rest = [axis for axis in range(np.ndim(part)) if axis not in summed[0]]
    product = np.tensordot(part, element, (list(summed[0]), of_element))
    slid = [rest.index(axis) for axis in along[0]]
    others = [axis for axis in range(product.ndim) if axis not in slid]
    return np.transpose(product, [*others, *slid])
