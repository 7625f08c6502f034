"""A gradient beside those of other methods: values, and errors in ULP against mpmath.

In: a function, its Program, a point, names of methods. Out: rows that show themselves as JSON or as a table's cells.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symdiff.algebra.passes import simplify
from symdiff.calculus.derivatives import gradient
from symdiff.calculus.selection import scalar_output
from symdiff.compare.references import REFERENCES, Arguments, Gradient, Problem, Sides, sides
from symdiff.emit.ulp import error_in_ulp
from symdiff.errors import ArgumentError
from symdiff.errors.message import choices, closest
from symdiff.ir.program import Program
from symdiff.ir.structure import tuple_of
from symdiff.runtime.compile import compile_program


@dataclass(frozen=True)
class Row:
    """One method: its numbers and their errors in ULP, element by element; or why it has none."""

    method: str
    values: tuple[float, ...] = ()
    errors: tuple[float, ...] = ()
    problem: str = ""

    def facts(self) -> dict[str, Any]:
        """For JSON, which has no infinities: they are text."""
        if self.problem:
            return {"method": self.method, "problem": self.problem}
        return {"method": self.method, "values": _json(self.values), "errors_ulp": _json(self.errors)}


@dataclass(frozen=True)
class Comparison:
    """The point, the names of the elements, and a row for each method, symdiff's first.

    kinks: the elements by which the function has no derivative at the point, with the slopes below and above it.
    """

    arguments: Arguments
    elements: tuple[str, ...]
    rows: tuple[Row, ...]
    kinks: tuple[tuple[str, float, float], ...] = ()


def compare(
    function: Callable[..., Any],
    program: Program,
    wrt: Sequence[str],
    arguments: Arguments,
    methods: Sequence[str],
    backend: str = "numpy",
) -> Comparison:
    """Differentiate by every method at the point. Raises ArgumentError for an unknown one."""
    for method in methods:
        if method not in REFERENCES:
            raise ArgumentError(
                f"there is no method {method!r} to compare with",
                why=choices("There are", method, REFERENCES),
                fix=f"--against {closest(method, REFERENCES) or 'mpmath'}",
            )
    scalar_output(program)  # or an error: no method has a gradient of more
    problem = Problem(function, program, tuple(wrt))
    around = sides(problem, arguments)
    truth = [side.slope for side in around]
    rows = [_row("symdiff", lambda p, a: _ours(p, a, backend), problem, arguments, truth)]
    rows += [_row(method, REFERENCES[method], problem, arguments, truth) for method in methods]
    names = _element_names(wrt, arguments)
    kinks = [(name, *_in_short(side)) for name, side in zip(names, around, strict=True) if side.differ]
    return Comparison(arguments, tuple(names), tuple(rows), tuple(kinks))


def _in_short(side: Sides) -> tuple[float, float]:
    """The two slopes without what the length of the step adds to them."""
    gap = abs(side.above - side.below)
    return float(round(side.below / gap, 15) * gap), float(round(side.above / gap, 15) * gap)


def _ours(problem: Problem, arguments: Arguments, backend: str) -> Gradient:
    derived = gradient(simplify(problem.program, level="fast"), problem.wrt)
    leaves = derived.with_outputs(derived.outputs, tuple_of(_leaf_parts(derived)))
    return list(compile_program(simplify(leaves, level="full"), backend)(**arguments))


def _leaf_parts(program: Program) -> list[Any]:
    return [program.structure] if program.structure.kind == "leaf" else list(program.structure.parts)


def _row(
    name: str,
    method: Callable[[Problem, Arguments], Gradient],
    problem: Problem,
    arguments: Arguments,
    truth: Sequence[Any],
) -> Row:
    try:
        found = _flat(method(problem, arguments))
    except ModuleNotFoundError as error:
        return Row(name, problem=f"{error.name} is not installed")
    except Exception as error:  # noqa: BLE001 - a method that cannot do it is a result of the comparison
        return Row(name, problem=f"{type(error).__name__}: {error}".splitlines()[0][:100])
    errors = tuple(_error(value, reference) for value, reference in zip(found, truth, strict=True))
    return Row(name, tuple(float(value) for value in found), errors)


def _error(value: Any, reference: Any) -> float:
    return math.nan if reference != reference else error_in_ulp(float(value), reference)


def _flat(gradient: Gradient) -> list[Any]:
    return [element for part in gradient for element in np.ravel(np.asarray(part, dtype=object))]


def _element_names(wrt: Sequence[str], arguments: Arguments) -> list[str]:
    return [
        f"{name}[{', '.join(map(str, place))}]" if place else name
        for name in wrt
        for place in np.ndindex(np.shape(arguments[name]))
    ]


def _json(numbers: Sequence[float]) -> list[Any]:
    return [number if np.isfinite(number) else repr(number) for number in numbers]
