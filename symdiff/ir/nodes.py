"""The node kinds: immutable, hash-consed; identity is equality.

In: the parts of a node. Out: the one node with these parts. Nothing here simplifies: `make` does, and everybody
builds through `make`. Inputs are unique, so nodes of different traces never meet, and the line a node remembers is
that of the first instruction of its own trace that made it.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Literal
from weakref import ref

import numpy as np

from symdiff.ir.lengths import Dimension, Length, product
from symdiff.ops import elementary
from symdiff.ops.row import Op
from symdiff.origin import Origin

Shape = tuple[Dimension, ...]
DType = Literal["real", "bool", "complex", "tuple"]
BasicKey = tuple[Dimension | slice | None, ...]  # the bounds of slices are ints or Lengths too


class _Ambient(threading.local):
    """What new nodes remember: the user's instruction, and the name of the rule that is being applied."""

    origin: Origin | None = None
    rule: str = ""


class _Reference(ref["Node"]):
    """A weak reference that knows the key it is filed under."""

    __slots__ = ("key",)

    key: tuple[Any, ...]


ambient = _Ambient()
_interned: dict[tuple[Any, ...], _Reference] = {}
_FROZEN: dict[str, type] = {"b": np.bool_, "c": np.complex128}
_lock = threading.RLock()  # a node may die, and be forgotten, while another is being filed


class Node:
    """A value of the program: an array of a shape (a scalar has shape ()), real, complex or boolean.

    A node with several results has dtype "tuple" and their shapes and dtypes in `parts`; only `Part` nodes use it.
    """

    __slots__ = ("__weakref__", "args", "dtype", "origin", "rule", "shape")

    parts: tuple[tuple[Shape, DType], ...] = ()

    args: tuple["Node", ...]
    shape: Shape
    dtype: DType
    origin: Origin | None
    rule: str
    _symdiff_apply: ClassVar[Callable[[Op, tuple[Any, ...]], "Node"]]  # `make.apply`, set there

    def __init__(self, args: tuple["Node", ...], shape: Shape, dtype: DType) -> None:
        self.args = args
        self.shape = shape
        self.dtype = dtype
        self.origin = ambient.origin
        self.rule = ambient.rule

    @property
    def ndim(self) -> int:
        return len(self.shape)

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


def record(op: Op, *arguments: Any) -> Node:
    """The operation on nodes and numbers."""
    return Node._symdiff_apply(op, arguments)


class Input(Node):
    """A leaf of the parameter tree. Every Input is a node of its own, whatever its name."""

    __slots__ = ("name",)

    def __init__(self, name: str, shape: Shape = (), dtype: DType = "real") -> None:
        super().__init__((), shape, dtype)
        self.name = name

    def __repr__(self) -> str:
        return f"Input({self.name}{list(self.shape) or ''})"


class Const(Node):
    """A number (float, complex or bool), or a read-only array of them."""

    __slots__ = ("value",)

    def __init__(self, value: Any, shape: Shape, dtype: DType) -> None:
        super().__init__((), shape, dtype)
        self.value = value

    def __repr__(self) -> str:
        return f"Const({self.value!r})"


class Size(Node):
    """A length that stays open, as a real number."""

    __slots__ = ("length",)

    def __init__(self, length: Length) -> None:
        super().__init__((), (), "real")
        self.length = length

    def __repr__(self) -> str:
        return f"Size({self.length})"


class Eye(Node):
    """The identity matrix with `length` rows."""

    __slots__ = ("length",)

    def __init__(self, length: Dimension) -> None:
        super().__init__((), (length, length), "real")
        self.length = length

    def __repr__(self) -> str:
        return f"Eye({self.length})"


class Iota(Node):
    """The numbers 0, 1, … length - 1."""

    __slots__ = ("length",)

    def __init__(self, length: Dimension) -> None:
        super().__init__((), (length,), "real")
        self.length = length

    def __repr__(self) -> str:
        return f"Iota({self.length})"


class Map(Node):
    """One operation of the table, element by element; arguments broadcast."""

    __slots__ = ("op",)

    def __init__(self, op: Op, args: tuple[Node, ...], shape: Shape, dtype: DType) -> None:
        self.args = args  # as in Node.__init__: most nodes are Maps, and a call costs a tenth of a node
        self.shape = shape
        self.dtype = dtype
        self.origin = ambient.origin
        self.rule = ambient.rule
        self.op = op

    def __repr__(self) -> str:
        return f"Map({self.op.name})"


class Select(Node):
    """`args = (condition, if_true, if_false)`, element by element; the side not taken never matters."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Select"


class Reduce(Node):
    """`how` is sum, prod, max, min, any or all, over `axes` (sorted, not negative), which disappear."""

    __slots__ = ("axes", "how")

    def __init__(self, how: str, axes: tuple[int, ...], arg: Node) -> None:
        shape = tuple(length for axis, length in enumerate(arg.shape) if axis not in axes)
        super().__init__((arg,), shape, "bool" if how in ("any", "all") else arg.dtype)
        self.how = how
        self.axes = axes

    def __repr__(self) -> str:
        return f"Reduce({self.how}, {self.axes})"


class Index(Node):
    """`arg[key]`, basic: one integer (not negative) or slice (normalised, see `make.normal_key`) an axis."""

    __slots__ = ("key",)

    def __init__(self, key: BasicKey, arg: Node, shape: Shape) -> None:
        super().__init__((arg,), shape, arg.dtype)
        self.key = key

    def __repr__(self) -> str:
        return f"Index({self.key})"


class Scatter(Node):
    """Zeros of `shape` with the argument added at `key`: the transpose of Index."""

    __slots__ = ("key",)

    def __init__(self, key: BasicKey, arg: Node, shape: Shape) -> None:
        super().__init__((arg,), shape, arg.dtype)
        self.key = key

    def __repr__(self) -> str:
        return f"Scatter({self.key}, {self.shape})"


class Layout(Node):
    """The same elements otherwise arranged: `how` is reshape, broadcast, transpose or flip."""

    __slots__ = ("axes", "how")

    def __init__(self, how: str, axes: tuple[int, ...], arg: Node, shape: Shape) -> None:
        super().__init__((arg,), shape, arg.dtype)
        self.how = how
        self.axes = axes

    def __repr__(self) -> str:
        return f"Layout({self.how}, {self.shape})"


class Join(Node):
    """`how` is stack (a new axis) or concatenate, at `axis`."""

    __slots__ = ("axis", "how")

    def __init__(self, how: str, axis: int, args: tuple[Node, ...], shape: Shape) -> None:
        super().__init__(args, shape, args[0].dtype if args[0].dtype == "bool" else numeric_dtype(args))
        self.how = how
        self.axis = axis

    def __repr__(self) -> str:
        return f"Join({self.how}, {self.axis})"


class Einsum(Node):
    """A contraction: `inputs` has a tuple of axis labels for each argument, `output` the labels that stay."""

    __slots__ = ("inputs", "output")

    def __init__(
        self, inputs: tuple[tuple[int, ...], ...], output: tuple[int, ...], args: tuple[Node, ...], shape: Shape
    ) -> None:
        super().__init__(args, shape, numeric_dtype(args))
        self.inputs = inputs
        self.output = output

    def __repr__(self) -> str:
        return f"Einsum({self.inputs} -> {self.output})"


class Call(Node):
    """A user's primitive, which is not traced; `arguments` says what it is called with (see `ir.calls`)."""

    __slots__ = ("arguments", "primitive")

    def __init__(self, primitive: Any, arguments: Any, args: tuple[Node, ...], shape: Shape, dtype: DType) -> None:
        super().__init__(args, shape, dtype)
        self.primitive = primitive
        self.arguments = arguments

    def __repr__(self) -> str:
        return f"Call({self.primitive.name})"


class Part(Node):
    """One of the results of a node that has several."""

    __slots__ = ("position",)

    def __init__(self, position: int, arg: Node) -> None:
        super().__init__((arg,), *arg.parts[position])
        self.position = position

    def __repr__(self) -> str:
        return f"Part({self.position})"


class Linalg(Node):
    """`how` is a routine of linear algebra (see `make_linalg`), on the last two axes; all others are a batch.

    options: what the routine is told besides its arguments, by name.
    """

    __slots__ = ("how", "options", "parts")

    def __init__(
        self, how: str, options: tuple[tuple[str, Any], ...], args: tuple[Node, ...], results: tuple[Shape, ...]
    ) -> None:
        several = len(results) > 1
        super().__init__(args, () if several else results[0], "tuple" if several else numeric_dtype(args))
        self.how = how
        self.options = options
        self.parts = tuple((shape, "real") for shape in results) if several else ()

    def option(self, name: str) -> Any:
        return dict(self.options)[name]

    def __repr__(self) -> str:
        return f"Linalg({self.how})"


class Fourier(Node):
    """A discrete Fourier transform: `how` is fft, ifft, rfft or irfft (see `make_fourier`), along `axes`.

    lengths: of the transform along each axis; norm: backward, ortho or forward, as NumPy has it.
    """

    __slots__ = ("axes", "how", "lengths", "norm")

    def __init__(
        self, how: str, lengths: tuple[int, ...], axes: tuple[int, ...], norm: str, arg: Node, shape: Shape
    ) -> None:
        super().__init__((arg,), shape, "real" if how == "irfft" else "complex")
        self.how = how
        self.lengths = lengths
        self.axes = axes
        self.norm = norm

    def __repr__(self) -> str:
        return f"Fourier({self.how}, {self.lengths}, {self.axes})"


class Body:
    """One round of a loop, a graph of its own: next = outputs(state, captured), as long as the condition holds.

    inputs: those of the state first, then those of what is captured. A body is equal to itself only.
    derived: the bodies that were made of this one, by what was done with it, so that doing it again gives the same.
    """

    __slots__ = ("condition", "derived", "inputs", "outputs")

    def __init__(self, inputs: Iterable[Input], condition: Node, outputs: Iterable[Node]) -> None:
        self.inputs = tuple(inputs)
        self.condition = condition
        self.outputs = tuple(outputs)
        self.derived: dict[Any, Any] = {}

    @property
    def state(self) -> tuple[Input, ...]:
        return self.inputs[: len(self.outputs)]

    @property
    def captured(self) -> tuple[Input, ...]:
        return self.inputs[len(self.outputs) :]


class Loop(Node):
    """`while condition(state): state = body(state)`; args are the initial state and the captured values.

    The results are the final state. All of it has the same shapes and dtypes in every round.
    """

    __slots__ = ("body", "parts")

    def __init__(self, body: Body, args: tuple[Node, ...]) -> None:
        super().__init__(args, (), "tuple")
        self.body = body
        self.parts = tuple((each.shape, each.dtype) for each in body.state)

    def __repr__(self) -> str:
        return f"Loop({', '.join(each.name for each in self.body.state)})"


KINDS: tuple[type[Node], ...] = (
    *(Input, Const, Size, Eye, Iota, Map, Select, Reduce, Index, Scatter, Layout, Join, Einsum),
    *(Part, Linalg, Call, Fourier, Loop),
)


def intern(key: tuple[Any, ...], create: Callable[[], Node]) -> Node:
    """The node known under the key, or the one that `create` makes. Keys hold nodes by identity."""
    node = known(key)
    if node is None:
        with _lock:
            node = known(key)
            if node is None:
                node = create()
                reference = _Reference(node, _forget)
                reference.key = key
                _interned[key] = reference
    return node


def known(key: tuple[Any, ...]) -> Node | None:
    """The node known under the key."""
    reference = _interned.get(key)
    return None if reference is None else reference()


def in_order_of_creation(nodes: Iterable[Node]) -> list[Node]:
    """The nodes, but not the inputs among them, in the order in which the trace made them."""
    wanted = set(nodes)
    with _lock:  # the table keeps the order in which it was filled
        made = [reference() for reference in _interned.values()]
    return [node for node in made if node is not None and node in wanted]


def _forget(reference: _Reference) -> None:
    """Called when a node dies; by then another may have taken its key."""
    with _lock:
        if _interned.get(reference.key) is reference:
            del _interned[reference.key]


def freeze(array: Any) -> np.ndarray[Any, Any]:
    """A read-only copy in float64, complex128 or bool."""
    given = np.asarray(array)
    frozen: np.ndarray[Any, Any] = np.array(given, dtype=_FROZEN.get(given.dtype.kind, np.float64), order="C")
    frozen.flags.writeable = False
    return frozen
