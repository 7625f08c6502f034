"""Tracers: what the user's function computes with instead of numbers and arrays.

In: operators, methods and NumPy protocols, applied by the user's code. Out: nodes. Asked for a number, a tracer refuses
with the user's line; asked for a truth value, it lets the session decide which path is being traced.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, NoReturn

import numpy as np

from symdiff.errors import AssignmentError, ConversionError, ShapeError, SymdiffError, UnsupportedError
from symdiff.ir import make
from symdiff.ir.nodes import Const, Node, ambient
from symdiff.ops import elementary, piecewise
from symdiff.ops.row import Op
from symdiff.origin import Origin
from symdiff.trace import forking
from symdiff.trace.conversions import cannot_convert, cannot_hash
from symdiff.trace.rules import row_of, rule_of
from symdiff.trace.shadow_globals import ShadowGlobals

_NUMBERS = frozenset({float, int, bool})
_get_frame = sys._getframe


def user_frame() -> FrameType | None:
    """The innermost frame of a function that is being traced."""
    frame: FrameType | None = _get_frame(1)
    while frame is not None and type(frame.f_globals) is not ShadowGlobals:
        frame = frame.f_back
    return frame


def user_origin() -> Origin | None:
    """The instruction that the function being traced is at."""
    frame = user_frame()
    return None if frame is None else Origin(frame.f_code, frame.f_lasti)


class Part(Origin):
    """The origin of a value on the way to the one that the user's instruction makes: it has no name of its own."""

    __slots__ = ()

    @property
    def binds(self) -> str | None:
        return None


def _binary(op: Op, *, reflected: bool = False) -> Callable[["Tracer", Any], Any]:
    def method(self: "Tracer", other: Any) -> Any:
        if isinstance(other, Tracer):
            right: Any = other.node
        elif type(other) in _NUMBERS:
            right = other
        else:
            right = self._operand(other)
            if right is None:
                return NotImplemented
        frame = _get_frame(1)
        if type(frame.f_globals) is ShadowGlobals:
            ambient.origin = Origin(frame.f_code, frame.f_lasti)
        else:
            ambient.origin = user_origin()
        return wrap(make.apply(op, (right, self.node) if reflected else (self.node, right)))

    return method


def _unary(op: Op) -> Callable[["Tracer"], Any]:
    def method(self: "Tracer") -> Any:
        ambient.origin = user_origin()
        return wrap(make.apply(op, (self.node,)))

    return method


def _ruled(target: Any, *, reflected: bool = False) -> Callable[..., Any]:
    """A method or operator that is a function's rule with the tracer as its first argument."""

    def method(self: "Tracer", *args: Any, **kwargs: Any) -> Any:
        for arg in args:
            if arg is not None and not is_numeric(arg) and not isinstance(arg, tuple | list | type | str | int):
                return NotImplemented
        return call_function(target, (*args, self) if reflected else (self, *args), kwargs)

    return method


class Tracer:
    """A traced number. Arrays are ArrayTracers; both hold a node."""

    __slots__ = ("node",)

    __array_priority__ = 1000.0

    def __init__(self, node: Node) -> None:
        self.node = node

    @staticmethod
    def _symdiff_apply(op: Op, arguments: tuple[Any, ...]) -> Any:
        """Rows are callable on tracers through this."""
        ambient.origin = user_origin()
        return wrap(make.apply(op, [to_node(argument) for argument in arguments]))

    def _operand(self, other: Any) -> Node | None:
        """The node of the other side of an operator; None where Python should ask that side."""
        if isinstance(other, np.ndarray | np.generic) or is_numeric(other):
            return to_node(other)
        return None

    __add__ = _binary(elementary.add)
    __radd__ = _binary(elementary.add, reflected=True)
    __sub__ = _binary(elementary.subtract)
    __rsub__ = _binary(elementary.subtract, reflected=True)
    __mul__ = _binary(elementary.multiply)
    __rmul__ = _binary(elementary.multiply, reflected=True)
    __truediv__ = _binary(elementary.divide)
    __rtruediv__ = _binary(elementary.divide, reflected=True)
    __pow__ = _binary(elementary.power)
    __rpow__ = _binary(elementary.power, reflected=True)
    __lt__ = _binary(piecewise.less)
    __le__ = _binary(piecewise.less_equal)
    __gt__ = _binary(piecewise.greater)
    __ge__ = _binary(piecewise.greater_equal)
    __eq__ = _binary(piecewise.equal)  # type: ignore[assignment]
    __ne__ = _binary(piecewise.not_equal)  # type: ignore[assignment]
    __neg__ = _unary(elementary.negative)
    __abs__ = _unary(piecewise.absolute)

    def __pos__(self) -> Any:
        return self

    # -- a number is asked for: the safety net ----------------------------------------------------------------

    def __bool__(self) -> bool:
        node = self.node
        if isinstance(node, Const) and not node.shape:
            return bool(node.value)
        session = forking.current_session()
        origin = user_origin()
        if session is None:
            forking.refuse(cannot_convert(node, "bool", origin))
        if node.size != 1:
            error = ShapeError(
                f"the truth value of an array of shape {node.shape} is ambiguous",
                origin=origin,
                why="An `if` needs one condition.",
                fix="use np.any(...) or np.all(...), or choose element by element with np.where(condition, a, b)",
            )
            forking.refuse(error)
        ambient.origin = origin
        condition = make.reshape(node, ())
        condition = condition if condition.dtype == "bool" else make.apply(piecewise.not_equal, (condition, 0.0))
        return session.decide(condition, origin)

    def __float__(self) -> float:
        return float(self._known("float"))

    def __int__(self) -> int:
        return int(self._known("int"))

    def __index__(self) -> int:
        value = self._known("index")
        if value != int(value):
            raise TypeError(f"{value} is not an integer")
        return int(value)

    def __complex__(self) -> complex:
        return complex(self._known("complex"))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.asarray(self._known("array"), dtype=dtype)

    def __str__(self) -> str:
        return str(self._known("str"))

    def __format__(self, specification: str) -> str:
        return format(self._known("str"), specification)

    def __repr__(self) -> str:
        return f"<traced {'number' if not self.node.shape else f'array of shape {self.node.shape}'}>"

    def __hash__(self) -> int:
        forking.refuse(cannot_hash(self.node, user_origin()))

    def _known(self, how: str) -> Any:
        """The value of a node that is the same for all arguments; a refusal for any other."""
        if isinstance(self.node, Const):
            return self.node.value
        forking.refuse(cannot_convert(self.node, how, user_origin()))

    def __copy__(self) -> "Tracer":
        return self

    def __deepcopy__(self, memo: Any) -> "Tracer":
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        forking.refuse(cannot_convert(self.node, "bytes", user_origin()))

    # -- NumPy's protocols ------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__":
            return call_function(ufunc, inputs, kwargs)
        return call_function(getattr(ufunc, method), inputs, kwargs, name=f"numpy.{ufunc.__name__}.{method}")

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return call_function(function, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if not hasattr(np.ndarray, name) and not hasattr(float, name):
            raise AttributeError(
                f"'{'numpy.ndarray' if self.node.shape else 'float'}' object has no attribute {name!r}"
            )
        forking.refuse(_unsupported(f".{name} of an array" if hasattr(np.ndarray, name) else f".{name} of a number"))

    def __getitem__(self, key: Any) -> Any:
        if key in ((), Ellipsis):
            return self
        raise TypeError("a traced number is not an array: it cannot be indexed or iterated over")

    def __setitem__(self, key: Any, value: Any) -> None:
        error = AssignmentError(
            "an assignment into a traced array",
            origin=user_origin(),
            why="A traced array is a value: it does not change.",
            fix="build a list and make an array of it, `np.array([...])`, or choose with np.where",
        )
        forking.refuse(error)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.node.shape

    @property
    def ndim(self) -> int:
        return self.node.ndim

    @property
    def size(self) -> int:
        return self.node.size

    @property
    def dtype(self) -> Any:
        return np.dtype(bool if self.node.dtype == "bool" else float)

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        return wrap(make.transpose(self.node))

    @property
    def real(self) -> Any:
        return self

    @property
    def imag(self) -> Any:
        return wrap(make.broadcast(make.constant(0.0), self.node.shape))


class ArrayTracer(Tracer):
    """A traced array of at least one axis."""

    __slots__ = ()

    def _operand(self, other: Any) -> Node | None:
        return to_node(other) if isinstance(other, list | tuple) else super()._operand(other)

    def __len__(self) -> int:
        return self.node.shape[0]

    def __iter__(self) -> Iterator[Any]:
        for position in range(len(self)):
            ambient.origin = user_origin()
            yield wrap(make.index(self.node, position))

    def __getitem__(self, key: Any) -> Any:
        ambient.origin = user_origin()
        return wrap(index(self.node, key))

    def __contains__(self, value: Any) -> bool:
        return any(bool(element == value) for element in self.reshape(-1))


def index(node: Node, key: Any) -> Node:
    """`node[key]` for a key that is the same for all arguments."""
    from symdiff.trace.indexing import take

    return take(node, key)


_OPERATORS = {
    "floordiv": "operator.floordiv",
    "mod": "operator.mod",
    "and": "operator.and_",
    "or": "operator.or_",
    "xor": "operator.xor",
    "matmul": "operator.matmul",
    "divmod": "builtins.divmod",
}


def wrap(value: Any) -> Any:
    """The tracer of a node; containers of nodes become the same containers of tracers."""
    if isinstance(value, Node):
        return ArrayTracer(value) if value.shape else Tracer(value)
    if isinstance(value, tuple | list):
        return type(value)(wrap(part) for part in value)
    return value


def is_numeric(value: Any) -> bool:
    """Whether a node can be made of the value as it stands."""
    if isinstance(value, Tracer | Node | float | int | np.bool_):
        return True
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "biufO"
    return hasattr(type(value), "__float__") and not isinstance(value, str)


def to_node(value: Any) -> Node:
    """The node of a tracer, a number, an array, or a nested list of them."""
    if isinstance(value, Tracer):
        return value.node
    if isinstance(value, Node):
        return value
    if isinstance(value, list | tuple):
        return make.stack([to_node(part) for part in value]) if has_tracer(value) else make.lift(np.asarray(value))
    if isinstance(value, np.ndarray) and value.dtype == object:
        return make.reshape(make.stack([to_node(part) for part in value.ravel()]), value.shape)
    if not is_numeric(value):
        raise TypeError(f"{type(value).__name__} {value!r} is not a real number or an array of them")
    return make.lift(value)


def has_tracer(value: Any) -> bool:
    """Whether a tracer is in the value: itself, or in nested lists, tuples, dicts or object arrays."""
    if isinstance(value, Tracer):
        return True
    if isinstance(value, list | tuple):
        return any(map(has_tracer, value))
    if isinstance(value, dict):
        return any(map(has_tracer, value.values()))
    return isinstance(value, np.ndarray) and value.dtype == object and any(map(has_tracer, value.flat))


def call_function(target: Any, args: Sequence[Any], kwargs: dict[str, Any], name: str = "") -> Any:
    """The function's rule on the user's arguments; a refusal by name where there is none."""
    known = rule_of(target)
    if known is None:
        forking.refuse(_unsupported(name or name_of(target)))
    return call_rule(*known, args, kwargs)


def call_rule(name: str, rule: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """The rule's result as tracers. Only the value that the call returns takes the name it is assigned to."""
    frame = user_frame()
    origin = part = None
    if frame is not None:
        origin, part = Origin(frame.f_code, frame.f_lasti), Part(frame.f_code, frame.f_lasti)
    ambient.origin = part
    if kwargs:
        kwargs = _accepted(name, rule, kwargs)
    if isinstance(rule, Op):
        if len(args) != rule.arity:
            raise TypeError(f"{name}() takes {rule.arity} arguments but {len(args)} were given")
        result = make.apply(rule, [to_node(arg) for arg in args])
    else:
        result = rule(*args, **kwargs)
    if isinstance(result, Node) and result.origin is part:
        result.origin = origin
    return wrap(result)


def _accepted(name: str, rule: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The keywords that the rule knows. Others are refused by name, unless they say what is so anyway."""
    code = None if isinstance(rule, Op) else rule.__code__
    known = () if code is None else code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    accepted = {key: value for key, value in kwargs.items() if key in known}
    for key, value in kwargs.items():
        says_nothing = value is None or value is np._NoValue or (key == "where" and value is True)
        plain_dtype = key == "dtype" and value in (float, np.float64, "float", "float64", "d")
        layout = key in ("order", "subok", "casting", "copy")
        if key not in known and not (says_nothing or plain_dtype or layout):
            forking.refuse(_unsupported(f"`{key}=` of {name}"))
    return accepted


def name_of(target: Any) -> str:
    """What the user calls a function."""
    module = getattr(target, "__module__", None) or ("numpy" if isinstance(target, np.ufunc) else "")
    name = getattr(target, "__qualname__", None) or getattr(target, "__name__", None) or repr(target)
    return f"{module}.{name}" if module and module != "builtins" else name


def _unsupported(what: str) -> SymdiffError:
    return UnsupportedError(
        f"{what} is not traceable",
        origin=user_origin(),
        label="is applied to a value that depends on the arguments",
        why="symdiff has no rule for it, and calling it would need the argument's number.",
        fix="write it with operators and functions that symdiff knows (`symdiff explain SD104` lists them)",
    )


unsupported = _unsupported
