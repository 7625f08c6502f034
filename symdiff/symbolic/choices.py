"""Choices and assignments: `switch`, `ifelse`, `set_subtensor`, `inc_subtensor`.

In: symbols. Out: symbols.
"""

from typing import Any

import numpy as np

from symdiff.errors import ArgumentError, ShapeError, short_traceback
from symdiff.ir import make
from symdiff.symbolic.recording import INDEX, Application, Operation
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.symbol import Symbol, record
from symdiff.tracing.assignment import added_at
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import is_traced, to_node


class _IfElse(Operation):
    """One of two expressions of one shape, by one condition."""

    name = "ifelse"

    def evaluate(self, scope: Scope, application: Application) -> Any:
        condition, if_true, if_false = map(scope.node, application.args)
        if condition.size != 1:
            raise ShapeError(
                f"ifelse takes one condition, and this one has shape {condition.shape}",
                why="It takes one side as a whole.",
                fix="switch(condition, a, b) chooses element by element",
            )
        if if_true.shape != if_false.shape:
            raise ShapeError(
                f"the sides of ifelse have shapes {if_true.shape} and {if_false.shape}",
                why="Its result is one of the sides as it is, and has one shape.",
                fix="make both of one shape; switch broadcasts",
            )
        return wrap(make.select(make.reshape(condition, ()), if_true, if_false))


class _Assigned(Operation):
    """An array after an assignment to a part of it: `args` are the array, the key, the value."""

    def __init__(self, name: str) -> None:
        self.name = name

    def evaluate(self, scope: Scope, application: Application) -> Any:
        (array, key, value), _ = scope.arguments(application)
        node = to_node(array)
        if self.name == "inc_subtensor" and _has_positions(key):  # what meets at one position is added up
            return wrap(added_at(node, key, value))
        made = wrap(node)  # its own: the array itself stays as it is
        made[key] = wrap(node)[key] + value if self.name == "inc_subtensor" else value
        return wrap(made.node)


_IF_ELSE = _IfElse()


def switch(condition: Any, if_true: Any, if_false: Any) -> Any:
    """`np.where`: one of two values, element by element. The side not taken never matters, not even to derivatives.

    >>> import numpy as np
    >>> from symdiff.symbolic import function, grad, vector
    >>> x = vector("x")
    >>> root = switch(x > 0, x**0.5, 0.0)
    >>> function([x], grad(root.sum(), x))([4.0, 0.0])
    array([0.25, 0.  ])
    """
    return np.where(condition, if_true, if_false)


@short_traceback
def ifelse(condition: Any, if_true: Any, if_false: Any) -> Any:
    """One of two expressions by a condition that is one number; of two lists of them, the expressions in turn.

    >>> from symdiff.symbolic import function, scalars
    >>> a, b = scalars("a", "b")
    >>> function([a, b], ifelse(a < b, a, b))(2.0, 1.0)
    1.0
    """
    if isinstance(if_true, list | tuple) or isinstance(if_false, list | tuple):
        if (
            not isinstance(if_true, list | tuple)
            or not isinstance(if_false, list | tuple)
            or len(if_true) != len(if_false)
        ):
            raise ArgumentError(
                "both sides of ifelse are lists of one length, or neither is a list",
                fix="ifelse(condition, [a, b], [c, d])",
            )
        return type(if_true)([record(_IF_ELSE, condition, a, b) for a, b in zip(if_true, if_false, strict=True)])
    return record(_IF_ELSE, condition, if_true, if_false)


@short_traceback
def set_subtensor(part: Symbol, value: Any) -> Symbol:
    """The array after `part` of it was set: `set_subtensor(x[0:2], value)`. The array itself stays as it is.

    >>> from symdiff.symbolic import function, vector
    >>> x = vector("x")
    >>> function([x], set_subtensor(x[:2], 0.0))([1.0, 2.0, 3.0])
    array([0., 0., 3.])
    """
    return _assigned("set_subtensor", part, value)


@short_traceback
def inc_subtensor(part: Symbol, value: Any) -> Symbol:
    """The array after `value` was added to `part` of it: `inc_subtensor(x[0], value)`.

    >>> from symdiff.symbolic import function, vector
    >>> x = vector("x")
    >>> function([x], inc_subtensor(x[0], 10.0))([1.0, 2.0])
    array([11.,  2.])
    """
    return _assigned("inc_subtensor", part, value)


def _has_positions(key: Any) -> bool:
    """Whether arrays of positions are in a key, or positions that are traced."""
    parts = key if isinstance(key, tuple) else (key,)
    return any(isinstance(part, list | np.ndarray) or is_traced(part) for part in parts)


def _assigned(name: str, part: Symbol, value: Any) -> Symbol:
    application = part.application if isinstance(part, Symbol) else None
    if application is None or application.operation is not INDEX:
        raise ArgumentError(
            f"{name} takes a part of an array, not {part!r:.60}",
            fix=f"{name}({getattr(part, 'label', '') or 'array'}[:], value) for all of it",
        )
    array, key = application.args
    return record(_Assigned(name), array, key, value)
