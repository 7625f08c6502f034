"""Views: arrays that look into the memory of other arrays, as NumPy's do.

In: an array and what a function such as `y[1:]`, `y.T` or `np.split` makes of it. Out: arrays that read what their base
holds now, and write into it. NumPy itself says what is a view, and of which elements: the function is applied to the
positions of the elements. Where the order of the elements in memory decides, and is not known, the result and its base
are not written to.
"""

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symdiff.errors import AssignmentError
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.lengths import is_static, static
from symdiff.ir.nodes import Node
from symdiff.origin import Origin
from symdiff.tracing.calls import apply_rule
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.rules import Rule
from symdiff.tracing.values import is_traced

if TYPE_CHECKING:
    from symdiff.tracing.tracer import ArrayTracer

Positions = np.ndarray[Any, Any]
_LISTED = 256  # elements of an array that is listed for an assignment
_OF_ONE_ALONE = frozenset({"numpy.einsum"})  # what is made of several arrays is no view of any
_CONVERTING = frozenset(
    {"numpy.array", "numpy.asarray", "numpy.asanyarray"}
)  # copies, or not, by the dtype at run time
_BY_MEMORY = frozenset({"numpy.reshape", "numpy.ravel", "numpy.ascontiguousarray"})  # copies, or not, by the layout


class View:
    """What a view looks at: the base, how its elements are read, and how they are put back.

    read: gives the elements of the view, from what the base holds. write: what the base holds once they are others.
    memory: the view's positions in the memory of the array that owns it; None where they depend on the arguments.
    """

    def __init__(
        self,
        base: "ArrayTracer",
        read: Callable[[Node], Node],
        write: Callable[[Node, Node], Node],
        memory: Positions | None,
    ) -> None:
        self.base = base
        self.memory = memory
        self.read = read
        self._write = write
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
        self.base.node = self._write(self.base.node, new)
        self._value, self._seen = new, self.base.node


class PossibleView(View):
    """What looks at the base, or is a copy of what it held: by the layout in memory, or the dtype, at run time.

    Nobody writes into it, and as long as nobody has written into the base, it is the same either way.
    """

    def __init__(self, base: "ArrayTracer", value: Node) -> None:
        held, origin = base.node, user_origin()

        def read(now: Node) -> Node:
            return value if now is held else refuse(_unknown_copy(origin))

        super().__init__(base, read, lambda old, _: old, None)


def _unknown_copy(origin: Origin | None) -> AssignmentError:
    return AssignmentError(
        "an array that may share its memory is read after the other one was written to",
        origin=origin,
        why=(
            "Whether NumPy copies here depends on the order of the elements in memory, or on their dtype: while the "
            "function is traced it is not known whether this array sees the change."
        ),
        fix="put .copy() behind it: it does not see the change then",
    )


def _replaced(old: Node, new: Node, positions: Positions) -> Node:
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


def memory_of(array: "ArrayTracer") -> Positions | None:
    """The positions of the elements in the memory of the array that owns them, if they are known."""
    if array.looks_into is not None:
        return array.looks_into.memory
    return _numbered(array)


def _numbered(array: "ArrayTracer") -> Positions:
    shape = static(array.node.shape, "a view")
    return np.arange(int(np.prod(shape))).reshape(shape)


def owner_of(array: "ArrayTracer") -> "ArrayTracer":
    """The array whose memory it is."""
    while array.looks_into is not None:
        array = array.looks_into.base
    return array


def link(rule: Rule, made: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Makes the results views of the array among the arguments, where NumPy does; False where that cannot be told."""
    named = getattr(np, rule.name.removeprefix("numpy."), None)
    function: Callable[..., Any] | None = named if rule.name != "indexing" else operator.getitem
    at = next((at for at, arg in enumerate(args) if is_traced(arg)), len(args))
    before, rest = tuple(args[:at]), tuple(args[at + 1 :])
    if any(map(is_traced, rest)) and rule.name in _OF_ONE_ALONE:
        return True
    if function is None or at == len(args) or any(map(is_traced, [*rest, *kwargs.values()])):
        return False
    base = args[at]
    if not is_static(base.node.shape):
        return False
    known = memory_of(base)
    owner = owner_of(base)
    if rule.name in _BY_MEMORY and (known is None or (owner.node.ndim > 1 and not owner.is_rows_first)):
        return False
    own = _numbered(base)
    is_converted = rule.name in _CONVERTING and bool(rest or kwargs.get("dtype") is not None)
    options = {**kwargs, "dtype": own.dtype} if is_converted else kwargs
    others = () if is_converted else rest
    try:
        memory = None if known is None else function(*before, known, *others, **options)
        positions = function(*before, own, *others, **options)
    except (TypeError, ValueError, IndexError):
        return False
    several = isinstance(made, tuple | list)
    parts = list(made) if several else [made]
    for number, part in enumerate(parts):
        where = positions[number] if several else positions
        places = memory if memory is None or not several else memory[number]
        looked_at = (where, own) if places is None else (places, known)
        if not np.ndim(where) or part is base or not np.shares_memory(*looked_at):
            continue
        if part.node.dtype != base.node.dtype:
            if is_converted:
                continue
            return False  # the real parts of complex numbers
        if is_converted:
            return False
        part.is_shared = not where.flags.writeable  # a diagonal, or what is broadcast, is only looked at

        def read(node: Node, number: int = number) -> Node:
            found = apply_rule(rule, (*before, node, *rest), kwargs)
            return found[number] if several else found  # type: ignore[no-any-return]

        part.looks_into = View(base, read, functools.partial(_replaced, positions=where), places)
    return True


def link_perhaps(made: Sequence["ArrayTracer"], arrays: Sequence["ArrayTracer"]) -> None:
    """Notes that it is not known whether some arrays are views of others; where these are many, none is written to."""
    if len(arrays) > 1:
        for array in (*made, *arrays):
            array.is_shared = True
        return
    [base] = arrays
    for part in made:
        if part is not base:
            part.looks_into, part.is_shared = PossibleView(base, part.node), True


def link_at(made: Any, base: "ArrayTracer", read: Callable[[Node], Node], write: Callable[[Node, Node], Node]) -> None:
    """Makes an array a view of a part of another one, at a place that depends on the arguments."""
    made.looks_into, made.is_shared = View(base, read, write, None), base.is_shared
