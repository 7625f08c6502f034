"""Programs called inside a trace: their nodes join the outer graph, so that derivatives nest to any depth.

In: a Program and arguments, some of them tracers. Out: its result on them, as tracers.
"""

from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any, cast

from symdiff.errors import ShapeError
from symdiff.ir.evaluate import bind
from symdiff.ir.lengths import Dimension, Name, substituted
from symdiff.ir.nodes import Const, Node
from symdiff.ir.program import Program
from symdiff.ir.rewrite import substitute
from symdiff.ir.sizes import bind as bind_sizes
from symdiff.ir.structure import structure_of
from symdiff.tracing import forking
from symdiff.tracing.arithmetic_errors import raise_where
from symdiff.tracing.frames import user_origin
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import has_tracer, to_node


def inline_call(program: Program, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The program's result on the arguments.

    >>> from symdiff.tracing import trace_function
    >>> inner = trace_function(lambda x: x * x)
    >>> outer = trace_function(lambda y: inline_call(inner, (y + 1.0,), {}))
    >>> [repr(node) for node in outer.nodes()]
    ['Input(y)', 'Const(1.0)', 'Map(add)', 'Map(multiply)']
    """
    leaves = [to_node(leaf) for leaf in bind(program, *args, **kwargs)]
    sizes = _sizes(program, leaves)
    for leaf, node in zip(program.inputs, leaves, strict=True):
        if tuple(substituted(length, sizes) for length in leaf.shape) != node.shape:
            raise ShapeError(
                f"{leaf.name} has shape {node.shape}, {program.name} was traced for {leaf.shape}",
                origin=user_origin(),
                why="It is a closed form, which holds for arguments of this shape.",
                fix=f"call the plain function in place of its closed form, or trace it for the shape {node.shape}",
            )
    failures = [check.failure for check in program.checks]
    ends = [*failures, *program.outputs]
    ends = substitute(ends, dict(zip(program.inputs, leaves, strict=True)), sizes)
    for check, failure in zip(program.checks, ends, strict=False):
        raise_where(failure, check.exception(), check.origin)
    outputs = ends[len(failures) :]
    return program.structure.unflatten([wrap(output) for output in outputs])


def inline_guards(program: Program, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """The guards of the program, for these arguments, become guards of the trace around it, if that follows a path."""
    outer = forking.following()
    if outer is None:  # the arguments are numbers, which the guards have been computed from
        return
    leaves = [to_node(leaf) for leaf in bind(program, *args, **kwargs)]
    nodes = substitute([guard.node for guard in program.guards], dict(zip(program.inputs, leaves, strict=True)))
    for guard, node in zip(program.guards, nodes, strict=True):
        if not isinstance(node, Const):
            outer.adopt(node, guard.origin)


def _sizes(program: Program, leaves: Sequence[Node]) -> dict[Name, Dimension]:
    """What the program's sizes are in the outer trace."""
    inputs = program.inputs
    try:
        return bind_sizes([leaf.name for leaf in inputs], [leaf.shape for leaf in inputs], [x.shape for x in leaves])
    except ShapeError as error:
        error.origin = user_origin()
        raise


def is_inner_call(arguments: Any) -> bool:
    """Whether a tracer is among the leaves of a call's arguments, so that the call belongs to an outer trace."""
    return any(has_tracer(leaf) for leaf in structure_of(arguments).flatten(arguments))


def own_answer(function: FunctionType) -> FunctionType | None:
    """What a trace calls in place of a function that symdiff has compiled; nothing for any other function."""
    attributes = vars(function)
    if "_symdiff_answers_traces" in attributes:
        return function
    program = attributes.get("_symdiff_program")
    return None if program is None else _inlining(program, function)


def _inlining(program: Program, function: FunctionType) -> FunctionType:
    """What stands in for a function that symdiff has compiled, whose own code tests and converts numbers."""

    def inlining(*args: Any, **kwargs: Any) -> Any:
        if is_inner_call((args, kwargs)):
            return inline_call(program, args, kwargs)
        return function(*args, **kwargs)

    return cast(FunctionType, inlining)
