"""A specialised Program as something to be called, and the kinds of values that it is right for.

In: a Program of scalars, or of arrays. Out: a function of the list of values. Their kinds say that they have the right
shapes and types, so that compiled code neither converts nor checks them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir.program import Program
from symdiff.ops.support_arrays import reals
from symdiff.runtime.compile import compile_program

Shape = tuple[Any, ...]
Kind = tuple[Any, ...]  # the shape of an array of doubles; any other array's shape and dtype; () for a float
Execution = Callable[[list[Any]], Any]

_DOUBLE = np.dtype(np.float64)


class _Typed(tuple[Any, ...]):
    """The kind of an array of another type than double: shape and dtype."""

    __slots__ = ()


def kinds_of(values: Sequence[Any]) -> tuple[Any, ...]:
    """The kind of each value; None for one that is neither a float nor an array of real numbers.

    >>> kinds_of([1.0, np.zeros((2, 3)), [1.0]])
    ((), (2, 3), None)
    """
    return tuple(
        [
            value.shape
            if type(value) is np.ndarray and value.dtype is _DOUBLE and value.shape
            else ()
            if type(value) is float
            else _other_kind(value)
            for value in values
        ]
    )


def _other_kind(value: Any) -> Kind | None:
    if type(value) is np.ndarray and value.shape and value.dtype.kind in "biuf":
        return _Typed((value.shape, value.dtype))
    return None


def shape_of(kind: Kind) -> Shape:
    """The shape of values of a kind."""
    return kind[0] if type(kind) is _Typed else kind


def executable(program: Program, kinds: Sequence[Kind]) -> Execution:
    """The function of values of these kinds: `math` code where all of them are floats, NumPy code otherwise."""
    if program.is_elementwise:
        numbers = compile_program(program, "auto")
        return lambda values: numbers(*values)
    arrays = compile_program(program, "numpy", prepared=True)
    if any(type(kind) is _Typed for kind in kinds):
        return lambda values: arrays(*reals(*values))
    scalars = [position for position, kind in enumerate(kinds) if not kind]

    def run(values: list[Any]) -> Any:
        for position in scalars:  # Python's own numbers would raise where NumPy's give infinity
            values[position] = np.float64(values[position])
        return arrays(*values)

    return run
