"""Derivatives without rules: numerical differentiation in mpmath, at a precision where it has no error to speak of.

In: the traced function, the Program of a derivative of it, a point. Out: whether they agree to 15 digits, along random
directions, so that the cost is a few evaluations whatever the number of inputs. In the machine's floats, for large
arrays, fewer digits are seen to be right.

A central difference with step h has an error of h² and loses the digits of h, twice for second order; with h = 1e-20
and sixty digits more than a plain evaluation takes, some forty digits are right. No rule of calculus/ is used, so a
wrong rule cannot hide. A primitive of the user's computes in double precision: steps through it are larger, and fewer
digits are seen to be right.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import Any

import numpy as np

from symdiff.algebra.stable import stabilise
from symdiff.calculus.derivatives import derive, elementwise
from symdiff.emit.arithmetic import Arithmetic, Machine, Mpmath, decimal_places
from symdiff.emit.rounded_constants import with_moved_constants
from symdiff.emit.sampling import Leaves, random_leaf
from symdiff.ir.nodes import Call, Ode
from symdiff.ir.program import Program

Direction = list[Any]
_SECOND_ORDER = ("hess", "hvp")


@dataclass(frozen=True)
class _Precision:
    """A step of 10**-step, digits that agree then, a number as good as 0, how far the sides of a kink differ."""

    step: int
    digits: int
    smallest: float
    kink: float


_EXACT = _Precision(20, 15, 1e-20, 1e-8)
_DOUBLE = {1: _Precision(5, 6, 1e-8, 1e-2), 2: _Precision(3, 3, 1e-5, 1e-1)}  # by the order of the derivative
_DOUBLE_BEYOND = _Precision(2, 1, 1e-2, 1.0)
_EXTENDED = {1: _Precision(7, 6, 1e-9, 1e-2), 2: _Precision(5, 4, 1e-7, 1e-2)}
_EXTENDED_BEYOND = _Precision(3, 2, 1e-4, 1e-1)
_CONSTANTS_MOVED = 4  # times
_FEW_ATTEMPTS = 4.0


@dataclass(frozen=True)
class Claim:
    """What a Program claims to be: the `kind` of derivative of `primal`.

    kind: value, grad, value_and_grad, hess, jac, jvp, vjp, hvp, or derivative (elementwise, of any order).
    program: not simplified; the primal's parameters, and one more for jvp, vjp and hvp.
    order: of an elementwise derivative.
    """

    kind: str
    primal: Program
    program: Program
    wrt: Sequence[str] = ()
    order: int = 1

    def stable(self) -> Program:
        """The same derivative, of the stable form of the primal."""
        primal = stabilise(self.primal)
        if self.kind == "derivative":
            return elementwise(primal, self.wrt, self.order)
        return derive(primal, self.kind, self.wrt)

    @cached_property
    def primitives(self) -> list[str]:
        """The primitives and solvers that are called, by name; they compute in double precision."""
        nodes = {*self.primal.nodes(), *self.program.nodes()}
        called = {node.primitive.name for node in nodes if isinstance(node, Call)}
        return sorted(called | {"odeint" for node in nodes if isinstance(node, Ode)})

    @property
    def precision(self) -> _Precision:
        """How well numerical differentiation can do in mpmath."""
        return self.precision_in(Mpmath(50))

    def precision_in(self, arithmetic: Arithmetic) -> _Precision:
        """How well numerical differentiation can do in an arithmetic."""
        order = 2 if self.kind in _SECOND_ORDER else self.order
        if isinstance(arithmetic, Machine) and arithmetic.real is np.longdouble:
            return _EXTENDED.get(order, _EXTENDED_BEYOND)
        if isinstance(arithmetic, Machine) or self.primitives:
            return _DOUBLE.get(order, _DOUBLE_BEYOND)
        return _EXACT


def agrees(
    claim: Claim, leaves: Leaves, values: Sequence[Any], generator: random.Random, arithmetic: Arithmetic
) -> bool:
    """Whether the values are those of the derivative by numerical differentiation.

    leaves: of the derivative's own inputs.
    arithmetic: the one that the values are in, with the digits that a plain evaluation takes at this point.

    At a kink, where one-sided differences differ, there is nothing to compare with: the stated policy holds there, and
    the answer is yes.
    """
    precision = claim.precision_in(arithmetic)
    finest = 0 if isinstance(arithmetic, Machine) else _finest(leaves[: len(claim.primal.inputs)])
    step = precision.step + finest
    finer = arithmetic.with_digits(step * (1 + max(2, claim.order)))
    tolerance = precision.digits, precision.smallest
    state = generator.getstate()

    def compared(those: Sequence[Any]) -> Pairs:
        """With differences along the same directions each time."""
        generator.setstate(state)
        return _CHECKS[claim.kind](_Point(claim, leaves, generator, finer, finer.power_of_ten(-step)), those)

    with finer.working():
        pairs = compared(values)
        if all(finer.is_near(*pair, tolerance) for pair in pairs) or isinstance(arithmetic, Machine):
            return all(finer.is_near(*pair, tolerance) for pair in pairs)
        strayed = [compared(outputs) for outputs in _with_other_constants(claim, leaves, arithmetic)]
        return all(
            finer.is_near(found, expected, scale + _strays(found, others) * 10**precision.digits, tolerance)
            for (found, expected, scale), others in zip(pairs, zip(*strayed, strict=True), strict=True)
        )


def _with_other_constants(claim: Claim, leaves: Leaves, arithmetic: Arithmetic) -> list[list[Any]]:
    """The derivative evaluated with its constants rounded otherwise."""
    generator = random.Random(3)
    programs = [with_moved_constants(claim.program, generator) for _ in range(_CONSTANTS_MOVED)]
    return [arithmetic.outputs(program, leaves) for program in programs]


def _strays(found: Any, others: Sequence[tuple[Any, Any, Any]]) -> Any:
    """How far the rounding of constants may take a number that moved so far in a few attempts."""
    moves = [np.abs(np.asarray(other, dtype=object) - np.asarray(found, dtype=object)) for other, _, _ in others]
    farthest = np.max(moves, axis=0)
    return _FEW_ATTEMPTS * np.where(farthest < math.inf, farthest, 0)  # what is no number excuses nothing


def _finest(leaves: Leaves) -> int:
    """How many decimal places down the smallest number is: Planck's constant takes smaller steps than a temperature."""
    sizes = np.concatenate([np.ravel(np.abs(leaf)) for leaf in leaves]) if leaves else np.ones(1)
    return decimal_places(float(min(1.0, np.min(sizes[sizes > 0.0], initial=1.0))))


class _Point:
    """The primal around a point: its values along directions."""

    def __init__(
        self, claim: Claim, leaves: Leaves, generator: random.Random, arithmetic: Arithmetic, step: Any
    ) -> None:
        count = len(claim.primal.inputs)
        self.claim = claim
        self.arithmetic = arithmetic
        self.precision = claim.precision_in(arithmetic)
        self.leaves, self.extra = leaves[:count], leaves[count:]
        self.generator = generator
        self.step = step
        self.positions = [
            claim.primal.inputs.index(leaf) for name in claim.wrt for leaf in claim.primal.leaves_of(name)
        ]

    def direction(self) -> Direction:
        """A random direction in the parameters differentiated by, of the size of their values."""
        made = []
        for position in self.positions:
            value = self.leaves[position]
            size = np.where(np.asarray(value) == 0.0, 0.25, np.abs(value))  # Planck's constant takes steps of its size
            made.append(
                size * random_leaf(self.claim.primal.inputs[position], np.shape(value), self.generator, 0.5, 1.5)
            )
        return made

    def at(self, *moves: tuple[int | float, Direction]) -> list[Any]:
        """The primal's outputs after moving by multiples of a step along directions."""
        moved = list(self.leaves)
        exact = self.arithmetic.exact
        for factor, direction in moves:
            for position, part in zip(self.positions, direction, strict=True):
                moved[position] = exact(moved[position]) + (self.step * factor) * exact(part)
        return self.arithmetic.outputs(self.claim.primal, moved)

    def slopes(self, direction: Direction) -> list[Any] | None:
        """The derivative of each output along a direction; None at a kink."""
        here, ahead, behind = self.at(), self.at((1, direction)), self.at((-1, direction))
        found = []
        for middle, after, before in zip(here, ahead, behind, strict=True):
            central = (after - before) / (2 * self.step)
            forward = (after - middle) / self.step
            if np.any(np.abs(central - forward) > self.precision.kink * (np.abs(central) + np.abs(middle) + 1e-30)):
                return None
            found.append(central)
        return found

    def curvature(self, first: Direction, second: Direction) -> Any | None:
        """The second derivative of the one output along two directions; None at a kink."""
        if self.slopes(first) is None or self.slopes(second) is None:
            return None
        corners = [(i * j, self.at((i, first), (j, second))[0]) for i in (1, -1) for j in (1, -1)]
        return np.ravel(sum(sign * np.asarray(value) for sign, value in corners) / (4 * self.step**2))[0]


Pairs = list[tuple[Any, Any, Any]]


def _along(blocks: Sequence[Any], direction: Direction) -> tuple[Any, Any]:
    """The sum over all inputs of derivative times direction, and the same of absolute values."""
    total: Any = 0
    size: Any = 0
    for block, part in zip(blocks, direction, strict=True):
        axes = np.ndim(part)
        derivative = np.asarray(block)
        step = np.asarray(part, dtype=object if derivative.dtype == object else None)
        total = total + np.tensordot(derivative, step, axes)
        size = size + np.tensordot(np.abs(derivative), np.abs(step), axes)
    return total, size


def _real(values: Any) -> Any:
    """The real parts: a derivative of a real u by complex z is one of which du = Re(derivative · dz)."""
    if np.asarray(values).dtype != object:
        return np.real(values)
    return np.frompyfunc(lambda value: getattr(value, "real", value), 1, 1)(values)


def _like(point: _Point, expected: Any, found: Any) -> Any:
    """What is found along a direction, real where the outputs are."""
    return found if point.arithmetic.is_complex(expected) else _real(found)


def _first_order(point: _Point, values: Sequence[Any]) -> Pairs:
    direction = point.direction()
    slopes = point.slopes(direction)
    if slopes is None:
        return []
    count = len(point.positions)
    rows = [values[start : start + count] for start in range(0, len(values), count)]
    sums = [_along(row, direction) for row in rows]
    return [(_like(point, slope, found), slope, size) for (found, size), slope in zip(sums, slopes, strict=True)]


def _second_order(point: _Point, values: Sequence[Any]) -> Pairs:
    first, second = point.direction(), point.direction()
    expected = point.curvature(first, second)
    if expected is None:
        return []
    count = len(point.positions)
    rows = [_along(values[start : start + count], second) for start in range(0, len(values), count)]
    total, _ = _along([row for row, _ in rows], first)
    size, _ = _along([row for _, row in rows], [np.abs(part) for part in first])
    return [(total, expected, size)]


def _with_value(point: _Point, values: Sequence[Any]) -> Pairs:
    here = point.at()
    count = len(here)
    return [*_same(values[:count], here), *_first_order(point, values[count:])]


def _with_rest(point: _Point, values: Sequence[Any]) -> Pairs:
    """The gradient of the first output, and the others as they are."""
    count = len(point.positions)
    rest = _same(values[count:], point.at()[1:])
    direction = point.direction()
    slopes = point.slopes(direction)
    if slopes is None:
        return rest
    found, size = _along(values[:count], direction)
    return [(found, slopes[0], size), *rest]


def _same(found: Sequence[Any], expected: Sequence[Any]) -> Pairs:
    return [(a, b, np.abs(b)) for a, b in zip(found, expected, strict=True)]


def _jvp(point: _Point, values: Sequence[Any]) -> Pairs:
    slopes = point.slopes(point.extra)
    return [] if slopes is None else _same(values, slopes)


def _vjp(point: _Point, values: Sequence[Any]) -> Pairs:
    direction = point.direction()
    slopes = point.slopes(direction)
    if slopes is None:
        return []
    found, size = _along(values, direction)
    expected = sum(np.sum(np.asarray(c) * slope) for c, slope in zip(point.extra, slopes, strict=True))
    return [(_real(found), _real(expected), size)]


def _column_sums(point: _Point, values: Sequence[Any]) -> Pairs:
    """The gradient of the sum of all outputs."""
    direction = point.direction()
    slopes = point.slopes(direction)
    if slopes is None:
        return []
    found, size = _along(values, direction)
    total = sum(np.sum(slope) for slope in slopes)
    return [(_like(point, total, found), total, size)]


def _row_sums(point: _Point, values: Sequence[Any]) -> Pairs:
    """The derivative along all ones."""
    slopes = point.slopes([np.ones(np.shape(point.leaves[position])) for position in point.positions])
    return [] if slopes is None else _same(values, slopes)


def _hvp(point: _Point, values: Sequence[Any]) -> Pairs:
    direction = point.direction()
    expected = point.curvature(direction, point.extra)
    if expected is None:
        return []
    found, size = _along(values, direction)
    return [(_real(found), expected, size)]


def _elementwise(point: _Point, values: Sequence[Any]) -> Pairs:
    """The derivative of any order by each parameter alone."""
    order, pairs = point.claim.order, []
    per_name = len(values) // len(point.positions)
    for place in range(len(point.positions)):
        axis = [1.0 if other == place else 0.0 for other in range(len(point.positions))]
        if order and point.slopes(axis) is None:
            continue
        terms = [((-1) ** k * comb(order, k), point.at((order / 2 - k, axis))) for k in range(order + 1)]
        for number, value in enumerate(values[place * per_name : (place + 1) * per_name]):
            total = sum(weight * outputs[number] for weight, outputs in terms) / point.step**order
            pairs.append((_like(point, total, value), total, np.abs(total) + np.abs(terms[0][1][number])))
    return pairs


_CHECKS: dict[str, Callable[[_Point, Sequence[Any]], Pairs]] = {
    "value": lambda point, values: _same(values, point.at()),
    "grad": _first_order,
    "hgrad": _first_order,
    "jac": _first_order,
    "hess": _second_order,
    "value_and_grad": _with_value,
    "grad_and_aux": _with_rest,
    "jvp": _jvp,
    "vjp": _vjp,
    "hvp": _hvp,
    "egrad": _column_sums,
    "deriv": _row_sums,
    "derivative": _elementwise,
}
