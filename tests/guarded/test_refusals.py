"""What a path is not: a closed form to be shown or written, or a way to lose a derivative."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd

ROOT = Path(__file__).parents[2]


def gains(x: Any) -> Any:
    return np.sum(np.sort(x[x > 0.0]) ** 2)


def text_of(error: sd.SymdiffError) -> str:
    return f"{type(error).__name__} {error}".replace(f"{ROOT}/", "") + "\n"


SHOWN: dict[str, Callable[[Any], Any]] = {
    "program": lambda gradient: gradient.program,
    "expr": lambda gradient: gradient.expr,
    "latex": lambda gradient: gradient.latex(),
    "source": lambda gradient: gradient.source(),
    "save": lambda gradient: gradient.save("never.py"),
}


@pytest.mark.parametrize("how", SHOWN)
def test_a_path_is_not_shown_or_written(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    gradient = sd.grad(gains, shapes={"x": 2})
    gradient(np.array([1.0, -2.0]))
    with pytest.raises(sd.GuardedError, match=r"x > 0 is \[True, False\], line 16") as caught:
        SHOWN[how](gradient)
    assert caught.value.origin == gradient.guards[0].origin
    assert not list(tmp_path.iterdir())


def test_a_notebook_shows_that_paths_are_followed() -> None:
    gradient = sd.grad(gains)
    gradient(np.array([1.0, -2.0]))
    shown = "<symdiff: derivative of gains, guarded: 1 path of its inputs>"
    assert gradient._repr_mimebundle_() == {"text/plain": shown}


def test_the_message_names_the_guards(golden: Callable[[str, str], None]) -> None:
    def growth(x, rate):
        parts = [x]
        while parts[-1] < 10.0 * rate:
            parts.append(parts[-1] * 1.5)
        return sum(parts)

    slopes = sd.grad(growth)
    slopes(1.0, 2.0)
    with pytest.raises(sd.GuardedError) as caught:
        slopes.source()
    golden("guarded/errors/many_guards.txt", text_of(caught.value))


def test_guarded_mode_has_no_closed_form_before_the_first_call(golden: Callable[[str, str], None]) -> None:
    with pytest.raises(sd.GuardedError) as caught:
        sd.grad(gains, mode="guarded").source()
    golden("guarded/errors/never_called.txt", text_of(caught.value))


def test_before_a_call_the_refusal_is_that_of_the_closed_form() -> None:
    with pytest.raises(sd.UnsupportedError, match="mask"):
        _ = sd.grad(gains, shapes={"x": 2}).program


def test_a_closed_form_is_shown_whatever_other_shapes_followed() -> None:
    def f(x):
        return x**2 if not np.ndim(x) else np.sum(np.sort(x[x > 0.0]))

    gradient = sd.grad(f)
    gradient(np.array([1.0, -2.0]))
    assert str(gradient.expr) == "2*x"


def test_of_a_mode_that_does_not_exist() -> None:
    with pytest.raises(sd.ArgumentError, match="one of auto, closed, guarded"):
        sd.grad(gains, mode="open")  # type: ignore[arg-type]


def stored_in_single_precision(x):
    kept = np.zeros(2, dtype=np.float32)
    kept[0] = x
    return kept.sum()


def found_by_a_library(x):
    optimize = pytest.importorskip("scipy.optimize")
    return optimize.brentq(lambda t: t**3 - x, 0.0, 10.0)


def without_a_rule(x):
    return np.histogram(x)[0][0] * x[0]


def printed(x):
    return {"2.0": x}[format(x)]


def counted_by_what_is_differentiated(x):
    return sum(x**i for i in range(x))


LOST: dict[str, Any] = {
    "stored_in_single_precision": (stored_in_single_precision, 2.0),
    "found_by_a_library": (found_by_a_library, 2.0),
    "without_a_rule": (without_a_rule, np.array([1.0, 2.0])),
    "printed": (printed, 2.0),
    "counted_by_what_is_differentiated": (counted_by_what_is_differentiated, 3),
}


@pytest.mark.parametrize("name", LOST)
def test_no_derivative_is_lost(name: str, golden: Callable[[str, str], None]) -> None:
    function, x = LOST[name]
    with pytest.raises(sd.TraceError) as caught:
        sd.grad(function)(x)
    golden(f"guarded/errors/{name}.txt", text_of(caught.value))


def test_what_nothing_is_differentiated_by_may_be_given_away() -> None:
    optimize = pytest.importorskip("scipy.optimize")

    def f(x, y):
        return x**2 * optimize.brentq(lambda t: t**3 - y, 0.0, 10.0)

    gradient = sd.grad(f)
    for y in (8.0, 27.0, 8.0):
        assert gradient(3.0, y) == pytest.approx(6.0 * y ** (1 / 3), rel=1e-10)
    with pytest.raises(sd.ConversionError, match=r"sd\.primitive"):
        sd.grad(f, argnum=1)(3.0, 8.0)


def test_an_outer_derivative_is_not_lost_either() -> None:
    optimize = pytest.importorskip("scipy.optimize")

    def f(x, y):
        return x**2 * optimize.brentq(lambda t: t**3 - y, 0.0, 10.0)

    with pytest.raises(sd.ConversionError, match=r"sd\.primitive"):
        sd.grad(lambda y: sd.grad(f)(3.0, y * y))(2.0)


def test_errors_of_the_function_are_its_own() -> None:
    def f(x):
        if x < 0.0:
            raise ValueError("negative")
        return x**2

    gradient = sd.grad(f)
    assert gradient(3.0) == 6.0
    with pytest.raises(ValueError, match="negative"):
        gradient(-3.0)
    assert gradient(4.0) == 8.0


def test_a_loop_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symdiff.tracing.following.MOST_GUARDS", 300)

    def f(x):
        parts = [x]
        while parts[-1] > 0.0:
            parts.append(parts[-1] / 2.0 + 1.0)
        return sum(parts)

    with pytest.raises(sd.LoopError, match="more than 300 decisions"):
        sd.grad(f)(3.0)


def test_derivative_says_that_grad_follows_the_path() -> None:
    def f(x):
        return {0: x, 1: x**2}[int(x)]

    with pytest.raises(sd.ConversionError, match=r"or sd\.grad\(f\)"):
        sd.derivative(f)
    assert sd.grad(f)(1.5) == 3.0


def test_closed_traces_look_at_no_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = sd.grad(lambda x: x**2)
    gradient(1.0)
    for name in ("_guarded_call", "_traces_for", "_counts", "_follow"):
        monkeypatch.delattr(type(gradient), name)
    assert gradient(3.0) == 6.0
    assert gradient.mode == "closed"
    assert gradient.guards == ()
