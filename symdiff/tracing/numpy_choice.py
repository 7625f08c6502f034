"""NumPy's functions that choose: where, select, piecewise, clip.

In: conditions and choices. Out: Selects, side by side; the side that is not taken never matters.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.ops import piecewise as p
from symdiff.ops.piecewise import maximum, minimum
from symdiff.tracing.rules import rule, rule_named
from symdiff.tracing.tracer import unwrap, wrap
from symdiff.tracing.values import to_node


@rule("numpy.where")
def _where(condition: Any, *sides: Any) -> Any:
    if not sides:
        return rule_named("numpy.nonzero").apply(condition)
    if len(sides) != 2:
        raise ValueError("either both or neither of x and y should be given")
    return make.select(to_node(condition), to_node(sides[0]), to_node(sides[1]))


@rule("numpy.select")
def _select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0.0) -> Node:
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    chosen = to_node(default)
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        chosen = make.select(to_node(condition), to_node(choice), chosen)
    return chosen


@rule("numpy.piecewise")
def piecewise(x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **kw: Any) -> Node:
    """Later conditions win, as in NumPy; one function more than conditions is the default."""
    point = to_node(x)
    conditions = list(condlist) if isinstance(condlist, list | tuple) else [condlist]
    choices = list(funclist)
    if len(choices) not in (len(conditions), len(conditions) + 1):
        raise ValueError(
            f"with {len(conditions)} condition(s), either {len(conditions)} or one more functions are expected"
        )
    default = choices.pop() if len(choices) > len(conditions) else 0.0
    chosen = make.broadcast(_choice(default, point, args, kw), point.shape)
    for condition, choice in zip(conditions, choices, strict=True):
        chosen = make.select(to_node(condition), _choice(choice, point, args, kw), chosen)
    return chosen


def _choice(choice: Any, point: Node, args: Sequence[Any], kw: dict[str, Any]) -> Node:
    """A function's value everywhere, or the constant that stands in for one."""
    value: Callable[..., Any] | Any = choice(wrap(point), *args, **kw) if callable(choice) else choice
    return to_node(unwrap(value))


@rule("numpy.nan_to_num")
def _nan_to_num(x: Any, copy: Any = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Node:
    """What is not finite becomes a number; these have the derivative 0."""
    value = to_node(x)
    highest = np.finfo(np.float64).max if posinf is None else posinf
    lowest = -np.finfo(np.float64).max if neginf is None else neginf
    finite = make.select(p.equal(value, np.inf), highest, make.select(p.equal(value, -np.inf), lowest, value))
    return make.select(p.isnan(value), nan, finite)


@rule("numpy.clip")
def _clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Node:
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    clipped = to_node(a) if low is None else maximum(to_node(a), to_node(low))
    return clipped if high is None else minimum(clipped, to_node(high))
