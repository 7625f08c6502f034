"""Loops and checks on the tape: what every round began with, and where the function would have raised."""

import numpy as np
import pytest

import symdiff as sd


def newton(a):
    if a < 0.0:
        raise ValueError("negative")
    x = a
    while abs(x * x - a) > 1e-12 * a:
        x = 0.5 * (x + a / x)
    return 2.0 * x


def halved_often(x):
    while x > 1e-6:
        x = 0.5 * x
    return x


def per_element(x):
    total = np.zeros(2)
    while np.sum(x) > 1.0:
        x = 0.5 * x
        total = total + x
    return np.sum(total)


def test_each_round_shows_what_it_began_with() -> None:
    (rounds,) = sd.tape(newton)(2.0).rounds
    states = [2.0]
    while abs(states[-1] ** 2 - 2.0) > 2e-12:
        states.append(0.5 * (states[-1] + 2.0 / states[-1]))
    assert rounds.names == ("x",)
    assert [state[0] for state in rounds.states] == pytest.approx(states, rel=1e-15)
    assert rounds.line == newton.__code__.co_firstlineno + 4


def test_the_table_ends_with_the_rounds() -> None:
    text = str(sd.tape(newton)(2.0))
    assert "5 rounds of the loop in line" in text
    assert text.splitlines()[-1].split() == ["end", "1.4142136"]


def test_many_rounds_are_shortened() -> None:
    rounds = sd.tape(halved_often)(1.0).rounds[0]
    lines = str(rounds).splitlines()
    assert rounds.count == 20
    assert [line.split()[0] for line in lines[2:]] == ["1", "2", "3", "4", "5", "...", "18", "19", "20", "end"]


def test_a_loop_that_never_begins_has_no_rounds() -> None:
    assert str(sd.tape(halved_often)(1e-9).rounds[0]).startswith("0 rounds of the loop")


def test_arrays_in_a_loop_are_shown() -> None:
    rounds = sd.tape(per_element)(np.array([3.0, 1.0])).rounds[0]
    assert rounds.count == 2
    np.testing.assert_array_equal(rounds.states[-1][rounds.names.index("x")], [0.75, 0.25])


def test_the_condition_of_a_raise_says_so() -> None:
    tape = sd.tape(newton)(2.0)
    assert [step.operation for step in tape.steps if step.raises == "ValueError"] == ["a < 0"]
    assert "a < 0  -> raises ValueError" in str(tape)
    assert "raises ValueError" in tape._repr_mimebundle_()["text/html"]


def test_a_function_without_loops_has_no_rounds() -> None:
    tape = sd.tape(lambda x: x * x)(3.0)
    assert tape.rounds == ()
    assert "round" not in str(tape)
