"""What compiled functions refuse: inputs, outputs and updates that do not fit together, and calls."""

from pathlib import Path

import numpy as np

import symdiff as sd
from symdiff.symbolic import (
    In,
    RandomStreams,
    full,
    function,
    ivector,
    matrix,
    scalar,
    scalars,
    shared,
    vector,
    vectors,
)
from tests.errors.refusing import refused

# -- inputs -----------------------------------------------------------------------------------------------------


@refused("symbolic")
def inputs_that_are_no_list(folder: Path) -> object:
    x = scalar("x")
    return function(x, x**2)


@refused("symbolic")
def input_that_is_shared(folder: Path) -> object:
    w, x = shared(2.0), scalar("x")
    return function([w, x], w * x)


@refused("symbolic")
def input_that_is_a_number(folder: Path) -> object:
    x = scalar("x")
    return function([x, 2.0], x)


@refused("symbolic")
def input_that_is_an_expression(folder: Path) -> object:
    x = scalar("x")
    y = 2 * x
    return function([y], y**2)


@refused("symbolic")
def input_named_by_a_number(folder: Path) -> object:
    x = scalar("x")
    return function([In(x, name=1)], x**2)  # type: ignore[arg-type]


@refused("symbolic")
def function_named_by_a_number(folder: Path) -> object:
    x = scalar("x")
    return function([x], x**2, name=1)  # type: ignore[arg-type]


@refused("symbolic")
def input_twice(folder: Path) -> object:
    x, y = scalars("x", "y")
    return function([x, y, x], x + y)


@refused("symbolic")
def input_that_is_missing(folder: Path) -> object:
    x, y = scalars("x", "y")
    return function([x], x + y)


@refused("symbolic")
def input_that_is_not_used(folder: Path) -> object:
    x, y = scalars("x", "y")
    return function([x, y], x**2)


@refused("symbolic")
def what_to_do_with_unused_inputs(folder: Path) -> object:
    x = scalar("x")
    return function([x], x, on_unused_input="warning")  # type: ignore[arg-type]


# -- outputs, updates, givens -----------------------------------------------------------------------------------


@refused("symbolic")
def output_that_is_a_text(folder: Path) -> object:
    x = scalar("x")
    return function([x], ["x", x**2])


@refused("symbolic")
def update_of_an_input(folder: Path) -> object:
    x = scalar("x")
    return function([x], x**2, updates={x: x + 1})


@refused("symbolic")
def two_updates_of_a_variable(folder: Path) -> object:
    count = shared(0)
    return function([], count, updates=[(count, count + 1), (count, 2 * count)])


@refused("symbolic")
def updates_that_are_no_pairs(folder: Path) -> object:
    count = shared(0)
    return function([], count, updates=[count + 1])


@refused("symbolic")
def updates_that_are_a_number(folder: Path) -> object:
    x = scalar("x")
    return function([x], x**2, updates=5)


@refused("symbolic")
def update_that_is_a_text(folder: Path) -> object:
    state = shared(0.0)
    return function([], state, updates={state: "one"})


@refused("symbolic")
def given_that_is_a_text(folder: Path) -> object:
    x = scalar("x")
    return function([], x**2, givens={x: "one"})


@refused("symbolic")
def values_of_names(folder: Path) -> object:
    x = scalar("x")
    return (2 * x).eval({"x": 1.0})


@refused("symbolic")
def givens_of_a_name(folder: Path) -> object:
    x, y = scalars("x", "y")
    return function([y], x**2, givens={"x": y + 1})


@refused("symbolic")
def given_of_another_rank(folder: Path) -> object:
    x, y = scalar("x"), vector("y")
    f = function([y], x**2, givens={x: y + 1})
    return f([1.0, 2.0])


# -- calls ------------------------------------------------------------------------------------------------------


@refused("symbolic")
def too_many_arguments(folder: Path) -> object:
    x, y = scalars("x", "y")
    area = function([x, y], x * y)
    return area(1.0, 2.0, 3.0)


@refused("symbolic")
def argument_without_an_input(folder: Path) -> object:
    f = function([], shared(1.0))
    return f(2.0)


@refused("symbolic")
def keyword_that_is_no_input(folder: Path) -> object:
    x, height = scalars("x", "height")
    area = function([x, height], x * height)
    return area(1.0, hieght=2.0)


@refused("symbolic")
def keyword_that_is_given(folder: Path) -> object:
    x, y = scalars("x", "y")
    area = function([x, In(y, name="height")], x * y)
    return area(1.0, 2.0, height=2.0)


@refused("symbolic")
def missing_argument(folder: Path) -> object:
    x, y = scalars("x", "y")
    area = function([x, y], x * y)
    return area(1.0)


@refused("symbolic")
def ragged_argument(folder: Path) -> object:
    x = matrix("x")
    f = function([x], x.sum())
    return f([[1.0, 2.0], [3.0]])


@refused("symbolic")
def complex_argument(folder: Path) -> object:
    x = scalar("x")
    f = function([x], x**2)
    return f(1 + 2j)


@refused("symbolic")
def text_as_an_argument(folder: Path) -> object:
    x = scalar("x")
    f = function([x], x**2)
    return f("1.0")


@refused("symbolic")
def fractions_for_whole_numbers(folder: Path) -> object:
    x, positions = vector("x"), ivector("positions")
    f = function([x, positions], x[positions])
    return f([1.0, 2.0], [0.0, 1.0])


@refused("symbolic")
def argument_of_another_rank(folder: Path) -> object:
    x = vector("x")
    f = function([x], x.sum())
    return f(np.ones((2, 3)))


@refused("symbolic")
def array_for_a_number(folder: Path) -> object:
    x = scalar("x")
    f = function([x], x**2)
    return f([1.0, 2.0])


@refused("symbolic")
def argument_of_another_length(folder: Path) -> object:
    x = matrix("x", shape=(None, 3))
    f = function([x], x.sum(axis=1))
    return f(np.ones((2, 4)))


@refused("symbolic")
def lengths_of_one_name(folder: Path) -> object:
    x, t = matrix("x", shape=("n", "d")), vector("t", shape=("n",))
    f = function([x, t], t @ x)
    return f(np.ones((3, 2)), [1.0, 2.0])


@refused("symbolic")
def shapes_that_do_not_broadcast(folder: Path) -> object:
    x, y = vectors("x", "y")
    f = function([x, y], x * y)
    return f([1.0, 2.0], [1.0, 2.0, 3.0])


@refused("symbolic")
def value_that_is_no_number(folder: Path) -> object:
    x = vector("x")
    f = function([x], full(x.shape, "one"), on_unused_input="ignore")
    return f([1.0, 2.0])


@refused("symbolic")
def error_of_numpy_itself(folder: Path) -> object:
    x = vector("x")
    f = function([x], x.sum(axis="rows"))
    return f([1.0, 2.0])


# -- functions as wholes ----------------------------------------------------------------------------------------


@refused("symbolic")
def closed_form_of_open_lengths(folder: Path) -> object:
    x = vector("x")
    energy = function([x], (x**2).sum())
    return energy.source()


@refused("symbolic")
def closed_form_of_two_open_lengths(folder: Path) -> object:
    x = matrix("x")
    return function([x], (x**2).sum(), name="energy").source()


@refused("symbolic")
def updates_in_a_trace(folder: Path) -> object:
    x, count = scalar("x"), shared(0.0)
    f = function([x], x**2, updates={count: count + 1})
    return sd.derivative(f)


@refused("symbolic")
def updates_in_the_trace_of_another_function(folder: Path) -> object:
    x, count = scalar("x"), shared(0.0)
    f = function([x], x**2, updates={count: count + 1})
    return sd.grad(lambda y: 3.0 * f(y))(2.0)


@refused("symbolic")
def random_numbers_in_a_trace(folder: Path) -> object:
    x = scalar("x")
    f = function([x], x * RandomStreams(seed=1).normal())
    return sd.grad(lambda y: 3.0 * f(y))(2.0)


@refused("symbolic")
def swap_of_an_input(folder: Path) -> object:
    x, w = scalar("x"), shared(2.0)
    f = function([x], w * x)
    return f.copy(swap={x: w})


@refused("symbolic")
def swap_without_pairs(folder: Path) -> object:
    x, w, other = scalar("x"), shared(2.0), shared(3.0)
    f = function([x], w * x)
    return f.copy(swap=[w, other])


@refused("symbolic")
def swap_where_nothing_is_used(folder: Path) -> object:
    x, w, other = scalar("x"), shared(2.0), shared(3.0)
    f = function([x], 2 * x)
    return f.copy(swap={w: other})


@refused("symbolic")
def swap_of_what_is_not_used(folder: Path) -> object:
    x, w, other = scalar("x"), shared(2.0), shared(3.0)
    f = function([x], w * x)
    return f.copy(swap={other: w})


@refused("symbolic")
def swap_of_ranks(folder: Path) -> object:
    x, w, other = scalar("x"), shared(2.0), shared(np.zeros(3))
    f = function([x], w * x)
    return f.copy(swap={w: other})
