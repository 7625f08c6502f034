"""Calls of primitives: functions of the user's that stay opaque.

In: a primitive and what it is called with, numbers as nodes. Out: the one Call node of that call, and the value of it.
A primitive is taken to be pure: two calls with the same arguments are one node.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir.nodes import Call, DType, Node, Shape, intern
from symdiff.ir.structure import Structure, structure_of


class Opaque(Hashable, Protocol):
    """What a Call needs of a primitive."""

    @property
    def name(self) -> str:
        """How the user calls it."""

    @property
    def function(self) -> Any:
        """What computes its value."""


@dataclass(frozen=True, eq=False)
class Arguments:
    """What a primitive is called with: the structure of `(args, kwargs)`, and the leaves that never change.

    static: by the position of the leaf; all other leaves are numbers and arrays that come from nodes, in order.
    """

    structure: Structure
    static: tuple[tuple[int, Any], ...] = ()

    @cached_property
    def count(self) -> int:
        """How many leaves come from nodes."""
        return self.structure.leaf_count - len(self.static)

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """The positions of the leaves that come from nodes."""
        fixed = {position for position, _ in self.static}
        return tuple(position for position in range(self.structure.leaf_count) if position not in fixed)

    @cached_property
    def key(self) -> Hashable:
        """Equal for calls with equal static values; 1, 1.0 and True are three."""
        return self.structure, tuple([(position, _known_by(value)) for position, value in self.static])

    def filled(self, values: Sequence[Any], static: Sequence[Any] | None = None) -> tuple[tuple[Any, ...], Any]:
        """The positional and the keyword arguments; `static` stands in for the static values, in order."""
        fixed = [value for _, value in self.static] if static is None else static
        leaves = dict(zip(self.positions, values, strict=True))
        leaves |= {position: value for (position, _), value in zip(self.static, fixed, strict=True)}
        args, kwargs = self.structure.unflatten([leaves[position] for position in range(len(leaves))])
        return args, kwargs


@dataclass(frozen=True)
class Results:
    """What a primitive returns: its structure, and shape and dtype of each leaf."""

    structure: Structure
    leaves: tuple[tuple[Shape, DType], ...]


def called(primitive: Opaque, arguments: Arguments, args: Sequence[Node], results: Results) -> Node:
    """The node of a call."""
    key = (Call, primitive, arguments.key, results, *args)
    return intern(key, lambda: Call(primitive, arguments, tuple(args), results.structure, results.leaves))


def result_of(node: Call, values: Sequence[Any], shapes: Sequence[tuple[int, ...]]) -> list[Any]:
    """The leaves of the result of a call, in double precision. Raises ShapeError where they are not of these shapes."""
    args, kwargs = node.arguments.filled(values)
    value = node.primitive.function(*args, **kwargs)
    if structure_of(value) != node.structure:
        raise ShapeError(
            f"the primitive {node.primitive.name} returned {structure_of(value).describe()}, "
            f"not {node.structure.describe()}",
            origin=node.origin,
            why="It returned that for other numbers, when the function was traced.",
            fix="return the same nesting for all arguments, with nan or 0.0 where there is nothing",
        )
    leaves = [np.asarray(leaf) for leaf in node.structure.flatten(value)]
    for leaf, shape, (_, dtype) in zip(leaves, shapes, node.results, strict=True):
        if leaf.dtype.kind == "c" and dtype != "complex":
            raise TypeError(f"the primitive {node.primitive.name} returned complex numbers, not real ones as before")
        if leaf.shape != shape:
            raise ShapeError(
                f"the primitive {node.primitive.name} returned an array of shape {leaf.shape}, not {shape}",
                origin=node.origin,
                why="The shape of its result may depend on the shapes of its arguments, never on their values.",
                fix="return an array of the largest shape, filled up with nan or 0.0",
            )
    kinds = [_KINDS[dtype] for _, dtype in node.results]
    return [leaf.astype(kind)[()] for leaf, kind in zip(leaves, kinds, strict=True)]


_KINDS: dict[str, Any] = {"bool": np.bool_, "real": np.float64, "complex": np.complex128}


def _known_by(value: Any) -> Hashable:
    """A static value as part of a key; what cannot be compared is known by its identity: the node keeps it alive."""
    try:
        hash(value)
    except TypeError:
        return id, id(value)
    return type(value), value
