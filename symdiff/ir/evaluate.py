"""The reference interpreter: slow and sure, in float64 or in mpmath at any precision.

In: a Program and its arguments. Out: its value. Every other way to run a Program is tested against this one.
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir.calls import result_of
from symdiff.ir.evaluate_arrays import along_axes
from symdiff.ir.fourier_values import fourier_value
from symdiff.ir.keys import with_sizes
from symdiff.ir.lengths import Dimension, Name, static, substituted
from symdiff.ir.linalg_values import linalg_value
from symdiff.ir.loop_values import final_state, rounds_of, taken_back, where
from symdiff.ir.nodes import (
    Call,
    Cast,
    Const,
    Convolve,
    Einsum,
    Eye,
    Fourier,
    Gather,
    Index,
    Input,
    Iota,
    Join,
    Layout,
    Linalg,
    Loop,
    Map,
    Node,
    Ode,
    Order,
    Part,
    Reduce,
    Rewind,
    Scan,
    Scatter,
    ScatterAdd,
    Select,
    Shape,
    Size,
)
from symdiff.ir.ode_values import states
from symdiff.ir.program import EMPTY, Program, topological
from symdiff.ir.sizes import bind as bind_sizes

_PAIR = 2  # more factors are contracted in pairs
NO_SIZES: Mapping[Name, Dimension] = MappingProxyType({})
_REDUCTIONS: dict[str, Callable[..., Any]] = {
    "sum": np.sum,
    "prod": np.prod,
    "max": np.max,
    "min": np.min,
    "any": np.any,
    "all": np.all,
}


def evaluate(program: Program, *args: Any, **kwargs: Any) -> Any:
    """The value in float64. No warnings: an undefined operation gives nan or an infinity.

    Raises what the function raises.
    """
    given = zip(program.inputs, bind(program, *args, **kwargs), strict=True)
    leaves = [np.asarray(leaf, dtype=complex if node.dtype == "complex" else float)[()] for node, leaf in given]
    with np.errstate(all="ignore"):
        environment = dict(zip(program.inputs, leaves, strict=True))
        for check in program.checks:
            if np.any(run([check.failure], environment, _float_apply, lambda value: value)[0]):
                raise check.exception()
        values = run(program.outputs, environment, _float_apply, lambda value: value, order=program.nodes_of_outputs())
    return program.structure.unflatten(values)


def evaluate_mpmath(
    program: Program, *args: Any, digits: int = 50, moved: Callable[[Any], Any] | None = None, **kwargs: Any
) -> Any:
    """The value at `digits` decimal digits, or mpmath's present precision if that is higher.

    The arguments (doubles, or mpmath numbers) are taken as exact.
    moved: what becomes of the number that an operation gives, and of each that a whole array is summed of; to see what
        a result owes to cancellation.

    Arrays come back as object arrays of mpmath numbers. What mpmath refuses or finds complex is nan.
    """
    import mpmath

    with mpmath.workdps(max(digits, mpmath.mp.dps)), np.errstate(invalid="ignore"):  # NumPy's, for a nan among objects
        given = zip(program.inputs, bind(program, *args, **kwargs), strict=True)
        leaves = [_mpmath_leaf(mpmath, node)(leaf) for node, leaf in given]
        environment = dict(zip(program.inputs, leaves, strict=True))
        apply, routine = _mpmath_apply(mpmath), routine_value
        if moved is not None:
            apply, routine = _with_moved(apply, np.frompyfunc(moved, 1, 1))
        values = run(program.outputs, environment, apply, _mpmath_number(mpmath), routine, program.nodes_of_outputs())
    return program.structure.unflatten(values)


def bind(program: Program, *args: Any, **kwargs: Any) -> list[Any]:
    """The leaves of the traced parameters for a call, defaults filled in. Raises TypeError like the function itself."""
    names = [parameter.name for parameter in program.parameters]
    if len(args) > len(names):
        raise TypeError(f"{program.name}() takes {len(names)} arguments but {len(args)} were given")
    given = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name not in names or name in given:
            raise TypeError(f"{program.name}() got an unexpected or repeated argument {name!r}")
        given[name] = value
    leaves: list[Any] = []
    for parameter in program.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is EMPTY:
            raise TypeError(f"{program.name}() misses the argument {parameter.name!r}")
        if parameter.structure is not None:
            leaves += parameter.structure.flatten(value)
    return leaves


Routine = Linalg | Fourier | Einsum | Reduce | Ode


def routine_value(node: Routine, args: list[Any]) -> Any:
    """The value of a node that works on whole arrays, in the arithmetic of its arguments."""
    match node:
        case Reduce():
            return _REDUCTIONS[node.how](args[0], axis=node.axes)
        case Einsum():
            operands: list[Any] = []
            for array, labels in zip(args, node.inputs, strict=True):
                operands += [array, list(labels)]
            return _scalar(np.einsum(*operands, list(node.output), optimize=len(args) > _PAIR))
        case Fourier():
            return fourier_value(node, args[0])
        case Linalg():
            return linalg_value(node, args)
        case Ode():
            return ode_value(node, args)


def ode_value(node: Ode, args: Sequence[Any], loosened: float = 0.0) -> Any:
    """The states at the times, in double precision: as exactly as it allows, or to tolerances loosened by a factor."""
    order = topological(node.body.outputs)

    def slope(values: Sequence[Any]) -> Any:
        known: dict[Node, Any] = dict(zip(node.body.inputs, values, strict=True))
        with np.errstate(all="ignore"):
            for inner in order:
                if inner not in known:
                    inner_args = [known[arg] for arg in inner.args]
                    known[inner] = _value(inner, inner_args, _float_apply, lambda value: value, routine_value, NO_SIZES)
        return known[node.body.outputs[0]]

    return states(node, args, slope, loosened)


def run(
    outputs: Sequence[Node],
    environment: Mapping[Any, Any],
    apply: Callable[..., Any],
    number: Callable[[Any], Any],
    routine: Callable[[Routine, list[Any]], Any] = routine_value,
    order: Iterable[Node] = (),
) -> list[Any]:
    """The values of the outputs, given the inputs'.

    `apply(op, *values)` and `routine(node, values)` compute, `number` converts constants.
    order: the nodes that the outputs need, arguments first, if they are known.
    """
    inputs = [node for node in environment if node.shape]
    actual = [np.shape(environment[node]) for node in inputs]
    sizes = bind_sizes([node.name for node in inputs], [node.shape for node in inputs], actual)
    values: dict[Node, Any] = {}
    for node in order or topological(outputs):
        if isinstance(node, Input):
            value = environment[node]
            if node.shape and np.shape(value) != (wanted := sized(node.shape, sizes)):
                raise ShapeError(
                    f"{node.name} has shape {np.shape(value)}, the program was traced for {wanted}",
                    why="Its formulas hold for arguments of this shape.",
                    fix=f'pass an array of this shape, or trace it for another one: shapes={{"{node.name}": …}}',
                )
            values[node] = value
        else:
            values[node] = _value(node, [values[arg] for arg in node.args], apply, number, routine, sizes)
    return [values[output] for output in outputs]


def values_of(outputs: Sequence[Node], known: MutableMapping[Node, Any]) -> None:
    """Adds the float64 values of the outputs, and of what they need, to those that are known; all shapes are static."""
    with np.errstate(all="ignore"):
        for node in topological(outputs, known):
            if node not in known:
                args = [known[arg] for arg in node.args]
                known[node] = _value(node, args, _float_apply, lambda value: value, routine_value, NO_SIZES)


def states_of(loop: Loop, args: Sequence[Any]) -> list[list[Any]]:
    """The state of a loop in float64 before each round, and at its end; all shapes are static."""

    def compute(node: Node, values: list[Any]) -> Any:
        return _value(node, values, _float_apply, lambda value: value, routine_value, NO_SIZES)

    with np.errstate(all="ignore"):
        states = [list(args[: len(loop.body.outputs)])]
        for active, _, new in rounds_of(loop, list(args), compute):
            states.append(where(active, new, states[-1]))
    return [[np.asarray(value) for value in state] for state in states]


def sized(shape: Shape, sizes: Mapping[Name, Dimension]) -> tuple[int, ...]:
    """The shape where sizes have these values."""
    return static([substituted(length, sizes) for length in shape] if sizes else shape, "a value")


def _value(
    node: Node,
    args: list[Any],
    apply: Callable[..., Any],
    number: Callable[[Any], Any],
    routine: Callable[[Routine, list[Any]], Any],
    sizes: Mapping[Name, Dimension],
) -> Any:
    match node:
        case Map():  # most nodes are
            return apply(node.op, *args)
        case Const():
            return number(node.value)
        case Size():
            return number(float(_counted(node.length, sizes)))
        case Eye():
            return number(np.eye(_counted(node.length, sizes)))
        case Iota():
            return number(np.arange(float(_counted(node.length, sizes))))
        case Select():
            return np.where(*args)[()] if any(np.ndim(arg) for arg in args) else (args[1] if args[0] else args[2])
        case Cast() | Scan() | Gather() | ScatterAdd() | Order() | Convolve():
            return _scalar(along_axes(node, args, number, sized(node.shape, sizes)))
        case Call():
            return _called(node, args, number, [sized(shape, sizes) for shape, _ in node.results])
        case Part():
            return args[0][node.position]
        case Loop():
            return final_state(node, args, lambda part, values: _value(part, values, apply, number, routine, sizes))
        case Rewind():
            return taken_back(node, args, lambda part, values: _value(part, values, apply, number, routine, sizes))
        case Fourier():
            lengths = sized(node.lengths, sizes)
            return routine(Fourier(node.how, lengths, node.axes, node.norm, node.args[0], node.shape), args)
        case Linalg() | Einsum() | Reduce() | Ode():
            return routine(node, args)
    return rearranged(node, args, sizes, number(0.0))


def _counted(length: Dimension, sizes: Mapping[Name, Dimension]) -> int:
    (count,) = sized((length,), sizes)
    return count


def _called(node: Call, args: Sequence[Any], number: Callable[[Any], Any], shapes: Sequence[tuple[int, ...]]) -> Any:
    """The primitive computes in double precision, whatever the others compute in."""
    kinds = {"real": float, "complex": complex}
    floats = [
        np.asarray(value, dtype=kinds[arg.dtype])[()] if arg.dtype in kinds else value
        for value, arg in zip(args, node.args, strict=True)
    ]
    values = [number(leaf if np.ndim(leaf) else leaf.item()) for leaf in result_of(node, floats, shapes)]
    return tuple(values) if node.parts else values[0]


def _scalar(value: Any) -> Any:
    """The element of an array without axes."""
    return value[()] if isinstance(value, np.ndarray) else value


def rearranged(node: Node, args: Sequence[Any], sizes: Mapping[Name, Dimension] = NO_SIZES, zero: Any = 0.0) -> Any:
    """The value of a node that only moves elements, whatever the elements are; `zero` fills what is left out."""
    match node:
        case Index():
            return args[0][with_sizes(node.key, np.shape(args[0]), sizes)]
        case Scatter():
            shape = sized(node.shape, sizes)
            result = np.zeros(shape, dtype=np.asarray(args[0]).dtype)
            result[with_sizes(node.key, shape, sizes)] = args[0]
            return result
        case Layout(how="reshape"):
            return np.reshape(args[0], sized(node.shape, sizes))[()]
        case Layout(how="broadcast"):
            return np.broadcast_to(args[0], sized(node.shape, sizes))[()]
        case Layout(how="transpose"):
            return np.transpose(args[0], node.axes)
        case Layout(how="flip"):
            return np.flip(args[0], node.axes)
        case Layout(how="roll"):
            return np.roll(args[0], node.axes, range(node.ndim))
        case Layout():
            keep = np.tril if node.how == "tril" else np.triu
            return np.where(keep(np.ones(node.shape, dtype=bool), node.axes[0]), args[0], zero)
        case Join(how="stack"):
            return np.stack(args, node.axis)
        case Join():
            return np.concatenate(args, node.axis)
    raise TypeError(f"no rule to evaluate {node!r}")


def _float_apply(op: Any, *args: Any) -> Any:
    return op.evaluate(*(np.float64(arg) if type(arg) is float else arg for arg in args))


def _mpmath_leaf(mpmath: Any, node: Node) -> Any:
    return np.frompyfunc(mpmath.mpc if node.dtype == "complex" else mpmath.mpf, 1, 1)


def _mpmath_number(mpmath: Any) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return np.frompyfunc(mpmath.mpmathify, 1, 1)(value) if value.dtype.kind in "fc" else value
        return value if isinstance(value, bool | int) else mpmath.mpmathify(value)

    return convert


def _with_moved(
    apply: Callable[..., Any], moved: Callable[[Any], Any]
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """How operations and routines are computed where every number of theirs is moved; truth values are not."""

    def operation(op: Any, *args: Any) -> Any:
        value = apply(op, *args)
        return value if op.result == "bool" else moved(value)

    def routine(node: Routine, args: list[Any]) -> Any:
        return routine_value(node, [arg if np.asarray(arg).dtype == np.bool_ else moved(arg) for arg in args])

    return operation, routine


def _mpmath_apply(mpmath: Any) -> Callable[..., Any]:
    def scalar(op: Any, *args: Any) -> Any:
        try:
            value = op.in_mpmath(mpmath, *args)
        except (ArithmeticError, ValueError):
            return mpmath.nan
        if op.result == "complex":
            return mpmath.mpc(value)
        if isinstance(value, mpmath.mpc):
            return value.real if value.imag == 0 else mpmath.nan
        return value

    def apply(op: Any, *args: Any) -> Any:
        for arg in args:
            if isinstance(arg, np.ndarray):
                break
        else:
            return scalar(op, *args)
        mapped = np.frompyfunc(lambda *elements: scalar(op, *elements), len(args), 1)(*args)
        return mapped.astype(bool) if op.result == "bool" else mapped

    return apply
