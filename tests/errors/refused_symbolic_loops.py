"""What `scan`, choices and random numbers refuse."""

from pathlib import Path

import numpy as np

from symdiff.symbolic import RandomStreams, function, iscalar, scalar, scalars, scan, until, vector, vectors
from tests.errors.refusing import refused

# -- what scan is given -----------------------------------------------------------------------------------------


@refused("symbolic")
def scan_of_no_length(folder: Path) -> object:
    x = scalar("x")
    return scan(lambda power: power * x, outputs_info=1.0)


@refused("symbolic")
def step_that_is_no_function(folder: Path) -> object:
    x = vector("x")
    return scan(2 * x, sequences=x)  # type: ignore[arg-type]


@refused("symbolic")
def step_of_other_parameters(folder: Path) -> object:
    x, y = vector("x"), scalar("y")
    return scan(lambda element, state: element + state * y, sequences=x, outputs_info=0.0, non_sequences=y)


@refused("symbolic")
def sequence_without_an_array(folder: Path) -> object:
    x = vector("x")
    return scan(lambda a, b: a * b, sequences=[x, {"taps": [-1, 0]}])


@refused("symbolic")
def word_that_scan_does_not_know(folder: Path) -> object:
    x = vector("x")
    return scan(lambda a, b: a * b, sequences={"input": x, "tap": [-1, 0]})


@refused("symbolic")
def word_like_none_that_scan_knows(folder: Path) -> object:
    x = vector("x")
    return scan(lambda s: 2 * s, outputs_info={"return_steps": 1, "initial": x}, n_steps=3)


@refused("symbolic")
def taps_that_are_no_whole_numbers(folder: Path) -> object:
    x = vector("x")
    return scan(lambda a: a, sequences={"input": x, "taps": [-0.5]})


@refused("symbolic")
def taps_that_look_ahead(folder: Path) -> object:
    x = vector("x")
    return scan(lambda s, t: s + t, outputs_info={"initial": x, "taps": [-1, 1]}, n_steps=3)


# -- what a step returns ----------------------------------------------------------------------------------------


@refused("symbolic")
def outputs_without_entries(folder: Path) -> object:
    x = scalar("x")
    return scan(lambda s: [s + x, s * x], outputs_info=1.0, n_steps=3)


@refused("symbolic")
def step_that_returns_nothing(folder: Path) -> object:
    x = vector("x")
    return scan(print, sequences=x)


@refused("symbolic")
def condition_before_the_output(folder: Path) -> object:
    x = scalar("x")
    return scan(lambda s: (until(s > x), 2 * s), outputs_info=1.0, n_steps=10)


@refused("symbolic")
def update_of_a_state(folder: Path) -> object:
    x, total = scalars("x", "total")
    return scan(lambda s: (s * x, {total: total + s}), outputs_info=1.0, n_steps=3)


@refused("symbolic")
def step_that_uses_what_it_is_not_given(folder: Path) -> object:
    x, scale = vector("x"), scalar("scale")
    return scan(lambda element: element * scale, sequences=x, strict=True)


# -- lengths ----------------------------------------------------------------------------------------------------


@refused("symbolic")
def sequence_that_is_a_number(folder: Path) -> object:
    x = scalar("x")
    squares, _ = scan(lambda element: element**2, sequences=x)
    return function([x], squares)(2.0)


@refused("symbolic")
def more_steps_than_elements(folder: Path) -> object:
    x = vector("x")
    squares, _ = scan(lambda element: element**2, sequences=x, n_steps=3)
    return function([x], squares)([1.0, 2.0])


@refused("symbolic")
def too_many_steps(folder: Path) -> object:
    x = scalar("x")
    powers, _ = scan(lambda power: power * x, outputs_info=1.0, n_steps=20_000)
    return function([x], powers)(1.0)


@refused("symbolic")
def no_steps(folder: Path) -> object:
    x = vector("x")
    squares, _ = scan(lambda element: element**2, sequences=x)
    return function([x], squares)([])


@refused("symbolic")
def sequence_of_open_length(folder: Path) -> object:
    x = vector("x", shape=("n",))
    squares, _ = scan(lambda element: element**2, sequences=x)
    return function([x], squares).source()


@refused("symbolic")
def steps_of_open_length(folder: Path) -> object:
    x = vector("x", shape=("n",))
    powers, _ = scan(lambda s: s * x, outputs_info=np.ones_like(x), n_steps=x.shape[0])
    return function([x], powers).source()


@refused("symbolic")
def steps_that_are_no_whole_number(folder: Path) -> object:
    x = scalar("x")
    return scan(lambda power: power * x, outputs_info=1.0, n_steps=2.5)


@refused("symbolic")
def steps_that_an_input_decides(folder: Path) -> object:
    x, count = scalar("x"), iscalar("count")
    powers, _ = scan(lambda power: power * x, outputs_info=1.0, n_steps=count)
    return function([x, count], powers).source()


@refused("symbolic")
def end_that_an_input_decides(folder: Path) -> object:
    most = scalar("most")
    powers, _ = scan(lambda s: (2 * s, until(2 * s > most)), outputs_info=1.0, n_steps=9)
    return function([most], powers).source()


@refused("symbolic")
def conditions_of_until(folder: Path) -> object:
    x = vector("x")
    sums, _ = scan(lambda s: (s + x, until(s > 10)), outputs_info=x, n_steps=100)
    return function([x], sums)([1.0, 2.0])


@refused("symbolic")
def state_of_another_shape(folder: Path) -> object:
    x = vector("x")
    sums, _ = scan(lambda s: s + x, outputs_info=0.0, n_steps=3)
    return function([x], sums)([1.0, 2.0])


@refused("symbolic")
def too_few_initial_states(folder: Path) -> object:
    x = vector("x")
    before = {"initial": x, "taps": [-2, -1]}
    numbers, _ = scan(lambda a, b: a + b, outputs_info=before, n_steps=5)
    return function([x], numbers)([1.0])


# -- random numbers ---------------------------------------------------------------------------------------------


@refused("symbolic")
def trials_that_are_no_number(folder: Path) -> object:
    return RandomStreams(seed=1).binomial((3,), n=0.5)  # type: ignore[arg-type]


@refused("symbolic")
def seed_that_is_a_text(folder: Path) -> object:
    return RandomStreams(seed="noise")


@refused("symbolic")
def random_numbers_of_open_lengths(folder: Path) -> object:
    x = vector("x", shape=("n",))
    noisy = function([x], x + RandomStreams(seed=1).normal(x.shape))
    return noisy.source()


@refused("symbolic")
def state_and_sequence_of_two_lengths(folder: Path) -> object:
    x, y = vectors("x", "y")
    sums, _ = scan(lambda a, s: s + a * y, sequences=x, outputs_info=np.zeros(2))
    return function([x, y], sums)([1.0], [1.0, 2.0, 3.0])
