"""What was refused of derivatives and loops of symbols, mended as the messages say: see `mended_symbolic.py`."""

import numpy as np

from symdiff.symbolic import (
    Lop,
    RandomStreams,
    Rop,
    clone,
    function,
    grad,
    hessian,
    iscalar,
    jacobian,
    matrix,
    scalar,
    scalars,
    scan,
    until,
    vector,
    vectors,
)
from tests.errors.mended_symbolic import mended

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
def step_of_other_parameters() -> object:
    x, y = vector("x"), scalar("y")
    sums, _ = scan(lambda element, state, scale: element + state * scale, x, 0.0, y)
    return function([x, y], sums)([1.0, 2.0], 3.0)


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
