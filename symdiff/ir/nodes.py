"""The node kinds: immutable, hash-consed; identity is equality.

In: the parts of a node. Out: the one node with these parts. Nothing here simplifies: `make` does, and everybody
builds through `make`. Inputs are unique, so nodes of different traces never meet, and the line a node remembers is
that of the first instruction of its own trace that made it.
"""

from typing import Any

from symdiff.ir.interning import in_order_of_creation as in_order_of_creation
from symdiff.ir.interning import intern as intern
from symdiff.ir.interning import known as known
from symdiff.ir.lengths import Dimension, Length
from symdiff.ir.loop_nodes import Body as Body
from symdiff.ir.loop_nodes import Loop as Loop
from symdiff.ir.loop_nodes import Rewind as Rewind
from symdiff.ir.node import BasicKey as BasicKey
from symdiff.ir.node import DType as DType
from symdiff.ir.node import Node as Node
from symdiff.ir.node import Shape as Shape
from symdiff.ir.node import ambient as ambient
from symdiff.ir.node import are_real_numbers as are_real_numbers
from symdiff.ir.node import freeze as freeze
from symdiff.ir.node import numeric_dtype as numeric_dtype
from symdiff.ir.node import record as record
from symdiff.ops.row import Op


class Input(Node):
    """A leaf of the parameter tree, or of a round of a loop. Every Input is a node of its own, whatever its name.

    is_whole: whether its values are whole numbers, as those of a counter are.
    """

    __slots__ = ("is_whole", "name")

    def __init__(self, name: str, shape: Shape = (), dtype: DType = "real", *, is_whole: bool = False) -> None:
        super().__init__((), shape, dtype)
        self.is_constant = False
        self.origin = ambient.origin
        self.name = name
        self.is_whole = is_whole

    def __repr__(self) -> str:
        return f"Input({self.name}{list(self.shape) or ''})"


class Const(Node):
    """A number (float, complex, bool, or an int where it is a position), or a read-only array of them."""

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
        self.is_constant = args[0].is_constant and args[-1].is_constant and all(arg.is_constant for arg in args)
        self.origin = None if self.is_constant else ambient.origin
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
    """The same elements otherwise arranged: `how` is reshape, broadcast, transpose or flip; or roll, tril, triu.

    `axes` are the axes of a transposition or flip, a roll's shift along each axis, the diagonal of a triangle.
    """

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


class Cast(Node):
    """The argument as another dtype: a position as a real number, or a whole real number as a position."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Cast({self.dtype})"


class Scan(Node):
    """Running totals along an axis, from its end where `reverse` says so.

    `how` is sum, prod, max or min of all elements so far, or linear: `args = (factors, terms)` and each value is the
    one before times its factor plus its term.
    """

    __slots__ = ("axis", "how", "reverse")

    def __init__(self, how: str, axis: int, reverse: bool, args: tuple[Node, ...]) -> None:
        super().__init__(args, args[0].shape, numeric_dtype(args))
        self.how = how
        self.axis = axis
        self.reverse = reverse

    def __repr__(self) -> str:
        return f"Scan({self.how}, {self.axis}{', reverse' if self.reverse else ''})"


class Gather(Node):
    """Elements at positions, `args = (array, *positions)`, constant or not.

    `how` is index: one array of positions for each axis from `axis` on, which broadcast and take the place of these
    axes. Or along: one array that has a position along `axis` for every element of the result (`take_along_axis`).
    """

    __slots__ = ("axis", "how")

    def __init__(self, how: str, axis: int, args: tuple[Node, ...], shape: Shape) -> None:
        super().__init__(args, shape, args[0].dtype)
        self.how = how
        self.axis = axis

    def __repr__(self) -> str:
        return f"Gather({self.how}, {self.axis})"


class ScatterAdd(Node):
    """Zeros of `shape` with the elements of `args[0]` added at the positions: the transpose of Gather.

    is_unique: no position occurs twice for sure.
    """

    __slots__ = ("axis", "how", "is_unique")

    def __init__(self, how: str, axis: int, is_unique: bool, args: tuple[Node, ...], shape: Shape) -> None:
        super().__init__(args, shape, args[0].dtype)
        self.how = how
        self.axis = axis
        self.is_unique = is_unique

    def __repr__(self) -> str:
        return f"ScatterAdd({self.how}, {self.axis}, {self.shape})"


class Order(Node):
    """Positions in the order of values, along an axis: `how` is argsort (stable), argpartition, argmax or argmin.

    Or search_left, search_right: where the values `args[1]` belong in the ascending array `args[0]`.
    `kth` are the places that a partition puts right.
    """

    __slots__ = ("axis", "how", "kth")

    def __init__(self, how: str, axis: int, args: tuple[Node, ...], shape: Shape, kth: tuple[int, ...] = ()) -> None:
        super().__init__(args, shape, "int")
        self.how = how
        self.axis = axis
        self.kth = kth

    def __repr__(self) -> str:
        return f"Order({self.how}, {self.axis})"


class Convolve(Node):
    """The discrete convolution of two arrays of equal rank: `mode` is full, or valid where the second fits inside."""

    __slots__ = ("mode",)

    def __init__(self, mode: str, args: tuple[Node, Node], shape: Shape) -> None:
        super().__init__(args, shape, numeric_dtype(args))
        self.mode = mode

    def __repr__(self) -> str:
        return f"Convolve({self.mode})"


class Call(Node):
    """A user's primitive, which is not traced; `arguments` says what it is called with (see `ir.calls`).

    structure: that of the result; where it is no single array, the leaves are the parts.
    """

    __slots__ = ("arguments", "parts", "primitive", "structure")

    def __init__(
        self,
        primitive: Any,
        arguments: Any,
        args: tuple[Node, ...],
        structure: Any,
        results: tuple[tuple[Shape, DType], ...],
    ) -> None:
        several = structure.kind != "leaf"
        super().__init__(args, *(((), "tuple") if several else results[0]))
        self.primitive = primitive
        self.arguments = arguments
        self.structure = structure
        self.parts = results if several else ()

    @property
    def results(self) -> tuple[tuple[Shape, DType], ...]:
        """The shape and dtype of every leaf of the result."""
        return self.parts or ((self.shape, self.dtype),)

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
        self,
        how: str,
        options: tuple[tuple[str, Any], ...],
        args: tuple[Node, ...],
        results: tuple[tuple[Shape, DType], ...],
    ) -> None:
        several = len(results) > 1
        super().__init__(args, *(((), "tuple") if several else results[0]))
        self.how = how
        self.options = options
        self.parts = results if several else ()

    def option(self, name: str) -> Any:
        return dict(self.options)[name]

    def __repr__(self) -> str:
        return f"Linalg({self.how})"


class Fourier(Node):
    """A discrete Fourier transform: `how` is fft, ifft, rfft or irfft (see `make_fourier`), along `axes`.

    lengths: of the transform along each axis; norm: backward, ortho or forward, as NumPy has it.
    """

    __slots__ = ("axes", "how", "lengths", "norm")

    def __init__(self, how: str, lengths: Shape, axes: tuple[int, ...], norm: str, arg: Node, shape: Shape) -> None:
        super().__init__((arg,), shape, "real" if how == "irfft" else "complex")
        self.how = how
        self.lengths = lengths
        self.axes = axes
        self.norm = norm

    def __repr__(self) -> str:
        return f"Fourier({self.how}, {self.lengths}, {self.axes})"


class Ode(Node):
    """The state of a system of differential equations at some times: dy/dt = slope(y, t, captured).

    args: the initial state (n,), the times (T,), the first of which is that of the initial state, and the captured
    values. The result (T, n) is what `scipy.integrate.odeint` returns with these options, by name.
    body: state and slope are the one result; the time is the first of the inputs after it.
    """

    __slots__ = ("body", "options")

    def __init__(self, body: Body, args: tuple[Node, ...], options: tuple[tuple[str, float], ...]) -> None:
        super().__init__(args, (*args[1].shape, *args[0].shape), "real")
        self.body = body
        self.options = options

    def __repr__(self) -> str:
        return f"Ode({self.body.state[0].name})"


KINDS: tuple[type[Node], ...] = (
    *(Input, Const, Size, Eye, Iota, Map, Select, Reduce, Index, Scatter, Layout, Join, Einsum),
    *(Cast, Scan, Gather, ScatterAdd, Order, Convolve),
    *(Part, Linalg, Call, Fourier, Loop, Rewind, Ode),
)
