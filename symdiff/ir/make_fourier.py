"""How nodes of discrete Fourier transforms are made.

In: an array, the lengths along the axes that are transformed, the axes, a scaling. Out: a Fourier node, or arrays cut
off, filled up with zeros or turned round along axes. Lengths are explicit: an array of another length is cut off or
filled up by the transform itself, as NumPy's `n` and `s` say.
"""

from collections.abc import Sequence

from symdiff.ir import make
from symdiff.ir.complex_arguments import not_for_complex
from symdiff.ir.lengths import Dimension, Length, smaller
from symdiff.ir.nodes import Fourier, Node, Shape, intern
from symdiff.ir.shapes import misfit
from symdiff.ops import piecewise as p

# The scaling of the transform in the other direction: the transpose of one transform has that of the inverse.
OPPOSITE_NORM = {"backward": "forward", "ortho": "ortho", "forward": "backward"}


def fourier(how: str, arg: Node, lengths: Sequence[Dimension], axes: Sequence[int], norm: str = "backward") -> Node:
    """fft, ifft, rfft or irfft along the axes; the last of them is the one whose half is left out in rfft and irfft.

    lengths: of the transform along each axis; for irfft of its real result.

    >>> from symdiff.ir.nodes import Input
    >>> fourier("rfft", Input("x", (8,)), [8], [0]).shape
    (5,)
    """
    if arg.dtype == "bool":
        arg = make.select(arg, 1.0, 0.0)
    if how == "rfft" and arg.dtype == "complex":
        raise not_for_complex("np.fft.rfft", "np.fft.fft takes complex numbers")
    places = tuple(make.normal_axis(axis, arg.ndim) for axis in axes)
    if not places:
        return arg
    if len(set(places)) != len(places):
        raise misfit(
            f"axes {tuple(axes)} name an axis twice",
            [arg],
            f"Each of the {arg.ndim} axes is transformed once.",
            "axes=(0, 1), each axis once; or np.fft.fft(np.fft.fft(x)) for a transform of a transform",
        )
    if any(isinstance(length, int) and length < 1 for length in lengths):
        raise misfit(
            f"a Fourier transform has at least one point along each axis, not {tuple(lengths)}",
            [arg],
            "It is a sum over the points.",
            "leave n out, for as many points as there are, or give a number of at least 1",
        )
    given = tuple(lengths)
    shape = result_shape(how, arg.shape, given, places)
    return intern(("fourier", how, given, places, norm, arg), lambda: Fourier(how, given, places, norm, arg, shape))


def result_shape(how: str, shape: Shape, lengths: Sequence[Dimension], axes: Sequence[int]) -> Shape:
    """The shape of the transform: along the last axis rfft has the frequencies that are not negative."""
    full = list(shape)
    for axis, length in zip(axes, lengths, strict=True):
        full[axis] = length
    if how == "rfft":
        full[axes[-1]] = lengths[-1] // 2 + 1
    return tuple(full)


def spectrum_lengths(node: Fourier) -> Shape:
    """How many elements along each axis the transform reads: its own length, for irfft those of half a spectrum."""
    last = node.lengths[-1] // 2 + 1 if node.how == "irfft" else node.lengths[-1]
    return (*node.lengths[:-1], last)


def resized(arg: Node, lengths: Sequence[Dimension], axes: Sequence[int]) -> Node:
    """The array cut off, or filled up with zeros, at the end of each axis."""
    cut = [slice(None)] * arg.ndim
    for axis, length in zip(axes, lengths, strict=True):
        cut[axis] = slice(smaller(length, arg.shape[axis]))
    arg = make.index(arg, tuple(cut))
    full = list(arg.shape)
    for axis, length in zip(axes, lengths, strict=True):
        full[axis] = length
    shape = tuple(full)
    if shape == arg.shape:
        return arg
    key, _ = make.normal_key(tuple(slice(length) for length in arg.shape), shape)
    return make.scatter(arg, key, shape)


def turned(arg: Node, first: Dimension, axis: int) -> Node:
    """The elements along an axis from the one at `first` on, and then those before it."""
    if first == 0:
        return arg
    before = (slice(None),) * axis
    parts = [make.index(arg, (*before, slice(first, None))), make.index(arg, (*before, slice(None, first)))]
    return make.concatenate(parts, axis)


def times_interior(arg: Node, factor: float, length: Dimension, axis: int) -> Node:
    """Half a spectrum along an axis, times a factor where a frequency stands for its negative too.

    length: of the real signal. The frequency 0, and length/2 where that is whole, stand for themselves.
    """
    if isinstance(length, Length):
        return arg * _weights(factor, length, arg.ndim - 1 - axis)
    ends = [0, 1, (length + 1) // 2, length // 2 + 1]
    before = (slice(None),) * axis
    parts = []
    for start, stop, weight in zip(ends, ends[1:], (1.0, factor, 1.0), strict=False):
        if start < stop:
            parts.append(weight * make.index(arg, (*before, slice(start, stop))))
    return make.concatenate(parts, axis)


def _weights(factor: float, length: Length, axes_after: int) -> Node:
    """The factors of the frequencies, where it is open which of them is the last."""
    half = length // 2 + 1
    frequencies = make.reshape(make.iota(half), (half, *(1,) * axes_after))
    is_interior = p.logical_and(p.greater(frequencies, 0.0), p.less(2.0 * frequencies, make.size_of(length)))
    return make.select(is_interior, factor, 1.0)
