"""Functions and arrays are found in every kind of object that holds them, and the objects stay as they are."""

import dataclasses
import math
from collections import OrderedDict
from collections.abc import Callable
from types import MappingProxyType, SimpleNamespace
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import numpy as np
import pytest
from scipy import special

import symdiff as sd
from symdiff.errors import AssignmentError
from symdiff.ir.evaluate import evaluate
from symdiff.tracing import trace_function

Kind = TypeVar("Kind")
TABLE = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])


class Holder:
    """A class that has attributes alone."""


class OfFunctions:
    exponential = staticmethod(math.exp)
    loss = staticmethod(special.logsumexp)


class Typed(Generic[Kind]):
    def exponential(self, x):
        return math.exp(x)


class Described(Protocol):
    def exponential(self, x): ...


class Kept(Described):
    def exponential(self, x):
        return math.exp(x)


class Registered:
    known: ClassVar[list[str]] = []

    def __init_subclass__(cls) -> None:
        Registered.known.append(cls.__name__)


class Announced(Registered):
    def exponential(self, x):
        return math.exp(x)


class Attributes(dict):
    """A dict whose keys are attributes, which raises KeyError where there is none."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


class Values(list):
    def exponential(self, x):
        return sum(math.exp(x) for _ in self)


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    exponential: Callable[[float], float] = math.exp


HOLDER = Holder()
HOLDER.exponential = math.exp  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "holder",
    [
        HOLDER,
        OfFunctions,
        SimpleNamespace(exponential=math.exp),
        Typed(),
        Kept(),
        Announced(),
        Attributes(exponential=math.exp),
        Values([1.0]),
        Settings(),
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_functions_in_objects(holder: Any) -> None:
    program = trace_function(lambda x: holder.exponential(x))
    assert evaluate(program, 0.5) == math.exp(0.5)


@pytest.mark.parametrize("kind", [OrderedDict, MappingProxyType], ids=lambda kind: kind.__name__)
def test_functions_in_mappings(kind: Any) -> None:
    functions = kind({"exponential": math.exp})
    assert evaluate(trace_function(lambda x: functions["exponential"](x)), 0.5) == math.exp(0.5)


def test_functions_of_libraries_in_classes_without_functions_of_their_own() -> None:
    slopes = sd.grad(lambda x: OfFunctions.loss(x))(np.array([0.0, 0.0]))
    np.testing.assert_array_equal(slopes, [0.5, 0.5])


def test_shadows_are_not_announced() -> None:
    trace_function(lambda x: Announced().exponential(x))
    assert Registered.known == ["Announced"]


@pytest.mark.parametrize("holder", [SimpleNamespace(k=1.0), Attributes(k=1.0)], ids=["namespace", "dict"])
def test_writes_are_refused(holder: Any) -> None:
    def writes(x, target=holder):
        if isinstance(target, dict):
            target["k"] = x
        else:
            target.k = x
        return x

    with pytest.raises(AssignmentError, match="outlives the call"):
        trace_function(writes, static=["target"])
    assert (holder.k if isinstance(holder, SimpleNamespace) else holder["k"]) == 1.0


class TestPositions:
    """A constant array may be asked at traced positions, as an argument may."""

    def test_of_the_array_itself(self) -> None:
        program = trace_function(lambda x: TABLE[0, int(x)])
        assert [evaluate(program, value) for value in (0.2, 1.7, 2.0)] == [1.0, 2.0, 4.0]

    def test_of_what_is_computed_from_it(self) -> None:
        program = trace_function(lambda x: (2.0 * TABLE.T)[int(x)] @ np.array([1.0, 0.0]))
        assert evaluate(program, 2.5) == 8.0

    def test_arrays_of_positions_that_wrap_around(self) -> None:
        def picked(v):
            rows = np.mod(np.floor(v).astype(int) + 1, 2)
            return np.sum(TABLE[rows, np.sign(v).astype(int)] * v)

        at = np.array([0.5, 1.5, -2.5])
        slopes = sd.grad(picked, mode="closed")(at)
        np.testing.assert_array_equal(slopes, [16.0, 2.0, 4.0])

    def test_it_is_an_array_to_everything_else(self) -> None:
        def looks(x):
            total = np.sum(TABLE)
            assert isinstance(TABLE, np.ndarray)
            assert isinstance(total, float)
            return x * {TABLE[0, 1]: total}[2.0]

        assert evaluate(trace_function(looks), 2.0) == 126.0


class Layer:
    """A part of a network, by which its weights are found."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def applied(self, weight, x):
        return self.scale * weight * x


def test_objects_are_keys_of_dictionaries_and_elements_of_sets() -> None:
    layers = [Layer(2.0), Layer(3.0)]
    places = {layer: number for number, layer in enumerate(layers)}
    last = {layers[1]}

    def network(weights, x):
        for layer in layers:
            x = layer.applied(weights[places[layer]], x)
            if layer in last:
                x = x + 1.0
        return x

    assert sd.grad(network)(np.array([5.0, 7.0]), 1.0).tolist() == [42.0, 30.0]
    assert sd.value_and_grad(network, argnum=1)(np.array([5.0, 7.0]), 1.0) == (211.0, 210.0)
