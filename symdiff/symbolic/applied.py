"""Any Python function of arrays on symbols: SciPy's, one with loops and branches, a derivative that symdiff made.

In: a function and its arguments. Out: the symbol of its result. The function is traced when the shapes are known.
"""

from collections.abc import Callable
from typing import Any

from symdiff.callables import Recipe
from symdiff.errors import ArgumentError, short_traceback
from symdiff.symbolic.recording import Application, Operation
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.symbol import Symbol, record
from symdiff.tracing.calls import apply_rule
from symdiff.tracing.rules import rule_of
from symdiff.tracing.tracer import wrap
from symdiff.transformed import Transformed


class Applied(Operation):
    """A function that the user gave."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = str(getattr(function, "__name__", "function"))

    def evaluate(self, scope: Scope, application: Application) -> Any:
        args, kwargs = scope.arguments(application)
        known = rule_of(self.function)
        if known is not None:
            return wrap(apply_rule(known, args, kwargs))
        if isinstance(self.function, Transformed):
            return self.function(*args, **kwargs)
        return Transformed(self.function, Recipe("value"))(*args, **kwargs)


@short_traceback
def apply(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Symbol:
    """What a Python function gives for symbols: one of SciPy's, one with `if` and `for`, `sd.grad(f)`.

    function: of arrays and numbers, as symdiff traces it.

    Raises ArgumentError where it is no function; what cannot be traced in it is told when shapes are known.

    >>> from symdiff.symbolic import function, scalar, vector
    >>> def horner(coefficients, x):
    ...     total = 0.0
    ...     for coefficient in coefficients:
    ...         total = total * x + coefficient
    ...     return total
    >>> c, x = vector("c"), scalar("x")
    >>> function([c, x], apply(horner, c, x))([1.0, 0.0, 2.0], 3.0)
    np.float64(11.0)
    """
    if not callable(function):
        raise ArgumentError(f"{function!r:.60} is not a function", fix="apply(scipy.special.softmax, x, axis=1)")
    return record(Applied(function), *args, **kwargs)
