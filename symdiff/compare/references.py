"""Other ways to the same gradient: finite differences, the complex step, mpmath, autograd, JAX.

In: the user's function, its traced Program, a point. Out: the derivatives by the chosen parameters as each method gives
them, or the reason why it cannot. None of them uses symdiff's rules.
"""

import builtins
import importlib
import math
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from symdiff.emit.exact import exact_outputs
from symdiff.ir.evaluate import bind, evaluate_mpmath
from symdiff.ir.program import Program

Arguments = dict[str, Any]
Gradient = list[Any]  # one number or array for each parameter

_CUBE_ROOT = 2.0 ** (-52 / 3)
_TINY = 1e-200
_MORE_DIGITS = 40
_KINK = 1e-8  # relative difference of the slopes on the two sides


@dataclass(frozen=True)
class Problem:
    """A function of named arguments, the Program traced from it, and what to differentiate by."""

    function: Callable[..., Any]
    program: Program
    wrt: tuple[str, ...]

    def along(self, arguments: Arguments, step: Callable[[Any], Any]) -> list[tuple[str, tuple[int, ...], Any]]:
        """Every element differentiated by: its parameter, its place, and the step to take there."""
        return [
            (name, place, step(np.asarray(arguments[name], dtype=float)[place]))
            for name in self.wrt
            for place in np.ndindex(np.shape(arguments[name]))
        ]

    def assembled(self, arguments: Arguments, elements: Sequence[Any]) -> Gradient:
        """Derivatives element by element, put into the shapes of the parameters."""
        remaining = list(elements)
        found: Gradient = []
        for name in self.wrt:
            shape = np.shape(arguments[name])
            count = math.prod(shape)
            part = np.array(remaining[:count], dtype=object)
            remaining = remaining[count:]
            found.append(part.reshape(shape) if shape else part[0])
        return found


def finite_differences(problem: Problem, arguments: Arguments) -> Gradient:
    """Central differences, each with the step that seems best, of several (Gill, Murray and Wright 1981, section 8.6).

    The cube root of epsilon balances truncation and rounding for a function that varies on the scale 1; at x = 1e-9 or
    1e9 it may as well vary on the scale of x, or between.
    """
    elements = []
    for name, place, x in problem.along(arguments, float):

        def value(move: float, name: str = name, place: tuple[int, ...] = place) -> float:
            return float(problem.function(**_moved(arguments, name, place, move)))

        elements.append(_best_difference(value, x))
    return problem.assembled(arguments, elements)


def _best_difference(value: Callable[[float], float], x: float) -> float:
    found: list[tuple[float, float]] = []
    refusal: Exception | None = None
    for scale in _scales(x):
        try:
            found.append(_difference(value, x, _CUBE_ROOT * scale))
        except (ArithmeticError, ValueError) as error:  # the step leads out of the function's domain
            refusal = error
    if not found and refusal is not None:
        raise refusal
    return min(found, key=itemgetter(1))[0]


def _scales(x: float) -> list[float]:
    """From the scale of x to 1, by factors of a thousand at most."""
    size = abs(x) or 1.0
    count = 1 + math.ceil(abs(math.log10(size)) / 3.0)
    return [size ** (part / count) for part in range(count + 1)]


def _difference(value: Callable[[float], float], x: float, step: float) -> tuple[float, float]:
    """The central difference, and how far it may be off: what doubling the step changes, and the rounding."""
    slopes = []
    size = 0.0
    for wide in (step, 2.0 * step):
        up, down = (x + wide) - x, (x - wide) - x  # what the arguments really move by
        after, before = value(up), value(down)
        slopes.append((after - before) / (up - down) if up > down else math.nan)
        size = max(size, abs(after), abs(before))
    error = abs(slopes[1] - slopes[0]) / 3.0 + size * 2.0**-52 / step
    return slopes[0], error if error == error else math.inf


def complex_step(problem: Problem, arguments: Arguments) -> Gradient:
    """Im f(x + ih) / h (Squire and Trapp, SIAM Review 40, 1998): no cancellation, but f must take complex numbers."""
    elements = []
    for name, place, step in problem.along(arguments, lambda x: _TINY):
        value = problem.function(**_moved(arguments, name, place, 1j * step))
        if not isinstance(value, complex | np.complexfloating):
            raise TypeError("the function drops the imaginary part")
        elements.append(complex(value).imag / step)
    return problem.assembled(arguments, elements)


@dataclass(frozen=True)
class Sides:
    """The slopes below and above a point, by one element, and whether they stay apart however small the steps are."""

    below: Any
    above: Any
    differ: bool

    @property
    def slope(self) -> Any:
        """The derivative; nan where there is none."""
        return math.nan if self.differ else (self.below + self.above) / 2


def sides(problem: Problem, arguments: Arguments) -> list[Sides]:
    """One-sided differences of the traced function in mpmath, with forty digits more than the function takes."""
    import mpmath

    digits = exact_outputs(problem.program, bind(problem.program, **arguments))[1] + _MORE_DIGITS
    with mpmath.workdps(digits):
        here = evaluate_mpmath(problem.program, digits=digits, **arguments)
        found = []
        for name, place, step in problem.along(arguments, lambda x: mpmath.mpf(10) ** -20 * (abs(mpmath.mpf(x)) or 1)):

            def slope(move: Any, name: str = name, place: tuple[int, ...] = place) -> Any:
                moved = evaluate_mpmath(problem.program, digits=digits, **_moved(arguments, name, place, move))
                return (moved - here) / move

            below, above = slope(-step), slope(step)
            gap = abs(above - below)
            differ = gap > _KINK * (abs(above) + abs(below)) and 2 * abs(slope(step / 64) - slope(-step / 64)) > gap
            found.append(Sides(below, above, bool(differ)))
        return found


def exact(problem: Problem, arguments: Arguments) -> Gradient:
    """Central differences in mpmath; nan at a kink."""
    return problem.assembled(arguments, [element.slope for element in sides(problem, arguments)])


def by_autograd(problem: Problem, arguments: Arguments) -> Gradient:
    """autograd, with its NumPy in place of the function's `numpy` and `math`."""
    autograd = importlib.import_module("autograd")
    substitute = _Library("autograd.numpy", "autograd.scipy.special")
    return _tape(problem, arguments, autograd.grad, substitute)


def by_jax(problem: Problem, arguments: Arguments) -> Gradient:
    """JAX in double precision, with its NumPy in place of the function's `numpy` and `math`."""
    jax = importlib.import_module("jax")
    substitute = _Library("jax.numpy", "jax.scipy.special")
    with jax.enable_x64(True):
        return _tape(problem, arguments, jax.grad, substitute)


class _Library:
    """Functions by their names: those of a NumPy, then those of a scipy.special."""

    def __init__(self, *modules: str) -> None:
        self._modules = modules

    def __getattr__(self, name: str) -> Any:
        for module in self._modules:
            found = getattr(importlib.import_module(module), name, None)
            if found is not None:
                return found
        raise AttributeError(f"{self._modules[0]} has no {name}")


def _tape(problem: Problem, arguments: Arguments, gradient: Any, substitute: Any) -> Gradient:
    function = with_numpy(problem.function, substitute)
    fixed = {name: value for name, value in arguments.items() if name not in problem.wrt}
    values = [np.asarray(arguments[name], dtype=float)[()] for name in problem.wrt]

    def positional(*chosen: Any) -> Any:
        return function(**fixed, **dict(zip(problem.wrt, chosen, strict=True)))

    found = [gradient(positional, position)(*values) for position in range(len(values))]
    return [np.asarray(value, dtype=float)[()] for value in found]


def with_numpy(function: Callable[..., Any], substitute: Any) -> Callable[..., Any]:
    """The function, and the helpers in its module, with another library where it says `numpy` or `math`."""
    if not isinstance(function, types.FunctionType):
        raise TypeError("not a plain function")
    scope: dict[str, Any] = {"__builtins__": builtins}
    for name, value in function.__globals__.items():
        if value is np or value is math:
            scope[name] = substitute
        elif isinstance(value, types.FunctionType) and value.__globals__ is function.__globals__:
            scope[name] = _in_scope(value, scope)
        elif getattr(value, "__module__", None) == "math" or isinstance(value, np.ufunc):
            scope[name] = getattr(substitute, value.__name__)
        elif not name.startswith("__"):
            scope[name] = value
    return _in_scope(function, scope)


def _in_scope(function: types.FunctionType, scope: dict[str, Any]) -> types.FunctionType:
    made = types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _moved(arguments: Arguments, name: str, place: tuple[int, ...], step: Any) -> Arguments:
    """The arguments with one element moved."""
    value = arguments[name]
    if not np.shape(value):
        return {**arguments, name: value + step}
    kind = complex if isinstance(step, complex) else float if isinstance(step, float) else object
    moved = np.array(value, dtype=kind)
    moved[place] += step
    return {**arguments, name: moved}


Reference = Callable[[Problem, Arguments], Gradient]

REFERENCES: Mapping[str, Reference] = {
    "fd": finite_differences,
    "complex-step": complex_step,
    "mpmath": exact,
    "autograd": by_autograd,
    "jax": by_jax,
}
