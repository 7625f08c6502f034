"""What `refused_symbolic*.py` has refused, mended as the messages say: each runs, with the name of what it mends."""

from collections.abc import Callable

import numpy as np

import symdiff as sd
from symdiff.symbolic import (
    Lop,
    RandomStreams,
    Rop,
    apply,
    clone,
    debugprint,
    function,
    grad,
    hessian,
    ifelse,
    iscalar,
    ivector,
    jacobian,
    matrix,
    pp,
    scalar,
    scalars,
    scan,
    set_subtensor,
    shared,
    switch,
    tensor,
    until,
    vector,
    vectors,
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


# -- derivatives ------------------------------------------------------------------------------------------------


@mended
def gradient_by_what_the_cost_is_not_made_of() -> object:
    w, b = scalars("w", "b")
    return function([w, b], grad(w**2, [w, b], disconnected_inputs="ignore"), on_unused_input="ignore")(1.0, 2.0)


@mended
def gradient_of_an_array() -> object:
    x = vector("x")
    return function([x], [grad((x**2).sum(), x), jacobian(x**2, x)])([1.0, 2.0])


@mended
def hessian_of_an_array() -> object:
    x = vector("x")
    return function([x], hessian((x**3).sum(), x))([1.0, 2.0])


@mended
def hessian_by_symbols_made_of_each_other() -> object:
    x = vector("x")
    y = np.sin(x)
    z = (x * y).sum()
    return function([x], [hessian(z, x), hessian(z, y)])([1.0, 2.0])


@mended
def jacobian_through_a_substituted_symbol() -> object:
    x, t = vectors("x", "t")
    y = np.sin(x)
    return function([x, t], jacobian(clone(y * x, {y: t * np.cos(x)}), x))([1.0, 2.0], [3.0, 4.0])


@mended
def points_of_a_vector_jacobian_product() -> object:
    x, v = vectors("x", "v")
    return function([x, v], Lop([x**2, x**3], x, [v, np.zeros_like(x**3)]))([1.0, 2.0], [1.0, 0.0])


@mended
def tangent_of_another_shape() -> object:
    W, x = matrix("W"), vector("x")
    return function([W, x], Rop(W @ x, x, np.ones_like(x)))(np.ones((2, 3)), np.ones(3))


@mended
def known_gradient_of_another_shape() -> object:
    x = vector("x")
    y = x**2
    return function([x], grad(None, x, known_grads={y: np.ones_like(y)}))([1.0, 2.0])


# -- loops ------------------------------------------------------------------------------------------------------


@mended
def scan_of_no_length() -> object:
    x = scalar("x")
    powers, _ = scan(lambda power: power * x, outputs_info=1.0, n_steps=10)
    return function([x], powers)(2.0)


@mended
def step_that_is_no_function() -> object:
    x = vector("x")
    return scan(lambda element: 2 * element, sequences=x)[0].eval({x: [1.0, 2.0]})


@mended
def sequence_that_is_a_number() -> object:
    x = scalar("x")
    squares, _ = scan(lambda element: element**2, non_sequences=x, n_steps=10)
    return function([x], squares)(2.0)


@mended
def steps_that_an_input_decides() -> object:
    x, count = scalar("x"), iscalar("count")
    powers, _ = scan(lambda power: power * x, outputs_info=1.0, n_steps=count)
    return function([x, count], powers)(2.0, 3)


@mended
def end_that_an_input_decides() -> object:
    most = scalar("most")
    stopped, _ = scan(lambda s: (2 * s, until(2 * s > most)), outputs_info=1.0, n_steps=9)
    staying, _ = scan(lambda s: np.where(s > most, s, 2 * s), outputs_info=1.0, n_steps=9)
    return function([most], stopped)(5.0), function([most], staying).source()


@mended
def sequence_of_open_length() -> object:
    x = vector("x", shape=(3,))
    squares, _ = scan(lambda element: element**2, sequences=x)
    return function([x], squares).source()


@mended
def conditions_of_until() -> object:
    x = vector("x")
    sums, _ = scan(lambda s: (s + x, until(np.all(s > 10))), outputs_info=x, n_steps=100)
    return function([x], sums)([1.0, 2.0])


@mended
def state_of_another_shape() -> object:
    x = vector("x")
    sums, _ = scan(lambda s: s + x, outputs_info=np.zeros((2,)), n_steps=3)
    return function([x], sums)([1.0, 2.0])


@mended
def too_few_initial_states() -> object:
    x, y = scalars("x", "y")
    before = {"initial": np.stack([x, y]), "taps": [-2, -1]}
    numbers, _ = scan(lambda a, b: a + b, outputs_info=before, n_steps=5)
    return function([x, y], numbers)(1.0, 1.0)


@mended
def random_numbers_of_open_lengths() -> object:
    x = vector("x", shape=(3,))
    return function([x], x + RandomStreams(seed=1).normal(x.shape)).source()


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
