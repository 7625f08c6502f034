"""Calls of symdiff with arguments that it cannot take: each is refused with what to pass in their place."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np

import symdiff as sd
from symdiff.ir.evaluate import evaluate
from symdiff.tracing import following, forking, trace_function
from symdiff.tracing.lowering import repetition

doubled = sd.primitive(lambda v: np.concatenate([v, v]), shape=lambda shape: shape)
listed = sd.primitive(lambda x: [x, x] if x > 100.0 else x)


class Scaled(np.ndarray):
    """An array that computes in an arithmetic of its own."""

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return NotImplemented


CALLS: dict[str, Callable[[], Any]] = {}


def called(call: Callable[[], Any]) -> Callable[[], Any]:
    CALLS[call.__name__] = call
    return call


def total(params):
    return np.sum(params["w"]) ** 2


@called
def function_that_is_called():
    return trace_function(total({"w": 2.0}))


@called
def built_in_function_without_a_signature():
    return trace_function(max)


@called
def too_many_arguments():
    return trace_function(lambda x: x, args=(1.0, 2.0))


@called
def keyword_of_nothing():
    return trace_function(lambda x, width: x, args=(1.0,), kwargs={"widht": 2.0})


@called
def masked_array():
    return sd.grad(np.sum)(np.ma.masked_less(np.array([1.0, -1.0]), 0.0))


@called
def array_with_an_arithmetic_of_its_own():
    return sd.grad(np.sum)(np.ma.array([1.0]).view(Scaled))


@called
def iterator_in_place_of_a_list():
    return sd.grad(lambda terms: sum(terms))(iter([1.0, 2.0]))


@called
def differentiated_by_text():
    return sd.grad(lambda mode, x: x)("fast", 1.0)


@called
def differentiated_by_a_part_that_is_text():
    return sd.grad(total)({"w": 2.0, "name": "fast"})


@called
def differentiated_by_dates():
    return sd.grad(lambda times: np.sum(times))(np.array(["2026-01-01"], dtype="datetime64[D]"))


@called
def differentiated_by_truth_values():
    return sd.grad(lambda mask: np.sum(mask))(np.array([True, False]))


@called
def differentiated_by_nothing():
    return sd.grad(lambda params: 1.0)({})


@called
def primitive_of_a_number():
    return sd.primitive(3.0)


@called
def more_rules_than_arguments():
    sd.primitive(np.hypot).defvjp(lambda ans, x, y: lambda g: g, argnums=(0, 1))


@called
def rule_in_words():
    sd.primitive(np.hypot).defjvp("linear")


def without_source(lines: str) -> Callable[..., Any]:
    namespace: dict[str, Callable[..., Any]] = {}
    exec(lines, namespace)
    return namespace["f"]


@called
def rounds_of_a_loop_without_source():
    return trace_function(without_source("def f(x):\n    while x > 1.0:\n        x = x / 2.0\n    return x"))


@called
def loop_without_end_and_without_source():
    return trace_function(without_source("def f(x):\n    n = 0\n    while x > 1.0:\n        n += 1\n    return n"))


def position_in_a_table(x):
    return [0.0, 1.0, 4.0][x] * x


@called
def derivative_that_would_be_lost():
    return sd.grad(position_in_a_table)(1.0)


def never_done(x):
    parts = [x]
    while parts[-1] > 0.0:
        parts.append(parts[-1] / 2.0 + 1.0)
    return sum(parts)


@called
def path_that_never_ends():
    with mock.patch.object(following, "MOST_GUARDS", 300):
        return sd.grad(never_done)(1.0)


def powers(x):
    found = []
    k = 0
    while k < 10_000:
        found.append(x * k)
        k += 1
    return sum(found)


@called
def too_many_operations():
    with mock.patch.object(repetition, "OPEN_OPERATIONS", 8_000):
        return trace_function(powers)


@called
def primitive_that_returns_another_shape():
    return evaluate(trace_function(lambda v: doubled(v), shapes={"v": 2}), [1.0, 2.0])


@called
def primitive_that_returns_a_list():
    return evaluate(trace_function(lambda x: listed(x)), 1e3)


@called
def argument_of_another_shape():
    return evaluate(trace_function(np.sum, shapes={"a": 2}), [1.0, 2.0, 3.0])


@called
def arguments_of_other_lengths():
    return evaluate(trace_function(lambda x, y: x @ y, shapes={"x": "n", "y": "n"}), [1.0, 2.0], [1.0])


@called
def size_that_cannot_be_found():
    return evaluate(trace_function(np.sum, shapes={"a": "n+m"}), [1.0, 2.0])


@called
@mock.patch.object(forking, "QUESTIONS", 1_000)
def loop_that_does_not_end_on_its_path():
    def squared_until_negative(x):
        t = x
        while t > -1.0:
            t = t * t
        return t

    return sd.grad(squared_until_negative, mode="guarded")(0.7)


@called
def text_of_a_number_whose_type_nobody_knows():
    return sd.grad(lambda x: {"2.0": x, "2": x * x}[str(np.floor(x))])(2.5)
