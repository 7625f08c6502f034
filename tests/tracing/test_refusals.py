"""What cannot be traced is refused: with the user's line, a cause and a fix, and never with a wrong number."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from symdiff.errors import SymdiffError, TraceError
from symdiff.tracing import trace_function
from tests.tracing.refused_calls import REFUSED

# Versions of Python place these differently.
CARETS_VARY = {"asserting", "formatted"}
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", REFUSED)
def test_refusal_names_the_line(name: str, golden: Callable[[str, str], None]) -> None:
    function, options = REFUSED[name]
    with pytest.raises(SymdiffError) as caught:
        trace_function(function, **options)
    error = caught.value
    text = f"{type(error).__name__} {error}".replace(f"{ROOT}/", "")
    assert len(text.splitlines()) <= 12
    if isinstance(error, TraceError):
        assert error.origin is not None
        assert error.origin.filename == function.__code__.co_filename
    if name in CARETS_VARY:
        text = re.sub(r" +\^+", " ^", text)
    golden(f"tracing/errors/{name}.txt", text + "\n")


def test_original_exception_is_kept() -> None:
    with pytest.raises(TraceError) as caught:
        trace_function(REFUSED["raising_path"][0])
    assert isinstance(caught.value.__cause__, TypeError)


def test_a_function_is_wanted() -> None:
    with pytest.raises(TraceError, match="is not a function"):
        trace_function(3.0)


def test_functions_without_source_are_refused_with_their_line() -> None:
    namespace: dict[str, Callable[..., float]] = {}
    exec("def f(x):\n    return [1.0][x]", namespace)
    with pytest.raises(TraceError, match="<string>:2 in f"):
        trace_function(namespace["f"])


def test_matching_by_class_is_refused() -> None:
    def f(x):
        match x:
            case float():
                return x
            case _:
                return 0.0

    with pytest.raises(TraceError, match="called match pattern must be a"):
        trace_function(f)


@pytest.mark.parametrize("name", ["growing_list", "raising_path"])
def test_every_thread_and_every_trace_starts_afresh_after_a_refusal(name: str) -> None:
    for _ in range(2):
        with pytest.raises(TraceError):
            trace_function(REFUSED[name][0])
    assert len(trace_function(lambda x: x * 2 if x > 0 else x).outputs) == 1
