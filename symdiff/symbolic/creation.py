"""Arrays made of lengths: `zeros`, `ones`, `full`, `eye`, `arange`. NumPy's own functions take no symbols there.

In: lengths as symbols or numbers. Out: symbols.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symdiff.symbolic.recording import Application, Operation
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.symbol import Symbol, record
from symdiff.tracing.calls import apply_rule
from symdiff.tracing.rules import rule_named
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import has_tracer


@dataclass(frozen=True)
class _Made(Operation):
    """NumPy's function where all lengths are numbers, its rule where some are traced."""

    name: str
    function: Callable[..., Any]

    def evaluate(self, scope: Scope, application: Application) -> Any:
        args, kwargs = scope.arguments(application)
        if has_tracer(args):
            return wrap(apply_rule(rule_named(f"numpy.{self.name}"), args, kwargs))
        return self.function(*args, **kwargs)


_ZEROS, _ONES, _FULL = _Made("zeros", np.zeros), _Made("ones", np.ones), _Made("full", np.full)
_EYE, _ARANGE = _Made("eye", np.eye), _Made("arange", np.arange)


def zeros(shape: Any) -> Symbol:
    """`np.zeros` of lengths: `zeros(x.shape)`, `zeros((x.shape[0], 3))`.

    >>> from symdiff.symbolic import function, vector
    >>> x = vector("x")
    >>> function([x], zeros((x.shape[0], 2)), on_unused_input="ignore")([1.0])
    array([[0., 0.]])
    """
    return record(_ZEROS, shape)


def ones(shape: Any) -> Symbol:
    """`np.ones` of lengths.

    >>> from symdiff.symbolic import function, vector
    >>> x = vector("x")
    >>> function([x], ones(x.shape) + x)([1.0, 2.0])
    array([2., 3.])
    """
    return record(_ONES, shape)


def full(shape: Any, value: Any) -> Symbol:
    """`np.full` of lengths; Theano's `alloc(value, *shape)`.

    >>> from symdiff.symbolic import function, vector
    >>> x = vector("x")
    >>> function([x], full((x.shape[0] + 1,), x.sum()))([1.0, 2.0])
    array([3., 3., 3.])
    """
    return record(_FULL, shape, value)


def eye(rows: Any, columns: Any = None, k: int = 0) -> Symbol:
    """`np.eye` of lengths.

    >>> from symdiff.symbolic import function, matrix
    >>> x = matrix("x")
    >>> function([x], x + eye(x.shape[0]))([[1.0, 2.0], [3.0, 4.0]])
    array([[2., 2.],
           [3., 5.]])
    """
    return record(_EYE, rows, columns, k) if columns is not None or k else record(_EYE, rows)


def arange(start: Any, stop: Any = None, step: Any = 1) -> Symbol:
    """`np.arange` whose ends may be lengths: `arange(x.shape[0])`.

    >>> from symdiff.symbolic import function, vector
    >>> x = vector("x")
    >>> function([x], x * arange(x.shape[0]))([1.0, 1.0, 1.0])
    array([0., 1., 2.])
    """
    ends = (0, start) if stop is None else (start, stop)
    return record(_ARANGE, *ends, step)
