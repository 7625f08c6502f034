"""The rest of autograd's differential operators, under its names and in its conventions.

In: a plain Python function. Out: functions that compute products of its derivatives, gradients by name, by several
arguments, with auxiliary results. Each is made of the operators of `api`.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any

import numpy as np

from symdiff.api import grad, hvp, jacobian, make_hvp, make_jvp, make_vjp
from symdiff.callables import Recipe, Wrt
from symdiff.errors import short_traceback
from symdiff.surface.primitives import primitive
from symdiff.tracing.parameters import is_differentiable
from symdiff.tracing.primitive import Primitive
from symdiff.transformed import Transformed

Function = Callable[..., Any]


@short_traceback
def grad_and_aux(function: Function, argnum: Wrt = 0) -> Transformed:
    """The pair of the gradient of the first result and the second result, of a function that returns two.

    >>> import symdiff as sd
    >>> sd.grad_and_aux(lambda x: (x**2, {"twice": 2 * x}))(3.0)
    (6.0, {'twice': 6.0})
    """
    return Transformed(function, Recipe("grad_and_aux", argnum))


@short_traceback
def grad_named(function: Function, argname: str) -> Transformed:
    """The gradient by the argument of a name.

    >>> import symdiff as sd
    >>> sd.grad_named(lambda x, k: k * x**2, "k")(3.0, 2.0)
    9.0
    """
    return grad(function, argname)


@short_traceback
def multigrad(function: Function, argnums: Sequence[int | str] = (0,)) -> Transformed:
    """The gradients by several arguments, as a tuple.

    >>> import symdiff as sd
    >>> sd.multigrad(lambda x, y: x * y, [0, 1])(3.0, 5.0)
    (5.0, 3.0)
    """
    return grad(function, tuple(argnums))


@short_traceback
def multigrad_dict(function: Function) -> Function:
    """The gradients by all arguments at once, in a dict by name; those of `*args` are a tuple.

    Arguments that are no numbers, such as flags and texts, are left out.

    >>> import symdiff as sd
    >>> sd.multigrad_dict(lambda x, y=2.0: x * y)(3.0)
    {'x': 2.0, 'y': 3.0}
    """
    signature = inspect.signature(function)
    by_names = cache(lambda names: grad(function, names))

    @wraps(function)
    def gradients(*args: Any, **kwargs: Any) -> dict[str, Any]:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        groups = {name: _names(signature.parameters[name], value) for name, value in bound.arguments.items()}
        names = tuple(part for group in groups.values() for part in group)
        found = dict(zip(names, by_names(names)(*bound.args, **bound.kwargs), strict=True))
        result: dict[str, Any] = {}
        for name, group in groups.items():
            if signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL:
                result[name] = tuple([found[part] for part in group])
            else:
                result |= {part: found[part] for part in group}
        return result

    return gradients


def _names(parameter: inspect.Parameter, value: Any) -> list[str]:
    """The names of what a parameter stands for, where derivatives can be taken by it."""
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        return [f"{parameter.name}_{i}" for i in range(len(value))]
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        return [name for name, item in value.items() if is_differentiable(item)]
    return [parameter.name] if is_differentiable(value) else []


@short_traceback
def hessian_tensor_product(function: Function, argnum: int = 0) -> Transformed:
    """Hessian times a tensor of the argument's shape, without the Hessian: `hessian_tensor_product(f)(x, v)`.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.hessian_tensor_product(lambda x: np.sum(x**3))(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([  6., 120.])
    """
    return hvp(function, argnum)


hessian_vector_product = hessian_tensor_product


@short_traceback
def tensor_jacobian_product(function: Function, argnum: int = 0) -> Transformed:
    """A tensor times the Jacobian: `tensor_jacobian_product(f)(x, T)` sums over the leading axes of f(x), one for one.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.tensor_jacobian_product(lambda x: x**2)(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([ 2., 40.])
    """

    @wraps(function)
    def contracted(*args: Any, **kwargs: Any) -> Any:
        tensor = args[-1]
        return np.tensordot(tensor, function(*args[:-1], **kwargs), axes=np.ndim(tensor))

    del contracted.__wrapped__  # it has one argument more
    return jacobian(contracted, argnum)


vector_jacobian_product = tensor_jacobian_product


def half_square(x: Any) -> Any:
    """Half the sum of squares along the last axis: the loss whose Gauss-Newton matrix is J.T @ J."""
    return 0.5 * np.sum(x**2, axis=-1)


@short_traceback
def make_ggnvp(f: Function, g: Function = half_square, f_argnum: int = 0) -> Function:
    """The generalised Gauss-Newton matrix of g(f(x)) times a vector: `make_ggnvp(f, g)(x)(v)` (Schraudolph 2002).

    The matrix is J.T @ H @ J, of the Jacobian of f and the Hessian of g at f(x).

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.make_ggnvp(lambda x: x**2)(np.array([1.0, 2.0]))(np.array([1.0, 1.0]))
    array([ 4., 16.])
    """
    forward, backward, curvature = make_jvp(f, f_argnum), make_vjp(f, f_argnum), make_hvp(g)

    def at(*args: Any, **kwargs: Any) -> Function:
        pull, value = backward(*args, **kwargs)
        bend, _ = curvature(value)
        push = forward(*args, **kwargs)
        return lambda v: pull(bend(push(v)[1]))

    return at


@short_traceback
def checkpoint(function: Function) -> Primitive:
    """The function, whose intermediate values are not kept for its derivative but computed again (Griewank 1992).

    In the derivative of a program that calls it, the function stands as one operation, and its derivative as code of
    its own: less memory for one more evaluation.

    >>> import math
    >>> import symdiff as sd
    >>> step = sd.checkpoint(lambda x: math.sin(x) ** 2)
    >>> round(sd.grad(lambda x: step(step(x)))(1.0), 12)
    0.898445491076
    """
    opaque = primitive(function)
    opaque.define(None, vjp_by_number=_again(function))
    return opaque


def _again(function: Function) -> Function:
    """The reverse rule that computes the function anew."""

    def rule(argnum: int, ans: Any, args: Sequence[Any], kwargs: Any) -> Function:
        pull: Function = make_vjp(function, argnum)(*args, **kwargs)[0]
        return pull

    return rule
