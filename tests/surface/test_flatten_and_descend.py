"""Nested parameters as vectors, and optimisers over them, beside autograd's."""

from typing import Any, NamedTuple

import numpy as np
import pytest

import symdiff as sd

autograd = pytest.importorskip("autograd")
from autograd.misc import flatten as their_flatten  # noqa: E402
from autograd.misc import optimizers as theirs  # noqa: E402

NESTINGS: list[Any] = [
    [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0, 3.0)],
    [np.arange(4.0).reshape(2, 2), np.ones((1, 3))],
    {"weights": np.arange(6.0).reshape(2, 3), "biases": np.array([7.0, 8.0])},
    {"b": {"y": np.ones(2), "x": 5.0}, "a": {"w": (7.0, np.zeros((2, 1)))}},
    3.0,
    np.zeros((2, 0)),
    [],
]


@pytest.mark.filterwarnings("ignore:Output seems independent")
@pytest.mark.parametrize("value", NESTINGS, ids=range(len(NESTINGS)))
def test_the_vector_is_autograds_and_leads_back(value: Any) -> None:
    vector, unflatten = sd.flatten(value)
    np.testing.assert_array_equal(vector, their_flatten(value)[0])
    back = unflatten(vector)
    assert type(back) is type(value) or isinstance(value, float)
    np.testing.assert_array_equal(sd.flatten(back)[0], vector)
    np.testing.assert_array_equal(sd.flatten(unflatten(2.0 * vector))[0], 2.0 * vector)


class Layer(NamedTuple):
    W: Any
    b: Any


def test_the_users_classes_come_back() -> None:
    vector, unflatten = sd.flatten([Layer(np.eye(2), np.zeros(2))])
    back = unflatten(vector + 1.0)
    assert isinstance(back[0], Layer)
    np.testing.assert_array_equal(back[0].W, np.eye(2) + 1.0)


def test_another_length_is_refused() -> None:
    _, unflatten = sd.flatten([1.0, 2.0])
    with pytest.raises(sd.ShapeError, match="a vector of 2 numbers was flattened"):
        unflatten(np.ones(3))


def test_both_ways_are_differentiable() -> None:
    vector, unflatten = sd.flatten({"w": np.ones(2), "b": 3.0})
    sd.check_grads(lambda v: unflatten(v)["w"] * unflatten(v)["b"])(vector)
    sd.check_grads(lambda p: sd.flatten(p)[0] ** 2)({"w": np.ones(2), "b": 3.0})


def loss(p: Any) -> Any:
    return ((p["w"] - np.array([1.0, 2.0])) ** 2).sum() + (p["b"] + 3.0) ** 4


@pytest.mark.parametrize("name", ["sgd", "rmsprop", "adam"])
def test_iterates_are_autograds(name: str) -> None:
    start = {"w": np.array([0.3, -0.2]), "b": 0.1}
    seen: dict[str, list[Any]] = {"ours": [], "theirs": []}
    ours, other = sd.grad(loss), autograd.grad(loss)

    def note(whose: str) -> Any:
        return lambda x, i, g: seen[whose].append((i, sd.flatten(x)[0], sd.flatten(g)[0]))

    options = {"num_iters": 30, "step_size": 0.01}
    found = getattr(sd, name)(lambda p, i: ours(p), start, note("ours"), **options)
    expected = getattr(theirs, name)(lambda p, i: other(p), start, note("theirs"), **options)
    np.testing.assert_allclose(sd.flatten(found)[0], sd.flatten(expected)[0], rtol=1e-12)
    assert [i for i, _, _ in seen["ours"]] == list(range(30))
    for (_, x, g), (_, y, h) in zip(seen["ours"], seen["theirs"], strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-12)
        np.testing.assert_allclose(g, h, rtol=1e-12)
    np.testing.assert_array_equal(start["w"], [0.3, -0.2])
