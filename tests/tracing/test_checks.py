"""What raises for some arguments: checked by the traced function, by its derivatives and by generated modules."""

import functools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.ir.evaluate import evaluate
from symdiff.ir.program import Program
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function
from tests.tracing.checked_functions import (
    FUNCTIONS,
    UnphysicalError,
    asserted,
    below_all_limits,
    checked_twice,
    inside_of_a_box,
    mean_root,
    normalised,
    raising,
)

POINTS = (-4.25, -0.75, 0.625, 1.75, 2.5, 3.5, 12.25, 40.5)


def outcome(function: Callable[..., Any], *args: Any) -> Any:
    """The value, or the exception with its message."""
    try:
        return function(*args)
    except (ArithmeticError, AssertionError, RuntimeError, ValueError) as error:
        return type(error), error.args


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("backend", ["math", "numpy", "numexpr"])
def test_values_and_exceptions_are_those_of_plain_python(function: Callable[..., Any], backend: str) -> None:
    compiled = compile_program(closed_form(function), backend)
    for x in POINTS:
        expected = outcome(function, x)
        if isinstance(expected, tuple) and expected[0] is UnphysicalError:
            expected = ValueError, ("x is not between -3.0 and 30",)
        for found in (evaluated(function, x), outcome(compiled, x)):
            assert found == expected if isinstance(expected, tuple) else found == pytest.approx(expected, rel=1e-13)


@functools.cache
def closed_form(function: Callable[..., Any]) -> Program:
    return trace_function(function)


@functools.cache
def evaluated(function: Callable[..., Any], x: float) -> Any:
    """What the reference evaluator says, which takes its time in long loops."""
    return outcome(evaluate, closed_form(function), x)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_derivatives_raise_where_the_function_does(function: Callable[..., Any]) -> None:
    derivative = sd.derivative(function)
    for x in POINTS:
        expected = outcome(function, x)
        if isinstance(expected, tuple):
            kind, _ = outcome(derivative, x)
            assert issubclass(expected[0], kind)
        else:
            slope = (function(x + 1e-6) - function(x - 1e-6)) / 2e-6
            assert derivative(x) == pytest.approx(slope, rel=1e-6)


def test_arrays_raise_if_any_element_does() -> None:
    for function in (sd.trace(raising), sd.derivative(raising)):
        assert np.shape(function(np.array([1.0, 4.0]))) == (2,)
        with pytest.raises(ValueError, match="negative"):
            function(np.array([1.0, -4.0, 2.0]))


def test_functions_of_arrays_check_their_arrays() -> None:
    for made in (sd.grad(normalised), sd.hessian(normalised), sd.jacobian(normalised)):
        assert np.all(np.isfinite(made(np.array([1.0, 2.0, 0.0]))))
        with pytest.raises(AssertionError, match="negative probability"):
            made(np.array([1.0, -2.0, 0.0]))
        with pytest.raises(ValueError, match="nothing to divide"):
            made(np.zeros(3))


def test_arrays_that_only_a_check_needs_are_written_too() -> None:
    gradient = sd.grad(inside_of_a_box)
    np.testing.assert_allclose(gradient(np.array([0.5, -1.0])), [0.5, -1.0])
    with pytest.raises(ValueError, match="outside"):
        gradient(np.array([0.5, -3.0]))


def test_a_check_with_arrays_keeps_a_scalar_function_from_being_run_on_arrays() -> None:
    assert not trace_function(below_all_limits).is_elementwise
    assert sd.grad(below_all_limits)(1.5) == 3.0
    with pytest.raises(ValueError, match="limit"):
        sd.grad(below_all_limits)(2.5)


def test_open_lengths_keep_their_checks() -> None:
    gradient = sd.grad(mean_root, shapes={"x": "n"})
    np.testing.assert_allclose(gradient(np.array([1.0, 4.0])), [0.25, 0.125])
    with pytest.raises(AssertionError, match="positive"):
        gradient(np.array([1.0, -4.0]))


def test_the_module_states_and_proves_what_holds_behind_its_checks() -> None:
    source = sd.derivative(checked_twice).source("numpy")
    assert 'raise ValueError("not positive", 3)  # checked_functions.py:' in source
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    assert namespace["checked_twice_dx"](2.0) == 0.5
    with pytest.raises(OverflowError, match="logarithm"):
        namespace["checked_twice_dx"](np.array([2.0, 5.0]))


def test_no_warning_comes_from_where_the_function_raises() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(AssertionError):
            sd.derivative(asserted)(np.array([-1.0, 0.0]))


def test_a_function_that_always_raises_is_refused() -> None:
    def hopeless(x):
        if x > 0:
            raise ValueError("positive")
        raise TypeError("not positive")

    with pytest.raises(sd.TraceError, match="raises TypeError: not positive"):
        trace_function(hopeless)
