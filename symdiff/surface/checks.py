"""Derivatives checked by numbers: along random directions, in both modes, to any order.

In: a function and a point. Out: nothing, or an AssertionError that says which derivative is off by how much. The
function itself is run on plain numbers for the comparison, so that its trace is checked too.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.api import jvp, vjp
from symdiff.errors import ArgumentError
from symdiff.ir.structure import structure_of

Function = Callable[..., Any]
_STEP = 1e-3
_TOLERANCE = 1e-6
_MODES = ("fwd", "rev")


def check_grads(
    function: Function, argnum: int | Sequence[int] = 0, modes: Sequence[str] = _MODES, order: int = 2
) -> Callable[..., None]:
    """`check_grads(f)(x, y)` compares derivatives of f with differences of its values.

    argnum: the arguments to differentiate by, any nesting of numbers and arrays.
    modes: of "fwd" (Jacobian times vector) and "rev" (vector times Jacobian).
    order: derivatives of derivatives are compared up to it, in all combinations of the modes.

    Differences are of fourth order, with steps of 1e-3; the agreement asked for is 1e-6, relative or absolute. A kink
    within two steps of the point fails. Raises AssertionError, and ArgumentError for a mode that does not exist.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> sd.check_grads(lambda x, A: np.tanh(A @ x), argnum=(0, 1), order=2)(np.ones(2), np.eye(2))
    """
    unknown = [mode for mode in modes if mode not in _MODES]
    if unknown:
        raise ArgumentError(f"there is no mode {unknown[0]!r}", fix='modes=["fwd", "rev"]')
    chosen = [argnum] if isinstance(argnum, int) else list(argnum)

    def check(*args: Any, **kwargs: Any) -> None:
        def restricted(*xs: Any) -> Any:
            changed = list(args)
            for place, x in zip(chosen, xs, strict=True):
                changed[place] = x
            return function(*changed, **kwargs)

        name = getattr(function, "__name__", repr(function))
        _check(restricted, [args[place] for place in chosen], modes, order, name, np.random.default_rng(0))

    return check


def _check(
    function: Function, xs: Sequence[Any], modes: Sequence[str], order: int, name: str, random: np.random.Generator
) -> None:
    count = len(xs)
    argnums = tuple(range(count))
    point = list(xs)
    direction = _like(point, random)
    expected = _slope(function, point, direction)
    cotangent = _like(function(*xs), random)
    forward, backward = jvp(function, argnums), vjp(function, argnums)
    if "fwd" in modes:
        tangent = forward(*xs, tangent=tuple(direction))
        _compare(tangent, expected, f"the jvp of {name}", cotangent)
        if order > 1:
            pushed = lambda *p: forward(*p[:count], tangent=tuple(p[count:]))  # noqa: E731
            _check(pushed, [*point, *direction], modes, order - 1, f"the jvp of {name}", random)
    if "rev" in modes:
        found = backward(*xs, cotangent=cotangent)
        _equal(_inner(list(found), direction), _inner(cotangent, expected), f"the vjp of {name}")
        if order > 1:
            pulled = lambda *p: backward(*p[:count], cotangent=p[count])  # noqa: E731
            _check(pulled, [*point, cotangent], modes, order - 1, f"the vjp of {name}", random)


def _slope(function: Function, point: list[Any], direction: list[Any]) -> Any:
    """The derivative along a direction: central differences of fourth order."""
    values = [function(*_moved(point, direction, number * _STEP)) for number in (1, -1, 2, -2)]
    structure = structure_of(values[0])
    near, behind, far, far_behind = (structure.flatten(value) for value in values)
    return structure.unflatten(
        [
            (8.0 * (np.asarray(a) - b) - (np.asarray(c) - d)) / (12.0 * _STEP)
            for a, b, c, d in zip(near, behind, far, far_behind, strict=True)
        ]
    )


def _moved(point: Any, direction: Any, step: float) -> Any:
    structure = structure_of(point)
    pairs = zip(structure.flatten(point), structure.flatten(direction), strict=True)
    return structure.unflatten([leaf + step * part for leaf, part in pairs])


def _like(value: Any, random: np.random.Generator) -> Any:
    """Normal random numbers in the nesting of a value."""
    structure = structure_of(value)
    return structure.unflatten([random.standard_normal(np.shape(leaf))[()] for leaf in structure.flatten(value)])


def _inner(left: Any, right: Any) -> float:
    pairs = zip(structure_of(left).flatten(left), structure_of(right).flatten(right), strict=True)
    return float(sum(np.sum(np.asarray(a) * np.asarray(b)) for a, b in pairs))


def _compare(found: Any, expected: Any, what: str, weights: Any) -> None:
    shapes = [np.shape(leaf) for leaf in structure_of(found).flatten(found)]
    wanted = [np.shape(leaf) for leaf in structure_of(expected).flatten(expected)]
    if shapes != wanted:
        raise AssertionError(f"{what} has shapes {shapes}, the function {wanted}")
    _equal(_inner(weights, found), _inner(weights, expected), what)


def _equal(found: float, expected: float, what: str) -> None:
    if not abs(found - expected) <= _TOLERANCE * max(1.0, abs(found), abs(expected)):
        raise AssertionError(
            f"{what} is {found:.10g} along a random direction, differences of values give {expected:.10g}"
        )
