"""Everything that a function reads besides its arguments may change between two calls: each is changed here, and the
next call gives what plain Python gives."""

import argparse
import collections
import contextvars
import functools
import math
import threading
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def assert_follows(function: Callable[[Any], Any], change: Callable[[], Any]) -> None:
    """The function is linear: its slope is its value at 1, before a change and after it."""
    gradient = sd.grad(function)
    assert gradient(1.0) == function(1.0)
    change()
    assert gradient(1.0) == function(1.0)
    assert sd.grad(function)(1.0) == function(1.0)


class TestDefaults:
    """They belong to the function object, which IPython's autoreload, for one, writes to."""

    def test_replaced(self) -> None:
        def scaled(x: float, k: float = 2.0, *, shift: float = 1.0) -> float:
            return (k + shift) * x

        gradient = sd.grad(scaled)
        for k in range(20):  # the memory of a tuple that is gone is used again
            scaled.__defaults__, scaled.__kwdefaults__ = (float(k),), {"shift": k / 2}
            assert gradient(1.0) == sd.grad(scaled)(1.0) == 1.5 * k

    def test_written_to(self) -> None:
        weights, short, long = [1.0, 2.0], np.ones(2), np.ones(200)

        def scaled(x: float, w: Any = weights, a: Any = short, b: Any = long) -> Any:
            return (sum(w) + np.sum(a) + np.sum(b)) * x

        assert_follows(scaled, lambda: weights.append(5.0))
        assert_follows(scaled, lambda: short.fill(7.0))
        assert_follows(scaled, lambda: long.fill(3.0))

    def test_of_helpers(self) -> None:
        weights, short, long = [1.0, 2.0], np.ones(2), np.ones(200)

        def helper(x: float, w: Any = weights, a: Any = short, *, b: Any = long) -> Any:
            return (sum(w) + np.sum(a) + np.sum(b)) * x

        def scaled(x: float) -> Any:
            return helper(x)

        assert_follows(scaled, lambda: weights.append(5.0))
        assert_follows(scaled, lambda: short.fill(7.0))
        assert_follows(scaled, lambda: long.fill(3.0))
        assert_follows(scaled, lambda: setattr(helper, "__defaults__", (weights, long)))

    def test_a_long_one_is_not_written_out(self) -> None:
        """It was a literal of all its numbers, made anew and parsed for every new shape."""
        data = np.linspace(0.0, 1.0, 1000)

        def total(x: float, data: Any = data) -> Any:
            return np.sum(data * x)

        gradient = sd.grad(total)
        gradient(1.0)
        (kept,) = gradient._kept.values()
        assert kept.function.__defaults__[0] is data


class TestFunctions:
    def test_their_code_is_replaced(self) -> None:
        def helper(x: float) -> float:
            return x

        def scaled(x: float) -> float:
            return helper(x)

        def other(x: float) -> float:
            return 7.0 * x

        assert_follows(scaled, lambda: setattr(helper, "__code__", other.__code__))
        assert_follows(helper, lambda: setattr(helper, "__code__", (lambda x: 3.0 * x).__code__))

    def test_what_a_partial_holds(self) -> None:
        short, long, listed = np.ones(2), np.ones(200), [1.0]
        scaled = functools.partial(lambda a, b, x, c: (np.sum(a) + np.sum(b) + sum(c)) * x, short, long, c=listed)
        assert_follows(scaled, lambda: short.fill(2.0))
        assert_follows(scaled, lambda: long.fill(2.0))
        assert_follows(lambda x: scaled(x), lambda: listed.append(2.0))
        assert_follows(lambda x: scaled(x), lambda: scaled.keywords.update(c=[9.0]))

    def test_a_builtin_that_a_global_hides_later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert_follows(lambda x: abs(x), lambda: monkeypatch.setitem(globals(), "abs", lambda x: 7.0 * x))


class TestNamesThatComeBefore:
    """A name that is bound later is found before the one that was found."""

    def test_of_an_object_before_its_class(self) -> None:
        class Model:
            scale = 2.0

            def scaled(self, x: float) -> float:
                return self.scale * self.moved(x)

            def moved(self, x: float) -> float:
                return x

        model = Model()
        assert_follows(model.scaled, lambda: setattr(model, "scale", 5.0))
        assert_follows(model.scaled, lambda: setattr(model, "moved", lambda x: 4.0 * x))
        assert_follows(model.scaled, lambda: delattr(model, "moved"))

    def test_of_a_class_before_its_base(self) -> None:
        class Base:
            scale = 2.0

            def scaled(self, x: float) -> float:
                return self.scale * self.moved(x)

            def moved(self, x: float) -> float:
                return x

        class Derived(Base):
            pass

        assert_follows(Derived().scaled, lambda: setattr(Derived, "scale", 5.0))
        assert_follows(Derived().scaled, lambda: setattr(Derived, "moved", lambda self, x: 4.0 * x))

    @pytest.mark.parametrize("holder", [types.SimpleNamespace(), types.ModuleType("holder")])
    def test_that_hasattr_asks_for(self, holder: Any) -> None:
        assert_follows(lambda x: 5.0 * x if hasattr(holder, "k") else x, lambda: setattr(holder, "k", 1.0))

    def test_of_slots(self) -> None:
        class Slotted:
            __slots__ = ("k",)

        holder = Slotted()
        assert_follows(lambda x: 5.0 * x if hasattr(holder, "k") else x, lambda: setattr(holder, "k", 1.0))


class TestObjectsOfLibraries:
    """Nobody looks into their methods: what they hold is compared."""

    def test_attributes(self) -> None:
        options = argparse.Namespace(rate=2.0, table=[1.0])
        assert_follows(lambda x: options.rate * options.table[0] * x, lambda: setattr(options, "rate", 3.0))
        assert_follows(lambda x: options.rate * options.table[0] * x, lambda: options.table.insert(0, 5.0))
        local = threading.local()
        local.rate = 2.0
        assert_follows(lambda x: local.rate * x, lambda: setattr(local, "rate", 3.0))

    def test_an_object_that_holds_itself(self) -> None:
        options = argparse.Namespace(rate=2.0)
        options.whole = options
        assert_follows(lambda x: options.rate * x, lambda: setattr(options, "rate", 3.0))

    def test_as_a_static_argument(self) -> None:
        options = argparse.Namespace(rate=2.0)
        gradient = sd.grad(lambda x, options: options.rate * x)
        assert gradient(1.0, options) == 2.0
        options.rate = 3.0
        assert gradient(1.0, options) == 3.0

    @pytest.mark.parametrize("kind", [collections.UserDict, collections.ChainMap, types.MappingProxyType])
    def test_mappings(self, kind: Any) -> None:
        inner = {"k": 2.0}
        holder = kind(inner)
        written = inner if kind is types.MappingProxyType else holder
        assert_follows(lambda x: holder["k"] * x, lambda: written.__setitem__("k", 3.0))

    def test_lists(self) -> None:
        holder = collections.UserList([2.0])
        assert_follows(lambda x: holder[0] * x, lambda: holder.__setitem__(0, 3.0))

    @pytest.mark.filterwarnings("ignore:the traced function reads the environment")
    def test_environments(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import os

        assert_follows(lambda x: float(os.environ.get("RATE", "2")) * x, lambda: monkeypatch.setenv("RATE", "3"))
        assert_follows(lambda x: float(os.environ["RATE"]) * x, lambda: monkeypatch.setenv("RATE", "4"))
        assert_follows(lambda x: float(os.getenv("RATE")) * x, lambda: monkeypatch.setenv("RATE", "5"))
        assert_follows(lambda x: len(os.environ) * x, lambda: monkeypatch.setenv("ANOTHER_RATE", "6"))

    def test_context_variables(self) -> None:
        rate = contextvars.ContextVar("rate", default=2.0)
        assert_follows(lambda x: rate.get() * x, lambda: rate.set(3.0))


class TestFunctionsThatAreNotRebuilt:
    """Something that has no stand-in calls them, and nobody sees what they read."""

    rate = 2.0

    @pytest.fixture
    def change(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
        return lambda: monkeypatch.setattr(type(self), "rate", type(self).rate + 1.0)

    def test_factories(self, change: Callable[[], Any]) -> None:
        held = collections.defaultdict(lambda: TestFunctionsThatAreNotRebuilt.rate)
        assert_follows(lambda x: held.default_factory() * x, change)

    def test_descriptors_and_metaclasses(self, change: Callable[[], Any]) -> None:
        class Rate:
            def __get__(self, instance: Any, owner: Any = None) -> float:
                return TestFunctionsThatAreNotRebuilt.rate

        class Kind(type):
            @property
            def rate(cls) -> float:
                return TestFunctionsThatAreNotRebuilt.rate

        class Holder:
            rate = Rate()

        class Made(metaclass=Kind):
            pass

        holder = Holder()
        assert_follows(lambda x: holder.rate * x, change)
        assert_follows(lambda x: Made.rate * x, change)

    def test_chosen_by_type(self, change: Callable[[], Any]) -> None:
        @functools.singledispatch
        def scaled(x: Any) -> Any:
            return 0.0 * x

        @scaled.register
        def _(x: float) -> Any:
            return math.tanh(TestFunctionsThatAreNotRebuilt.rate) * x

        class Model:
            @functools.singledispatchmethod
            def scaled(self, x: Any) -> Any:
                return 0.0 * x

            @scaled.register
            def _(self, x: float) -> Any:
                return math.tanh(TestFunctionsThatAreNotRebuilt.rate) * x

        model = Model()
        assert_follows(lambda x: scaled(x), change)
        assert_follows(lambda x: model.scaled(x), change)
        assert_follows(lambda x: scaled(x), lambda: scaled.register(float, lambda x: 7.0 * x))

    def test_from_a_text(self) -> None:
        """A library's decorator holds them; so it holds those that `dataclasses` writes."""
        scope: dict[str, Any] = {}
        text = """
import contextlib

RATE = 2.0

@contextlib.contextmanager
def scaled(x):
    yield RATE * x

def f(x):
    with scaled(x) as y:
        return y
"""
        exec(text, scope)
        assert_follows(scope["f"], lambda: scope.update(RATE=3.0))


class TestIteratorsThatOutliveTheCall:
    """What they give next is different in every call; a trace would use them up once and for all."""

    @pytest.mark.parametrize("made", [lambda: iter([1.0, 2.0]), lambda: (k for k in [1.0, 2.0]), lambda: zip([1.0])])
    def test_are_refused(self, made: Callable[[], Any]) -> None:
        numbers = made()
        for function in (
            lambda x: next(numbers) * x,
            lambda x: sum(numbers) * x,
            lambda x: max(k * x for k in numbers),
        ):
            with pytest.raises(sd.AssignmentError, match="changes an iterator, which outlives the call"):
                sd.grad(function)(1.0)

    def test_those_of_the_function_are_its_own(self) -> None:
        assert sd.grad(lambda x: next(iter([3.0])) * x)(1.0) == 3.0
