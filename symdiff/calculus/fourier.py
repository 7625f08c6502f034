"""Rules of discrete Fourier transforms, which are linear.

The pairing of a cotangent with a tangent is Re(g · v), without a conjugate, and the matrix of the transform is
symmetric: so fft and ifft pull back by themselves. Between real signals and half spectra the transpose is the transform
in the other direction, of the conjugate, with the opposite scaling: in rfft each frequency but 0 and the highest stands
for its negative too, so its cotangent counts half in the inverse, which counts it twice; in irfft it is the other way
round.
"""

from symdiff.ir.complex_arguments import conjugate
from symdiff.ir.make_fourier import OPPOSITE_NORM, fourier, resized, spectrum_lengths, times_interior
from symdiff.ir.nodes import Fourier, Node


def pull(node: Fourier, cotangent: Node) -> Node:
    """The cotangent of the argument."""
    wanted = [node.args[0].shape[axis] for axis in node.axes]
    last, length = node.axes[-1], node.lengths[-1]
    opposite = OPPOSITE_NORM[node.norm]
    if node.how == "rfft":
        found = times_interior(conjugate(cotangent), 0.5, length, last)
        return resized(fourier("irfft", found, node.lengths, node.axes, opposite), wanted, node.axes)
    if node.how == "irfft":
        found = fourier("rfft", cotangent, node.lengths, node.axes, opposite)
        found = times_interior(conjugate(found), 2.0, length, last)
        assert tuple(found.shape[axis] for axis in node.axes) == spectrum_lengths(node)
        return resized(found, wanted, node.axes)
    return resized(fourier(node.how, cotangent, node.lengths, node.axes, node.norm), wanted, node.axes)


def push(node: Fourier, tangent: Node) -> Node:
    """The tangent, transformed like the argument."""
    return fourier(node.how, tangent, node.lengths, node.axes, node.norm)
