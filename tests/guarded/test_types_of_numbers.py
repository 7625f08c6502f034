"""What type a number has in Python: texts of whole numbers, `isinstance`, functions chosen by type."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd


@functools.singledispatch
def chosen(value: Any) -> Any:
    return 2.0 * value


@chosen.register
def _(value: int) -> Any:
    return 3.0 * value


FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "text": lambda x, y: x * len(str(int(x))),
    "key": lambda x, y: {"0": x, "1": x * x}.get(str(int(x)), x**3),
    "formatted": lambda x, y: x * len(f"{round(x)}") + len(f"{int(x):>5}") * x,
    "percent": lambda x, y: x * len("%s" % int(x)),  # noqa: UP031 (it is what is tested)
    "in a list": lambda x, y: x * len(repr([int(x), 2])) + len(str({1: y})) * x,
    "with operators": lambda x, y: x * len(str(-(2 * int(x) + 1) % 7 // 2 - True)) + len(str(abs(int(x)) ** 2)),
    "of Python's functions": lambda x, y: x * len(str(sum([int(x)] * 2) + max(int(x), 0) + min(3, math.floor(x)))),
    "quotient": lambda x, y: x * len(str(divmod(int(x), 2))) + x * len(str(int(x) / 2)),
    "of NumPy": lambda x, y: x * len(str(np.argmax(np.array([x, y])))),
    "float": lambda x, y: x * len(str(float(np.floor(x)))),
    "argument": lambda x, y: x * len(str(y)) + (x if isinstance(y, int) else 2.0 * x) + len(str(y + 1)) * x,
    "differentiated": lambda x, y: 2.0 * x if isinstance(x, int) else x,
    "kind": lambda x, y: x if isinstance(int(x), int) and type(int(x)) is int else 5.0 * x,
    "no float": lambda x, y: 5.0 * x if isinstance(int(x), float) else x,
    "by a choice": lambda x, y: x * len(str(int(x) if x > 1.0 else 0)),
    "kind of a choice": lambda x, y: x if isinstance(int(x) if x > 1.0 else 0, int) else 5.0 * x,
    "chosen by type": lambda x, y: x * chosen(int(x)) + x * chosen(2.5 * x),
}


@pytest.mark.parametrize("mode", ["auto", "guarded"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_values(name: str, mode: Any) -> None:
    function = FUNCTIONS[name]
    both = sd.value_and_grad(function, mode=mode)
    for x, y in [(0.5, 2.0), (1.5, 2), (12.5, 10), (0.5, 2), (1.5, 2.0), (-3.5, -10), (3, 2)]:
        assert both(x, y)[0] == pytest.approx(function(x, y), rel=1e-14), (x, y)


AMBIGUOUS: dict[str, Callable[[Any], Any]] = {
    "text": lambda x: x * len(str(np.floor(x))),
    "elements": lambda x: x * len(str(np.array([int(x), 2])[0])),
    "position": lambda x: x * len(str(np.argmax(np.array([x, 2.0])) + 1)),
    "truth values": lambda x: x * len(str((x > 1.0) + 1)),
    "one of two": lambda x: x * len(str(max(int(x), 0.5))),
    "kind": lambda x: x if isinstance(np.round(x), int) else 2.0 * x,
    "type": lambda x: x if type(np.floor(x)) is float else 2.0 * x,
    "representation": lambda x: x * len(repr(np.sin(np.floor(x)))),
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_a_formula_does_not_say_is_not_guessed(name: str) -> None:
    with pytest.raises(sd.ConversionError, match="depends on which type a traced number has"):
        sd.grad(AMBIGUOUS[name])(2.5)


def test_formats_that_are_the_same_are_no_matter() -> None:
    def f(x):
        return x * len(f"{np.floor(x):.2f}") + (x if isinstance(np.floor(x), int | float) else 2.0 * x)

    assert sd.grad(f)(2.5) == 5.0


@pytest.mark.parametrize("option", [np.tile, np.roll, np.pad, lambda x, n: np.resize(x, n + 2)])
def test_options_that_are_whole_numbers_are_decided(option: Any) -> None:
    def f(x):
        return np.sum(option(x, int(abs(x[0]))) ** 2 * 0.5)

    gradient = sd.grad(f)
    for x in ([1.5, -0.5, 0.25], [2.5, 0.5, -1.0], [1.25, 2.0, 3.0]):
        shifts = 1e-6 * np.eye(3)
        expected = [(f(np.array(x) + h) - f(np.array(x) - h)) / 2e-6 for h in shifts]
        np.testing.assert_allclose(gradient(np.array(x)), expected, rtol=1e-6)
    with pytest.raises(sd.GuardedError, match="has no closed form"):
        gradient.source()


class Metres:
    """It converts to a number, and says itself what operators do."""

    def __float__(self) -> float:
        return 2.0

    def __rmul__(self, other: Any) -> Any:
        return 20.0 * other

    def __radd__(self, other: Any) -> Any:
        return other + 20.0


LENGTH = Metres()


@pytest.mark.parametrize("mode", ["auto", "guarded"])
def test_objects_are_asked_what_operators_do(mode: Any) -> None:
    both = sd.value_and_grad(lambda x: x * LENGTH + (x + LENGTH) + x * float(LENGTH), mode=mode)
    assert both(1.0) == (20.0 + 21.0 + 2.0, 23.0)
