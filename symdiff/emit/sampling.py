"""The points at which generated code is proven.

In: a Program, and the points the user named, if any. Out: values for its inputs, the same in every run, at which the
function is finite.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from symdiff.emit.point_texts import point_option
from symdiff.errors import ConfigurationError, ShapeError, VerificationError
from symdiff.ir.evaluate import evaluate, sized
from symdiff.ir.lengths import Dimension, Name
from symdiff.ir.loop_values import EndedByNan, TooManyRounds, rounds_at_most
from symdiff.ir.nodes import Node
from symdiff.ir.program import EMPTY, Program
from symdiff.ir.sizes import bind, names_of_inputs

Leaves = list[Any]

_TRIES = 40
_ROUNDS = 1_000  # of a loop that is followed to see whether a point has a value
_DRAWN_ONE_BY_ONE = 1024  # larger arrays are drawn at once: a draw takes a few tenths of a microsecond
_LONG_AXIS = 64
# A function that is defined on a part of the line meets it in one of them; the wide ones come last.
_DOMAINS = ((0.1, 2.0), (-3.0, 3.0), (0.05, 0.95), (-0.95, 0.95), (1.0, 4.0))
_WIDE = (*_DOMAINS, (2.0, 30.0), (10.0, 1000.0))


def arguments_of(program: Program, leaves: Sequence[Any]) -> dict[str, Any]:
    """The parameters by name: the leaves put into their structures, and the values that are static."""
    remaining = list(leaves)
    made: dict[str, Any] = {}
    for parameter in program.parameters:
        if parameter.structure is None:
            made[parameter.name] = parameter.static_value
        else:
            count = parameter.leaf_count
            made[parameter.name] = parameter.structure.unflatten(remaining[:count])
            remaining = remaining[count:]
    return made


def points(program: Program, count: int, at: Sequence[Mapping[str, Any]] = ()) -> list[Leaves]:
    """Leaves of the inputs: at the user's points, or at `count` sampled ones where the function is finite."""
    if at:
        return [_given(program, point) for point in at]
    found: list[Leaves] = []
    for leaves in _candidates(program, count):
        if _is_finite(program, leaves):
            found.append(leaves)
            if len(found) == count:
                break
    if not found and program.inputs:
        raise VerificationError(
            f"no point was found at which {program.name} is finite",
            why=f"{count * _TRIES} points between -3 and 1000 were tried.",
            fix=point_option(program, "…"),
        )
    return found or [[]]


def random_like(shape: tuple[int, ...], generator: random.Random, low: float, high: float) -> Any:
    """A number, or an array of them, between the limits. `random.Random` gives the same in every version of Python."""
    if not shape:
        return generator.uniform(low, high)
    size = math.prod(shape)
    if size > _DRAWN_ONE_BY_ONE:
        bits = np.frombuffer(generator.randbytes(8 * size), dtype="<u8") >> 11
        return (low + (high - low) * (bits * 2.0**-53)).reshape(shape)
    return np.array([generator.uniform(low, high) for _ in range(size)]).reshape(shape)


def random_leaf(node: Node, shape: tuple[int, ...], generator: random.Random, low: float, high: float) -> Any:
    """A value of a shape for an input; a complex one has both parts between the limits."""
    value = random_like(shape, generator, low, high)
    return value + 1j * random_like(shape, generator, low, high) if node.dtype == "complex" else value


def typed(node: Node, value: Any) -> Any:
    """The value of an input in double precision."""
    return np.asarray(value, dtype=complex if node.dtype == "complex" else float)[()]


# The sizes that are tried one after the other: the k-th name takes the k-th number, around and around.
_SIZES = ((3, 2, 4, 5), (1, 3, 2, 2), (4, 1, 3, 1), (2, 5, 1, 3))


def sizes_at(program: Program, number: int) -> dict[Name, Dimension]:
    """The sizes of the sampled point of this number."""
    chosen = _SIZES[number % len(_SIZES)]
    return {name: chosen[at % len(chosen)] for at, name in enumerate(names_of_inputs(program))}


def _candidates(program: Program, count: int) -> Iterator[Leaves]:
    generator = random.Random(20_240_229)
    defaults = _defaults(program)
    for number in range(count * _TRIES):
        domain = _DOMAINS[number % len(_DOMAINS)]
        leaves: Leaves = []
        for node, default in zip(program.inputs, defaults, strict=True):
            if number >= count * _TRIES // 2:  # nothing common to all inputs worked: a domain for each
                domain = generator.choice(_WIDE)
            if default is not None:
                leaves.append(default * random_like(np.shape(default), generator, 0.5, 1.5))
            else:
                shape = sized(node.shape, sizes_at(program, number))
                leaf = random_leaf(node, shape, generator, *domain)
                leaf = _tamed(leaf) if number % 2 == 0 else leaf
                leaves.append(_covariance(leaf) if number % 2 and _is_square(node) else leaf)
        yield leaves


def _tamed(leaf: Any) -> Any:
    """The array so small that sums along its longest axis are of ordinary size: tanh of hundreds says nothing."""
    longest = max(np.shape(leaf), default=1)
    return leaf / math.sqrt(longest) if longest >= _LONG_AXIS else leaf


def _is_square(node: Node) -> bool:
    return node.ndim >= 2 and node.shape[-1] == node.shape[-2]


def _covariance(matrices: Any) -> Any:
    """Symmetric matrices with positive eigenvalues, which some functions of matrices ask for."""
    return matrices @ np.swapaxes(matrices, -1, -2) + matrices.shape[-1] * np.eye(matrices.shape[-1])


def _defaults(program: Program) -> list[Any]:
    """The default of every leaf where it is a number other than 0, else None."""
    found: list[Any] = []
    for parameter in program.parameters:
        if parameter.structure is None:
            continue
        leaves: Sequence[Any] = [None] * parameter.leaf_count
        if parameter.default is not EMPTY:
            with suppress(ValueError):  # a default of another structure, None for one
                leaves = parameter.structure.flatten(parameter.default)
        found += leaves
    return [_usable(value, node) for value, node in zip(found, program.inputs, strict=True)]


def _usable(value: Any, node: Node) -> Any:
    if value is None or isinstance(value, bool) or np.shape(value) != node.shape or not np.all(value):
        return None
    if node.dtype == "complex":
        return typed(node, value)
    return np.asarray(value, dtype=float) if node.shape else float(value)


def _is_finite(program: Program, leaves: Leaves) -> bool:
    try:
        with rounds_at_most(_ROUNDS):
            value = evaluate(program, **arguments_of(program, leaves))
    except EndedByNan:
        return False
    except TooManyRounds:
        return True  # nothing is known; whoever compares there gives up as well
    except IndexError:  # an open length that is too small for `x[1]`
        return False
    except Exception as error:
        if isinstance(error, ValueError) and program.has_open_lengths:
            return False  # one that is too small for a maximum, or a transform
        if any(check.error == type(error).__name__ for check in program.checks):
            return False  # the function raises there
        raise
    return all(bool(np.all(np.isfinite(leaf))) for leaf in program.structure.flatten(value))


def _given(program: Program, point: Mapping[str, Any]) -> Leaves:
    """The leaves of a point of the user's: defaults where it is silent."""
    names = [parameter.name for parameter in program.parameters]
    for name in point:
        if name not in names:
            raise ConfigurationError(
                f"the point names {name!r}, which is no parameter of {program.name}", fix=point_option(program)
            )
    leaves: Leaves = []
    for parameter in program.parameters:
        if parameter.structure is None:
            continue
        value = point.get(parameter.name, parameter.default)
        if value is EMPTY:
            raise ConfigurationError(f"the point says nothing of {parameter.name}", fix=point_option(program))
        try:
            given = zip(program.leaves_of(parameter.name), parameter.structure.flatten(value), strict=True)
            leaves += [np.asarray(typed(node, leaf)) for node, leaf in given]
        except (TypeError, ValueError) as error:
            raise ConfigurationError(
                f"the point cannot have {parameter.name} = {value!r:.40}: {error}",
                fix=point_option(program),
            ) from error
    nodes = program.inputs
    try:
        sizes = bind([node.name for node in nodes], [node.shape for node in nodes], [array.shape for array in leaves])
    except ShapeError as error:
        raise ConfigurationError(f"at the point {error.summary}", why=error.why, fix=error.fix) from error
    for array, node in zip(leaves, nodes, strict=True):
        if array.shape != sized(node.shape, sizes):
            raise ConfigurationError(
                f"at the point {node.name} has shape {array.shape}, expected {node.shape}",
                fix=point_option(program),
            )
        if not np.all(np.isfinite(array)):
            raise ConfigurationError(
                f"at the point {node.name} is {array}: nothing can be compared there", fix=point_option(program)
            )
    return [array if array.shape else array.item() for array in leaves]
