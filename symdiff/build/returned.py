"""What a generated function says of its result: the name of every part, in the structure in which it comes.

In: what the function claims to be. Out: `(value, (d/dx, d/dy))` for its docstring, with the shapes of arrays; nothing
where the parts of the result have no names, or too many.
"""

from collections.abc import Iterator, Sequence

from symdiff.emit.differences import Claim
from symdiff.emit.unpack import path_text
from symdiff.ir.program import Program
from symdiff.ir.structure import Structure
from symdiff.schedule.sharing import user_name

_LONGEST = 200  # characters


def returned(claim: Claim, arrays: str = "an array") -> str:
    """The parts of the result; the empty string where there is nothing to say that its shape does not.

    arrays: what an array is called.

    >>> from symdiff.calculus.derivatives import hessian, value_and_gradient
    >>> from symdiff.tracing import trace_function
    >>> area = trace_function(lambda r, h: 3.0 * r * r * h)
    >>> returned(Claim("value_and_grad", area, value_and_gradient(area, ["r", "h"]), ("r", "h")))
    '(value, (d/dr, d/dh))'
    >>> returned(Claim("hess", area, hessian(area, ["r"]), ("r",)))
    'd2/dr2'
    """
    program = claim.program
    labels = _labels(claim)
    if len(labels) != len(program.outputs) or not all(labels):
        return ""
    text = _nested(program.structure, iter(labels))
    shaped = {
        label: f"{label} has shape {output.shape}"
        for label, output in zip(labels, program.outputs, strict=True)
        if output.shape
    }
    if len(labels) == 1 and shaped:
        text += f", {arrays} of shape {program.outputs[0].shape}"
    elif shaped:
        text += f"; {', '.join(shaped.values())}"
    return text if len(text) <= _LONGEST else ""


def _labels(claim: Claim) -> list[str]:
    """The names of the outputs, in order; empty ones for what has none."""
    variables = _variables(claim.primal, claim.wrt)
    values = [user_name(output) for output in claim.primal.outputs]
    if len(set(values)) < len(values):
        values = [""] * len(values)
    one = len(values) == 1
    match claim.kind:
        case "value":
            return [] if one else values
        case "grad" | "hgrad" | "egrad" | "deriv" | "vjp" | "hvp":
            return [f"d/d{variable}" for variable in variables]
        case "value_and_grad":
            return ["value", *(f"d/d{variable}" for variable in variables)]
        case "hess":
            return [_second(first, second) for first in variables for second in variables]
        case "jac":
            results = [""] if one else [value and f"({value})" for value in values]
            return [f"d{result}/d{variable}" for result in results for variable in variables if result or one]
    return []


def _second(first: str, second: str) -> str:
    return f"d2/d{first}2" if first == second else f"d2/d{first}d{second}"


def _variables(program: Program, names: Sequence[str]) -> list[str]:
    """What is differentiated by: the leaves of the parameters, `w` or `params["w"]`."""
    found: list[str] = []
    for parameter in program.parameters:
        if parameter.name in names and parameter.structure is not None:
            found += [path_text(parameter.name, steps) for steps in parameter.structure.paths()]
    order = {parameter: at for at, parameter in enumerate(names)}
    return sorted(found, key=lambda path: order[path.partition("[")[0].partition(".")[0]])


def _nested(structure: Structure, labels: Iterator[str]) -> str:
    if structure.kind == "leaf":
        return next(labels)
    parts = [_nested(part, labels) for part in structure.parts]
    match structure.kind:
        case "list":
            return f"[{', '.join(parts)}]"
        case "tuple":
            return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        case "dict":
            return "{" + ", ".join(f"{key!r}: {part}" for key, part in zip(structure.keys, parts, strict=True)) + "}"
    fields = ", ".join(f"{key}={part}" for key, part in zip(structure.keys, parts, strict=True))
    return f"{structure.python_type.__name__ if structure.python_type else structure.kind}({fields})"
