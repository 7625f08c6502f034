"""Cheap local identities, applied as nodes are made.

In: the arguments of an operation, not all constants. Out: a simpler node, or None. They hold for all finite real
arguments for which the operation has a value (0 / x and x / x have none at 0, and get one) and never make a result less
accurate: nothing is reassociated unless the arithmetic on the constants is exact.
"""

import math
from collections.abc import Callable

from symdiff.ir.nodes import Const, Map, Node, Select, record
from symdiff.ops import complex_rows
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p

Identity = Callable[..., Node | None]
_NEGATIVE = frozenset({e.negative, complex_rows.negative})
_DIGITS = 2.0**26
_SMALLEST, _LARGEST = 2.0**-500, 2.0**500


def _number(node: Node) -> float | None:
    """The number of a scalar constant."""
    return node.value if isinstance(node, Const) and not node.shape else None


def _negated(node: Node) -> Node | None:
    """x, where the node is -x."""
    return node.args[0] if isinstance(node, Map) and node.op in _NEGATIVE else None


def _exact(product: float, *factors: float) -> bool:
    """Whether a product of two constants is free of rounding for sure: neither has more than 26 binary digits."""
    if isinstance(product, complex):
        return False
    short = all((math.frexp(factor)[0] * _DIGITS).is_integer() for factor in factors)
    return short and _SMALLEST <= abs(product) <= _LARGEST


def _add(x: Node, y: Node) -> Node | None:
    if _number(x) == 0.0:
        return y
    if _number(y) == 0.0:
        return x
    if x is y and not isinstance(x, Const):
        return record(e.multiply, 2.0, x)
    minus_y = _negated(y)
    if minus_y is not None:
        return record(e.subtract, x, minus_y)
    minus_x = _negated(x)
    if minus_x is not None:
        return record(e.subtract, y, minus_x)
    return None


def _subtract(x: Node, y: Node) -> Node | None:
    if _number(y) == 0.0:
        return x
    if _number(x) == 0.0:
        return record(e.negative, y)
    if x is y:
        return _zero()
    minus_y = _negated(y)
    return record(e.add, x, minus_y) if minus_y is not None else None


def _multiply(x: Node, y: Node) -> Node | None:
    if x is y and isinstance(x, Map) and x.op is complex_rows.absolute:
        return record(complex_rows.squared_size, x.args[0])
    if isinstance(y, Const) and not isinstance(x, Const):
        return record(e.multiply, y, x)
    factor = _number(x)
    if factor is not None:
        scaled = _scale(factor, y)
        if scaled is not None:
            return scaled
    minus_x, minus_y = _negated(x), _negated(y)
    if minus_x is not None and minus_y is not None:
        return record(e.multiply, minus_x, minus_y)
    if minus_x is not None:
        return record(e.negative, record(e.multiply, minus_x, y))
    if minus_y is not None and factor is None:
        return record(e.negative, record(e.multiply, x, minus_y))
    outward = _guarded(x, y)
    return _guarded(y, x) if outward is None else outward


def _scale(factor: float, y: Node) -> Node | None:
    """factor * y."""
    if factor == 0.0:
        return _zero()
    if factor == 1.0:
        return y
    if factor == -1.0:
        return record(e.negative, y)
    minus_y = _negated(y)
    if minus_y is not None:
        return record(e.multiply, -factor, minus_y)
    if isinstance(y, Map) and y.op is e.multiply:
        inner = _number(y.args[0])
        if inner is not None and _exact(factor * inner, factor, inner):
            return record(e.multiply, factor * inner, y.args[1])
    return None


def _guarded(choice: Node, other: Node) -> Node | None:
    """`Select(c, g, 0) * d` is `Select(c, g*d, 0)`: the guard travels outward, so that 0·inf never arises."""
    if not isinstance(choice, Select):
        return None
    condition, if_true, if_false = choice.args
    if _number(if_true) is not None and _number(if_false) is not None:
        return record(p.where, condition, record(e.multiply, if_true, other), record(e.multiply, if_false, other))
    return behind_guards(choice, lambda value: record(e.multiply, value, other))


def behind_guards(choice: Node, operation: Callable[[Node], Node]) -> Node | None:
    """An operation that keeps 0, on what stands behind guards, however many; None where there is none."""
    guards: list[tuple[Node, bool]] = []
    value = choice
    while isinstance(value, Select):
        condition, if_true, if_false = value.args
        if _number(if_true) != 0.0 and _number(if_false) != 0.0:
            break
        guards.append((condition, _number(if_true) == 0.0))
        value = if_false if _number(if_true) == 0.0 else if_true
    if not guards:
        return None
    result = operation(value)
    for condition, zero_if_true in reversed(guards):
        sides = (_zero(), result) if zero_if_true else (result, _zero())
        result = record(p.where, condition, *sides)
    return result


def _divide(x: Node, y: Node) -> Node | None:
    divisor = _number(y)
    if divisor == 1.0:
        return x
    if divisor == -1.0:
        return record(e.negative, x)
    if _number(x) == 0.0:
        return _zero()
    if x is y and not isinstance(x, Const):
        return _one()
    minus_x, minus_y = _negated(x), _negated(y)
    if minus_x is not None:
        return (
            record(e.negative, record(e.divide, minus_x, y)) if minus_y is None else record(e.divide, minus_x, minus_y)
        )
    if minus_y is not None:
        return record(e.negative, record(e.divide, x, minus_y))
    return None if isinstance(y, Const) else behind_guards(x, lambda value: record(e.divide, value, y))


def _negative(x: Node) -> Node | None:
    minus = _negated(x)
    if minus is not None:
        return minus
    if isinstance(x, Map) and x.op is e.subtract:
        return record(e.subtract, x.args[1], x.args[0])
    if isinstance(x, Map) and x.op is e.multiply and _number(x.args[0]) is not None:
        return record(e.multiply, -_number(x.args[0]), x.args[1])  # type: ignore[operator]
    return behind_guards(x, lambda value: record(e.negative, value))


def _power(x: Node, y: Node) -> Node | None:
    exponent = _number(y)
    if exponent == 0.0:
        return _one()
    if exponent == 1.0:
        return x
    if exponent == 2.0:
        return record(e.multiply, x, x)
    if exponent == -1.0:
        return record(e.divide, 1.0, x)
    if exponent == 0.5:
        return record(e.sqrt, x)
    return _one() if _number(x) == 1.0 else None


def _logical_not(x: Node) -> Node | None:
    if isinstance(x, Map) and x.op is p.logical_not:
        return x.args[0]
    return None


def _logical_and(x: Node, y: Node) -> Node | None:
    if x is y or _number(y) is True:
        return x
    if _number(x) is True:
        return y
    return _false() if _number(x) is False or _number(y) is False else None


def _logical_or(x: Node, y: Node) -> Node | None:
    if x is y or _number(y) is False:
        return x
    if _number(x) is False:
        return y
    return _true() if _number(x) is True or _number(y) is True else None


def _with_itself(outcome: Callable[[Node], Node]) -> Identity:
    """A comparison: what comes of a real number beside itself, which is equal to itself unless it is nan."""
    return lambda x, y: outcome(x) if x is y and x.dtype == "real" and not isinstance(x, Const) else None


def _is_number(x: Node) -> Node:
    return record(p.logical_not, record(p.isnan, x))


def _equal_arguments(x: Node, y: Node) -> Node | None:
    return x if x is y else None


def _copysign(x: Node, y: Node) -> Node | None:
    """A number's sign is known as it stands here: mpmath and SymPy have no -0.0."""
    number = _number(y)
    if number is None or isinstance(x, Const):
        return None
    size = record(p.absolute, x)
    return size if math.copysign(1.0, number) > 0.0 else record(e.negative, size)


def _zero() -> Node:
    return record(e.negative, -0.0)


def _one() -> Node:
    return record(e.negative, -1.0)


def _true() -> Node:
    return record(p.logical_not, False)


def _false() -> Node:
    return record(p.logical_not, True)


IDENTITIES: dict[str, Identity] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "negative": _negative,
    "power": _power,
    "logical_and": _logical_and,
    "logical_or": _logical_or,
    "logical_not": _logical_not,
    "less": _with_itself(lambda x: _false()),
    "greater": _with_itself(lambda x: _false()),
    "less_equal": _with_itself(_is_number),
    "greater_equal": _with_itself(_is_number),
    "equal": _with_itself(_is_number),
    "not_equal": _with_itself(lambda x: record(p.isnan, x)),
    "maximum": _equal_arguments,
    "minimum": _equal_arguments,
    "copysign": _copysign,
}
