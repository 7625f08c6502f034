"""What arithmetic raises on numbers, where the function that runs catches it.

In: a function or an operator of Python's, what the table of operations knows that it raises, and traced arguments. Out:
nothing; or the exception, on the path of those arguments for which it is raised. Where nobody catches it, a traced
value is an infinity or nan there.
"""

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.errors import BranchError, LoopError, TraceError
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.nodes import Const, Input, Node
from symdiff.ir.program import topological
from symdiff.ops import piecewise
from symdiff.ops.elementary import divide, log, power
from symdiff.ops.row import Raises
from symdiff.ops.table import OPS
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.describe import describe
from symdiff.tracing.frames import user_origin
from symdiff.tracing.raising import is_caught_as
from symdiff.tracing.values import to_node

_MESSAGES = {
    ValueError: "math domain error",
    ZeroDivisionError: "float division by zero",
    OverflowError: "math range error",
}


def _of_logarithms() -> tuple[Raises, ...]:
    """Of `math.log`, which takes a base too."""
    (of_number,) = log.raises
    return (
        Raises(ValueError, lambda x, base=1.0: of_number.where(x)),
        Raises(ValueError, lambda x, base=None: False if base is None else of_number.where(base)),
        Raises(ZeroDivisionError, lambda x, base=None: False if base is None else piecewise.equal(base, 1.0)),
    )


RAISED: dict[str, tuple[Raises, ...]] = {
    **{name: op.raises for op in OPS.values() for name in op.traces if op.raises and name.startswith("math.")},
    "builtins.divmod": divide.raises,
    "builtins.pow": power.raises,
    "operator.pow": power.raises,
    **{f"operator.{name}": divide.raises for name in ("truediv", "floordiv", "mod")},
    "math.log": _of_logarithms(),
}


def raise_where_caught(by: str, raises: Sequence[Raises], arguments: Sequence[Any]) -> None:
    """Raises what a function of `math`, or an operator, raises for these arguments, where the running code catches it.

    by: "math" or "operator".
    """
    session = forking.current_session()
    if session is None or not session.has_handlers():
        return
    nodes = [to_node(argument) for argument in arguments]
    if any(node.shape for node in nodes):
        return  # NumPy raises nothing
    for each in raises:
        if each.by in ("", by) and is_caught_as(each.error, blocks_may=session.ends_blocks()):
            condition = to_node(each.where(*nodes))
            if _holds(condition, each.error, by, nodes, session):
                raise each.error(_MESSAGES[each.error])


def raise_where(condition: Node, error: Exception, origin: Origin | None = None) -> None:
    """Raises the error where the condition holds: a check of the program, or on a path of its own if it is caught."""
    session = forking.current_session()
    if session is None:
        return
    if is_caught_here(type(error)):
        raises = _holds(condition, type(error), "", [condition], session)
    else:
        raises = session.fail(condition, error, origin or user_origin())
    if raises:
        raise error


def within(position: Node, length: int) -> Node:
    """The position of an element; where there is none, and IndexError is caught, that is raised.

    Elsewhere the closed form raises it itself, also where a side of a choice is computed that is not taken.
    """
    if not is_caught_here(IndexError):
        return position
    below, above = piecewise.less(position, -float(length)), piecewise.greater_equal(position, float(length))
    raise_where(piecewise.logical_or(below, above), IndexError("index out of range"))
    return arrays.positions(piecewise.maximum(-float(length), piecewise.minimum(make.as_real(position), length - 1.0)))


def is_caught_here(error: type[Exception]) -> bool:
    """Whether the running code catches the exception."""
    session = forking.current_session()
    return session is not None and session.has_handlers() and is_caught_as(error, blocks_may=session.ends_blocks())


def refuse_where_caught(function: str) -> None:
    """Refuses linear algebra whose failure the running code catches."""
    session = forking.current_session()
    if session is not None and session.has_handlers() and is_caught_as(np.linalg.LinAlgError, blocks_may=False):
        forking.refuse(
            TraceError(
                f"an `except` clause catches what {function} raises",
                origin=user_origin(),
                label="raises LinAlgError for some arguments",
                why="For which ones is known only when the matrix is factored.",
                fix="ask before, as `if np.linalg.cond(A) < 1e12:`, or catch the error in the caller",
            )
        )


def suppress(*errors: type[BaseException]) -> Any:
    """`contextlib.suppress(*errors)`; refused where it would hide what arithmetic raises."""
    for error in errors:
        if any(issubclass(error, each) or issubclass(each, error) for each in _MESSAGES):
            forking.refuse(
                TraceError(
                    f"contextlib.suppress of {error.__name__}",
                    origin=user_origin(),
                    why="It hides what arithmetic raises for some arguments, and ends its block there.",
                    fix=f"try: … except {error.__name__}: pass, which is traced",
                )
            )
    return contextlib.suppress(*errors)


def suppressed(function: Any, *errors: Any) -> tuple[Any, ...]:
    """What `with suppress(*errors):` catches; asks for another trace where the name means another function."""
    if getattr(function, "original", function) is not contextlib.suppress and function is not suppress:
        raise forking.Caught
    return errors


def _holds(condition: Node, error: type[Exception], by: str, nodes: Sequence[Node], session: forking.Session) -> bool:
    """Whether the running path is one on which the condition holds."""
    if isinstance(condition, Const):
        return bool(condition.value)
    if by == "operator" and any(isinstance(each, Input) and each.shape for each in topological(nodes)):
        forking.refuse(_of_unknown_kind(condition, error))
    attempt = None if session.following is not None else session.catching(error)
    if attempt is not None:
        return attempt.raises(condition)
    if session.following is None and session.knowledge.value(condition) is None:
        if session.is_in_round:
            forking.refuse(_in_round(condition, error))
        if session.is_inside_choice:
            raise forking.Caught
        if not session.has_paths_left:
            forking.refuse(_too_often(condition, error))
    return session.decide(condition, user_origin())


def _in_round(condition: Node, error: type[Exception]) -> LoopError:
    return LoopError(
        f"a round of this loop catches {error.__name__}",
        origin=user_origin(),
        label=f"raises it where {describe(condition)}",
        why="The loop is kept as a loop: one round stands for all of them, and does not raise.",
        fix=f"ask before, in place of `try`: if {describe(condition)}: …",
    )


def _too_often(condition: Node, error: type[Exception]) -> BranchError:
    return BranchError(
        f"{error.__name__} is caught at more than {forking.PATH_BUDGET} places, or in as many rounds of a loop",
        origin=user_origin(),
        label=f"raises it where {describe(condition)}",
        why="What follows is traced once for the arguments that raise it, and once for the others, at each of them.",
        fix=f"ask before, in place of `try`: if {describe(condition)}: …",
    )


def _of_unknown_kind(condition: Node, error: type[Exception]) -> TraceError:
    return TraceError(
        f"an `except` clause catches {error.__name__} of an element of an array",
        origin=user_origin(),
        label=f"raises it where {describe(condition)}, if these are numbers of Python's",
        why="Numbers of NumPy's, as the elements of arrays are, give an infinity or nan there and raise nothing.",
        fix=f"ask before, in place of `try`: if {describe(condition)}: …",
    )
