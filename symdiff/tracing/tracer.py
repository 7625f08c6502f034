"""Tracers: what the user's function computes with instead of numbers and arrays.

In: operators, methods and NumPy protocols, applied by the user's code. Out: nodes. Asked for a number, a tracer refuses
with the user's line; asked for a truth value, it lets the session decide which path is being traced (`safety_net`).
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NoReturn

import numpy as np

from symdiff.ir import make
from symdiff.ir.lengths import Length, is_static
from symdiff.ir.nodes import Const, Node, ambient
from symdiff.ops import elementary, piecewise
from symdiff.ops.composites import logical_xor
from symdiff.ops.row import Op
from symdiff.origin import origin_at
from symdiff.tracing import calls, forking
from symdiff.tracing.alternatives import CHANGING
from symdiff.tracing.arithmetic_errors import raise_where_caught
from symdiff.tracing.assignment import assigned, is_augmented_read, refuse_other_shape, refuse_shared
from symdiff.tracing.conversions import NO_DICT
from symdiff.tracing.frames import type_for_the_reader, user_frame, user_origin
from symdiff.tracing.in_place import (
    InPlace,
    add_at,
    changed_at,
    in_place,
    without_out,
    without_where,
    written_anew,
    written_out,
)
from symdiff.tracing.known import all_known, known
from symdiff.tracing.numpy_indexing import indexed, is_view, is_window
from symdiff.tracing.rules import Given, Rule, rule_named, rule_of
from symdiff.tracing.safety_net import SafetyNet
from symdiff.tracing.shadow_globals import ShadowGlobals
from symdiff.tracing.ufuncs import method_rule
from symdiff.tracing.values import NamedResults, has_tracer, is_operand, to_node
from symdiff.tracing.views import View, link, link_at, link_perhaps

PYTHON_TYPES: dict[str, type] = {"real": float, "bool": bool, "complex": complex, "int": int}
_NUMBERS = frozenset({float, int, bool, complex})
_INDEXING = Rule("indexing", indexed, makes_views=True)
_PICKING = Rule("indexing", indexed)
_get_frame = sys._getframe


def _binary(op: Op, *, reflected: bool = False) -> Callable[["Tracer", Any], Any]:
    """An operator. It runs once for every node of a trace, and does what `user_origin` does in line."""

    def method(self: "Tracer", other: Any) -> Any:
        if isinstance(other, Tracer):
            right: Any = other.node
        elif type(other) in _NUMBERS:
            right = other
        else:
            right = self._operand(other)
            if right is None:
                calls.refuse_equality_with_text(op, self.node, other)
                return NotImplemented
        frame = _get_frame(1)
        ambient.origin = origin_at(frame) if type(frame.f_globals) is ShadowGlobals else user_origin()
        arguments = (right, self.node) if reflected else (self.node, right)
        if op.raises:
            raise_where_caught("operator", op.raises, arguments)
        node = make.apply(op, arguments)
        return ArrayTracer(node) if node.shape else Tracer(node)

    return method


def _unary(op: Op) -> Callable[["Tracer"], Any]:
    def method(self: "Tracer") -> Any:
        ambient.origin = user_origin()
        return wrap(make.apply(op, (self.node,)))

    return method


def _logical(op: Callable[..., Any]) -> Callable[["Tracer", Any], Any]:
    """`&`, `|`, `^`: for truth values only, as Python has none of them for floats."""

    def method(self: "Tracer", other: Any) -> Any:
        right = self._operand(other)
        if right is None or right.dtype != "bool" or self.node.dtype != "bool":
            return NotImplemented
        ambient.origin = user_origin()
        return wrap(op(self.node, right))

    return method


def _ruled(name: str, *, reflected: bool = False) -> Callable[..., Any]:
    """A method that is a function of this name, with the tracer as its first argument (reflected: its second)."""

    def method(self: "Tracer", *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("out") is not None:
            return call_function(getattr(np, name.removeprefix("numpy.")), (self, *args), kwargs)
        return call(rule_named(name), (*args, self) if reflected else (self, *args), kwargs)

    return method


def _in_place(name: str) -> Callable[["ArrayTracer", Any], Any]:
    def method(self: "ArrayTracer", other: Any) -> Any:
        result = getattr(self, name)(other)
        if result is NotImplemented:
            return result
        if result.shape != self.shape:
            refuse_other_shape(self.shape, result.shape)
        refuse_shared(self)
        self.node = result.node
        return self

    return method


class Tracer(SafetyNet):
    """A traced number. Arrays are ArrayTracers; both hold a node."""

    __slots__ = ()

    __array_priority__ = 1000.0

    def __init__(self, node: Node) -> None:
        self.node = node

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """What `isinstance` believes in: the type that the value has when the function runs on numbers."""
        return np.ndarray if self.node.shape else type_for_the_reader(PYTHON_TYPES[self.node.dtype])

    @staticmethod
    def _symdiff_apply(op: Op, arguments: tuple[Any, ...]) -> Any:
        """Rows are callable on tracers through this."""
        ambient.origin = user_origin()
        return wrap(make.apply(op, [to_node(argument) for argument in arguments]))

    def _operand(self, other: Any) -> Node | None:
        """The node of the other side of an operator; None where Python should ask that side."""
        return to_node(other) if is_operand(other) else None

    __add__ = _binary(elementary.add)
    __radd__ = _binary(elementary.add, reflected=True)
    __sub__ = _binary(elementary.subtract)
    __rsub__ = _binary(elementary.subtract, reflected=True)
    __mul__ = _binary(elementary.multiply)
    __rmul__ = _binary(elementary.multiply, reflected=True)
    __truediv__ = _binary(elementary.divide)
    __rtruediv__ = _binary(elementary.divide, reflected=True)
    __floordiv__ = _binary(piecewise.floor_divide)
    __rfloordiv__ = _binary(piecewise.floor_divide, reflected=True)
    __mod__ = _binary(piecewise.remainder)
    __rmod__ = _binary(piecewise.remainder, reflected=True)
    __pow__ = _binary(elementary.power)
    __rpow__ = _binary(elementary.power, reflected=True)
    __lt__ = _binary(piecewise.less)
    __le__ = _binary(piecewise.less_equal)
    __gt__ = _binary(piecewise.greater)
    __ge__ = _binary(piecewise.greater_equal)
    __eq__ = _binary(piecewise.equal)
    __ne__ = _binary(piecewise.not_equal)
    __neg__ = _unary(elementary.negative)
    __abs__ = _unary(piecewise.absolute)
    __floor__ = _unary(piecewise.floor)
    __ceil__ = _unary(piecewise.ceil)
    __trunc__ = _unary(piecewise.trunc)
    __and__ = __rand__ = _logical(piecewise.logical_and)
    __or__ = __ror__ = _logical(piecewise.logical_or)
    __xor__ = __rxor__ = _logical(logical_xor)
    __divmod__ = _ruled("builtins.divmod")
    __rdivmod__ = _ruled("builtins.divmod", reflected=True)
    __round__ = _ruled("builtins.round")

    def __invert__(self) -> Any:
        """NumPy's: not. (Python's own `~True` is -2, which nobody means.)"""
        if self.node.dtype != "bool":
            raise TypeError("bad operand type for unary ~: 'float'")
        return _unary(piecewise.logical_not)(self)

    def __pos__(self) -> Any:
        return wrap(self.node)

    __hash__ = SafetyNet.__hash__
    __copy__ = __pos__

    def __deepcopy__(self, memo: Any) -> Any:
        return wrap(self.node)

    # -- NumPy's protocols ----------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return call_function(function, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        kind = np.ndarray if self.node.shape else np.dtype(PYTHON_TYPES[self.node.dtype]).type
        if name.startswith("_") or not hasattr(kind, name):
            raise AttributeError(
                f"'{'numpy.ndarray' if self.node.shape else 'float'}' object has no attribute {name!r}"
            )
        if isinstance(self.node, Const) and name not in CHANGING:
            return getattr(np.asarray(self.node.value), name)
        return forking.refuse(calls.unknown_method(name, is_array=bool(self.node.shape)))

    def __getitem__(self, key: Any) -> Any:
        if key is Ellipsis or key == ():
            return self
        if isinstance(key, str):
            raise TypeError(f"{NO_DICT}: it has no key {key!r}")
        raise TypeError("a traced number is not an array: it cannot be indexed, unpacked or looped over")

    @property
    def shape(self) -> tuple[Any, ...]:
        shape = self.node.shape
        return shape if is_static(shape) else wrap(shape)

    @shape.setter
    def shape(self, shape: Any) -> NoReturn:
        forking.refuse(calls.writes_otherwise("an assignment to the shape of an array", "y = y.reshape(shape)"))

    @property
    def ndim(self) -> int:
        return self.node.ndim

    @property
    def size(self) -> Any:
        return wrap(self.node.size)

    @property
    def dtype(self) -> Any:
        return np.dtype(PYTHON_TYPES[self.node.dtype])

    T = property(_ruled("numpy.transpose"))
    imag = property(_ruled("numpy.imag"))

    @property
    def real(self) -> Any:
        return call(rule_named("numpy.real"), (self,), {}) if self.node.dtype == "complex" else self

    conj = conjugate = _ruled("numpy.conjugate")
    is_integer = _ruled("float.is_integer")

    def reshape(self, *shape: Any, order: str = "C") -> Any:
        wanted = shape[0] if len(shape) == 1 else shape
        return call(rule_named("numpy.reshape"), (self, wanted), {"order": order})

    def transpose(self, *axes: Any) -> Any:
        wanted = None if not axes else axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return call(rule_named("numpy.transpose"), (self, wanted), {})

    def copy(self, order: str = "C") -> Any:
        return call(rule_named("numpy.array"), (self,), {})

    def compress(self, condition: Any, axis: int | None = None) -> Any:
        return call(rule_named("numpy.compress"), (condition, self), {"axis": axis})

    def flatten(self, order: str = "C") -> Any:
        return wrap(self.copy().reshape(-1, order=order).node)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        return call(rule_named("numpy.array" if copy else "numpy.asarray"), (self, dtype), {})

    def item(self, *position: int) -> Any:
        if not position and self.node.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self.reshape(-1)[position[0] if position else 0] if self.node.shape else self

    def tolist(self) -> Any:
        return self


# The methods that are functions of NumPy's, with the array as their first argument.
_METHODS = (
    "sum prod max min mean var std any all cumsum cumprod dot ravel clip round squeeze take repeat "
    "nonzero swapaxes argmax argmin argsort argpartition searchsorted choose diagonal trace"
)
for _method in _METHODS.split():
    setattr(Tracer, _method, _ruled(f"numpy.{_method}"))

_held: Any = Tracer.node  # type: ignore[misc]  # where a tracer keeps its node


class ArrayTracer(InPlace, Tracer):
    """A traced array of at least one axis.

    is_shared: whether others may look at the same memory when the function runs on numbers, and could not be told of a
        change: the caller, arrays of which it is not known. Such an array is not written to.
    looks_into: the view that the array is, if its memory is another one's.
    is_rows_first: whether its elements are known to follow one another in memory.
    """

    __slots__ = ("is_rows_first", "is_shared", "looks_into")

    on_open_loop: ClassVar[Callable[[Any], NoReturn]]  # in a loop over an array of an open length: `open_lengths` knows

    def __init__(self, node: Node, is_shared: bool = False) -> None:
        self.looks_into: View | None = None
        self.node = node
        self.is_shared = is_shared
        self.is_rows_first = False

    @property
    def node(self) -> Node:
        """What the array holds now."""
        return _held.__get__(self) if self.looks_into is None else self.looks_into.value()

    @node.setter
    def node(self, new: Node) -> None:
        if self.looks_into is None:
            _held.__set__(self, new)
        else:
            self.looks_into.write(new)

    def _operand(self, other: Any) -> Node | None:
        return to_node(other) if isinstance(other, list | tuple) or is_operand(other) else None

    def __len__(self) -> int:
        length = self.node.shape[0]
        return self.on_open_loop() if isinstance(length, Length) else length

    def __iter__(self) -> Iterator[Any]:
        for position in range(len(self)):
            yield self[position]

    def __getitem__(self, key: Any) -> Any:
        if is_window(key):
            window = call(_PICKING, (self, key), {})
            window.is_shared = self.is_shared = True  # who writes into one of them has no closed form
            return window
        found = picked_by_mask(self, key)
        if found is not None:
            return found
        if not is_view(key) or is_augmented_read(user_frame()):
            return call(_PICKING, (self, key), {})
        if not has_tracer(key):
            return call(_INDEXING, (self, key), {})
        part = call(_PICKING, (self, key), {})
        if type(part) is ArrayTracer:
            place = unwrap(key)
            link_at(part, self, lambda old: indexed(old, place), lambda old, new: assigned(old, place, new))
        return part

    def __setitem__(self, key: Any, value: Any) -> None:
        ambient.origin = user_origin()
        refuse_shared(self)
        if hasattr(type(value), "behind"):
            value = value.behind(key, self.node)
        self.node = assigned(self.node, key, value)

    def tolist(self) -> Any:
        return [part.tolist() for part in self]

    def __contains__(self, value: Any) -> bool:
        return any(element == value for element in self.reshape(-1))

    __matmul__ = _ruled("numpy.matmul")
    __rmatmul__ = _ruled("numpy.matmul", reflected=True)
    __iadd__ = _in_place("__add__")
    __isub__ = _in_place("__sub__")
    __imul__ = _in_place("__mul__")
    __itruediv__ = _in_place("__truediv__")
    __ipow__ = _in_place("__pow__")
    __ifloordiv__ = _in_place("__floordiv__")
    __imod__ = _in_place("__mod__")
    __iand__ = _in_place("__and__")
    __ior__ = _in_place("__or__")
    __ixor__ = _in_place("__xor__")


# The tracers of kinds of scalar nodes that have one of their own.
TRACERS: dict[type[Node], type[Tracer]] = {}


def picked_by_mask(array: ArrayTracer, key: Any) -> Any:
    """What a mask picks, if the key is one; `picked` knows it."""


def wrap(value: Any) -> Any:
    """The tracer of a node; lists and tuples of nodes become lists and tuples of tracers."""
    if isinstance(value, Node):
        return ArrayTracer(value) if value.shape else TRACERS.get(type(value), Tracer)(value)
    if isinstance(value, Length):
        return wrap(make.size_of(value))
    if type(value) is tuple or type(value) is list:
        return type(value)([wrap(part) for part in value])
    if type(value) is NamedResults:
        return NamedResults([wrap(part) for part in value], value.names)
    return value


def unwrap(value: Any) -> Any:
    """The node of a tracer; lists and tuples of tracers become lists and tuples of nodes."""
    if isinstance(value, Tracer):
        return value.node
    if type(value) is tuple or type(value) is list:
        return type(value)([unwrap(part) for part in value])
    return value


def call(rule: Rule, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The rule's result as tracers. Where views cannot be told, they and their bases may not be written to any more."""
    found = calls.apply_rule(rule, args, kwargs)
    if isinstance(found, Given):
        return found.value
    result = wrap(found)
    if not rule.makes_views:
        return result
    made = [part for part in (result if isinstance(result, tuple | list) else [result]) if type(part) is ArrayTracer]
    arrays = [arg for arg in (*args, *kwargs.values()) if type(arg) is ArrayTracer]
    if made and arrays and not link(rule, result, args, kwargs):
        link_perhaps(made, arrays)
    return result


def call_function(function: Any, args: Sequence[Any], kwargs: Mapping[str, Any], name: str = "") -> Any:
    """The function on traced values. One without a rule is called with numbers where they are known after all."""
    writes = in_place(function)
    if writes is not None:
        return writes(*args, **kwargs)
    args, kwargs, out = without_out(function, args, kwargs)
    kwargs, where = without_where(function, kwargs)
    if out is not None:
        return written_out(function, out, call_function(function, args, kwargs, name), where)
    if where is not True:
        return wrap(written_anew(call_function(function, args, kwargs, name), where))
    if rule_of(function) is None and all_known((args, kwargs)):
        return calls.on_numbers(function, known(args), known(kwargs), name)
    return call(calls.rule_or_refusal(function, name), args, kwargs)


def call_ufunc(ufunc: np.ufunc, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """A ufunc, or a method of it."""
    if method == "__call__":
        return call_function(ufunc, args, kwargs)
    name = f"numpy.{ufunc.__name__}.{method}"
    if method == "at" and ufunc in (np.add, np.subtract) and isinstance(args[0], ArrayTracer):
        return add_at(args[0], args[1], args[2] if ufunc is np.add else -args[2])
    if method == "at" and isinstance(args[0], ArrayTracer):
        return changed_at(args[0], unwrap(args[1]), calls.rule_that_writes(ufunc, name).apply, *args[2:])
    rule = method_rule(ufunc, method)
    if rule is None:
        return call_function(getattr(ufunc, method), args, kwargs, name)
    return call(Rule(name, rule), args, kwargs)
