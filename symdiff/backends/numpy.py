"""The `numpy` backend: whole arrays, one line of NumPy a value."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy

from symdiff.backends.base import Backend, Environment, Leaf, Text, compound, is_number, is_python_arithmetic, operation
from symdiff.backends.calls import array_call
from symdiff.backends.dtypes import is_diagonal, is_view, plain_results
from symdiff.backends.layout import Group, Item, call, flat, lines, quoted, slice_text
from symdiff.backends.numpy_axes import array_text, assigned_part, axes_text, is_assigned, zeros
from symdiff.backends.numpy_fourier import fourier_text
from symdiff.backends.numpy_linalg import linalg_results, linalg_text
from symdiff.backends.numpy_shapes import shape_checks
from symdiff.backends.odes import ode_text
from symdiff.errors import BackendError
from symdiff.ir import make
from symdiff.ir.lengths import Dimension, Length
from symdiff.ir.nodes import (
    BasicKey,
    Call,
    Cast,
    Const,
    Convolve,
    Einsum,
    Eye,
    Fourier,
    Gather,
    Index,
    Iota,
    Join,
    Layout,
    Linalg,
    Loop,
    Map,
    Node,
    Ode,
    Order,
    Reduce,
    Rewind,
    Scan,
    Scatter,
    ScatterAdd,
    Select,
    Shape,
    Size,
)
from symdiff.ir.program import Parameter, Program
from symdiff.ops.row import ATOM, BIT_AND, BIT_OR, MATMUL, PRODUCT, SIGN, SUM
from symdiff.schedule.guarded_matrices import with_harmless_matrices
from symdiff.schedule.logistic import share_exponentials
from symdiff.schedule.rows import is_matrix

_LETTERS = "ijklmnopqrstuvwxyzabcdefghIJKLMNOPQRSTUVWXYZABCDEFGH"
_MANY_ROWS, _FEW_COLUMNS = 64, 64


class NumPy(Backend):
    """NumPy arrays of any shape; a choice is `np.where`."""

    name = "numpy"
    dialect = "numpy"
    namespace = "np"
    support_modules = ("symdiff.ops.support_arrays", "symdiff.ops.support_numpy", "symdiff.ops.support_complex")

    def adapted(self, program: Program) -> Program:
        return share_exponentials(with_harmless_matrices(program))

    def written_arguments(self, node: Node) -> Sequence[Node]:
        return node.args[1:] if is_diagonal(node) else node.args

    def keeps_apart(self, node: Node) -> bool:
        return self.keeps_part(node)

    def keeps_part(self, node: Node) -> bool:
        return isinstance(node, Scatter) or is_assigned(node)

    def copied(self, code: str, environment: Environment) -> str:
        return f"{environment.head('np')}.array({code})"

    def text(self, node: Node, args: Sequence[Text], environment: Environment) -> Text:
        if isinstance(node, Map):
            if is_python_arithmetic(node):
                return operation(node, args, environment, "numpy")
            if all(is_number(argument) for argument in node.args):  # Python's own numbers would raise, NumPy's do not
                scalar = "complex128" if node.args[0].dtype == "complex" else "float64"
                args = [Text(f"{environment.head('np')}.{scalar}({args[0].code})"), *args[1:]]
            return operation(node, args, environment, "numpy")
        np = environment.head("np")
        match node:
            case Select():
                return _choice(node, args, np)
            case Const():
                return _constant(node, environment)
            case Size():
                return _size(node, environment)
            case Eye() | Iota():
                return _counted(node, np, environment)
            case Reduce():
                return _reduction(node, args, environment)
            case Index():
                return compound(f"{args[0].within(ATOM)}[{key_text(node.key, node.args[0].shape, environment)}]", args)
            case Scatter():
                return args[0]
            case Layout() if node.how not in ("roll", "tril", "triu"):
                return _layout(node, args, np, environment)
            case Join():
                return _join(node, args, np, environment)
            case Einsum():
                return _einsum(node, args, np)
            case Layout() | Cast() | Scan() | Gather() | ScatterAdd() | Order() | Convolve():
                return axes_text(node, args, environment)
            case Fourier():
                return fourier_text(node, args[0], environment)
            case Call():
                return array_call(node, args, environment)
            case Linalg():
                return linalg_text(node, args, environment)
            case Ode():
                return ode_text(node, args, environment)
        raise AssertionError(f"a kind of node that the backend does not know: {node!r}")

    def results(self, node: Node, used: Collection[int]) -> Sequence[tuple[int, str]]:
        if isinstance(node, Call):
            return [(position, f"part_{position}") for position in range(len(node.parts))]
        return linalg_results(node, used) if isinstance(node, Linalg) else super().results(node, used)

    def scattered(self, node: Scatter | ScatterAdd, name: str, environment: Environment) -> tuple[str, str]:
        if isinstance(node, ScatterAdd):
            return zeros(node, environment), f"{name}[{assigned_part(node, environment)}]"
        return zeros(node, environment), f"{name}[{key_text(node.key, node.shape, environment)}]"

    def changeable(self, node: Node, text: str, environment: Environment) -> str:
        inner = node.args[0] if isinstance(node, Layout) and node.how == "broadcast" else node
        is_zero = isinstance(inner, Const) and not numpy.any(inner.value)
        return zeros(node, environment) if is_zero else f"{environment.head('np')}.array({text})"

    def array_lines(self, name: str, node: Const, environment: Environment) -> list[str]:
        np = environment.head("np")
        if not node.size:
            dtype = f", dtype={np}.int64" if node.dtype == "int" else ""
            return [f"{name} = {np}.zeros({node.shape}{dtype})"]
        short = array_text(node.value, np)
        if short:
            return [f"{name} = {short}"]
        entries = self.entries(node.value.tolist(), environment)
        return lines(f"{name} = ", call(f"{np}.array", [entries]), indent=0)

    def annotation(self, program: Program, parameter: Parameter) -> str:
        return "Any"

    def prepare(self, program: Program, leaves: Sequence[Leaf], environment: Environment) -> list[str]:
        if not leaves:
            return []
        names = [leaf.name for leaf in leaves]
        target = Group("(", tuple(names), ")")
        value = _numbers(leaves, environment)
        if len(leaves) == 1:
            prepared = lines(f"{names[0]} = ", value)
        elif len(flat(target)) <= 60:
            prepared = lines(f"{', '.join(names)} = ", value)
        else:
            prepared = [*lines("", target, force=True)[:-1], *lines(") = ", value)]
        if program.is_elementwise:
            return prepared
        return prepared + shape_checks(leaves, environment)

    def anywhere(self, text: Text, is_elementwise: bool, environment: Environment) -> str:
        return f"{environment.head('np')}.any({text.code})" if is_elementwise else text.code

    def guard(self, program: Program, environment: Environment) -> str:
        if not any(isinstance(node, Select | Loop | Rewind) for node in program.all_nodes()):
            return ""
        return f'with {environment.head("np")}.errstate(divide="ignore", over="ignore", invalid="ignore"):'

    def finish(
        self, program: Program, results: Sequence[Text], leaves: Sequence[Leaf], environment: Environment
    ) -> list[Item]:
        plain = plain_results(program, self.keeps_dtype)
        finished: dict[Node, Item] = {}
        codes: list[Item] = []
        for output, result, fine in zip(program.outputs, results, plain, strict=True):
            again = finished.get(output)
            wanted = program.is_elementwise
            code: Item = result.code if fine else self.finished(output, result, leaves, wanted, environment)
            codes.append(code if again is None else f"{flat(again)}.copy()")
            finished[output] = code
        return codes

    def keeps_dtype(self, node: Node) -> bool:
        """Whether the node's text gives float32 for float32: NumPy's ufuncs do, SciPy's need not.

        Our own do for arrays; beside a Python number, which NumPy's ufuncs ignore, they need not.
        """
        if not isinstance(node, Map) or node.op.numpy.modules:
            return not isinstance(node, Map | Call | Cast | Loop | Rewind | Ode)
        return not node.op.numpy.support or not any(is_number(argument) for argument in node.args)

    def finished(
        self, output: Node, result: Text, leaves: Sequence[Leaf], elementwise: bool, environment: Environment
    ) -> Item:
        """A result brought to the common shape and dtype, in memory of its own."""
        if elementwise and output.dtype in ("real", "complex") and _has_complex(output, leaves):
            names = [leaf.name for leaf in leaves]
            return call(environment.supported("typed_result"), [result.code, environment.dtype_of(output), *names])
        if elementwise and leaves:
            return call(environment.supported("result"), [result.code, *(leaf.name for leaf in leaves)])
        dtype = (
            f", dtype={environment.dtype_of(output)}"
            if environment.sample and output.dtype in ("real", "complex")
            else ""
        )
        # What was computed has memory of its own already; the dtype may be another.
        made = "array" if is_view(output) else "asarray"
        return f"{environment.head('np')}.{made}({result.code}{dtype})[()]"


def _numbers(leaves: Sequence[Leaf], environment: Environment) -> Group:
    """The call that makes arrays of one floating type of the arguments."""
    paths = [leaf.path for leaf in leaves]
    if all(leaf.node.dtype == "real" for leaf in leaves):
        return call(environment.supported("real" if len(leaves) == 1 else "reals"), paths)
    if len(leaves) == 1:
        return call(environment.supported("complex_number"), paths)
    kinds = "".join(leaf.node.dtype[0] for leaf in leaves)
    return call(environment.supported("numbers"), [quoted(kinds), *paths])


def _has_complex(output: Node, leaves: Sequence[Leaf]) -> bool:
    """Whether the result and the inputs are not all of one dtype of real numbers."""
    return output.dtype == "complex" or any(leaf.node.dtype == "complex" for leaf in leaves)


def _choice(node: Select, args: Sequence[Text], np: str) -> Text:
    """`np.where`; `&` and `|` for conditions that one side leaves as they are."""
    condition, if_true, if_false = args
    if node.dtype == "bool" and node.args[2] is make.constant(False):
        return compound(f"{condition.within(BIT_AND)} & {if_true.within(SUM)}", args, BIT_AND)
    if node.dtype == "bool" and node.args[1] is make.constant(True):
        return compound(f"{condition.within(BIT_OR)} | {if_false.within(BIT_AND)}", args, BIT_OR)
    return compound(f"{np}.where({_listed(args)})", args)


def _constant(node: Const, environment: Environment) -> Text:
    """An array of numbers: a constant of the module, in the dtype of the call."""
    name = environment.arrays[node]
    if node.dtype != "real" or not environment.sample:
        return Text(name)
    return compound(f"{name}.astype({environment.dtype_of(node)}, copy=False)", ())


def _size(node: Size, environment: Environment) -> Text:
    code = environment.length(node.length)
    if code.isidentifier():
        return Text(code)
    return compound(code, (), SUM if " + " in code or " - " in code else PRODUCT)


def _counted(node: Eye | Iota, np: str, environment: Environment) -> Text:
    """np.eye and np.arange, in the dtype of the call."""
    dtype = f", dtype={environment.sample}.dtype" if environment.sample else ", dtype=float"
    function = "eye" if isinstance(node, Eye) else "arange"
    return compound(f"{np}.{function}({environment.length(node.length)}{dtype})", ())


def _reduction(node: Reduce, args: Sequence[Text], environment: Environment) -> Text:
    source = node.args[0]
    if node.how == "sum" and _is_long_and_narrow(source) and len(node.axes) == 1:
        function = environment.supported("row_sums" if node.axes == (1,) else "column_sums")
        return compound(f"{function}({args[0].code})", args)
    axis = "" if len(node.axes) == source.ndim else f", axis={_plain(node.axes)}"
    return compound(f"{environment.head('np')}.{node.how}({args[0].code}{axis})", args)


def _is_long_and_narrow(node: Node) -> bool:
    """Whether NumPy adds up the rows or columns of a matrix many times slower than BLAS does."""
    if node.ndim != 2:
        return False
    rows, columns = node.shape
    narrow = isinstance(columns, int) and 2 <= columns <= _FEW_COLUMNS
    return narrow and (not isinstance(rows, int) or rows >= _MANY_ROWS)


def _layout(node: Layout, args: Sequence[Text], np: str, environment: Environment) -> Text:
    source = args[0]
    match node.how:
        case "reshape":
            new_axes = _new_axes(node)
            if new_axes:
                return compound(f"{source.within(ATOM)}[{new_axes}]", args)
            return compound(f"{np}.reshape({source.code}, {environment.shape(node.shape)})", args)
        case "broadcast":
            return compound(f"{np}.broadcast_to({source.code}, {environment.shape(node.shape)})", args)
        case "transpose" if node.axes == tuple(reversed(range(node.ndim))):
            return compound(f"{source.within(ATOM)}.T", args)
        case "transpose":
            return compound(f"{np}.transpose({source.code}, {node.axes})", args)
    return compound(f"{np}.flip({source.code}, {_plain(node.axes)})", args)


def _join(node: Join, args: Sequence[Text], np: str, environment: Environment) -> Text:
    axis = f", axis={node.axis}" if node.axis else ""
    dtype = f", dtype={environment.dtype_of(node)}" if environment.sample and node.dtype != "bool" else ""
    if is_matrix(node) and all(arg.code.startswith(f"{np}.array([") for arg in args):
        listed = ", ".join(arg.code.removeprefix(f"{np}.array(").removesuffix(f"{dtype})") for arg in args)
        return compound(f"{np}.array([{listed}]{dtype})", args)
    if node.how == "stack" and not node.args[0].shape:
        return compound(f"{np}.array([{_listed(args)}]{dtype})", args)
    return compound(f"{np}.{node.how}([{_listed(args)}]{axis})", args)


def _new_axes(node: Layout) -> str:
    """The key `:, None` of a reshape that only adds axes of length 1; empty for any other."""
    old = list(node.args[0].shape)
    parts: list[str] = []
    for length in node.shape:
        if old and length == old[0]:
            parts.append(":")
            old.pop(0)
        elif length == 1:
            parts.append("None")
        else:
            return ""
    if old or len(parts) == node.args[0].ndim:
        return ""
    while parts[-1] == ":":
        parts.pop()
    return ", ".join(parts)


def _einsum(node: Einsum, args: Sequence[Text], np: str) -> Text:
    if _is_matrix_product(node):
        # To Python `*` and `@` bind alike; parentheses between them save the reader from counting.
        left = args[0].within(MATMUL if args[0].precedence == MATMUL else SIGN)
        return compound(f"{left} @ {args[1].within(SIGN)}", args, MATMUL)
    if node.inputs == ((0, 0),) and not node.output:
        return compound(f"{np}.trace({args[0].code})", args)
    if is_diagonal(node):
        return compound(f"{np}.diag({args[1].code})", args)
    if _is_tensor_product(node):
        axes = tuple(tuple(own.index(label) for label in _summed(node)) for own in node.inputs)
        return compound(f"{np}.tensordot({_listed(args)}, axes={axes})", args)
    labels = {label for axes in node.inputs for label in axes}
    if len(labels) > len(_LETTERS):
        raise BackendError(
            f"np.einsum has {len(_LETTERS)} letters for axes, {len(labels)} are needed",
            origin=node.origin,
            why="Every axis of the arguments needs one of its own.",
            fix="make one axis of those that only run along, a.reshape(*a.shape[:2], -1), and take it apart at the end",
        )
    operands = ",".join("".join(_LETTERS[label] for label in axes) for axes in node.inputs)
    output = "".join(_LETTERS[label] for label in node.output)
    return compound(f'{np}.einsum("{operands}->{output}", {_listed(args)})', args)


def _is_matrix_product(node: Einsum) -> bool:
    """Whether `@` computes it: (…, rows, k) @ (…, k, columns), where the axes before are those of one side or both."""
    if len(node.args) != 2:
        return False
    left, right = node.inputs
    summed = _summed(node)
    if len(summed) != 1 or not left or left[-1] != summed[0] or right[-2:].count(summed[0]) != 1:
        return False
    batch = [label for label in left if label in right and label not in summed]
    if not batch:
        first = right[-2:][0] == summed[0]
        rest = tuple(label for label in right if label not in summed)
        return first and len(right) <= 2 and node.output == (*left[:-1], *rest)
    lead = tuple(batch)
    return (
        len(left) == len(right) == len(batch) + 2
        and left[: len(batch)] == right[: len(batch)] == lead
        and right[-2] == summed[0]
        and node.output == (*lead, left[-2], right[-1])
    )


def _is_tensor_product(node: Einsum) -> bool:
    """Whether `np.tensordot` computes it: nothing runs along both arrays and stays, and the axes come in order."""
    if len(node.args) != 2 or any(len(set(labels)) < len(labels) for labels in node.inputs):
        return False
    summed = _summed(node)
    rest = tuple(label for labels in node.inputs for label in labels if label not in summed)
    return bool(summed) and bool(rest) and node.output == rest and len(set(rest)) == len(rest)


def _summed(node: Einsum) -> list[int]:
    return [label for label in node.inputs[0] if label not in node.output]


def key_text(key: BasicKey, shape: Shape, environment: Environment) -> str:
    """A basic key as it stands between brackets: whole axes at the end are left out."""
    parts = [_part_text(part, length, environment) for part, length in zip(key, shape, strict=True)]
    while len(parts) > 1 and parts[-1] == ":":
        parts.pop()
    return ", ".join(parts)


def _part_text(part: Any, length: Dimension, environment: Environment) -> str:
    if not isinstance(part, slice):
        return _bound_text(part, length, environment)
    ends = (0, length) if part.step > 0 else (length - 1 if isinstance(length, Length) else None, None)
    start = "" if part.start == ends[0] else _bound_text(part.start, length, environment)
    whole = part.stop is None or part.stop == ends[1]
    past = part.step > 0 and isinstance(part.stop, int) and isinstance(length, int) and part.stop >= length
    stop = "" if whole or past else _bound_text(part.stop, length, environment)
    return slice_text(start, stop, "" if part.step == 1 else str(part.step))


def _bound_text(bound: Dimension, length: Dimension, environment: Environment) -> str:
    """A position; a distance from an end that stays open counts from there, and stops at the other end."""
    if isinstance(bound, Length) and isinstance(length, Length):
        distance = length - bound
        if isinstance(distance, int) and distance > 0:
            return f"-{distance}"
    return environment.length(bound)


def _plain(axes: tuple[int, ...]) -> str:
    return str(axes[0]) if len(axes) == 1 else str(axes)


def _listed(args: Sequence[Text]) -> str:
    return ", ".join(argument.code for argument in args)
