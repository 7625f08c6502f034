"""Discrete Fourier transforms as `numpy.fft` spells them.

In: a Fourier node and the text of its argument. Out: a call; lengths, axes and scaling stand there only where they are
not NumPy's own choice.
"""

from symdiff.backends.base import Environment, Text, compound
from symdiff.ir.nodes import Fourier, Shape


def fourier_text(node: Fourier, arg: Text, environment: Environment) -> Text:
    """`np.fft.rfft(x, axis=0)`."""
    options = _one(node, environment) if len(node.axes) == 1 else _several(node, environment)
    if node.norm != "backward":
        options += f', norm="{node.norm}"'
    suffix = "" if len(node.axes) == 1 else "2" if _is_last_two(node) else "n"
    return compound(f"{environment.head('np')}.fft.{node.how}{suffix}({arg.code}{options})", [arg])


def _natural_lengths(node: Fourier) -> Shape:
    """The lengths that NumPy takes by itself."""
    lengths = tuple(node.args[0].shape[axis] for axis in node.axes)
    return (*lengths[:-1], 2 * (lengths[-1] - 1)) if node.how == "irfft" else lengths


def _is_last_two(node: Fourier) -> bool:
    return node.axes == (node.ndim - 2, node.ndim - 1)


def _one(node: Fourier, environment: Environment) -> str:
    length = "" if node.lengths == _natural_lengths(node) else f", {environment.length(node.lengths[0])}"
    return length + ("" if node.axes[0] == node.ndim - 1 else f", axis={node.axes[0]}")


def _several(node: Fourier, environment: Environment) -> str:
    all_axes = _is_last_two(node) or node.axes == tuple(range(node.ndim))
    if node.lengths == _natural_lengths(node):
        return "" if all_axes else f", axes={node.axes}"
    return f", {environment.shape(node.lengths)}" + ("" if _is_last_two(node) else f", {node.axes}")
