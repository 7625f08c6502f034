"""The states of systems of differential equations, by SciPy.

In: an Ode node, the values of its arguments, and what evaluates its slope. Out: the states at its times, in double
precision whatever the arguments are in, as exactly as doubles allow, or to looser tolerances than the node's own.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.ir.nodes import Ode

Array = Any
Slope = Callable[[Sequence[Any]], Array]

_TIGHTEST = {"rtol": 1e-13, "atol": 1e-13}
_USUAL = 1.49012e-8  # SciPy's own tolerances


def states(node: Ode, args: Sequence[Any], slope: Slope, loosened: float = 0.0) -> Array:
    """The states; nan where SciPy gives up.

    slope: of the inputs of the body.
    loosened: the factor by which the tolerances of the node are multiplied; 0 for the tightest that doubles allow.
    """
    from scipy.integrate import ODEintWarning, odeint

    is_exact = any(np.asarray(arg).dtype == object for arg in args)
    initial, times, *captured = [np.asarray(arg, dtype=float)[()] for arg in args]
    options = dict(node.options)
    options |= {name: loosened * options.get(name, _USUAL) for name in _TIGHTEST} if loosened else _TIGHTEST
    with warnings.catch_warnings():
        warnings.simplefilter("error", ODEintWarning)
        try:
            found = odeint(lambda y, t: slope([y, np.float64(t), *captured]), initial, times, **options)
        except ODEintWarning:
            found = np.full((len(times), len(initial)), np.nan)
    if not is_exact:
        return found
    import mpmath

    return np.frompyfunc(mpmath.mpf, 1, 1)(found)
