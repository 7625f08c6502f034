"""Whether a formula may stand for an `int` of Python's: to the graph all numbers are real.

In: nodes. Out: whether some program could have a whole number of its own type there, and the refusal to tell. What is
read off a node is never certain: `math.floor(x)` is an `int`, `np.floor(x)` is a float, and both are one node.
"""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from symdiff.errors import ConversionError
from symdiff.ir.nodes import (
    Cast,
    Const,
    Gather,
    Index,
    Input,
    Join,
    Layout,
    Map,
    Node,
    Part,
    Reduce,
    Scan,
    Select,
    Size,
)
from symdiff.ir.program import topological
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.tracing.describe import describe
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.numpy_indexing import is_whole

_ROUNDED = frozenset({p.trunc, p.floor, p.ceil, p.rint, p.sign})  # `int` and `round` make them, and NumPy's functions
_ONE_OF_THEM = frozenset({p.maximum, p.minimum})  # an argument as it is
_OF_ALL = frozenset(
    {e.add, e.subtract, e.multiply, e.negative, e.power, p.absolute, p.floor_divide, p.remainder, p.fmod}
)

_OPERATORS = _OF_ALL - {p.fmod} | {e.divide}


def may_be_an_int(node: Node) -> bool:
    """Whether the number may be an `int` when the function runs on numbers, as far as its formula says.

    A constant is the float that it is.
    """
    if isinstance(node, Const) or node.dtype != "real":
        return False
    found: dict[Node, bool] = {}
    for each in topological([node]):
        found[each] = _may_be(each, [found[argument] for argument in each.args])
    return found[node]


def _may_be(node: Node, arguments: Sequence[bool]) -> bool:
    match node:
        case Select():
            return any(arguments[1:])
        case Index() | Gather() | Reduce() | Scan():
            return arguments[0]
        case Cast() | Layout() | Join():
            return all(arguments)
        case Map(op=op) if op in _ONE_OF_THEM:
            return any(arguments)
        case Map(op=op) if op in _OF_ALL:
            return all(arguments)
        case Map(op=op) if op in _ROUNDED:
            return True
        case Const() | Input() | Part():
            return is_whole(node)
    return node.dtype in ("bool", "int")


def is_pythons(node: Node) -> bool:
    """Whether a number is an argument, or computed from such with operators alone: one of Python's, if they are."""
    return all(
        isinstance(each, Const | Select | Size)
        or (isinstance(each, Input) and not each.shape)
        or (isinstance(each, Map) and each.op in _OPERATORS)
        for each in topological([node])
    )


def text_of(node: Node, number: Any, make_text: Callable[[Any], str]) -> str:
    """The text of a number that is known, as that of the type it has in Python.

    make_text: `str`, `repr`, or what formats it. Raises ConversionError where texts differ, and the type is not known.
    """
    if isinstance(node, Const) or np.shape(number):
        kinds = [number, *([number.astype(int)] if np.shape(number) and may_be_an_int(node) else [])]
        is_certain = len(kinds) == 1
    else:
        whole = [int(number)] if may_be_an_int(node) and np.isfinite(number) else []
        kinds = [number.item() if isinstance(number, np.generic) else number, number, *whole]
        is_certain = not whole and is_pythons(node)
    texts = [make_text(each) for each in kinds]
    if not is_certain and len(set(texts)) > 1:
        refuse_to_tell(node, "a text")
    return texts[0]


def refuse_to_tell(node: Node, what: str) -> NoReturn:
    """The refusal to say which type a number has, where something depends on it."""
    refuse(
        ConversionError(
            f"{what} depends on which type a traced number has",
            origin=user_origin(),
            label=f"{describe(node)} may be an int, a float or a number of NumPy's",
            why="A formula does not say which: math.floor gives an int, np.floor an np.float64.",
            fix="int(x) or float(x) right before it, which says which",
        )
    )
