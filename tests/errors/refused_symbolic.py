"""What is refused of symbols: shapes and dtypes, numbers that they do not have, values of shared variables."""

import math
from pathlib import Path

import numpy as np

from symdiff.symbolic import (
    col,
    function,
    matrix,
    row,
    scalar,
    scalars,
    shared,
    tensor,
    tensor3,
    tensor4,
    tensor5,
    vector,
    vectors,
)
from tests.errors.refusing import refused

# -- declarations -----------------------------------------------------------------------------------------------


@refused("symbolic")
def tensor_of_no_rank(folder: Path) -> object:
    return tensor("x")


@refused("symbolic")
def name_that_is_a_number(folder: Path) -> object:
    return scalar(3)  # type: ignore[arg-type]


@refused("symbolic")
def names_that_are_no_names(folder: Path) -> object:
    return scalars(2.5)


@refused("symbolic")
def dtype_that_there_is_not(folder: Path) -> object:
    return scalar("x", dtype="float46")


@refused("symbolic")
def dtype_like_none_that_there_is(folder: Path) -> object:
    return vector("z", dtype="complex")


@refused("symbolic")
def dtype_that_is_a_type(folder: Path) -> object:
    return vector("z", dtype=np.float64)


@refused("symbolic")
def length_that_is_no_length(folder: Path) -> object:
    return tensor("x", shape=(3, -1))


@refused("symbolic")
def number_of_axes_that_is_none(folder: Path) -> object:
    return tensor("x", ndim=-1)


@refused("symbolic")
def shape_that_is_a_number(folder: Path) -> object:
    return vector("x", shape=3)


@refused("symbolic")
def shape_of_another_rank(folder: Path) -> object:
    return matrix("weights", shape=(3,))


@refused("symbolic")
def vector_of_two_axes(folder: Path) -> object:
    return vector(shape=("n", "n"))


@refused("symbolic")
def row_of_two_rows(folder: Path) -> object:
    return row("r", shape=(2, None))


@refused("symbolic")
def column_of_two_columns(folder: Path) -> object:
    return col("c", shape=(None, 2))


@refused("symbolic")
def three_axes(folder: Path) -> object:
    return tensor3("x", shape=(3, 4))


@refused("symbolic")
def four_axes(folder: Path) -> object:
    return tensor4("x", shape=(3, 4))


@refused("symbolic")
def five_axes(folder: Path) -> object:
    return tensor5("x", shape=(3, 4))


# -- symbols asked for numbers ----------------------------------------------------------------------------------


@refused("symbolic")
def truth_of_a_symbol(folder: Path) -> object:
    x = scalar("x")
    return x if x > 0 else -x


@refused("symbolic")
def float_of_a_symbol(folder: Path) -> object:
    x = scalar("x")
    return math.exp(x)


@refused("symbolic")
def symbol_as_a_length(folder: Path) -> object:
    x = vector("x")
    return np.zeros(x.shape[0])


@refused("symbolic")
def symbols_in_an_array(folder: Path) -> object:
    x, y = scalars("x", "y")
    return np.array([x, y])


@refused("symbolic")
def length_of_a_symbol(folder: Path) -> object:
    x = vector("x")
    return x.sum() / len(x)


@refused("symbolic")
def elements_of_a_symbol(folder: Path) -> object:
    x = vector("x")
    return sum(x)


@refused("symbolic")
def element_in_a_symbol(folder: Path) -> object:
    x = vector("x")
    return 1.0 in x


@refused("symbolic")
def assignment_to_a_symbol(folder: Path) -> object:
    x = vector("x")
    x[0] = 1.0
    return x


@refused("symbolic")
def rank_that_lengths_decide(folder: Path) -> object:
    x = vector("x")
    pairs = x.reshape(2, 2)
    return pairs.ndim


@refused("symbolic")
def function_without_a_rule(folder: Path) -> object:
    x = vector("x")
    return np.unwrap(x)


# -- shared variables -------------------------------------------------------------------------------------------


@refused("symbolic")
def shared_symbol(folder: Path) -> object:
    x = scalar("x")
    return shared(x)


@refused("symbolic")
def shared_ragged_list(folder: Path) -> object:
    return shared([[1.0, 2.0], [3.0]], name="w")


@refused("symbolic")
def shared_text(folder: Path) -> object:
    return shared("zero")


@refused("symbolic")
def shared_complex_number(folder: Path) -> object:
    return shared(1 + 2j, name="z")


@refused("symbolic")
def shared_value_of_another_rank(folder: Path) -> object:
    w = shared(np.zeros(3))
    w.set_value(np.zeros((3, 1)))
    return w


@refused("symbolic")
def shared_value_that_is_a_symbol(folder: Path) -> object:
    w, x = shared(np.zeros(3)), vector("x")
    w.set_value(x)
    return w


@refused("symbolic")
def fraction_in_whole_numbers(folder: Path) -> object:
    count = shared(0)
    count.set_value(0.5)
    return count


@refused("symbolic")
def update_with_a_fraction(folder: Path) -> object:
    count = shared(0)
    half = function([], count, updates={count: count + 0.5})
    return half()


@refused("symbolic")
def shared_without_a_name(folder: Path) -> object:
    state = [shared(0), shared(np.zeros(2))]
    state[0].set_value(0.5)
    return state


@refused("symbolic")
def update_of_another_shape(folder: Path) -> object:
    w, x = shared(np.zeros(3)), matrix("x")
    step = function([x], None, updates={w: w - 0.1 * x})
    return step(np.ones((2, 3)))


@refused("symbolic")
def shared_value_of_two_vectors(folder: Path) -> object:
    x, y = vectors("x", "y")
    w = shared(np.zeros(3))
    step = function([x, y], x @ w, updates={w: w + np.concatenate([x, y])})
    return step([1.0, 2.0, 3.0], [4.0])
