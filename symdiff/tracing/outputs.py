"""Results: from what the user's function returned to outputs of the program.

In: a nested value of tracers, numbers and arrays for every path. Out: nodes and the structure that rebuilds the value.
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.errors import OutputError
from symdiff.ir.nodes import Node
from symdiff.ir.structure import Structure, structure_of
from symdiff.tracing.describe import describe
from symdiff.tracing.lowering.absent import NOTHING
from symdiff.tracing.paths import Path, merge
from symdiff.tracing.picked import Picked
from symdiff.tracing.values import has_tracer, is_numeric, to_node


def outputs_of(paths: Sequence[Path], original: Callable[[Any], Any]) -> tuple[list[Node], Structure]:
    """The outputs, chosen among the paths', and their structure."""
    every, paths = paths, [path for path in paths if path.value is not NOTHING]
    if not paths:
        raise OutputError(
            "the function raises an exception on every path",
            origin=every[0].decisions[-1].origin,
            why="No path is left that returns something.",
            fix="call the function with numbers, whose traceback names the line",
        )
    silent = [path for path in paths if path.value is None]
    if silent and len(silent) < len(paths):
        raise _differing(paths[0], silent[0] if silent[0] is not paths[0] else paths[1])
    structures = [_with_original_types(structure_of(path.value), original) for path in paths]
    leaves = [[_leaf(leaf) for leaf in structure_of(path.value).flatten(path.value)] for path in paths]
    for path, structure, nodes in zip(paths[1:], structures[1:], leaves[1:], strict=True):
        same = structure == structures[0] and [n.shape for n in nodes] == [n.shape for n in leaves[0]]
        if not same:
            raise _differing(paths[0], path)
    returned = dict(zip(map(id, paths), leaves, strict=True))
    outputs = merge(every, [returned.get(id(path)) for path in every])
    assert outputs is not None
    return outputs, structures[0]


def _with_original_types(structure: Structure, original: Callable[[Any], Any]) -> Structure:
    """The structure with the user's own classes in place of their stand-ins."""
    parts = tuple(_with_original_types(part, original) for part in structure.parts)
    return dataclasses.replace(structure, parts=parts, python_type=original(structure.python_type))


def _leaf(value: Any) -> Node:
    if isinstance(value, Picked):
        raise value.refusal()  # of this trace, not of one that runs around it
    if not is_numeric(value) or (isinstance(value, np.ndarray) and not _is_number(value)):
        what = "returns nothing" if value is None else f"returns a {value.__class__.__name__}, which is not a number"
        raise OutputError(
            f"the function {what}",
            why="The result of a traced function is a number, an array, or a nesting of them.",
            fix="end every path of the function with `return` and a number",
        )
    return to_node(value)


def _is_number(array: Any) -> bool:
    return array.dtype.kind in "biufc" or (array.dtype == object and has_tracer(array))


def _differing(first: Path, other: Path) -> OutputError:
    decision = next(
        (mine for mine, theirs in zip(first.decisions, other.decisions, strict=False) if mine.side != theirs.side),
        first.decisions[0],
    )
    return OutputError(
        f"the function returns {_words(first.value)} on one path and {_words(other.value)} on another",
        origin=decision.origin,
        label=f"condition is {describe(decision.condition)}",
        why="The two are chosen between element by element, so they must be built alike.",
        fix="return values of the same kind and shape on every path",
    )


def _words(value: Any) -> str:
    if value is None:
        return "nothing"
    structure = structure_of(value)
    if structure.kind != "leaf":
        return structure.describe()
    shape = np.shape(value) if not isinstance(value, str) else ()
    return f"an array of shape {shape}" if shape else "a number"
