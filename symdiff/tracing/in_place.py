"""Functions that write into an array they are given: `np.copyto(y, x)`, `y.fill(0.0)`, `np.sin(x, out=y)`.

In: an array that the traced function made itself. Out: the array holds what the function puts there.
"""

import functools
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.lengths import counted
from symdiff.ir.nodes import Node, ambient
from symdiff.ir.shapes import common_shape
from symdiff.tracing import in_place_at
from symdiff.tracing.assignment import added_at, assigned, refuse_other_shape, refuse_shared
from symdiff.tracing.calls import unknown_method, writes_otherwise
from symdiff.tracing.conversions import no_room_for_formulas
from symdiff.tracing.counted_iterators import CountedIterator
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.purity import outside_write
from symdiff.tracing.rules import rule_named
from symdiff.tracing.values import has_tracer, is_traced, to_node

Writing = Callable[..., None]


def put_into(array: Any, key: Any, value: Any) -> None:
    """`array[key] = value`."""
    _may_be_written(array)
    array.node = assigned(array.node, key, value)


def _may_be_written(array: Any) -> None:
    if not is_traced(array) or not hasattr(array, "is_shared"):
        is_own = isinstance(array, np.ndarray) and array.flags.writeable
        refuse(no_room_for_formulas(user_origin()) if is_own else outside_write("an array"))
    ambient.origin = user_origin()
    refuse_shared(array)


def _copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    _may_be_written(dst)
    put_into(dst, Ellipsis, _chosen(where, to_node(src), dst.node))


def _chosen(where: Any, new: Node, old: Node) -> Node:
    """The new values where the mask says so."""
    return new if where is True else make.select(to_node(where), make.as_real(new) if old.dtype == "real" else new, old)


def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    """`np.put(a, ind, v)`."""
    _may_be_written(a)
    a.node = in_place_at.put(a.node, ind, v, mode)


def _putmask(a: Any, mask: Any, values: Any) -> None:
    _may_be_written(a)
    a.node = in_place_at.put_where(a.node, mask, values)


def _place(arr: Any, mask: Any, vals: Any) -> None:
    _may_be_written(arr)
    arr.node = in_place_at.placed(arr.node, mask, vals)


def _put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None) -> None:
    _may_be_written(arr)
    arr.node = in_place_at.put_along_axis(arr.node, indices, values, axis)


def _fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    _may_be_written(a)
    at = np.arange(min(counted(length, "a diagonal") for length in a.node.shape))
    put_into(a, (at,) * a.node.ndim, val)


def add_at(array: Any, key: Any, value: Any) -> None:
    """`np.add.at(array, key, value)`."""
    _may_be_written(array)
    array.node = added_at(array.node, key, value)


def changed_at(array: Any, key: Any, operation: Callable[..., Node], *values: Any) -> None:
    """`ufunc.at(array, key, values)`."""
    _may_be_written(array)
    array.node = in_place_at.changed_at(array.node, key, operation, *values)


class InPlace:
    """The methods of arrays that write into them, or look into them to be written to."""

    __slots__ = ()

    node: Any

    def sort(self, axis: int = -1, kind: Any = None) -> None:
        _may_be_written(self)
        self.node = rule_named("numpy.sort").apply(self.node, axis)

    def fill(self, value: Any) -> None:
        put_into(self, Ellipsis, value)

    def copy(self: Any, order: str = "C") -> Any:
        made = super().copy(order)  # type: ignore[misc]
        made.is_rows_first = order == "C"
        return made

    def view(self: Any, dtype: Any = None, type: Any = None) -> Any:
        if dtype is not None or type is not None:
            refuse(unknown_method("view", is_array=True))
        return self[...]

    @property
    def real(self) -> Any:
        return super().real  # type: ignore[misc]

    @real.setter
    def real(self, value: Any) -> None:
        if self.node.dtype == "complex":
            refuse(writes_otherwise("an assignment to the real part", "z = value + 1j * z.imag"))
        if value is not self:  # `y.real += x` has written already
            put_into(self, Ellipsis, value)

    def put(self, indices: Any, values: Any, mode: str = "raise") -> None:
        put(self, indices, values, mode)

    @property
    def flat(self) -> "Flat":
        return Flat(self)

    @flat.setter
    def flat(self, values: Any) -> None:
        put(self, np.arange(counted(self.node.size, "an assignment to `flat`")), values)


class Flat(CountedIterator):
    """`array.flat`: an iterator over the elements one after the other, which may also be indexed and written to."""

    def __init__(self, array: Any) -> None:
        super().__init__(array.flatten()[at] for at in range(len(array.flatten())))
        self._array = array

    def __len__(self) -> int:
        return len(self._array.flatten())

    def __getitem__(self, key: Any) -> Any:
        return self._array.flatten()[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        is_plain = not has_tracer(key)
        put(self._array, np.arange(len(self))[key] if is_plain else key, value)


_FUNCTIONS: dict[Any, Writing] = {np.copyto: _copyto, np.put: put, np.fill_diagonal: _fill_diagonal}
_FUNCTIONS |= {np.putmask: _putmask, np.place: _place, np.put_along_axis: _put_along_axis}


def in_place(function: Any) -> Writing | None:
    """What a function does to the array that it is given, or None."""
    try:
        return _FUNCTIONS.get(function)
    except TypeError:  # a callable without a hash
        return None


def names_out(function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Whether a call says where its result is to be put: into which array, or under which mask."""
    if function is np.nan_to_num:
        return not kwargs.get("copy", True)
    if kwargs and (kwargs.get("out") is not None or without_where(function, kwargs)[1] is not True):
        return True
    return len(args) > 1 and len(args) > place_of_out(function)


def place_of_out(function: Any) -> float:
    """The position at which a function of NumPy's takes the array that it puts its result in."""
    try:
        return _place_of_out(function)
    except TypeError:  # a callable without a hash
        return math.inf


@functools.cache
def _place_of_out(function: Any) -> float:
    if isinstance(function, np.ufunc):
        return function.nin
    if function is np.dot:  # it tells no signature
        return 2
    if not str(getattr(function, "__module__", "")).startswith("numpy"):
        return math.inf
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # it tells none
        return math.inf
    positional = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    return positional.index("out") if "out" in positional else math.inf


def without_out(
    function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Sequence[Any], Mapping[str, Any], Any]:
    """The arguments without `out`, and the array that it names, if any; `copy=False` names the first argument."""
    if function is np.nan_to_num and not kwargs.get("copy", True) and is_traced(args[0]):
        return args, {key: value for key, value in kwargs.items() if key != "copy"}, args[0]
    out = kwargs.get("out")
    kwargs = {key: value for key, value in kwargs.items() if key != "out"} if "out" in kwargs else kwargs
    at = place_of_out(function)
    if len(args) > at:
        at = int(at)
        args, out = (*args[:at], *args[at + 1 :]), args[at]
    return args, kwargs, out[0] if isinstance(out, tuple) and len(out) == 1 else out


def without_where(function: Any, kwargs: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
    """The keywords of a ufunc without `where`, and the mask: True for everything."""
    if "where" not in kwargs or not isinstance(function, np.ufunc):
        return kwargs, True
    return {key: value for key, value in kwargs.items() if key != "where"}, kwargs["where"]


def written_out(function: Any, out: Any, value: Any, where: Any = True) -> Any:
    """The array `out`, holding the value where the mask says so: what a function with `out=` returns."""
    _may_be_written(out)
    new = _chosen(where, to_node(value), to_node(out))
    if isinstance(function, np.ufunc) and common_shape([new.shape, to_node(out).shape]) == to_node(out).shape:
        new = make.broadcast(new, to_node(out).shape)
    if to_node(out).shape != new.shape:
        refuse_other_shape(to_node(out).shape, new.shape)
    put_into(out, Ellipsis, new)
    return out


def written_anew(value: Any, where: Any) -> Node:
    """What a ufunc with a mask and no `out=` returns: NumPy sets the other elements to nothing in particular."""
    return _chosen(where, to_node(value), make.constant(math.nan))
