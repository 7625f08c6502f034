"""The common shape of a row that SciPy computes.

In: the facts of a special function. Out: its row, whose spelling imports `scipy.special`; the row itself does not,
until it is asked for a number. `math` code turns the result into a float.
"""

import importlib
from collections.abc import Callable
from typing import Any

from symdiff.ops.row import Op, Partial, Refused, Spelling, row

Form = str | Callable[..., Any]


def refused(function: str, parameter: str) -> Partial:
    """The partial of an argument by which no closed form is known."""
    return Refused(f"scipy.special.{function}", parameter)


def special_row(
    name: str,
    *partials: Partial,
    rule: str,
    mpmath: Form,
    sympy: Form,
    domain: tuple[tuple[float, float], ...],
    part_of: tuple[str, int] | None = None,
    traces: tuple[str, ...] = (),
) -> Op:
    """A row computed by `scipy.special.NAME`, or by one part of the tuple that `part_of` returns."""
    function, part = (name, "") if part_of is None else (part_of[0], f"[{part_of[1]}]")
    arguments = ", ".join(f"{{{index}}}" for index in range(len(partials)))
    text = f"scipy.special.{function}({arguments}){part}"
    return row(
        name,
        *partials,
        rule=rule,
        numpy=Spelling(text, modules=("scipy.special",)),
        math=Spelling(f"float({text})", modules=("scipy.special",)),
        numexpr=None,
        evaluate=computed_by_scipy(function, None if part_of is None else part_of[1]),
        mpmath=mpmath,
        sympy=sympy,
        traces=(*([f"scipy.special.{name}"] if part_of is None else []), *traces),
        cost=100.0,
        domain=domain,
    )


def computed_by_scipy(function: str, part: int | None = None) -> Callable[..., Any]:
    """The function of SciPy's, looked up when it is first called."""

    def evaluate(*arguments: Any) -> Any:
        result = getattr(importlib.import_module("scipy.special"), function)(*arguments)
        return result if part is None else result[part]

    return evaluate
