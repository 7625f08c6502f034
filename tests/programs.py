"""Small programs for tests, built from rows.

In: a function of nodes. Out: a Program with the function's own parameter names.
"""

import inspect
from collections.abc import Callable
from typing import Any

from symdiff.ir import make
from symdiff.ir.nodes import Input
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import structure_of


def program_of(
    function: Callable[..., Any], *, name: str = "f", shapes: dict[str, tuple[int, ...]] | None = None
) -> Program:
    """The program that the function builds when it is called with inputs."""
    parameters = list(inspect.signature(function).parameters.values())
    inputs = {p.name: Input(p.name, (shapes or {}).get(p.name, ())) for p in parameters}
    value = function(*inputs.values())
    structure = structure_of(value)
    outputs = tuple(make.lift(leaf) for leaf in structure.flatten(value))
    declared = tuple(
        Parameter(p.name, default=p.default, kind=inspect.Parameter.POSITIONAL_OR_KEYWORD) for p in parameters
    )
    return Program(name, declared, tuple(inputs.values()), outputs, structure)
