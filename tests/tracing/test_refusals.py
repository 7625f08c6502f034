"""What cannot be traced is refused: with the user's line, a cause and a fix, and never with a wrong number.

Every place in `symdiff/tracing` that makes an error has a golden file here, which its words were read in.
"""

import functools
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from symdiff.errors import SymdiffError, TraceError
from symdiff.tracing import trace_function
from tests.errors.places import Place, noted_places, places_in
from tests.tracing import (
    mended_loops,
    refused_arrays,
    refused_calls,
    refused_derivatives,
    refused_lengths,
    refused_rounds,
    refused_shapes,
)
from tests.tracing.mended import MENDED
from tests.tracing.refused import REFUSED
from tests.tracing.refused_arguments import CALLS

# Versions of Python place these differently.
CARETS_VARY = {
    "asserting",
    "formatted",
    "generator_that_some_arguments_leave",
    "list_that_grows_under_its_loop",
    "step_that_depends_on_the_arguments",
}
ROOT = Path(__file__).parents[2]
REGISTERED = (
    mended_loops,
    refused_arrays,
    refused_calls,
    refused_derivatives,
    refused_lengths,
    refused_rounds,
    refused_shapes,
)
BEFORE_THE_FUNCTION_RUNS = {"length_of_nothing"}  # there is no line yet


# The tracer asks before it comes to the first three; the others are for arrays of many thousand elements, or of none.
WITHOUT_A_GOLDEN = {"on_numbers", "too_many_indices", "_refuse", "expanded", "_apart", "_gathered", "elementwise"}


def refuse(name: str) -> None:
    """Runs the function, or the call, of this name."""
    if name in CALLS:
        CALLS[name]()
    else:
        function, options = REFUSED[name]
        trace_function(function, **options)


@functools.cache
def refusal(name: str) -> tuple[SymdiffError, tuple[Place, ...]]:
    """The error of what is refused, and the places in symdiff where it was made."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        made = noted_places(patch)
        warnings.simplefilter("ignore", UserWarning)  # of files that are opened
        with pytest.raises(SymdiffError) as caught:
            refuse(name)
        return caught.value, tuple(made[id(caught.value)])


@pytest.mark.parametrize("name", [*REFUSED, *CALLS])
def test_refusal_names_the_line(name: str, golden: Callable[[str, str], None]) -> None:
    error, _ = refusal(name)
    text = f"{type(error).__name__} {error}".replace(f"{ROOT}/", "")
    assert len(text.splitlines()) <= 12
    assert error.fix
    if name in REFUSED and isinstance(error, TraceError) and name not in BEFORE_THE_FUNCTION_RUNS:
        assert error.why
        assert error.origin is not None
        assert error.origin.filename == REFUSED[name][0].__code__.co_filename
    if name in CARETS_VARY:
        text = re.sub(r" +\^+", " ^", text)
    golden(f"tracing/errors/{name}.txt", text + "\n")


@pytest.mark.parametrize("room", ["tracing", "ir", "calculus"])
def test_every_error_has_a_golden_file(room: str) -> None:
    made = {place for name in (*REFUSED, *CALLS) for place in refusal(name)[1]}
    places = places_in(room, words=room == "tracing")
    unseen = {place: function for place, function in places.items() if place not in made}
    assert set(unseen.values()) <= WITHOUT_A_GOLDEN, unseen


@pytest.mark.parametrize("name", MENDED)
def test_what_is_mended_as_the_message_says_is_traced(name: str) -> None:
    assert name in REFUSED
    function, options = MENDED[name]
    assert trace_function(function, **options).outputs


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
