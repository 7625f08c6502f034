"""What is refused of graphs: choices, parts of arrays, axes, bodies with other symbols in them, and their texts."""

from pathlib import Path

import numpy as np

from symdiff.symbolic import (
    apply,
    clone,
    function,
    ifelse,
    inc_subtensor,
    matrix,
    pp,
    scalar,
    scalars,
    set_subtensor,
    vector,
    vectors,
)
from tests.errors.refusing import refused


@refused("symbolic")
def number_applied(folder: Path) -> object:
    x = scalar("x")
    return apply(3.0, x)  # type: ignore[arg-type]


# -- choices and parts ------------------------------------------------------------------------------------------


@refused("symbolic")
def condition_of_many(folder: Path) -> object:
    x = vector("x")
    f = function([x], ifelse(x > 0, x, -x))
    return f([1.0, -2.0])


@refused("symbolic")
def sides_of_two_shapes(folder: Path) -> object:
    x, y = vectors("x", "y")
    f = function([x, y], ifelse(x.sum() > 0, x, y))
    return f([1.0, -2.0], [1.0, 2.0, 3.0])


@refused("symbolic")
def sides_of_two_lengths(folder: Path) -> object:
    x, y = scalars("x", "y")
    return ifelse(x > y, [x, y], [y])


@refused("symbolic")
def list_beside_a_number(folder: Path) -> object:
    x, y = scalars("x", "y")
    return ifelse(x > y, [x, y], 0.0)


@refused("symbolic")
def assignment_to_a_whole_array(folder: Path) -> object:
    x = vector("x")
    return set_subtensor(x, 0.0)


@refused("symbolic")
def addition_to_an_expression(folder: Path) -> object:
    x = vector("x")
    return inc_subtensor(2 * x, 1.0)


# -- axes -------------------------------------------------------------------------------------------------------


@refused("symbolic")
def dropped_axis(folder: Path) -> object:
    x = matrix("x")
    f = function([x], x.dimshuffle(0))
    return f(np.ones((2, 3)))


@refused("symbolic")
def axis_that_there_is_not(folder: Path) -> object:
    x = vector("x")
    f = function([x], x.dimshuffle(0, 1))
    return f([1.0, 2.0])


@refused("symbolic")
def axis_twice(folder: Path) -> object:
    x = vector("x")
    f = function([x], x.dimshuffle(0, 0))
    return f([1.0, 2.0])


@refused("symbolic")
def flat_with_too_many_axes(folder: Path) -> object:
    x = matrix("x")
    f = function([x], x.flatten(3))
    return f(np.ones((2, 3)))


@refused("symbolic")
def flat_with_no_axes(folder: Path) -> object:
    x = scalar("x")
    f = function([x], x.flatten(2))
    return f(1.0)


# -- bodies and texts -------------------------------------------------------------------------------------------


@refused("symbolic")
def number_cloned(folder: Path) -> object:
    x = scalar("x")
    return clone([x**2, 1.0], {x: 2 * x})


@refused("symbolic")
def clone_with_names(folder: Path) -> object:
    x = scalar("x")
    return clone(x**2, {"x": 2 * x})


@refused("symbolic")
def number_printed(folder: Path) -> object:
    return pp(2.0)


@refused("symbolic")
def long_expression(folder: Path) -> object:
    z = scalar("z")
    for _ in range(20):
        z = z * z
    return pp(z)


@refused("symbolic")
def long_function(folder: Path) -> object:
    x = scalar("x")
    z = x
    for _ in range(20):
        z = np.sin(z) * z
    return pp(function([x], z))
