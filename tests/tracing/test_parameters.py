"""Parameters become inputs: their names, shapes, structures, defaults, kinds."""

import dataclasses
import functools
import inspect
import math
from typing import Annotated, Any, NamedTuple, TypedDict

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import ArgumentError, ShapeError
from symdiff.ir.evaluate import evaluate
from symdiff.ir.program import Program
from symdiff.tracing import trace_function


class Point(NamedTuple):
    x: float
    y: float


@dataclasses.dataclass(frozen=True)
class Spring:
    k: float
    ends: tuple[float, float]
    direction: Annotated[np.ndarray, 3]


class Options(TypedDict):
    b: float
    a: float


def inputs(program: Program) -> dict[str, tuple[int, ...]]:
    return {leaf.name: leaf.shape for leaf in program.inputs}


class TestNames:
    def test_scalars(self) -> None:
        assert inputs(trace_function(lambda x, y: x * y)) == {"x": (), "y": ()}

    def test_paths_of_leaves(self) -> None:
        example = ({"b": 1.0, "a": [2.0, np.zeros(3)]}, Point(1.0, 2.0), (1.0, 2.0))
        program = trace_function(lambda p, q, r: p["b"] * q.x * r[1], args=example)
        assert inputs(program) == {
            "p_a_0": (),
            "p_a_1": (3,),
            "p_b": (),
            "q_x": (),
            "q_y": (),
            "r_0": (),
            "r_1": (),
        }

    def test_names_of_leaves_are_unlike_any_other(self) -> None:
        program = trace_function(lambda p, p_a: p["a"] * p_a, args=({"a": 1.0}, 2.0))
        assert len(set(inputs(program))) == 2
        assert evaluate(program, {"a": 2.0}, 3.0) == 6.0

    def test_keys_that_are_no_identifiers(self) -> None:
        program = trace_function(lambda p: p["a b"] + p["a-b"], args=({"a b": 1.0, "a-b": 2.0},))
        assert all(name.isidentifier() for name in inputs(program))
        assert len(program.inputs) == 2


class TestShapes:
    @pytest.mark.parametrize("shape", [3, (3,), [0.0, 0.0, 0.0]])
    def test_stated(self, shape: Any) -> None:
        if isinstance(shape, list):
            program = trace_function(lambda x: sum(x), args=(np.array(shape),))
        else:
            program = trace_function(lambda x: sum(x), shapes={"x": shape})
        assert inputs(program) == {"x": (3,)}

    def test_stated_for_parts(self) -> None:
        program = trace_function(lambda p: p["v"] @ p["v"] + p["w"][1], shapes={"p": {"v": 3, "w": [(), ()]}})
        assert inputs(program) == {"p_v": (3,), "p_w_0": (), "p_w_1": ()}

    def test_of_the_default(self) -> None:
        def f(x, w=np.ones(2), pair=(1.0, 2.0)):  # noqa: B008 (it is the case)
            return x * w[0] + pair[1]

        program = trace_function(f)
        assert inputs(program) == {"x": (), "w": (2,), "pair_0": (), "pair_1": ()}
        assert evaluate(program, 3.0) == 5.0

    def test_annotated(self) -> None:
        def f(a: "3", b: "2 2", c: Annotated[np.ndarray, (2,)], d: float, e: np.ndarray):  # noqa: F722
            return a[0] + b[1, 1] + c[0] + d + e

        shapes = {"a": (3,), "b": (2, 2), "c": (2,), "d": (), "e": ()}
        assert inputs(trace_function(f)) == shapes

    def test_annotated_structures(self) -> None:
        def f(p: Point, s: Spring, o: Options, t: tuple[float, Point]):
            return p.x + s.k + s.ends[1] + s.direction[2] + o["a"] + t[1].y

        program = trace_function(f)
        assert len(program.inputs) == 2 + 4 + 2 + 3
        spring = Spring(1.0, (2.0, 3.0), np.array([4.0, 5.0, 6.0]))
        given = (Point(1.0, 2.0), spring, {"a": 1.0, "b": 2.0}, (1.0, Point(3.0, 4.0)))
        assert evaluate(program, *given) == f(*given)

    @pytest.mark.parametrize("annotation", ["n", "n d", "3 n"])
    def test_names_in_annotations_stay_open(self, annotation: str) -> None:
        def f(x):
            return x

        f.__annotations__ = {"x": annotation}
        (leaf,) = trace_function(f).inputs
        assert [str(length) for length in leaf.shape] == annotation.split()

    def test_a_text_that_cannot_be_evaluated_says_nothing_about_the_others(self) -> None:
        def f(x: "float", p: "Point", y: "NoSuch | int" = 2.0) -> "Nowhere":  # noqa: F821
            return x * y * p.x

        program = trace_function(f)
        assert {name: leaf.shape for name, leaf in zip("xpqy", program.inputs, strict=True)} == dict.fromkeys(
            "xpqy", ()
        )
        assert evaluate(program, 3.0, Point(2.0, 1.0)) == 12.0

    @pytest.mark.parametrize("stated", ["n-", "n/2", "f(n)", "0", "n d.x", "-1"])
    def test_what_is_no_length_is_refused(self, stated: str) -> None:
        with pytest.raises(ShapeError, match="is not a whole number of at least 1"):
            trace_function(lambda x: x, shapes={"x": stated})

    @pytest.mark.parametrize("length", [0, -1, 2.5, True, "2.5", (3, 0)])
    def test_lengths_are_whole_numbers(self, length: Any) -> None:
        with pytest.raises(ShapeError, match="is not a whole number of at least 1"):
            trace_function(lambda x: x, shapes={"x": length})

    def test_example_values_are_not_read(self) -> None:
        program = trace_function(lambda x: x * x if x > 0 else -x, args=(3.0,))
        assert evaluate(program, -2.0) == 2.0

    def test_one_element_is_an_array(self) -> None:
        assert inputs(trace_function(lambda x: x, shapes={"x": 1})) == {"x": (1,)}


class TestKinds:
    def test_defaults_and_kinds_are_kept(self) -> None:
        def f(a, /, b, c=2.0, *, d, e=3):
            return a + b + c + d + e

        parameters = {p.name: p for p in trace_function(f).parameters}
        assert [p.default for p in parameters.values()][2] == 2.0
        assert parameters["a"].kind is inspect.Parameter.POSITIONAL_ONLY
        assert parameters["d"].kind is inspect.Parameter.KEYWORD_ONLY
        assert evaluate(trace_function(f), 1.0, 2.0, d=4.0) == f(1.0, 2.0, d=4.0)
        assert evaluate(trace_function(f), 1.0, 2.0, d=4.0, e=5.0, c=1.0) == 13.0

    def test_annotations_are_kept_as_text(self) -> None:
        def f(x: float, y: "float"):
            return x * y

        assert [p.annotation for p in trace_function(f).parameters] == ["float", "float"]

    def test_partial(self) -> None:
        def f(a, b, c=1.0):
            return a - b * c

        program = trace_function(functools.partial(f, 10.0, c=3.0))
        assert [p.name for p in program.parameters] == ["b", "c"]
        assert evaluate(program, 2.0) == 4.0
        assert evaluate(program, 2.0, c=1.0) == 8.0

    def test_bound_methods_have_no_self(self) -> None:
        class Model:
            def value(self, x, k=2.0):
                return k * x

        assert [p.name for p in trace_function(Model().value).parameters] == ["x", "k"]

    def test_any_number_of_arguments_is_read_off_the_example(self) -> None:
        def f(x, *rest, **options):
            return x + rest[0] * rest[1] + options["scale"]

        program = trace_function(f, args=(1.0, 2.0, 3.0), kwargs={"scale": 1.0})
        assert [p.name for p in program.parameters] == ["x", "rest_0", "rest_1", "scale"]
        assert evaluate(program, 1.0, 2.0, 3.0, scale=5.0) == 12.0


class TestStatic:
    def test_flags_and_texts_are_static(self) -> None:
        def f(x, flag=True, mode="fast", nothing=None, function=math.sin):
            return function(x) if flag and mode == "fast" and nothing is None else x

        program = trace_function(f)
        assert [p.is_static for p in program.parameters] == [False, True, True, True, True]
        assert evaluate(program, 0.5) == math.sin(0.5)

    def test_by_name_with_the_default(self) -> None:
        def f(x, n=3):
            return sum(x**i for i in range(n))

        program = trace_function(f, static=["n"])
        assert program.parameter("n").static_value == 3
        assert evaluate(program, 2.0) == 7.0

    def test_by_name_with_the_example(self) -> None:
        program = trace_function(lambda x, n: x**n, args=(1.0, 2), static=("n",))
        assert program.parameter("n").static_value == 2

    def test_by_value(self) -> None:
        program = trace_function(lambda x, n: [x] * n, static={"n": 2})
        assert evaluate(program, 1.0, 2) == [1.0, 1.0]

    def test_unknown_names_are_refused_with_the_likely_one(self) -> None:
        with pytest.raises(ArgumentError, match="did you mean 'temperature'"):
            trace_function(lambda temperature: temperature, static=["temprature"])

    def test_too_many_examples_are_refused(self) -> None:
        with pytest.raises(ArgumentError, match="2 arguments were given by position, and the function takes 1"):
            trace_function(lambda x: x, args=(1.0, 2.0))


class TestResults:
    def test_structure_of_the_result(self) -> None:
        program = trace_function(lambda x: {"b": (x, 1), "a": [np.array([x, x]), Point(x, True)]})
        found = evaluate(program, 2.0)
        assert found["b"] == (2.0, 1.0)
        assert found["a"][1] == Point(2.0, True)
        assert type(found["a"][1]) is Point

    def test_numbers_alone(self) -> None:
        assert evaluate(trace_function(lambda x: 3), 0.0) == 3.0

    def test_parameters_given_back(self) -> None:
        assert evaluate(trace_function(lambda p: p, args=({"k": 1.0},)), {"k": 2.0}) == {"k": 2.0}


def test_dicts_are_gone_through_in_the_order_that_they_have() -> None:
    def through_layers(layers, x):
        for weight, bias in layers.values():
            x = weight * x + bias
        return x

    deep = {f"layer{at}": (1.0 + at, 0.5 * at) for at in range(1, 12)}  # layer10 comes before layer2 in a dictionary
    turned = dict(reversed(deep.items()))
    found = sd.value_and_grad(through_layers, argnum=1)
    for layers in (deep, turned, deep):
        assert found(layers, 1.5)[0] == through_layers(layers, 1.5)
    shapes = {"layers": dict.fromkeys(deep, ((), ()))}
    assert sd.trace(through_layers, shapes=shapes)(deep, 1.5) == through_layers(deep, 1.5)
    last = sd.grad(through_layers)(deep, 1.5)["layer11"]
    assert last == (through_layers({**deep, "layer11": (1.0, 0.0)}, 1.5), 1.0)
