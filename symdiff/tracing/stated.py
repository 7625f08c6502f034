"""Lengths as the user states them: numbers, names, and sums and products of them.

In: an entry of a shape, from `shapes`, an annotation or a configuration. Out: an int or a Length.
"""

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir.lengths import Dimension, Length, named


def stated_length(length: Any, parameter: str) -> Dimension:
    """The length. Raises ShapeError where it is none.

    >>> stated_length(3, "x"), stated_length("n", "x"), stated_length("2*n+1", "x")
    (3, n, 2*n + 1)
    """
    if isinstance(length, Length):
        return length
    try:
        found = _value(ast.parse(length, mode="eval").body) if isinstance(length, str) else length
    except SyntaxError:
        found = None
    if isinstance(found, Length):
        return found
    if isinstance(found, bool) or not isinstance(found, int | np.integer) or found < 1:
        raise ShapeError(
            f"the length {length!r} of {parameter!r} is not a whole number of at least 1",
            why="A length is a number, a name, or a sum or product of such: 3, n, 2*n+1.",
            fix=f'shapes={{"{parameter}": 3}}, or shapes={{"{parameter}": "n"}} for any length',
        )
    return int(found)


def is_nested(shape: Any) -> bool:
    """Whether shapes of the parts of a parameter are stated: a dict, a list, or a tuple with a shape in it.

    >>> is_nested(("n", "d")), is_nested(("n d", "d")), is_nested([3])
    (False, True, True)
    """
    if not isinstance(shape, tuple):
        return isinstance(shape, Mapping | list)
    return any(
        isinstance(part, tuple | list | Mapping) or (isinstance(part, str) and len(part.split()) != 1) for part in shape
    )


def _value(expression: ast.expr) -> Dimension | None:
    """The value of names, numbers, + - * and //; None for anything else."""
    match expression:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return number
        case ast.Name(id=name):
            return named(name)
        case ast.BinOp(left=left, op=operation, right=right):
            first, second = _value(left), _value(right)
            if first is None or second is None:
                return None
            match operation:
                case ast.Add():
                    return first + second
                case ast.Sub():
                    return first - second
                case ast.Mult():
                    return first * second
                case ast.FloorDiv() if second != 0:
                    return first // second
    return None
