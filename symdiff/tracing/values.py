"""Values as nodes: tracers, numbers, arrays, nested lists of them.

In: what the user's code passes on. Out: nodes. A tracer is known here by the `node` it holds.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.tracing.libraries import is_class_of_library

_REFLECTED = frozenset({"__radd__", "__rsub__", "__rmul__", "__rtruediv__", "__rpow__"})


class NamedResults(tuple[Any, ...]):
    """Several results, to be unpacked, indexed, or reached by name as NumPy's functions allow.

    >>> found = NamedResults([3.0, 4.0], ["sign", "logabsdet"])
    >>> found.logabsdet, found == (3.0, 4.0)
    (4.0, True)
    """

    names: tuple[str, ...]

    def __new__(cls, values: Iterable[Any], names: Iterable[str]) -> "NamedResults":
        results = super().__new__(cls, values)
        results.names = tuple(names)
        return results

    def __getattr__(self, name: str) -> Any:
        if name in self.names:
            return self[self.names.index(name)]
        raise AttributeError(f"the results are {', '.join(self.names)}: there is no {name!r}")


def is_traced(value: Any) -> bool:
    """Whether the value is a tracer, or the node of one."""
    return hasattr(type(value), "_symdiff_apply")


def has_tracer(value: Any) -> bool:
    """Whether a tracer is in the value: itself, or in nested lists, tuples, dicts or object arrays."""
    kind = type(value)
    if kind is float or kind is int:
        return False
    if hasattr(kind, "_symdiff_apply"):
        return True
    if isinstance(value, list | tuple):
        return any(map(has_tracer, value))
    if isinstance(value, dict):
        return any(map(has_tracer, value.values()))
    if kind is slice:
        return has_tracer((value.start, value.stop, value.step))
    return isinstance(value, np.ndarray) and value.dtype == object and any(map(has_tracer, value.flat))


def has_own_arithmetic(kind: type) -> bool:
    """Whether arrays of this type do not compute as NumPy's own do: masked ones, matrices, quantities with units.

    >>> has_own_arithmetic(np.matrix), has_own_arithmetic(np.memmap)
    (True, False)
    """
    if kind is np.ndarray or not issubclass(kind, np.ndarray):
        return False
    return any(getattr(kind, name) is not getattr(np.ndarray, name) for name in _ARITHMETIC)


_ARITHMETIC = ("__array_ufunc__", "__add__", "__mul__", "__truediv__", "__pow__")


def is_numeric(value: Any) -> bool:
    """Whether a node can be made of the value as it stands."""
    if is_traced(value) or isinstance(value, float | int | complex):
        return True
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "biufc" or (value.dtype == object and has_tracer(value))
    return hasattr(type(value), "__float__") and not isinstance(value, str)


def is_operand(value: Any) -> bool:
    """Whether operators compute with the value as a number: an object of the user's may say itself what `2 * it` is."""
    return is_numeric(value) and (is_traced(value) or not any(map(_says_what_operators_do, type(value).__mro__)))


def _says_what_operators_do(kind: type) -> bool:
    return not _REFLECTED.isdisjoint(vars(kind)) and not is_class_of_library(kind)


def to_node(value: Any) -> Node:
    """The node of a tracer, a number, an array, or a nested list of them."""
    if isinstance(value, Node):
        return value
    if is_traced(value):
        return value.node  # type: ignore[no-any-return]
    if isinstance(value, list | tuple):
        return make.stack([to_node(part) for part in value]) if has_tracer(value) else to_node(np.asarray(value))
    if isinstance(value, np.ndarray) and value.dtype == object and value.size:
        return make.reshape(make.stack([to_node(part) for part in value.ravel()]), value.shape)
    if has_own_arithmetic(type(value)):
        raise TypeError(f"a {type(value).__name__} has an arithmetic of its own; pass np.asarray(…) of it")
    if not is_numeric(value):
        kind = f"an array of {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
        raise TypeError(f"{kind} is not a number or an array of them")
    return make.lift(value)
