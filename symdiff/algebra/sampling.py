"""How accurate a way to compute something is, at sampled points.

In: nodes, and the leaves they are functions of. Out: errors in ULP against mpmath. Nothing here depends on the machine:
points come from a fixed seed, + - * / and square roots are those of IEEE 754, every other operation is computed in
mpmath and rounded once, as an ideal library would.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

import mpmath
import numpy as np

from symdiff.ir.nodes import Const, Map, Node, Select
from symdiff.ops import elementary as e
from symdiff.ops.row import Op
from symdiff.ops.table import OPS

Samples = Any  # an array with one number, or truth value, for each point

SPECIAL = (0.0, 1.0, -1.0, 1e30, -1e30, 1e-30)  # as far as physical quantities go
POSITIVE, MIXED, FAR, CLOSE = 16, 16, 12, 8  # how many points of each sort
COUNT = POSITIVE + MIXED + FAR + CLOSE + len(SPECIAL)
_DIGITS = 40
_EXACT_DIGITS = 320  # enough for whatever differences doubles can make of such points
_HALF_ULP = 2.0**-53
_TRANSCENDENTAL_BUDGET = 400  # operations computed in mpmath on the way to the leaves of kernels
_COSTLIEST = 100.0  # of an operation that is computed in mpmath
_IEEE = frozenset(
    {e.add, e.subtract, e.multiply, e.divide, e.negative, e.sqrt}
    | {op for op in OPS.values() if op.result == "bool"}
    | {OPS[name] for name in ("maximum", "minimum", "absolute", "sign", "floor") if name in OPS}
)


def sampled_leaf(number: int) -> Samples:
    """The values of one leaf at the sampled points.

    They are near one, of both signs, far out, close to those of all other leaves (where differences cancel), special.
    """
    random = Random(f"leaf {number}")
    near = [0.1 + 2.9 * random.random() for _ in range(POSITIVE)]
    mixed = [_of_magnitude(random, 2.0) for _ in range(MIXED)]
    far = [_of_magnitude(random, 8.0) for _ in range(FAR)]
    close = [
        scale * (1.0 + 2.0**-26 * round(64.0 * random.random())) for scale in (0.5, 1.0, 1.0, 2.0, -1.0, 3.0, 1.5, 0.25)
    ]
    return np.array([*near, *mixed, *far, *close, *SPECIAL])


def _of_magnitude(random: Random, decades: float) -> float:
    """A number between 10**-decades and 10**decades, of either sign; nine digits, the same on every machine."""
    sign = 1.0 if random.random() < 0.5 else -1.0
    return sign * float(f"{10.0 ** (decades * (2.0 * random.random() - 1.0)):.8e}")


def sampled_values(order: Sequence[Node]) -> dict[Node, Samples]:
    """The values of one element of every node of a program at the sampled points.

    What is no elementwise operation, what SciPy computes, and what comes after the budget is spent, is sampled as if it
    were an input: mpmath takes seconds for Bessel functions far out, and arithmetic is judged on any values.
    """
    values: dict[Node, Samples] = {}
    spent = free = 0
    with np.errstate(all="ignore"):
        for node in order:
            if node.dtype == "complex":
                continue  # kernels are arithmetic of real numbers: what is made of it is sampled like an input
            is_costly = isinstance(node, Map) and node.op not in _IEEE
            is_leaf = is_costly and (spent >= _TRANSCENDENTAL_BUDGET or _takes_long(node))
            known = all(arg in values for arg in node.args) and not is_leaf
            if isinstance(node, Const) and not node.shape:
                values[node] = np.full(COUNT, node.value)
            elif isinstance(node, Map | Select) and known:
                spent += int(is_costly)
                values[node] = rounded(node, [values[arg] for arg in node.args])
            else:
                values[node] = sampled_leaf(free) if node.dtype == "real" else sampled_leaf(free) > 0.0
                free += 1
    return values


def _takes_long(node: Node) -> bool:
    return isinstance(node, Map) and node.op.cost >= _COSTLIEST


def rounded(node: Node, args: Sequence[Samples]) -> Samples:
    """The values of one operation, each rounded once."""
    if isinstance(node, Select):
        return np.where(*args)
    assert isinstance(node, Map)
    exponent = _whole(node)
    if exponent is not None:
        return _whole_power(args[0], exponent)
    if node.op in _IEEE:
        return np.asarray(node.op.evaluate(*args), dtype=bool if node.dtype == "bool" else np.float64)
    with mpmath.workdps(_DIGITS):
        return np.array([_nearest(_exactly(node.op, *map(mpmath.mpf, point))) for point in zip(*args, strict=True)])


def floats(order: Sequence[Node], leaves: Mapping[Node, Samples]) -> dict[Node, Samples]:
    """The values of nodes in double precision, given those of the leaves."""
    values = dict(leaves)
    with np.errstate(all="ignore"):
        for node in order:
            values[node] = _constant(node) if isinstance(node, Const) else rounded(node, [values[a] for a in node.args])
    return values


def truths(order: Sequence[Node], leaves: Mapping[Node, Samples | list[Any]]) -> dict[Node, list[Any]]:
    """The values of arithmetic in mpmath, the leaves taken as exact."""
    with mpmath.workdps(_EXACT_DIGITS):
        values = {leaf: [mpmath.mpf(value) for value in samples] for leaf, samples in leaves.items()}
        for node in order:
            if isinstance(node, Const):
                values[node] = [mpmath.mpf(node.value)] * COUNT
            else:
                assert isinstance(node, Map)
                points = zip(*(values[arg] for arg in node.args), strict=True)
                values[node] = [_exactly(node.op, *point) for point in points]
    return values


def errors(values: Samples, exact: Sequence[Any]) -> list[float]:
    """For every point the error in ULP; inf where the value or the truth is not finite."""
    return [
        _distance(mpmath.mpf(value), truth) if math.isfinite(value) else math.inf
        for value, truth in zip(values.tolist(), exact, strict=True)
    ]


def bounds(order: Sequence[Node], values: Mapping[Node, Samples], leaves: Iterable[Node]) -> dict[Node, Samples]:
    """For every point what rounding can do to the values of arithmetic, at worst and to first order.

    A running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, section 3.3). Inputs and numbers
    are exact; other leaves have been rounded. Where an error happens to be small by luck, this is not.
    """
    bound = {leaf: _HALF_ULP * np.abs(values[leaf]) if _is_rounded(leaf) else np.zeros(COUNT) for leaf in leaves}
    with np.errstate(all="ignore"):
        for node in order:
            if isinstance(node, Const):
                bound[node] = np.zeros(COUNT)
            else:
                assert isinstance(node, Map)
                rounding = _roundings(node) * _HALF_ULP * np.abs(values[node])
                bound[node] = _carried(node, values, bound) + rounding
    return bound


def _is_rounded(leaf: Node) -> bool:
    return isinstance(leaf, Map) and leaf.op not in _IEEE


def _carried(node: Map, values: Mapping[Node, Samples], bound: Mapping[Node, Samples]) -> Samples:
    """The error that an operation inherits from its arguments."""
    if node.op in (e.add, e.subtract):
        return bound[node.args[0]] + bound[node.args[1]]
    if node.op is e.negative:
        return bound[node.args[0]]
    x = values[node.args[0]]
    exponent = _whole(node)
    if exponent is not None:
        return np.abs(exponent * _whole_power(x, exponent - 1)) * bound[node.args[0]]
    y = values[node.args[1]]
    if node.op is e.multiply:
        return np.abs(x) * bound[node.args[1]] + np.abs(y) * bound[node.args[0]]
    return (bound[node.args[0]] + np.abs(values[node]) * bound[node.args[1]]) / np.abs(y)


def _roundings(node: Map) -> int:
    """How many times the operation rounds: not at all in a change of sign or of the binary exponent."""
    if node.op is e.negative:
        return 0
    exponent = _whole(node)
    if exponent is not None:
        return abs(exponent) - 1 + int(exponent < 0) if exponent else 0
    factor = node.args[0]
    if node.op is not e.multiply or not isinstance(factor, Const) or factor.shape:
        return 1
    return 0 if abs(math.frexp(factor.value)[0]) == 0.5 else 1


def _distance(value: Any, truth: Any) -> float:
    """The distance of two numbers in units of the last place of the second; inf where that is not finite."""
    if not mpmath.isfinite(value) or not mpmath.isfinite(truth):
        return math.inf
    nearest = _nearest(truth)
    if not math.isfinite(nearest):
        return math.inf
    with mpmath.workdps(_EXACT_DIGITS):
        return _nearest(abs(value - truth) / mpmath.mpf(math.ulp(nearest)))


def _exactly(op: Op, *args: Any) -> Any:
    """The operation in mpmath; nan where it is undefined."""
    try:
        value = op.in_mpmath(mpmath, *args)
    except (ArithmeticError, ValueError):
        return mpmath.nan
    return mpmath.nan if isinstance(value, mpmath.mpc) else value


def _nearest(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _constant(node: Const) -> Samples:
    return np.full(COUNT, float(node.value))


def _whole(node: Map) -> int | None:
    if node.op is not e.power or not isinstance(node.args[1], Const) or node.args[1].shape:
        return None
    exponent = node.args[1].value
    return int(exponent) if abs(exponent) <= 16 and exponent == int(exponent) else None


def _whole_power(base: Samples, exponent: int) -> Samples:
    """By squaring, as powers are written out."""
    if exponent < 0:
        return 1.0 / _whole_power(base, -exponent)
    if exponent < 2:
        return base if exponent else np.ones_like(base)
    half = _whole_power(base, exponent // 2)
    return half * half * base if exponent % 2 else half * half
