"""Sequences of calls against plain Python: each gives what a fresh module gives at this point, whatever came before.

In: a program of `random_guarded`. Out: the mismatches, as text, and the refusals. Slopes are differences of the fourth
order, of five points; where two widths of them, or two sides, disagree there is a kink: the value alone is compared.
"""

import os
import random
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np

import symdiff as sd
from tests.random_guarded import Program

STEPS = {1: (1e-4, 2.3e-4), 2: (1.5e-3, 2.6e-3)}
LARGEST = 1e5
Point = tuple[Any, Any]


@dataclass
class Found:
    """What differed, what was refused and why, what was compared."""

    differences: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    values: int = 0
    slopes: int = 0
    is_guarded: bool = False


@dataclass(frozen=True)
class Operator:
    """A derivative: how it is made, of what, by which arguments, and what it says of a direction."""

    made: Callable[[Any], Any]
    along: Callable[[Any, list[Any]], Any]  # (result, direction) -> slope
    value: Callable[[Any], Any] | None = None
    of: str = "f"
    by: tuple[int, ...] = (0,)
    order: int = 1
    called: Callable[[Any, Point, list[Any]], Any] = lambda derived, point, direction: derived(*point)


def _dot(gradient: Any, direction: Any) -> Any:
    return np.sum(np.asarray(gradient, dtype=float) * np.asarray(direction, dtype=float))


def _in_jacobian(result: Any, direction: Any) -> Any:
    matrix = np.transpose(result) if isinstance(result, list) else np.asarray(result, dtype=float)
    return matrix @ direction if np.ndim(direction) else matrix * direction


def _twice(result: Any, direction: Any) -> Any:
    matrix = np.asarray(result, dtype=float)
    return direction @ matrix @ direction if np.ndim(direction) else matrix * direction**2


def _of_both(result: Any, d: Any) -> Any:
    return _dot(result[1][0], d[0]) + _dot(result[1][1], d[1])


OPERATORS: dict[str, Operator] = {
    "grad": Operator(sd.grad, lambda result, d: _dot(result, d[0])),
    "grad by y": Operator(lambda f: sd.grad(f, argnum=1), lambda result, d: _dot(result, d[1]), by=(1,)),
    "value_and_grad": Operator(
        lambda f: sd.value_and_grad(f, argnum=(0, 1)), _of_both, value=lambda result: result[0], by=(0, 1)
    ),
    "followed": Operator(
        lambda f: sd.value_and_grad(f, argnum=(0, 1), mode="guarded"),
        _of_both,
        value=lambda result: result[0],
        by=(0, 1),
    ),
    "jacobian": Operator(sd.jacobian, lambda result, d: _in_jacobian(result, d[0]), of="several"),
    "jvp": Operator(
        lambda f: sd.jvp(f),
        lambda result, d: np.asarray(result),
        of="several",
        called=lambda derived, point, d: derived(*point, _like(point[0], d[0])),
    ),
    "hessian": Operator(sd.hessian, lambda result, d: _twice(result, d[0]), order=2),
    "hvp": Operator(
        lambda f: sd.hvp(f),
        lambda result, d: _dot(result, d[0]),
        order=2,
        called=lambda derived, point, d: derived(*point, _like(point[0], d[0])),
    ),
}
SCALAR_OPERATORS: dict[str, Operator] = {
    "elementwise_grad": Operator(sd.elementwise_grad, lambda result, d: _dot(result, d[0])),
    "grad of grad": Operator(lambda f: sd.grad(sd.grad(f)), lambda result, d: result * d[0] ** 2, order=2),
    "grad of grad by y": Operator(
        lambda f: sd.grad(sd.grad(f, argnum=1), argnum=1), lambda result, d: result * d[1] ** 2, by=(1,), order=2
    ),
    "deriv": Operator(sd.deriv, lambda result, d: _dot(result, d[0])),
}


def _like(value: Any, direction: Any) -> Any:
    return direction.tolist() if isinstance(value, list) else direction


class Module:
    """The module of a program: once for symdiff, and fresh for every reference."""

    def __init__(self, program: Program, path: Path) -> None:
        self.program = program
        self.path = path
        self.changes: list[str] = []
        self._code: CodeType = compile(program.text, str(path) if program.has_source else "<string>", "exec")
        if program.has_source:
            path.write_text(program.text, encoding="utf-8")
        self.scope = self._executed()

    def _executed(self) -> dict[str, Any]:
        scope: dict[str, Any] = {"__name__": self.path.stem, "__builtins__": __builtins__}
        exec(self._code, scope)
        return scope

    def change(self, statement: str) -> None:
        """Changes what the program reads, where its state lets it."""
        try:
            exec(statement, self.scope)
        except (KeyError, IndexError, TypeError, AttributeError):
            return
        self.changes.append(statement)

    def plain(self) -> dict[str, Any]:
        """A fresh module with the same changes."""
        scope = self._executed()
        for statement in self.changes:
            exec(statement, scope)
        return scope


def check_calls(program: Program, path: Path, seed: int, *, calls: int = 14) -> Found:
    """Calls many derivatives at many points, in one sequence, with changes between the calls."""
    rng, found = random.Random(seed), Found()
    before = dict(os.environ)
    module = Module(program, path)
    operators = OPERATORS | ({} if program.length else SCALAR_OPERATORS)
    chosen = rng.sample(list(operators), 3)
    made = {name: operators[name].made(module.scope[operators[name].of]) for name in chosen}
    points: list[Point] = []
    try:
        for _ in range(calls):
            if program.changes and rng.random() < 0.35:
                module.change(rng.choice(program.changes))
            points.append(rng.choice(points) if points and rng.random() < 0.3 else program.point(rng))
            for name in rng.sample(chosen, rng.randrange(1, 3)):
                derived = operators[name].made(module.scope[operators[name].of]) if rng.random() < 0.1 else made[name]
                _call(module, name, operators[name], derived, points[-1], rng, found)
        found.is_guarded = any(getattr(derived, "mode", "") == "guarded" for derived in made.values())
    finally:
        os.environ.clear()
        os.environ.update(before)
    return found


def _call(
    module: Module, name: str, operator: Operator, derived: Any, point: Point, rng: random.Random, found: Found
) -> None:
    direction = [np.array([rng.uniform(0.3, 1.0) for _ in np.ravel(part)]).reshape(np.shape(part)) for part in point]
    direction = [part if at in operator.by else 0.0 * part for at, part in enumerate(direction)]
    direction = [part if np.ndim(part) else float(part) for part in direction]
    where = f"{name} at {point!r} after {module.changes}"
    kept = [np.array(part) for part in point]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = _outcome(lambda: module.plain()[operator.of](*point))
        result = _outcome(lambda: operator.called(derived, point, direction))
        if not all(np.array_equal(a, np.asarray(b), equal_nan=True) for a, b in zip(kept, point, strict=True)):
            found.differences.append(f"{where}: the arguments were changed")
        if isinstance(result, Exception):
            _compare_errors(value, result, where, found)
            return
        if isinstance(value, Exception):
            if _is_arithmetic(value) or _is_of_a_type(value, point):
                return
            found.differences.append(f"{where}: {result!r}, and plain Python raises {value!r}")
            return
        tolerance = 1e-3 if _is_single(point) else 1e-9
        if operator.value is not None and not np.any(np.isnan(value)):  # 0 * inf is 0 in a formula
            found.values += 1
            if not np.allclose(operator.value(result), value, rtol=tolerance, atol=tolerance, equal_nan=True):
                found.differences.append(f"{where}: value {operator.value(result)!r}, not {value!r}")
        slope = _slope(module, operator, point, direction, value)
        if slope is None:
            return
        found.slopes += 1
        got = operator.along(result, direction)
        tolerance = 1e-2 if _is_single(point) else 1e-6 if operator.order == 1 else 1e-4
        if np.shape(got) != np.shape(slope) or not np.allclose(got, slope, rtol=tolerance, atol=tolerance):
            found.differences.append(f"{where}: slope {got!r}, not {slope!r}; {result!r}")


def _compare_errors(value: Any, result: Exception, where: str, found: Found) -> None:
    if isinstance(result, sd.SymdiffError):
        found.refusals.append(f"{where}: {result}")
    elif not isinstance(value, Exception):
        found.differences.append(f"{where}: raises {result!r}, plain Python gives {value!r}")
    elif not (_is_arithmetic(value) or type(result).__name__ in [kind.__name__ for kind in type(value).__mro__]):
        found.differences.append(f"{where}: raises {result!r}, plain Python {value!r}")


def _outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 (whatever it is, it is compared)
        return error


def _is_arithmetic(error: Exception) -> bool:
    """Where plain Python raises, a closed form has a number that is none."""
    return isinstance(error, ArithmeticError) or any(word in str(error) for word in ("domain error", "NaN"))


def _is_of_a_type(error: Exception, point: Point) -> bool:
    """Where plain Python cannot round arrays without axes, nor write into whole numbers: to symdiff both are reals."""
    kinds = [(part.ndim, part.dtype.kind) for part in point if isinstance(part, np.ndarray)]
    return isinstance(error, TypeError) and any(not ndim or kind == "i" for ndim, kind in kinds)


def _is_single(point: Point) -> bool:
    return any(getattr(part, "dtype", None) == np.float32 for part in point)


def _slope(module: Module, operator: Operator, point: Point, direction: list[Any], value: Any) -> Any:
    """The slope along the direction; None at a kink, and where there are no finite numbers."""
    centre = [np.asarray(part, dtype=float) for part in point]
    if not all(np.all(np.isfinite(part)) for part in centre) or not np.all(np.isfinite(value)):
        return None
    once = module.plain()[operator.of] if "sd." in module.program.text.split("import symdiff as sd")[1] else None

    def at(distance: float) -> Any:
        function = once or module.plain()[operator.of]
        parts = [
            c + distance * np.asarray(d) if i in operator.by else p
            for i, (c, d, p) in enumerate(zip(centre, direction, point, strict=True))
        ]
        arguments = [
            p if i not in operator.by else p.tolist() if isinstance(point[i], list) or not np.ndim(point[i]) else p
            for i, p in enumerate(parts)
        ]
        return np.asarray(function(*arguments), dtype=float)

    try:
        middle = at(0.0)
        scale = 1e-3 if _is_single(point) else 1e-11
        if not np.allclose(middle, value, rtol=scale, atol=scale) or np.any(np.abs(middle) > LARGEST):
            return None
        slopes = [difference(at, middle, step, operator.order) for step in STEPS[operator.order]]
        sides = [one_sided(at, middle, sign * STEPS[operator.order][0], operator.order) for sign in (1.0, -1.0)]
    except Exception:  # noqa: BLE001 (a border of the domain)
        return None
    tolerance = 1e-7 if operator.order == 1 else 2e-5
    if (
        not np.allclose(*sides, rtol=1e-3, atol=1e-3)
        or not np.allclose(*slopes, rtol=tolerance, atol=tolerance)
        or np.any(np.abs(slopes[0]) > LARGEST)
    ):
        return None
    return slopes[0]


def difference(at: Callable[[float], Any], middle: Any, h: float, order: int) -> Any:
    """The derivative at 0 by differences of five points, of the fourth order."""
    one, other, two, others = at(h), at(-h), at(2 * h), at(-2 * h)
    if order == 1:
        return (8.0 * (one - other) - (two - others)) / (12.0 * h)
    return (16.0 * (one + other) - (two + others) - 30.0 * middle) / (12.0 * h * h)


def one_sided(at: Callable[[float], Any], middle: Any, h: float, order: int) -> Any:
    """The derivative at 0 from one side: at a kink the other one has another."""
    one, two = at(h), at(2 * h)
    if order == 1:
        return (4.0 * one - two - 3.0 * middle) / (2.0 * h)
    return (2.0 * middle - 5.0 * one + 4.0 * two - at(3 * h)) / (h * h)
