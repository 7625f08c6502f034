"""What a user gets wrong through the public functions, and what is said; what a call may leave out."""

import math
import traceback
from pathlib import Path
from typing import Any

import pytest

import symdiff as sd


def damped(x: float, k: float = 2.0) -> float:
    return k * math.sin(x) ** 2 / (1 + math.exp(-x))


@pytest.mark.parametrize("wrt", [None, 2.5, True, 7, {"x"}, [None]])
def test_what_is_no_parameter(wrt: Any) -> None:
    with pytest.raises(sd.ArgumentError, match="damped has no parameter"):
        sd.derivative(damped, wrt)
    with pytest.raises(sd.ArgumentError, match="damped has no parameter"):
        sd.grad(damped, wrt)(1.0)


def power(x: float, n: int) -> float:
    return [1.0, x, x * x][n]


def test_a_static_value_may_be_left_out_of_the_call() -> None:
    assert sd.derivative(power, static={"n": 2})(3.0) == 6.0
    assert sd.grad(power, static={"n": 2})(3.0) == 6.0
    assert sd.grad(power, static={"n": 2})(3.0, 2) == 6.0
    with pytest.raises(ValueError, match="generated for n = 2"):
        sd.derivative(power, static={"n": 2})(3.0, 1)

    def first(n: int, x: float, *, m: int = 1) -> float:
        return x**n * m

    slope = sd.derivative(first, "x", static={"n": 3, "m": 2})
    assert slope(3, 2.0) == 24.0  # n comes before x, which has no default


def test_generated_modules_show_themselves_in_short(tmp_path: Path) -> None:
    module = sd.generate(damped, output=tmp_path / "damped_d.py")
    assert repr(module).startswith(f"<symdiff module {tmp_path / 'damped_d.py'}: ")
    assert len(repr(module).splitlines()) == 1
    assert str(module) == module.text


@pytest.mark.parametrize(
    "call",
    [
        lambda: sd.grad("x**2"),
        lambda: sd.generate(damped, backend="nunpy"),
        lambda: sd.derivative(damped).source("nunpy"),
        lambda: sd.derivative(damped).save("."),
        lambda: sd.grad(lambda x: "x").latex(),
        lambda: sd.grad(lambda x: "x").expr,
    ],
)
def test_tracebacks_end_in_the_line_of_the_user(call: Any) -> None:
    with pytest.raises(sd.SymdiffError) as caught:
        call()
    files = {frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)}
    assert files == {__file__}


@pytest.mark.parametrize("call", [lambda: sd.derivative(max), lambda: sd.grad(max)(1.0, 2.0)])
def test_what_says_nothing_about_its_arguments_is_to_be_wrapped(call: Any) -> None:
    with pytest.raises(sd.ArgumentError, match="no") as caught:
        call()
    assert str(caught.value).splitlines()[:2] == [
        "[SD201] <built-in function max> is not a function with a known signature",
        "fix:  say what it takes: `lambda a, b: max(a, b)`",
    ]
    assert sd.grad(lambda a, b: max(a, b))(1.0, 2.0) == 0.0


def test_a_module_that_is_missing_is_not_a_question_of_shapes() -> None:
    def f(x: float) -> float:
        import no_such_module  # type: ignore[import-not-found]

        return x * float(no_such_module.SCALE)

    with pytest.raises(sd.TraceError, match="No module named 'no_such_module'") as caught:
        sd.derivative(f)
    assert "install it where symdiff runs" in str(caught.value)
    assert "shape" not in str(caught.value)
