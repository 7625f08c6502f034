"""Traced programs inside traced functions: a call becomes part of the outer graph.

In: a Program and the arguments of a call, traced or not. Out: the result, traced, in the Program's structure. So
derivatives nest anywhere: the derivative of an inner function is just more nodes of the outer one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.errors import ShapeError
from symdiff.ir.evaluate import bind
from symdiff.ir.nodes import Node
from symdiff.ir.program import Program
from symdiff.ir.rewrite import substitute
from symdiff.ir.structure import structure_of
from symdiff.trace.frames import user_origin
from symdiff.trace.tracer import wrap
from symdiff.trace.values import has_tracer, to_node


def inline_call(program: Program, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The program applied to the arguments within the trace that is running. ShapeError where they do not fit."""
    leaves = [to_node(leaf) for leaf in bind(program, *args, **kwargs)]
    for given, expected in zip(leaves, program.inputs, strict=True):
        if given.shape != expected.shape:
            raise ShapeError(
                f"{program.name} was traced for {expected.name} of shape {expected.shape}, not {given.shape}",
                origin=user_origin(),
            )
    replacements: dict[Node, Node] = dict(zip(program.inputs, leaves, strict=True))
    return program.structure.unflatten([wrap(node) for node in substitute(program.outputs, replacements)])


def is_traced(arguments: Any) -> bool:
    """Whether a tracer is among the leaves of the arguments, so that the call belongs to a trace."""
    return any(has_tracer(leaf) for leaf in structure_of(arguments).flatten(arguments))
