"""Rebuilding functions changes nothing outside, and finds every name however it is reached."""

import builtins
import functools
import math
import threading
import types
from typing import Any

import numpy as np
import pytest

from symdiff.errors import AssignmentError, ConversionError, TraceError
from symdiff.ir.evaluate import evaluate
from symdiff.tracing import inline_call, trace_function

FACTOR = 3.0
OFFSETS = np.array([1.0, 2.0])
SETTINGS = {"scale": 2.0, "functions": [math.sin, (math.cos, {"f": math.exp})]}


def scaled(x):
    return FACTOR * math.sin(x) + helper(x)


def helper(x):
    return OFFSETS[0] * x


def mutual_even(n, x):
    return x if n == 0 else mutual_odd(n - 1, math.sin(x))


def mutual_odd(n, x):
    return mutual_even(n - 1, math.cos(x))


class TestNothingIsChanged:
    def test_globals_and_builtins(self) -> None:
        before = dict(globals()), dict(vars(math)), dict(vars(builtins)), dict(vars(np))
        trace_function(scaled)
        assert before == (dict(globals()), dict(vars(math)), dict(vars(builtins)), dict(vars(np)))

    def test_function_and_its_cells(self) -> None:
        k = 2.0

        def closed(x, f=math.sin, values=(1.0, 2.0)):
            return k * f(x) + values[0]

        cells = [cell.cell_contents for cell in closed.__closure__]
        defaults = closed.__defaults__
        trace_function(closed, static=["values"])
        assert [cell.cell_contents for cell in closed.__closure__] == cells
        assert closed.__defaults__ is defaults
        assert closed.__globals__ is globals()
        assert closed(0.5) == 2.0 * math.sin(0.5) + 1.0

    def test_constant_arrays_stay_writable_outside(self) -> None:
        trace_function(scaled)
        assert OFFSETS.flags.writeable

    def test_writes_of_module_attributes_are_refused(self) -> None:
        module = types.ModuleType("user_module")
        module.k = 1.0  # type: ignore[attr-defined]

        def writes(x):
            module.k = x
            return x

        with pytest.raises(AssignmentError, match=r"module\.k"):
            trace_function(writes)
        assert module.k == 1.0

    def test_default_lists_are_not_filled(self) -> None:
        def collects(x, seen=[]):  # noqa: B006 (it is the case)
            seen.append(x)
            return x

        with pytest.warns(UserWarning, match="changes a list"):
            trace_function(collects)
        assert collects.__defaults__ == ([],)


class TestNames:
    def test_functions_in_nested_containers(self) -> None:
        def f(x):
            sin, (cos, named) = SETTINGS["functions"]
            return SETTINGS["scale"] * sin(x) + cos(x) + named["f"](x)

        assert evaluate(trace_function(f), 0.3) == pytest.approx(f(0.3), rel=1e-15)

    def test_mutual_recursion(self) -> None:
        program = trace_function(mutual_even, static={"n": 4})
        assert evaluate(program, x=0.3, n=4) == mutual_even(4, 0.3)

    def test_functions_made_by_exec(self) -> None:
        namespace: dict[str, Any] = {}
        exec("import math\ndef g(x):\n    return math.exp(x)\ndef f(x):\n    return g(x) + 1", namespace)
        assert evaluate(trace_function(namespace["f"]), 0.5) == namespace["f"](0.5)

    def test_undefined_names_are_name_errors(self) -> None:
        def f(x):
            return undefined_name * x  # noqa: F821 (it is the case)

        with pytest.raises(TraceError, match="NameError: name 'undefined_name' is not defined"):
            trace_function(f)

    def test_modules_without_attribute(self) -> None:
        with pytest.raises(TraceError, match="has no attribute 'sine'"):
            trace_function(lambda x: math.sine(x))

    def test_wrapped_functions(self) -> None:
        @functools.cache
        def cached(x):
            return math.exp(x)

        assert evaluate(trace_function(cached), 0.5) == math.exp(0.5)
        assert cached.cache_info().currsize == 0

    def test_globals_sees_the_shadow_and_leaves_the_original(self) -> None:
        program = trace_function(lambda x: globals()["FACTOR"] * x)
        assert evaluate(program, 2.0) == 6.0


class TestMetadata:
    def test_codes_in_order_of_first_use(self) -> None:
        assert trace_function(scaled).codes == (scaled.__code__, helper.__code__)

    def test_constants_that_were_read(self) -> None:
        constants = dict(trace_function(scaled).constants)
        assert constants["FACTOR"] == 3.0
        assert constants["OFFSETS"] is OFFSETS

    def test_constants_of_closures_modules_and_objects(self) -> None:
        class Gas:
            def __init__(self) -> None:
                self.gamma = 1.4

            def pressure(self, x):
                return self.gamma * x

        gas, k = Gas(), 2.5
        assert dict(trace_function(lambda x: k * math.pi * x).constants) == {"k": 2.5, "math.pi": math.pi}
        assert dict(trace_function(gas.pressure).constants) == {"Gas.gamma": 1.4}

    def test_name_and_documentation(self) -> None:
        def f(x):
            """Twice."""
            return 2 * x

        program = trace_function(f)
        assert (program.name, program.doc) == ("f", "Twice.")
        assert trace_function(lambda x: x).name == "f"
        assert trace_function(functools.partial(f)).name == "f"


class TestNesting:
    def test_a_trace_within_a_trace(self) -> None:
        def outer(x):
            def inner(y):
                return math.sin(y) * x if y > 0 else -y

            return inline_call(trace_function(inner), (x * x,), {})

        program = trace_function(outer)
        for x in (0.3, -0.5, 2.0):
            assert evaluate(program, x) == math.sin(x * x) * x

    def test_threads_do_not_meet(self) -> None:
        found: list[float] = []
        start = threading.Barrier(4)

        def work(k: float) -> None:
            def g(x):
                return k * x if x > 0 else -x

            start.wait()
            found.extend(evaluate(trace_function(g), 2.0) - 2.0 * k for _ in range(20))

        threads = [threading.Thread(target=work, args=(float(i),)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [0.0] * 80

    def test_a_tracer_that_escaped_is_refused(self) -> None:
        with pytest.raises(ConversionError):
            float(_leaked())

    def test_large_traces(self) -> None:
        def f(x):
            y = x
            for _ in iter([0] * 25_000):  # no sequence: it runs round by round
                y = math.sin(y) + x
            return y

        program = trace_function(f)
        assert len(program.nodes()) == 50_001


def _leaked() -> Any:
    """A tracer after its trace has ended: a method of C code carried it out."""
    box: list[Any] = []

    def f(x, consume):
        consume(x)
        return x

    trace_function(f, static={"consume": box.append})
    return box[0]


def test_elements_that_are_never_set_are_nan() -> None:
    def f(x):
        y = np.empty(2)
        y[0] = x
        return y

    assert np.isnan(evaluate(trace_function(f), 1.0)[1])
