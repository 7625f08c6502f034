"""Functions compiled in memory can be read, debugged, pickled, and leave nothing behind."""

import gc
import inspect
import linecache
import os
import pickle
import subprocess
import sys
import traceback
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symdiff.ops.elementary import exp, log, sin
from symdiff.ops.piecewise import sign
from symdiff.ops.special import erf
from symdiff.runtime.compile import compile_program
from symdiff.runtime.dispatch import dispatching
from tests.programs import program_of

ROOT = Path(__file__).parent.parent.parent
WAYS = ["numpy", "numexpr", "math", "auto"]


def wave(backend: str, name: str = "wave") -> Callable[..., Any]:
    return compile_program(program_of(lambda x, k=2.0: k * sin(x) + sign(x) * erf(x), name=name), backend)


@pytest.mark.parametrize("backend", WAYS)
def test_source_can_be_shown(backend: str) -> None:
    source = inspect.getsource(wave(backend))
    assert source.startswith("def wave(x, k=2.0):")
    assert "return" in source


@pytest.mark.parametrize("backend", WAYS)
def test_the_entry_in_linecache_lives_as_long_as_a_function_that_needs_it(backend: str) -> None:
    first, second = wave(backend, "short_lived"), wave(backend, "short_lived")
    filename = first.__code__.co_filename
    del first
    gc.collect()
    assert filename in linecache.cache
    assert "short_lived" in inspect.getsource(second)
    del second
    gc.collect()
    assert linecache.getlines(filename) == []
    wave(backend, "another")
    assert filename not in linecache.cache
    assert inspect.getsource(wave(backend, "short_lived"))


def test_a_function_is_freed_without_the_garbage_collector() -> None:
    gc.disable()
    try:
        function = weakref.ref(wave("math"))
        assert function() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("backend", WAYS)
def test_functions_may_die_while_linecache_is_looked_through(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As doctest and pdb do: before this, a KeyError, whenever the collector ran at that moment."""
    doomed = [wave(backend, "doomed")]
    filename = doomed[0].__code__.co_filename
    existing = (1, 0.0, ["a line of a file\n"], str(Path(__file__)))
    monkeypatch.setattr(linecache, "cache", {"a file": existing, filename: linecache.cache[filename]})
    look = os.stat

    def look_and_forget(*arguments: Any, **options: Any) -> os.stat_result:
        doomed.clear()
        gc.collect()
        return look(*arguments, **options)

    monkeypatch.setattr(os, "stat", look_and_forget)
    linecache.checkcache()
    assert not doomed
    assert linecache.getlines(filename) == []


def test_a_traceback_shows_the_generated_line() -> None:
    function = compile_program(program_of(lambda x: exp(x) + log(x - 3.0)), "math")
    with pytest.raises(ValueError, match=r"math domain|positive") as caught:
        function(1.0)
    assert "math.log(x - 3.0)" in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("protocol", [4, pickle.HIGHEST_PROTOCOL])
@pytest.mark.parametrize("backend", WAYS)
def test_pickles_by_source_into_another_process(backend: str, protocol: int, tmp_path: Path) -> None:
    function, twin = wave(backend), wave(backend)
    assert function.__qualname__ != twin.__qualname__
    (tmp_path / "functions").write_bytes(pickle.dumps([function, twin, function], protocol))
    code = (
        "import pickle, sys, pathlib\n"
        "a, b, c = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "print(a is c, a is b, float(a(0.5)).hex(), float(b(0.5, k=3.0)).hex(), list(a([0.5])) "
        "if sys.argv[2] != 'math' else '')"
    )
    run = [sys.executable, "-c", code, str(tmp_path / "functions"), backend]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    arrays = list(function([0.5])) if backend != "math" else ""
    numbers = [float(function(0.5)).hex(), float(function(0.5, k=3.0)).hex()]
    assert done.stdout.strip() == " ".join(["True", "False", *numbers, str(arrays)]).strip()


def test_a_pickle_read_twice_makes_two_functions() -> None:
    data = pickle.dumps(wave("math"))
    first, second = pickle.loads(data), pickle.loads(data)
    assert first is not second
    assert first(0.5) == second(0.5) == wave("math")(0.5)


def test_compiling_imports_neither_sympy_nor_jinja() -> None:
    code = (
        "import sys\n"
        "from tests.programs import program_of\n"
        "from symdiff.ops.elementary import sin\n"
        "from symdiff.runtime.compile import compile_program\n"
        "for backend in ('numpy', 'math', 'numexpr', 'auto'):\n"
        "    compile_program(program_of(lambda x: sin(x)), backend)([0.5] if backend != 'math' else 0.5)\n"
        "print([name for name in ('sympy', 'jinja2', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("backend", WAYS)
def test_text_does_not_depend_on_the_hash_seed(backend: str) -> None:
    code = (
        "import sys\n"
        "from tests.random_programs import scalar_program, vector_program\n"
        "from symdiff.emit.function import function_text\n"
        "from symdiff.emit.dispatch import dispatching_text\n"
        "for seed in range(6):\n"
        "    program = scalar_program(seed)\n"
        "    name = sys.argv[1]\n"
        "    text = dispatching_text(program, 'f')[0] if name == 'auto' else function_text(program, name)\n"
        "    print(text)\n"
        "    if name != 'auto': print(function_text(vector_program(seed), name))"
    )
    texts = set()
    for seed in ("0", "1", "77"):
        run = [sys.executable, "-c", code, backend]
        texts.add(subprocess.run(run, cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout)
    assert len(texts) == 1
    assert len(texts.pop()) > 1000


def test_floats_take_the_math_form_and_its_exceptions_the_array_form() -> None:
    function: Any = dispatching(program_of(lambda x: log(x) + exp(x)), name="f")
    assert type(function(1.0)) is float
    with pytest.warns(RuntimeWarning):
        assert function(0.0) == -float("inf")
    with pytest.warns(RuntimeWarning):
        assert function(1000.0) == float("inf")
    assert list(function([1.0, 1.0])) == [function(1.0)] * 2
    assert function(1) == function(1.0)


def test_traced_arguments_are_handed_over() -> None:
    class Tracer:
        _symdiff_apply = None

    function = dispatching(program_of(lambda x: sin(x)), name="f", traced=lambda args, kwargs: (args, kwargs))
    tracer: Any = Tracer()
    assert function(tracer) == ((tracer,), {})
    assert function([tracer]) == (([tracer],), {})


def test_scalar_math_code_runs_under_numba() -> None:
    numba = pytest.importorskip("numba")
    function = compile_program(program_of(lambda x, k: k * sin(x) * exp(-x) + log(x) * sin(x)), "math")
    assert abs(numba.njit(function)(0.5, 2.0) / function(0.5, 2.0) - 1.0) < 1e-15
