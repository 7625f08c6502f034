"""numpy.fft: transforms, shifts and frequencies.

In: arrays, with `n` or `s`, `axis` or `axes` and `norm` as NumPy has them. Out: Fourier nodes, and slices joined.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.lengths import Dimension, Length
from symdiff.ir.make_fourier import OPPOSITE_NORM, fourier, turned
from symdiff.ir.nodes import Node
from symdiff.ops import piecewise as p
from symdiff.tracing.dimensions import dimension
from symdiff.tracing.numpy_complex import conjugate
from symdiff.tracing.rules import rule
from symdiff.tracing.values import to_node

Axes = int | Sequence[int] | None


def _norm(norm: str | None) -> str:
    if norm is None:
        return "backward"
    if norm not in OPPOSITE_NORM:
        raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".')
    return norm


def _transform(how: str, array: Node, lengths: Sequence[Any] | None, axes: Sequence[int], norm: str | None) -> Node:
    """The transform; without lengths those of the array, for irfft that of the real signal of even length."""
    own = tuple(array.shape[axis] for axis in axes)
    if lengths is None:
        lengths = (*own[:-1], 2 * (own[-1] - 1)) if how == "irfft" and own else own
    return fourier(how, array, [dimension(length) for length in lengths], axes, _norm(norm))


def _one_axis(how: str) -> Callable[..., Node]:
    def transform(a: Any, n: int | None = None, axis: int = -1, norm: str | None = None, out: None = None) -> Node:
        return _transform(how, to_node(a), None if n is None else [n], [axis], norm)

    return transform


def _many_axes(how: str, default: Sequence[int] | None) -> Callable[..., Node]:
    def transform(
        a: Any,
        s: Sequence[Any] | None = None,
        axes: Sequence[int] | None = default,
        norm: str | None = None,
        out: None = None,
    ) -> Node:
        array = to_node(a)
        if axes is None:
            axes = range(array.ndim) if s is None else range(array.ndim - len(s), array.ndim)
        if s is not None and len(s) != len(axes):
            raise ValueError("Shape and axes have different lengths.")
        if s is not None:
            own = [array.shape[axis] for axis in axes]
            s = [given if dimension(length) == -1 else length for length, given in zip(s, own, strict=True)]
        return _transform(how, array, s, list(axes), norm)

    return transform


for _how in ("fft", "ifft", "rfft", "irfft"):
    rule(f"numpy.fft.{_how}")(_one_axis(_how))
    rule(f"numpy.fft.{_how}2")(_many_axes(_how, (-2, -1)))
    rule(f"numpy.fft.{_how}n")(_many_axes(_how, None))


@rule("numpy.fft.hfft")
def _hfft(a: Any, n: int | None = None, axis: int = -1, norm: str | None = None) -> Node:
    """The spectrum of a signal whose second half is the conjugate of its first: real."""
    return _one_axis("irfft")(conjugate(a), n, axis, OPPOSITE_NORM[_norm(norm)])


@rule("numpy.fft.ihfft")
def _ihfft(a: Any, n: int | None = None, axis: int = -1, norm: str | None = None) -> Node:
    return conjugate(_one_axis("rfft")(a, n, axis, OPPOSITE_NORM[_norm(norm)]))


def _shift(first: Callable[[Dimension], Dimension]) -> Callable[..., Node]:
    def shifted(x: Any, axes: Axes = None) -> Node:
        array = to_node(x)
        chosen = range(array.ndim) if axes is None else [axes] if isinstance(axes, int) else axes
        for axis in chosen:
            place = make.normal_axis(axis, array.ndim)
            array = turned(array, first(array.shape[place]), place)
        return array

    return shifted


rule("numpy.fft.fftshift")(_shift(lambda length: (length + 1) // 2))
rule("numpy.fft.ifftshift")(_shift(lambda length: length // 2))


@rule("numpy.fft.fftfreq")
def _fftfreq(n: Any, d: Any = 1.0) -> Node:
    """0, 1, … and then the negative ones, up to -1, over the length of the signal."""
    length = dimension(n)
    if not isinstance(length, Length):
        return make.constant(np.fft.fftfreq(length)) / to_node(d)
    place, whole = make.iota(length), make.size_of(length)
    found = make.select(p.less(2.0 * place, whole), place, place - whole)
    return found / (whole * to_node(d))


@rule("numpy.fft.rfftfreq")
def _rfftfreq(n: Any, d: Any = 1.0) -> Node:
    length = dimension(n)
    if not isinstance(length, Length):
        return make.constant(np.fft.rfftfreq(length)) / to_node(d)
    return make.iota(length // 2 + 1) / (make.size_of(length) * to_node(d))
