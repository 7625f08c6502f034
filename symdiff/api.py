"""The public functions, each a few lines: choose the pass, hand over to a callable.

In: a plain Python function. Out: a function that computes a derivative of it, and shows it.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from symdiff.algebra.passes import simplify
from symdiff.calculus import derivatives
from symdiff.calculus.elements import scalars_inside
from symdiff.calculus.selection import Pass
from symdiff.callables import Derivative, Recipe, Traced, Wrt, derivative_function, parameter_names
from symdiff.emit.differences import Claim
from symdiff.errors import ArgumentError, BranchError, ConversionError, LoopError, short_traceback
from symdiff.ir.collector import rarely_collected
from symdiff.ir.program import Program
from symdiff.ir.rewrite import foreign_inputs
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function
from symdiff.transformed import Mode, Transformed

_SETTLED_BY_A_CALL = (BranchError, ConversionError, LoopError)
Function = Callable[..., Any]
Static = Iterable[str] | Mapping[str, Any]
Shapes = Mapping[str, Any]


@short_traceback
def trace(function: Function, *, shapes: Shapes | None = None, static: Static = ()) -> Traced:
    """The closed form of a function.

    function: plain Python; `math`, `numpy`, branches, loops, helper functions.
    shapes: of array parameters, `{"x": 3}`, `{"A": (2, 2)}`, or with names for lengths that stay open, `{"X": "n d"}`:
        the closed form holds for every n and d of at least 1. Other parameters are scalars, or like their defaults.
    static: parameters that are not traced but keep their value, by name, or `{"n": 3}`.

    Raises TraceError (and its kinds) with the line that cannot be traced.

    >>> import math
    >>> import symdiff as sd
    >>> sd.trace(lambda x: math.exp(-x) * math.sin(2 * x)).expr
    exp(-x)*sin(2*x)
    """
    function = _checked(function)

    def for_examples(examples: Mapping[str, Any]) -> Traced:
        return Traced(simplify(trace_function(function, kwargs=examples, static=static), level="fast"))

    return Traced(simplify(trace_function(function, shapes=shapes, static=static), level="fast"), for_examples)


@short_traceback
def lambdify(
    function: Function, backend: str = "numpy", *, shapes: Shapes | None = None, static: Static = ()
) -> Function:
    """The function itself, traced and compiled for a backend: numpy, numexpr or math.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> def softplus(x):
    ...     return np.log(1 + np.exp(x))
    >>> sd.lambdify(softplus, backend="math")(800.0)
    800.0
    """
    program = simplify(trace_function(_checked(function), shapes=shapes, static=static), level="fast")
    if foreign_inputs(program):
        return Traced(program)
    compiled = compile_program(program, backend)
    vars(compiled)["_symdiff_program"] = program  # by it the function can be traced again
    return compiled


@short_traceback
@rarely_collected()
def derivative(function: Function, wrt: Wrt = 0, order: int = 1, *, static: Static = ()) -> Derivative:
    """The derivative of a scalar function, element by element.

    wrt: the parameter, by position or name; several give a tuple of derivatives.
    order: of the derivative; 0 is the function itself.

    The function is traced now: later changes of globals that it reads are not seen, and what has no closed form is
    refused. The result takes floats, ints, lists and arrays that broadcast, with the function's own names and
    defaults. Raises ArgumentError for a name that is no parameter, for an order below 0, and where the parameter is not
    a scalar; TraceError with the line that cannot be traced.

    >>> import math
    >>> import symdiff as sd
    >>> df = sd.derivative(lambda x, k=2.0: k * math.sin(x))
    >>> df(0.0), df([0.0, math.pi], k=3.0)
    (2.0, array([ 3., -3.]))
    >>> df.expr
    k*cos(x)
    """
    if type(order) is not int or order < 0:
        raise ArgumentError(
            f"the order of a derivative is a whole number of at least 0, not {order!r}", fix="order=1, or order=2"
        )
    try:
        return _derivative(_checked(function), wrt, order, static, None)
    except _SETTLED_BY_A_CALL as error:
        hint = "sd.grad(f), which is traced when it is called, and follows the path of each call"
        error.fix = f"{error.fix}\nor {hint}" if error.fix else hint
        raise


def _derivative(
    function: Function, wrt: Wrt, order: int, static: Static, examples: Mapping[str, Any] | None
) -> Derivative:
    """The derivative for example arguments by name; traced anew where real ones turn out to be complex."""
    traced = scalars_inside(trace_function(function, kwargs=examples, static=static))
    names = parameter_names(traced, wrt)
    suffix = f"_d{order if order > 1 else ''}{'_'.join(names)}" if order else ""

    def derived(program: Program, between: Pass | None = None) -> Program:
        result = derivatives.elementwise(program, names, order, between)
        return result.with_outputs(result.outputs, result.structure, name=f"{program.name}{suffix}")

    def claim() -> Claim:
        return Claim("derivative", traced, derived(traced), names, order)

    retrace = partial(_derivative, function, wrt, order, static)
    return derivative_function(simplify(derived(simplify(traced), simplify)), claim, retrace)


@short_traceback
def grad(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """The gradient of a function with one scalar output, in the structure of the parameter.

    argnum: the parameter, by position or name; several give a tuple in the order asked.

    mode: "auto" follows the path of each call where there is no closed form for all inputs, with guards that are looked
        at again in every call; "closed" refuses there; "guarded" follows every call.

    Raises ScalarOutputError where the output is not one scalar, TraceError with the line that cannot be traced.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    array([2., 4.])
    >>> sd.grad(lambda p: p["a"] * p["b"] ** 2)({"a": 2.0, "b": 3.0})
    {'a': 9.0, 'b': 12.0}
    >>> of_gains = sd.grad(lambda x: np.sum(np.sort(x[x > 0.0]) ** 2))
    >>> of_gains(np.array([1.0, -2.0])), of_gains.mode
    (array([2., 0.]), 'guarded')
    """
    return _transformed(function, "grad", argnum, shapes, static, mode)


@short_traceback
def holomorphic_grad(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """The derivative f'(z) of a complex-differentiable function with one complex output.

    Raises HolomorphicError where it is not complex-differentiable, ScalarOutputError for more than one output.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.holomorphic_grad(lambda z: np.exp(1j * z))(0.0 + 0.0j)
    1j
    """
    return _transformed(function, "hgrad", argnum, shapes, static, mode)


@short_traceback
def value_and_grad(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """The pair of value and gradient; what they have in common is computed once.

    >>> import symdiff as sd
    >>> sd.value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    """
    return _transformed(function, "value_and_grad", argnum, shapes, static, mode)


@short_traceback
def jacobian(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """The derivatives of all outputs: for each an array of the output's shape followed by the parameter's.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    return _transformed(function, "jac", argnum, shapes, static, mode)


@short_traceback
def hessian(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """The second derivatives of a function with one scalar output; several parameters give a tuple of tuples.

    >>> import symdiff as sd
    >>> sd.hessian(lambda x, y: x**2 * y, argnum=("x", "y"))(3.0, 5.0)
    ((10.0, 6.0), (6.0, 0.0))
    """
    return _transformed(function, "hess", argnum, shapes, static, mode)


@short_traceback
def jvp(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """Jacobian times vector: `jvp(f)(x, v)`, the vector last or as `tangent=`, in the structure of the parameter.

    >>> import symdiff as sd
    >>> sd.jvp(lambda x: x**2)(3.0, 10.0)
    60.0
    """
    return _transformed(function, "jvp", argnum, shapes, static, mode, vector="tangent")


@short_traceback
def vjp(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """Vector times Jacobian: `vjp(f)(x, g)`, the vector last or as `cotangent=`, in the structure of the result.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.vjp(lambda x: x**2)(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([ 2., 40.])
    """
    return _transformed(function, "vjp", argnum, shapes, static, mode, vector="cotangent")


@short_traceback
def hvp(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """Hessian times vector without the Hessian: `hvp(f)(x, v)`, the vector last or as `vector=`.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.hvp(lambda x: np.sum(x**3))(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([  6., 120.])
    """
    return _transformed(function, "hvp", argnum, shapes, static, mode, vector="vector")


@short_traceback
def elementwise_grad(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """The derivative of each output element by its own input element, for functions that work element by element.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.elementwise_grad(np.tanh)(np.array([0.0, 1.0])).round(6)
    array([1.      , 0.419974])
    """
    return _transformed(function, "egrad", argnum, shapes, static, mode)


@short_traceback
def deriv(
    function: Function,
    argnum: Wrt = 0,
    *,
    shapes: Shapes | None = None,
    static: Static = (),
    mode: Mode = "auto",
) -> Transformed:
    """The derivative along all ones, in forward mode: that of every output by a scalar parameter.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.deriv(lambda t: np.array([t, t**2]))(3.0)
    array([1., 6.])
    """
    return _transformed(function, "deriv", argnum, shapes, static, mode)


@short_traceback
def make_jvp(function: Function, argnum: Wrt = 0) -> Function:
    """autograd's form: `make_jvp(f)(x)(v)` is the pair of value and Jacobian times v.

    >>> import symdiff as sd
    >>> sd.make_jvp(lambda x: x**2)(3.0)(10.0)
    (9.0, 60.0)
    """
    value, product = _value(function), jvp(function, argnum)
    return lambda *args, **kwargs: lambda v: (value(*args, **kwargs), product(*args, v, **kwargs))


@short_traceback
def make_vjp(function: Function, argnum: Wrt = 0) -> Function:
    """autograd's form: `make_vjp(f)(x)` is the pair of the function v -> v times Jacobian, and the value.

    >>> import symdiff as sd
    >>> product, value = sd.make_vjp(lambda x: x**2)(3.0)
    >>> product(10.0), value
    (60.0, 9.0)
    """
    value, product = _value(function), vjp(function, argnum)
    return lambda *args, **kwargs: (lambda v: product(*args, v, **kwargs), value(*args, **kwargs))


@short_traceback
def make_hvp(function: Function, argnum: Wrt = 0) -> Function:
    """autograd's form: `make_hvp(f)(x)` is the pair of the function v -> Hessian times v, and the gradient.

    >>> import symdiff as sd
    >>> product, gradient = sd.make_hvp(lambda x: x**3)(2.0)
    >>> product(10.0), gradient
    (120.0, 12.0)
    """
    slopes, product = grad(function, argnum), hvp(function, argnum)
    return lambda *args, **kwargs: (lambda v: product(*args, v, **kwargs), slopes(*args, **kwargs))


def _transformed(
    function: Function,
    kind: str,
    argnum: Wrt,
    shapes: Shapes | None,
    static: Static,
    mode: Mode,
    vector: str | None = None,
) -> Transformed:
    recipe = Recipe(kind, argnum)
    return Transformed(_checked(function), recipe, shapes=shapes, static=static, vector=vector, mode=mode)


def _value(function: Function) -> Transformed:
    """The function itself, traced when it is called."""
    return Transformed(_checked(function), Recipe("value"))


def _checked(function: Any) -> Function:
    if not callable(function):
        raise ArgumentError(
            f"expected a function, got {type(function).__name__}: {function!r:.40}",
            fix="pass the function itself, without calling it: sd.grad(f)",
        )
    return partial(function) if isinstance(function, type) else function
