"""What an opaque function returns, found by running it.

In: a function and the shapes of its arguments. Out: the structure, shapes and dtypes of its result. Where lengths stay
open, the function is run for two choices of them, and every length of the result must be one of the arguments' or the
same in both.
"""

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

import numpy as np

from symdiff.ir.calls import Arguments, Results
from symdiff.ir.lengths import Dimension, Name, names_in, static, substituted
from symdiff.ir.nodes import Node, Shape
from symdiff.ir.structure import structure_of

Function = Callable[..., Any]
# The intervals that sample points are taken from; a function that is defined on a part of the line meets it in one.
_DOMAINS = ((0.25, 0.75), (1.0, 2.0), (-1.0, 1.0), (-2.0, -1.0), (2.0, 9.0), (0.0, 0.0))
_DTYPES = {"b": "bool", "c": "complex"}
_SIZES = (5, 7, 11, 13, 17, 19, 23, 29)


def sampled_results(function: Function, arguments: Arguments, args: Sequence[Node]) -> Results:
    """The result's structure, shapes and dtypes. Raises LookupError with what the function said at the last point."""
    lengths = dict.fromkeys(length for arg in args for length in arg.shape)
    names = list(dict.fromkeys(name for length in lengths for name in names_in(length)))
    first = dict(zip(names, _SIZES, strict=False))
    found = _run(function, arguments, args, first)
    if not names:
        return found
    second = dict(zip(names, reversed(_SIZES), strict=False))
    again = _run(function, arguments, args, second)
    if found.structure != again.structure:
        raise LookupError("It returned another nesting for other lengths.")
    leaves = []
    for (shape, dtype), (other, _) in zip(found.leaves, again.leaves, strict=True):
        if len(shape) != len(other):
            raise LookupError("It returned another number of axes for other lengths.")
        pairs = zip(shape, other, strict=True)
        leaves.append((tuple([_length(pair, list(lengths), (first, second)) for pair in pairs]), dtype))
    return Results(found.structure, tuple(leaves))


def _length(
    pair: tuple[Dimension, Dimension], lengths: Sequence[Dimension], sizes: Sequence[Mapping[Name, Dimension]]
) -> Dimension:
    """The length that has these two values."""
    for length in lengths:
        if tuple(substituted(length, chosen) for chosen in sizes) == pair:
            return length
    if pair[0] == pair[1]:
        return pair[0]
    raise LookupError(f"A length of its result, {pair[0]} and then {pair[1]}, is none of its arguments'.")


def _run(function: Function, arguments: Arguments, args: Sequence[Node], sizes: Mapping[Name, Dimension]) -> Results:
    said = ""
    for values in _sample_values(args, sizes):
        positional, keywords = arguments.filled(values)
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = function(*positional, **keywords)
        except Exception as error:  # noqa: BLE001 - whatever the function raises where it is not defined
            said = f"It said: {type(error).__name__}: {error}"
            continue
        structure = structure_of(value)
        leaves = [np.asarray(leaf) for leaf in structure.flatten(value)]
        if leaves and all(leaf.dtype.kind in "biufc" for leaf in leaves):
            dtypes = [(leaf.shape, _DTYPES.get(leaf.dtype.kind, "real")) for leaf in leaves]
            return Results(structure, tuple(dtypes))  # type: ignore[arg-type]
        said = f"It returned {structure.describe() if structure.kind != 'leaf' else f'a {type(value).__name__}'}."
    raise LookupError(said)


def _sample_values(args: Sequence[Node], sizes: Mapping[Name, Dimension]) -> Iterator[list[Any]]:
    """Values of the arguments' shapes; square matrices are positive definite."""
    generator = Random(20_261_121)
    shapes = [tuple([substituted(length, sizes) for length in arg.shape]) for arg in args]
    for low, high in _DOMAINS:
        yield [_sample(arg, shape, generator, low, high) for arg, shape in zip(args, shapes, strict=True)]


def _sample(arg: Node, shape: Shape, generator: Random, low: float, high: float) -> Any:
    if arg.dtype == "bool":
        return np.ones(shape, dtype=bool)[()]
    lengths = static(shape, "a primitive")
    value = np.array([generator.uniform(low, high) for _ in range(math.prod(lengths))]).reshape(lengths)
    if arg.dtype == "complex":
        value = value + 0.5j * np.flip(value)
    if value.ndim >= 2 and value.shape[-1] == value.shape[-2]:
        value = value @ np.conj(np.swapaxes(value, -1, -2)) + value.shape[-1] * np.eye(value.shape[-1])
    return value[()]
