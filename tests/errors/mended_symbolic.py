"""What `refused_symbolic*.py` has refused, mended as the messages say: each runs, with the name of what it mends."""

from collections.abc import Callable

import numpy as np

import symdiff as sd
from symdiff.symbolic import (
    apply,
    clone,
    debugprint,
    function,
    grad,
    ifelse,
    ivector,
    matrix,
    pp,
    scalar,
    scalars,
    set_subtensor,
    shared,
    switch,
    tensor,
    vector,
    zeros,
)

MENDED: dict[str, Callable[[], object]] = {}


def mended(function: Callable[[], object]) -> Callable[[], object]:
    MENDED[function.__name__] = function
    return function


# -- symbols ----------------------------------------------------------------------------------------------------


@mended
def tensor_of_no_rank() -> object:
    return tensor("x", ndim=3)


@mended
def length_that_is_no_length() -> object:
    return tensor("x", shape=(3, "n", None))


@mended
def dtype_that_there_is_not() -> object:
    return scalar("x", dtype="float64")


@mended
def shape_of_another_rank() -> object:
    return matrix("weights")


@mended
def truth_of_a_symbol() -> object:
    x = scalar("x")
    return function([x], [np.where(x > 0, x, -x), switch(x > 0, x, -x), ifelse(x > 0, x, -x)])(-2.0)


@mended
def symbol_as_a_length() -> object:
    x = vector("x")
    return zeros(x.shape).eval({x: [1.0, 2.0]})


@mended
def symbols_in_an_array() -> object:
    x, y = scalars("x", "y")
    return np.stack([x, y]).eval({x: 1.0, y: 2.0})


@mended
def length_of_a_symbol() -> object:
    x = vector("x")
    return (x.sum() / x.shape[0]).eval({x: [1.0, 2.0]})


@mended
def element_in_a_symbol() -> object:
    x = vector("x")
    return np.any(x == 1.0).eval({x: [1.0, 2.0]})


@mended
def assignment_to_a_symbol() -> object:
    x = vector("x")
    y = set_subtensor(x[0], 1.0)
    return y.eval({x: [3.0, 2.0]})


@mended
def assignment_to_a_whole_array() -> object:
    x = vector("x")
    return set_subtensor(x[:], 0.0).eval({x: [3.0, 2.0]})


@mended
def rank_that_lengths_decide() -> object:
    x = vector("x", shape=(4,))
    return x.reshape(2, 2).ndim


@mended
def function_without_a_rule() -> object:
    x = vector("x")
    return (x - 2.0 * np.pi * np.round(x / (2.0 * np.pi))).eval({x: [1.0, 8.0]})


@mended
def number_applied() -> object:
    x = scalar("x")
    return apply(np.sin, x).eval({x: 1.0})


# -- shared variables -------------------------------------------------------------------------------------------


@mended
def shared_value_that_is_a_symbol() -> object:
    w, x = shared(np.zeros(3)), vector("x")
    function([x], updates={w: x})([1.0, 2.0, 3.0])
    return w.get_value()


@mended
def fraction_in_whole_numbers() -> object:
    count = shared(0.0)
    count.set_value(0.5)
    return count.get_value()


@mended
def text_as_an_argument() -> object:
    x = scalar("x")
    return function([x], x**2)(np.asarray("1.0", dtype=float))


@mended
def fractions_for_whole_numbers() -> object:
    x, positions = vector("x"), ivector("positions")
    return function([x, positions], x[positions])([1.0, 2.0], np.asarray([0.0, 1.0], dtype=int))


# -- functions --------------------------------------------------------------------------------------------------


@mended
def input_that_is_shared() -> object:
    w, x = shared(2.0), scalar("x")
    return function([x], w * 3.0, givens={w: x})(1.0)


@mended
def input_that_is_an_expression() -> object:
    x = scalar("x")
    y = 2 * x
    z = y**2
    given = scalar("given")
    return function([given], z, givens={y: given})(3.0)


@mended
def input_that_is_missing() -> object:
    x, y = scalars("x", "y")
    return function([x, y], x + y)(1.0, 2.0), function([x], x + y, givens={y: 1.0})(1.0)


@mended
def input_that_is_not_used() -> object:
    x, y = scalars("x", "y")
    return function([x, y], x**2, on_unused_input="ignore")(1.0, 2.0)


@mended
def update_of_an_input() -> object:
    x = shared(0.0)
    return function([], x**2, updates={x: x + 1})()


@mended
def givens_of_a_name() -> object:
    x, y = scalars("x", "y")
    return function([y], x**2, givens={x: 2 * y})(1.0)


@mended
def updates_that_are_no_pairs() -> object:
    w = shared(0.0)
    return function([], w, updates={w: w + 1.0})()


@mended
def clone_with_names() -> object:
    x, y = scalars("x", "y")
    return clone(x**2, {x: 2 * y}).eval({y: 1.0})


@mended
def values_of_names() -> object:
    x = scalar("x")
    return (2 * x).eval({x: 1.0})


@mended
def known_gradients_without_values() -> object:
    x = scalar("x")
    z = x**2
    return grad(None, x, known_grads={z: 1.0}).eval({x: 1.0})


@mended
def given_of_another_rank() -> object:
    x, y = scalar("x"), vector("y")
    return function([y], x**2, givens={x: (y + 1)[0]})([1.0, 2.0])


@mended
def argument_of_another_length() -> object:
    x = matrix("x")
    return function([x], x.sum(axis=1))(np.ones((2, 4)))


@mended
def closed_form_of_open_lengths() -> object:
    x = vector("x", shape=("n",))
    return function([x], (x**2).sum()).source()


@mended
def closed_form_of_two_open_lengths() -> object:
    x = matrix("x")
    energy = function([x], (x**2).sum())
    energy(np.ones((2, 3)))
    y = matrix("y", shape=("n1", "n2"))
    return energy.source(), function([y], (y**2).sum()).source()


@mended
def updates_in_a_trace() -> object:
    x, count = scalar("x"), shared(0.0)
    f = function([x], x**2, updates={count: count + 1})
    return sd.derivative(f.copy(delete_updates=True))(1.0)


@mended
def updates_in_the_trace_of_another_function() -> object:
    x, count = scalar("x"), shared(0.0)
    f = function([x], x**2, updates={count: count + 1})
    f = f.copy(delete_updates=True)
    return sd.grad(lambda y: 3.0 * f(y))(2.0)


@mended
def random_numbers_in_a_trace() -> object:
    x, noise = scalars("x", "noise")
    f = function([x, noise], x + noise)
    return sd.grad(lambda y: 3.0 * f(y, 0.5))(2.0)


@mended
def swap_of_what_is_not_used() -> object:
    x, w, other = scalar("x"), shared(2.0), shared(3.0)
    f = function([x], w * x)
    return f.copy(swap={w: other})(1.0)


# -- graphs -----------------------------------------------------------------------------------------------------


@mended
def condition_of_many() -> object:
    x = vector("x")
    return function([x], switch(x > 0, x, -x))([1.0, -2.0])


@mended
def axis_that_there_is_not() -> object:
    x = vector("x")
    return function([x], x.dimshuffle(0, "x"))([1.0, 2.0])


@mended
def dropped_axis() -> object:
    x = matrix("x")
    return function([x], [x[0], x.sum(axis=0)])(np.ones((2, 3)))


@mended
def flat_with_no_axes() -> object:
    x = scalar("x")
    return function([x], x.flatten(1))(1.0)


@mended
def number_printed() -> object:
    x, y = scalars("x", "y")
    return pp(x + y)


@mended
def long_function() -> object:
    x = scalar("x")
    z = x
    for _ in range(20):
        z = np.sin(z) * z
    f = function([x], z)
    return debugprint(f, file="str"), f.source()
