"""Views: arrays that look into the memory of other arrays, as NumPy's do.

In: an array and what a function such as `y[1:]`, `y.T` or `np.split` makes of it. Out: arrays that read what their base
holds now, and write into it. NumPy itself says what is a view, and of which elements: the function is applied to the
positions of the elements. Where the order of the elements in memory decides, and is not known, the result and its base
are not written to.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import is_static, static
from symdiff.ir.nodes import Node
from symdiff.tracing.calls import apply_rule
from symdiff.tracing.rules import Rule
from symdiff.tracing.values import is_traced

if TYPE_CHECKING:
    from symdiff.tracing.tracer import ArrayTracer

Positions = np.ndarray[Any, Any]
_LISTED = 256  # elements of an array that is listed for an assignment
_BY_MEMORY = frozenset({"numpy.reshape", "numpy.ravel", "numpy.ascontiguousarray"})  # copies, or not, by the layout


class View:
    """What a view looks at: the base, which elements of it, and how they are read.

    read: gives the elements of the view, from what the base holds.
    """

    def __init__(
        self, base: "ArrayTracer", read: Callable[[Node], Node], positions: Positions, memory: Positions
    ) -> None:
        self.base = base
        self.memory = memory  # the view's positions in the memory of the array that owns it
        self.read = read
        self._positions = positions
        self._seen = base.node
        self._value: Node | None = None

    def value(self) -> Node:
        """What the elements are now."""
        now = self.base.node
        if self._value is None or now is not self._seen:
            self._value, self._seen = self.read(now), now
        return self._value

    def write(self, new: Node) -> None:
        """Puts the elements into the base."""
        self.base.node = _replaced(self.base.node, self._positions, new)
        self._value, self._seen = new, self.base.node


def _replaced(old: Node, positions: Positions, new: Node) -> Node:
    """The array with the elements at the positions replaced."""
    if positions.size == old.size:
        axes = np.argsort([-abs(stride) for stride in positions.strides], kind="stable")
        if np.array_equal(positions.transpose(axes).ravel(), np.arange(positions.size)):
            return make.reshape(make.transpose(new, tuple(map(int, axes))), old.shape)
    size = int(np.prod(static(old.shape, "an assignment through a view")))
    source = np.full(size, -1)
    source[positions.ravel()] = np.arange(positions.size)
    flat, values = make.reshape(old, (size,)), make.reshape(new, (positions.size,))
    if size <= _LISTED:
        picked = [make.index(values, int(at)) if at >= 0 else make.index(flat, i) for i, at in enumerate(source)]
        return make.reshape(make.stack(picked), old.shape)
    chosen = make.select(make.constant(source >= 0), arrays.gather(values, 0, [np.maximum(source, 0)]), flat)
    return make.reshape(chosen, old.shape)


def memory_of(array: "ArrayTracer") -> Positions:
    """The positions of the elements in the memory of the array that owns them."""
    if array.view is not None:
        return array.view.memory
    return _numbered(array)


def _numbered(array: "ArrayTracer") -> Positions:
    shape = static(array.node.shape, "a view")
    return np.arange(int(np.prod(shape))).reshape(shape)


def owner_of(array: "ArrayTracer") -> "ArrayTracer":
    """The array whose memory it is."""
    while array.view is not None:
        array = array.view.base
    return array


def link(rule: Rule, made: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Makes the results views of the first argument, where NumPy does; False where that cannot be told."""
    function = getattr(np, rule.name.removeprefix("numpy."), None) if rule.name != "indexing" else operator.getitem
    base, *rest = args
    parts = list(made) if isinstance(made, tuple | list) else [made]
    if (
        function is None
        or not is_static(base.node.shape)
        or any(map(is_traced, rest))
        or any(map(is_traced, kwargs.values()))
    ):
        return False
    if rule.name in _BY_MEMORY and owner_of(base).node.ndim > 1:
        return False
    try:
        whole = memory_of(base)
        memory = function(whole, *rest, **kwargs)
        positions = function(_numbered(base), *rest, **kwargs)
    except (TypeError, ValueError, IndexError):
        return False
    several = isinstance(made, tuple | list)
    for number, part in enumerate(parts):
        own, where = (memory[number], positions[number]) if several else (memory, positions)
        if not np.ndim(own) or part is base or not np.shares_memory(own, whole):
            continue
        part.is_shared = not own.flags.writeable  # a diagonal, or what is broadcast, is only looked at

        def read(node: Node, number: int = number) -> Node:
            found = apply_rule(rule, (node, *rest), kwargs)
            return found[number] if several else found  # type: ignore[no-any-return]

        part.view = View(base, read, where, own)
    return True
