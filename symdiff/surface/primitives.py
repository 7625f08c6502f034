"""Functions that symdiff does not look into, and their derivatives.

In: a function, and rules for its derivatives, Python too. Out: a Primitive, which is called like the function.
"""

from collections.abc import Callable, Sequence
from typing import Any, overload

from symdiff.errors import ArgumentError, short_traceback
from symdiff.tracing.primitive import Primitive

Function = Callable[..., Any]


@overload
def primitive(function: Function) -> Primitive: ...
@overload
def primitive(*, inline: bool = False, shape: Function | None = None) -> Callable[[Function], Primitive]: ...


@short_traceback
def primitive(function: Function | None = None, *, inline: bool = False, shape: Function | None = None) -> Any:
    """A decorator: the function becomes one operation, which tracing does not look into.

    The function gets floats and arrays of floats, and returns a number or an array; the shape of the result depends on
    nothing but the shapes of the arguments. It must be pure: equal calls are made once.

    inline: generated code has the function's own traced body in place of a call, so that the file stands alone.
        Without it generated code imports the function.
    shape: called with the shapes of the arguments, gives that of the result. Without it the function is run once for
        each combination of shapes, at points that it does not refuse.

    The derivative is given by `@f.derivative` where the function works element by element, by `@f.vjp` or `@f.jvp` for
    all arguments together, or in autograd's form by `sd.defvjp` and `sd.defjvp`. Rules are traced: they have
    derivatives themselves, to any order. One direction is enough, the other is its transpose.

    >>> import math
    >>> import symdiff as sd
    >>> @sd.primitive
    ... def bessel(x):
    ...     return math.erf(x)  # think of a compiled library
    >>> @bessel.derivative
    ... def slope(x):
    ...     return 2.0 / math.sqrt(math.pi) * math.exp(-(x**2))
    >>> sd.grad(sd.grad(lambda x: bessel(3.0 * x)))(0.5)
    -3.211117809037993
    """
    if function is None:
        return lambda decorated: Primitive(decorated, inline=inline, shape=shape)
    return Primitive(function, inline=inline, shape=shape)


@short_traceback
def defvjp(function: Primitive, *makers: Function | None, argnums: Sequence[int] | None = None) -> None:
    """autograd's reverse rules of a primitive, one an argument: `lambda ans, *args: lambda g: …`, None for zero.

    argnums: the arguments that the rules are for, 0, 1, … without it. Raises ArgumentError for what is no primitive.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> @sd.primitive
    ... def logsumexp(x):
    ...     return np.max(x) + np.log(np.sum(np.exp(x - np.max(x))))
    >>> sd.defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))
    >>> sd.grad(logsumexp)(np.array([0.0, 0.0, 1000.0]))
    array([0., 0., 1.])
    """
    _checked(function).defvjp(*makers, argnums=argnums)


@short_traceback
def defjvp(function: Primitive, *rules: Function | str | None, argnums: Sequence[int] | None = None) -> None:
    """autograd's forward rules of a primitive, one an argument: `lambda g, ans, *args: …`.

    None is a zero derivative, "same" stands for a function linear in the argument. Raises ArgumentError for what
    is no primitive.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> @sd.primitive
    ... def scaled(x, k):
    ...     return k * np.sin(x)
    >>> sd.defjvp(scaled, lambda g, ans, x, k: g * k * np.cos(x), "same")
    >>> sd.grad(scaled, (0, 1))(0.0, 2.0)
    (2.0, 0.0)
    """
    _checked(function).defjvp(*rules, argnums=argnums)


def _checked(function: Any) -> Primitive:
    if not isinstance(function, Primitive):
        name = getattr(function, "__name__", repr(function)[:40])
        raise ArgumentError(
            f"{name} is not a primitive", fix=f"decorate it with @sd.primitive, or {name} = sd.primitive({name})"
        )
    return function
