"""Gradient descent in three forms, over nested parameters.

In: the gradient as a function of parameters and iteration number, and where to start. Out: the parameters at the end,
in the same nesting. The parameters and defaults are those of autograd's `misc.optimizers`, and so are the iterates.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff.surface.flatten import flatten

Gradient = Callable[[Any, int], Any]
Callback = Callable[[Any, int, Any], object]
_Step = Callable[[Any, Any, int], Any]


def sgd(
    grad: Gradient,
    x0: Any,
    callback: Callback | None = None,
    num_iters: int = 200,
    step_size: float = 0.1,
    mass: float = 0.9,
) -> Any:
    """Gradient descent with momentum (Polyak 1964): the velocity is a running mean of the gradients.

    grad: called with the parameters and the number of the iteration, from 0.
    callback: called before each step with the parameters, the number of the iteration, and the gradient.

    >>> import symdiff as sd
    >>> slope = sd.grad(lambda x: (x - 3.0) ** 2)
    >>> round(float(sd.sgd(lambda x, i: slope(x), 0.0)), 3)
    3.0
    """
    velocity: Any = 0.0

    def step(x: Any, g: Any, i: int) -> Any:
        nonlocal velocity
        velocity = mass * velocity - (1.0 - mass) * g
        return x + step_size * velocity

    return _descend(grad, x0, callback, num_iters, step)


def rmsprop(
    grad: Gradient,
    x0: Any,
    callback: Callback | None = None,
    num_iters: int = 100,
    step_size: float = 0.1,
    gamma: float = 0.9,
    eps: float = 1e-8,
) -> Any:
    """Steps scaled by a running root mean square of the gradients (Tieleman and Hinton 2012).

    The arguments are those of `sgd`; `gamma` is the memory of the running mean.

    >>> import symdiff as sd
    >>> slope = sd.grad(lambda x: (x - 3.0) ** 2)
    >>> round(float(sd.rmsprop(lambda x, i: slope(x), 2.0)), 1)
    3.0
    """
    square: Any = 1.0

    def step(x: Any, g: Any, i: int) -> Any:
        nonlocal square
        square = square * gamma + g**2 * (1.0 - gamma)
        return x - step_size * g / (np.sqrt(square) + eps)

    return _descend(grad, x0, callback, num_iters, step)


def adam(
    grad: Gradient,
    x0: Any,
    callback: Callback | None = None,
    num_iters: int = 100,
    step_size: float = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> Any:
    """Adam: running means of the gradient and of its square, both corrected for their start (Kingma and Ba 2015).

    The arguments are those of `sgd`; `b1` and `b2` are the memories of the two means.

    >>> import symdiff as sd
    >>> slope = sd.grad(lambda p: (p["x"] - 3.0) ** 2)
    >>> found = sd.adam(lambda p, i: slope(p), {"x": 0.0}, num_iters=2000, step_size=0.02)
    >>> round(float(found["x"]), 3)
    3.0
    """
    mean: Any = 0.0
    square: Any = 0.0

    def step(x: Any, g: Any, i: int) -> Any:
        nonlocal mean, square
        mean = (1.0 - b1) * g + b1 * mean
        square = (1.0 - b2) * g**2 + b2 * square
        root = np.sqrt(square / (1.0 - b2 ** (i + 1)))
        return x - step_size * (mean / (1.0 - b1 ** (i + 1))) / (root + eps)

    return _descend(grad, x0, callback, num_iters, step)


def _descend(grad: Gradient, x0: Any, callback: Callback | None, num_iters: int, step: _Step) -> Any:
    """The parameters after so many steps, each made on the flat vector of all parameters."""
    x, unflatten = flatten(x0)
    for i in range(num_iters):
        nested = unflatten(x)
        gradient = grad(nested, i)
        if callback is not None:
            callback(nested, i, gradient)
        x = step(x, flatten(gradient)[0], i)
    return unflatten(x)
