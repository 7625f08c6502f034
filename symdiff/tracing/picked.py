"""What a mask picks from an array, `x[x > 0]`, as long as nobody asks how many elements that are.

In: an array and a mask that depends on the arguments. Out: an object that computes with all elements, and counts those
that the mask picks: elementwise functions, sums and the like, and assignment back to where they came from have a closed
form. Everything else is refused, as the length of the result depends on the arguments.
"""

import functools
import operator
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from symdiff.errors import AssignmentError, UnsupportedError
from symdiff.ir import make
from symdiff.ir.nodes import Const, Node
from symdiff.ops import piecewise as p
from symdiff.origin import Origin
from symdiff.tracing import tracer
from symdiff.tracing.arithmetic_errors import raise_where
from symdiff.tracing.assignment import as_mask, is_augmented_read, mask_among
from symdiff.tracing.forking import current_session, following, refuse
from symdiff.tracing.frames import user_frame, user_origin
from symdiff.tracing.numpy_indexing import indexed, no_mask
from symdiff.tracing.rules import rule_named
from symdiff.tracing.tracer import ArrayTracer, call, call_ufunc, wrap
from symdiff.tracing.values import is_numeric, is_traced

_OF_NOTHING = {"max": -np.inf, "min": np.inf}
_REDUCTIONS = {getattr(np, name): name for name in ("sum", "prod", "mean", "var", "std", "any", "all", "max", "min")}


def picked_by_mask(array: ArrayTracer, key: Any) -> Any:
    """`array[key]` where the key is a mask for every element, or row, whose values are not known; else None."""
    if following() is not None or current_session() is None:
        return None
    whole, key = _parted(array.node, key)
    if type(key) is not ArrayTracer:
        return None
    mask = key.node
    if mask.dtype != "bool" or isinstance(mask, Const) or mask.shape != whole.shape[: mask.ndim]:
        return None
    return Picked(whole, mask, user_origin(), is_put_back=is_augmented_read(user_frame()))


def _parted(array: Node, key: Any) -> tuple[Node, Any]:
    """`x[mask, 1:]` as the part `x[:, 1:]` and the mask."""
    key = as_mask(key)
    among = mask_among(key)
    return (array, key) if among is None or among.axis else (indexed(array, among.basic), among.mask)


def _operator(name: str) -> Callable[..., Any]:
    compute = getattr(operator, name)

    def method(self: "Picked", *others: Any) -> Any:
        return self.with_whole(compute(*self.wholes([self, *others])))

    return method


def _reflected(name: str) -> Callable[..., Any]:
    compute = getattr(operator, name)

    def method(self: "Picked", other: Any) -> Any:
        return self.with_whole(compute(*self.wholes([other, self])))

    return method


def _reduction(name: str) -> Callable[..., Any]:
    def method(self: "Picked", *args: Any, **kwargs: Any) -> Any:
        return self.reduced(name, *args, **kwargs)

    return method


def _in_place(name: str) -> Callable[..., Any]:
    def method(self: "Picked", _: Any) -> Any:
        return NotImplemented if self.is_put_back else refuse(_changed_in_place(name))  # Python then computes y + a

    return method


def _changed_in_place(operator_text: str) -> AssignmentError:
    return AssignmentError(
        "what a mask picks is changed in place",
        origin=user_origin(),
        why="It has no memory of its own in the closed form, and others that hold it would not see the change.",
        fix=f"make new values, y = y {operator_text} a; or write where they come from, x[mask] {operator_text}= a",
    )


class Picked:
    """The elements that a mask picks. Unknown attributes, iteration and conversions are refused.

    is_put_back: whether they are read for `array[mask] += a`, so that nobody else holds them.
    """

    __slots__ = ("_mask", "_origin", "_whole", "is_put_back")

    __array_priority__ = 2000.0
    __hash__ = object.__hash__

    def __init__(self, whole: Node, mask: Node, origin: Origin | None, *, is_put_back: bool = False) -> None:
        self._whole = whole
        self.is_put_back = is_put_back
        self._mask = mask
        self._origin = origin  # of the indexing, which is what is refused

    def with_whole(self, whole: Any) -> "Picked":
        """The same picks of other values."""
        return Picked(whole.node, self._mask, self._origin)

    def wholes(self, operands: list[Any]) -> list[Any]:
        """What operands are before the mask picks of them: numbers stay, and picks must be of the same mask."""
        return [self._whole_of(operand) for operand in operands]

    def _whole_of(self, operand: Any) -> Any:
        if isinstance(operand, Picked):
            if operand._mask is self._mask and operand._whole.ndim == self._whole.ndim:
                return wrap(operand._whole)
        elif is_numeric(operand) and np.ndim(operand) <= self._whole.ndim - self._mask.ndim:
            return operand
        return self._refuse()

    def _mask_for(self, whole: Node) -> Node:
        """The mask as it is laid along the elements."""
        return make.reshape(self._mask, self._mask.shape + (1,) * (whole.ndim - self._mask.ndim))

    def _zero_elsewhere(self) -> Any:
        return wrap(make.select(self._mask_for(self._whole), self._whole, 0.0))

    def behind(self, key: Any, old: Node) -> Any:
        """The values that `array[key] = self` puts where the mask holds; whole, as the same mask chooses there."""
        part, key = _parted(old, key)
        if is_traced(key) and key.node is self._mask and part.shape == self._whole.shape:
            return wrap(self._whole)
        return self._refuse()

    def reduced(self, name: str, axis: Any = None, **kwargs: Any) -> Any:
        """A sum, mean, … over what is picked, or along its axes."""
        if not (axis is None or (type(axis) is int and self._mask.ndim == 1)) or not kwargs.keys() <= {"ddof"}:
            self._refuse()
        reduce = rule_named(f"numpy.{name}")
        if axis is not None:
            axis = make.normal_axis(axis, self._whole.ndim)
            if axis:  # along each row
                return self.with_whole(call(reduce, (wrap(self._whole),), {**kwargs, "axis": axis}))
        first = _OF_NOTHING.get(name)
        if first is not None:
            self._require_elements(name)
            kwargs["initial"] = first
        where = wrap(self._mask_for(self._whole))
        return call(reduce, (wrap(self._whole),), {**kwargs, "axis": axis, "where": where})

    def _require_elements(self, name: str) -> None:
        """The largest of no elements raises, as in NumPy."""
        error = ValueError(f"zero-size array to reduction operation {name}imum which has no identity")
        raise_where(p.logical_not(make.reduce("any", self._mask)), error)

    @property
    def shape(self) -> tuple[Any, ...]:
        """How many there are, which depends on the arguments, and the shape of each."""
        count = call(rule_named("numpy.sum"), (wrap(make.select(self._mask, 1.0, 0.0)),), {})
        return count, *self._whole.shape[self._mask.ndim :]

    @property
    def size(self) -> Any:
        return functools.reduce(operator.mul, self.shape)

    @property
    def ndim(self) -> int:
        return 1 + self._whole.ndim - self._mask.ndim

    def copy(self) -> "Picked":
        return self

    def __matmul__(self, other: Any) -> Any:
        """A sum over all that is picked, or a product of each row."""
        if self._mask.ndim > 1:
            self._refuse()
        if isinstance(other, Picked) and other._mask is self._mask and self._whole.ndim == 1:
            return self._zero_elsewhere() @ other._zero_elsewhere()
        if isinstance(other, Picked) or self._whole.ndim != 2 or not is_numeric(other):
            self._refuse()
        return self.with_whole(wrap(self._whole) @ other)

    dot = __matmul__

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs or ufunc.signature is not None:
            self._refuse()
        return self.with_whole(call_ufunc(ufunc, method, self.wholes(list(inputs)), {}))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function is np.dot and not kwargs:
            return self.dot(args[1])
        if function not in _REDUCTIONS or not isinstance(args[0], Picked):
            self._refuse()
        return args[0].reduced(_REDUCTIONS[function], *args[1:], **kwargs)

    def refusal(self) -> UnsupportedError:
        """What is said of a use that asks how many there are."""
        return no_mask(self._origin)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        refuse(self.refusal())

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        self._refuse()

    __len__ = __iter__ = __getitem__ = __setitem__ = __contains__ = __array__ = _refuse
    __bool__ = __float__ = __int__ = __index__ = __complex__ = __format__ = __str__ = _refuse

    __add__, __radd__ = _operator("add"), _reflected("add")
    __sub__, __rsub__ = _operator("sub"), _reflected("sub")
    __mul__, __rmul__ = _operator("mul"), _reflected("mul")
    __truediv__, __rtruediv__ = _operator("truediv"), _reflected("truediv")
    __pow__, __rpow__ = _operator("pow"), _reflected("pow")
    __mod__, __rmod__ = _operator("mod"), _reflected("mod")
    __floordiv__, __rfloordiv__ = _operator("floordiv"), _reflected("floordiv")
    __lt__, __le__, __gt__, __ge__ = _operator("lt"), _operator("le"), _operator("gt"), _operator("ge")
    __eq__, __ne__ = _operator("eq"), _operator("ne")
    __neg__, __abs__, __invert__ = _operator("neg"), _operator("abs"), _operator("invert")
    __and__, __or__ = _operator("and_"), _operator("or_")

    __iadd__, __isub__, __imul__, __imatmul__ = _in_place("+"), _in_place("-"), _in_place("*"), _in_place("@")
    __itruediv__, __ifloordiv__, __imod__, __ipow__ = _in_place("/"), _in_place("//"), _in_place("%"), _in_place("**")
    __iand__, __ior__, __ixor__ = _in_place("&"), _in_place("|"), _in_place("^")

    sum, prod, mean = _reduction("sum"), _reduction("prod"), _reduction("mean")
    var, std = _reduction("var"), _reduction("std")
    any, all = _reduction("any"), _reduction("all")
    max, min = _reduction("max"), _reduction("min")


tracer.picked_by_mask = picked_by_mask
