"""Fixed points: where an iteration that depends on parameters comes to rest.

In: the iteration, its parameters, where to start and when to stop. Out: the point. It is an ordinary loop, which is
traced as the caller's own code is; derivatives of a converging iteration converge with it (Christianson 1994).
"""

from collections.abc import Callable
from typing import Any


def fixed_point(
    f: Callable[[Any], Callable[[Any], Any]],
    a: Any,
    x0: Any,
    distance: Callable[[Any, Any], Any],
    tol: float,
) -> Any:
    """The point x with `f(a)(x) == x`, from x0 on, until two iterates are at most tol apart.

    f: gives for parameters the function that is iterated; distance: of two iterates.

    The derivative by a is that of the rounds that were made; its error is of the order of tol times their number. Of
    higher orders as well, where the slope of the iteration at the point is below 1.

    >>> import symdiff as sd
    >>> heron = lambda a: lambda x: 0.5 * (x + a / x)
    >>> root = lambda a: sd.fixed_point(heron, a, 1.0, lambda x, y: abs(x - y), 1e-12)
    >>> root(4.0), sd.grad(root)(4.0), sd.grad(sd.grad(root))(4.0)
    (2.0, 0.25, -0.03125)
    """
    step = f(a)
    before, now = x0, step(x0)
    while distance(now, before) > tol:
        before, now = now, step(now)
    return now
