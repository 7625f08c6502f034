"""What a function does besides computing is warned about, once a line, with the line."""

# ruff: noqa: T201, T203, PTH123 (to print and to open files is what is tested)

import logging
import os
import pprint
import secrets
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.tracing import trace_function


def messages(function: Callable[..., Any]) -> list[tuple[str, int]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(2):
            trace_function(function)
    return [(str(warning.message), warning.lineno) for warning in caught]


def test_printing_a_traced_value_is_warned_about_once(capsys: pytest.CaptureFixture[str]) -> None:
    def loud(x):
        print("begin")
        for _ in range(3):
            x = x * 2.0
            print(x)
        if x > 0:
            print(f"x is {x:.3f}")
        return x

    first = loud.__code__.co_firstlineno
    found = messages(loud)
    assert [line - first for _, line in found] == [4, 6]
    assert all("prints a traced value" in text for text, _ in found)
    assert capsys.readouterr().out.startswith("begin\n")
    with pytest.warns(UserWarning, match="prints a traced value"):
        assert sd.derivative(loud)(1.0) == 8.0


def test_files_are_opened_while_the_function_is_traced(tmp_path: Path) -> None:
    (tmp_path / "scale.txt").write_text("2.5")

    def scaled(x):
        with open(tmp_path / "scale.txt") as file:
            return x * float(file.read())

    ((text, line),) = messages(scaled)
    assert "opens a file" in text
    assert line == scaled.__code__.co_firstlineno + 1


def test_numbers_are_printed_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    def quiet(x, n=3):
        for k in range(2):
            print(k, f"of {2}")
        return x * n

    assert not messages(quiet)
    assert capsys.readouterr().out == "0 of 2\n1 of 2\n" * 2


def test_other_ways_of_printing_and_reading(tmp_path: Path) -> None:
    """In a helper, in a round that stands for all, in a method; NumPy's own files."""
    (tmp_path / "scale.txt").write_text("2.5")

    def shown(value):
        pprint.pprint(value)
        return value

    def halved(x):
        while x > 0.1:
            x = 0.5 * shown(x)
        return x * float(np.loadtxt(tmp_path / "scale.txt"))

    found = messages(halved)
    assert [line for _, line in found] == [shown.__code__.co_firstlineno + 1, halved.__code__.co_firstlineno + 3]
    assert "prints a traced value" in found[0][0]
    assert "opens a file" in found[1][0]


class Scaled:
    """A class with a constant."""

    scale = 3.25

    def __init__(self):
        self.rate = 0.75

    def value(self, x):
        return self.rate * self.scale * x * WEIGHTS[1] * SETTINGS["shift"]


WEIGHTS = [1.0, 2.0, 3.0]
SETTINGS = {"shift": 0.5, "step": 1}


def test_constants_are_listed_in_the_header() -> None:
    """Of globals, attributes and classes; lists and dicts of numbers as well."""
    lines = sd.grad(Scaled().value).source("math").splitlines()
    listed = [line.removeprefix("# constant  ") for line in lines if line.startswith("# constant")]
    assert set(listed) == {
        "Scaled.rate = 0.75",
        "Scaled.scale = 3.25",
        "WEIGHTS = [1.0, 2.0, 3.0]",
        "SETTINGS = {'shift': 0.5, 'step': 1}",
    }


def test_paths_are_opened_while_the_function_is_traced(tmp_path: Path) -> None:
    (tmp_path / "scale.txt").write_text("2.5")
    name = str(tmp_path / "scale.txt")

    def read_at_once(x):
        return x * float((tmp_path / "scale.txt").read_text())

    def opened(x):
        with Path(name).open() as file:
            return x * float(file.read())

    for function in (read_at_once, opened):
        with pytest.warns(UserWarning, match="opens a file, line"):
            assert sd.derivative(function)(1.0) == 2.5


def test_paths_are_paths() -> None:
    folder = Path("data")

    def f(x):
        return x if isinstance(folder, Path) and (folder / "a.txt").name == "a.txt" else 2.0 * x

    assert sd.derivative(f)(1.0) == 1.0


@pytest.mark.parametrize(
    "read",
    [lambda: os.environ["SCALE_OF_X"], lambda: os.environ.get("SCALE_OF_X"), lambda: os.getenv("SCALE_OF_X")],
    ids=["item", "get", "getenv"],
)
def test_the_environment_is_read_while_the_function_is_traced(
    read: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCALE_OF_X", "3.0")
    with pytest.warns(UserWarning, match="reads the environment, line"):
        assert sd.derivative(lambda x: x * float(read()))(1.0) == 3.0


@pytest.mark.parametrize(
    "draw",
    [lambda: os.urandom(1)[0], lambda: secrets.randbelow(5), lambda: secrets.token_bytes(1)[0], secrets.randbits],
)
def test_what_the_system_draws_is_not_frozen(draw: Callable[..., int]) -> None:
    def f(x):
        return x * (draw(8) if draw is secrets.randbits else draw())

    with pytest.raises(sd.UnsupportedError, match="gives another number at every call"):
        trace_function(f)
    assert 0.0 <= sd.grad(f)(1.0) < 256.0


def test_what_a_logger_leaves_out_is_not_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("symdiff.tests.effects")
    adapter = logging.LoggerAdapter(log, {})

    def careful(x):
        log.debug("x = %g", x)
        adapter.info("x = %g", x)
        log.log(logging.DEBUG, "x = %g", x)
        log.warning("x = %g", x)
        log.log(logging.ERROR, "x = %g", x)
        return x

    log.setLevel(logging.WARNING)
    first = careful.__code__.co_firstlineno
    assert [line - first for _, line in messages(careful)] == [4, 5]
    log.setLevel(logging.INFO)
    assert [line - first for _, line in messages(careful)] == [2, 4, 5]
    assert not caplog.records
