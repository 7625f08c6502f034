"""Evaluation by the machine's own floats, for what would take mpmath minutes.

In: a Program and the leaves of its inputs. Out: the leaves of the result in np.longdouble, where the platform's has
more than the 53 bits of a double and every operation of the Program computes in it; else in double precision.

Whether an operation computes in it is measured, once an operation: some are polynomials with the coefficients of a
double, and some call libraries that know doubles only.
"""

from functools import cache
from typing import Any

import numpy as np

from symdiff.emit.sampling import Leaves
from symdiff.ir.evaluate import run
from symdiff.ir.nodes import Call, Linalg, Map, Ode
from symdiff.ir.program import Program
from symdiff.ops.row import Op

_BITS = int(np.finfo(np.longdouble).nmant)
_ENOUGH = 60  # bits after the leading one; 53 of them are compared, the rest is room for rounding
_LOST = 4  # bits that an operation may lose
_DIGITS = 40
_IN_DOUBLE_PRECISION = (Call, Linalg, Ode)
_WHERE = (0.13, 0.39, 0.57, 0.91)  # of an operation's domain


def is_extended(*programs: Program) -> bool:
    """Whether these programs can be evaluated in extended precision here."""
    if _BITS < _ENOUGH:
        return False
    nodes = [node for program in programs for node in program.nodes()]
    if any(isinstance(node, _IN_DOUBLE_PRECISION) for node in nodes):
        return False
    return all(map(computes_extended, {node.op for node in nodes if isinstance(node, Map)}))


@cache
def computes_extended(op: Op) -> bool:
    """Whether the row's reference gives the digits of extended precision for arguments in it."""
    if op.result == "bool" or op.operands in ("bool", "where"):
        return True  # comparisons of any numbers, logic and choices
    return all(_is_extended_at(op, where) for where in _WHERE)


def _is_extended_at(op: Op, where: float) -> bool:
    import mpmath

    kind = np.clongdouble if op.operands == "complex" else np.longdouble
    arguments = [kind(low + (high - low) * ((where + at / 17) % 1.0)) for at, (low, high) in enumerate(op.domain)]
    try:
        with np.errstate(all="ignore"):
            value = op.evaluate(*map(np.atleast_1d, arguments))[0]
    except TypeError:  # NumPy has no loop for longdouble
        return False
    if not isinstance(value, np.longdouble | np.clongdouble):
        return False
    with mpmath.workdps(_DIGITS):
        exact = op.in_mpmath(mpmath, *map(mpmath.mpmathify, arguments))
        error = abs(mpmath.mpmathify(value) - exact)
        return bool(error <= mpmath.mpf(2) ** (_LOST - _BITS) * abs(exact))


def machine_outputs(program: Program, leaves: Leaves, real: type[np.floating[Any]]) -> list[Any]:
    """The leaves of the result by the reference interpreter, in np.longdouble or np.float64."""

    def number(value: Any) -> Any:
        array = np.asarray(value)
        return value if array.dtype == np.bool_ else array.astype(np.result_type(real, array.dtype))[()]

    def apply(op: Op, *arguments: Any) -> Any:
        return op.evaluate(*arguments)

    environment = {node: number(leaf) for node, leaf in zip(program.inputs, leaves, strict=True)}
    with np.errstate(all="ignore"):
        return run(program.outputs, environment, apply, number, order=program.nodes_of_outputs())


def distance(value: Any, exact: Any) -> Any:
    """|value - exact| as doubles; 0 where the value is not finite, so that nothing is excused by it."""
    import mpmath

    numbers = np.asarray(value, dtype=complex if np.iscomplexobj(value) else float)
    references = np.asarray(exact)
    if references.dtype != object:
        with np.errstate(all="ignore"):
            return np.where(np.isfinite(numbers), np.abs(numbers - references), 0.0).astype(float)

    def one(computed: complex, reference: Any) -> float:
        return float(abs(mpmath.mpmathify(computed) - reference)) if np.isfinite(computed) else 0.0

    return np.frompyfunc(one, 2, 1)(numbers, references)
