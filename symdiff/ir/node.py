"""What every node is: a value with a shape and a dtype, made of other nodes, that remembers the user's line.

In: arguments, shape, dtype. Out: a node, on which operators record further nodes. The kinds are in `nodes`.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Literal

import numpy as np

from symdiff.ir.lengths import Dimension, product
from symdiff.ops import elementary
from symdiff.ops.row import Op
from symdiff.origin import Origin

Shape = tuple[Dimension, ...]
DType = Literal["real", "bool", "complex", "int", "tuple"]
BasicKey = tuple[Dimension | slice | None, ...]  # the bounds of slices are ints or Lengths too


class _Ambient(threading.local):
    """What new nodes remember: the user's instruction, and the name of the rule that is being applied."""

    origin: Origin | None = None
    rule: str = ""


ambient = _Ambient()
_FROZEN: dict[str, type] = {"b": np.bool_, "c": np.complex128}


class Node:
    """A value of the program: an array of a shape (a scalar has shape ()), of real or complex numbers, truth values or
    positions.

    A node that no input is a part of is the same for every trace that is alive, so it has no line of its own.
    A node with several results has dtype "tuple" and their shapes and dtypes in `parts`; only `Part` nodes use it.
    """

    __slots__ = ("__weakref__", "args", "dtype", "is_constant", "origin", "rule", "shape")

    parts: tuple[tuple[Shape, DType], ...] = ()

    args: tuple["Node", ...]
    shape: Shape
    dtype: DType
    origin: Origin | None
    rule: str
    is_constant: bool
    _symdiff_apply: ClassVar[Callable[[Op, tuple[Any, ...]], "Node"]]  # `make.apply`, set there

    def __init__(self, args: tuple["Node", ...], shape: Shape, dtype: DType) -> None:
        self.args = args
        self.shape = shape
        self.dtype = dtype
        self.is_constant = all(arg.is_constant for arg in args)
        self.origin = None if self.is_constant else ambient.origin
        self.rule = ambient.rule

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def operands(self) -> tuple["Node", ...]:
        """What the value is computed from, where it is differentiated: the arguments."""
        return self.args

    @property
    def size(self) -> Dimension:
        return product(self.shape)

    def __add__(self, other: Any) -> "Node":
        return record(elementary.add, self, other)

    def __radd__(self, other: Any) -> "Node":
        return record(elementary.add, other, self)

    def __sub__(self, other: Any) -> "Node":
        return record(elementary.subtract, self, other)

    def __rsub__(self, other: Any) -> "Node":
        return record(elementary.subtract, other, self)

    def __mul__(self, other: Any) -> "Node":
        return record(elementary.multiply, self, other)

    def __rmul__(self, other: Any) -> "Node":
        return record(elementary.multiply, other, self)

    def __truediv__(self, other: Any) -> "Node":
        return record(elementary.divide, self, other)

    def __rtruediv__(self, other: Any) -> "Node":
        return record(elementary.divide, other, self)

    def __pow__(self, other: Any) -> "Node":
        return record(elementary.power, self, other)

    def __rpow__(self, other: Any) -> "Node":
        return record(elementary.power, other, self)

    def __neg__(self) -> "Node":
        return record(elementary.negative, self)

    def __bool__(self) -> bool:
        raise TypeError("a node has no truth value; compare nodes with `is`")


def numeric_dtype(args: Iterable[Node]) -> DType:
    """The dtype of what is computed from numbers: complex where one of them is."""
    for arg in args:
        if arg.dtype == "complex":
            return "complex"
    return "real"


def are_real_numbers(args: Iterable[Node]) -> bool:
    """Whether nothing has axes or another dtype: most operations of large programs are on such."""
    for arg in args:  # noqa: SIM110 (a generator would cost as much as the rest of a look-up)
        if arg.shape or arg.dtype != "real":
            return False
    return True


def record(op: Op, *arguments: Any) -> Node:
    """The operation on nodes and numbers."""
    return Node._symdiff_apply(op, arguments)


def freeze(array: Any, dtype: DType = "real") -> np.ndarray[Any, Any]:
    """A read-only copy in float64, complex128 or bool; as positions it stays in integers."""
    given = np.asarray(array)
    kind = np.int64 if dtype == "int" else _FROZEN.get(given.dtype.kind, np.float64)
    frozen: np.ndarray[Any, Any] = np.array(given, dtype=kind, order="C")
    frozen.flags.writeable = False
    return frozen
