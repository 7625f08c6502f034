"""Nested values come apart and together again."""

import dataclasses
from collections import namedtuple
from typing import Any

import pytest

from symdiff.ir.structure import LEAF, structure_of, tuple_of

Point = namedtuple("Point", "x y")


@dataclasses.dataclass(frozen=True)
class Spring:
    k: float
    ends: tuple[float, float]


VALUES: list[Any] = [
    1.0,
    [1.0, 2.0],
    (1.0, (2.0, [3.0])),
    {"b": 1.0, "a": {"d": 2.0, "c": 3.0}},
    Point(1.0, [2.0]),
    Spring(1.0, (2.0, 3.0)),
    [],
    {"layers": [{"w": 1.0, "b": 2.0}, {"w": 3.0, "b": 4.0}]},
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_round_trip(value: Any) -> None:
    structure = structure_of(value)
    leaves = structure.flatten(value)
    assert len(leaves) == structure.leaf_count == len(structure.paths())
    assert structure.unflatten(leaves) == value
    assert type(structure.unflatten(leaves)) is type(value)


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_paths_lead_to_the_leaves(value: Any) -> None:
    structure = structure_of(value)
    for path, leaf in zip(structure.paths(), structure.flatten(value), strict=True):
        part = value
        for step, key in path:
            part = part[key] if step == "item" else getattr(part, key)
        assert part is leaf


def test_dictionaries_are_ordered_by_their_keys() -> None:
    assert structure_of({"b": 1.0, "a": 2.0}) == structure_of({"a": 2.0, "b": 1.0})
    assert structure_of({"b": 1.0, "a": 2.0}).flatten({"b": 1.0, "a": 2.0}) == [2.0, 1.0]


@pytest.mark.parametrize(
    ("value", "other"), [((1.0,), [1.0]), ({"a": 1.0}, {"b": 1.0}), ([1.0], [1.0, 2.0]), ([1.0], 1.0)]
)
def test_another_structure_is_refused(value: Any, other: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        structure_of(value).flatten(other)


def test_leaves_replaced_by_structures() -> None:
    outer = structure_of({"s": 1.0, "p": (2.0,)})
    pair = tuple_of([LEAF, LEAF])
    nested = outer.replace_leaves(lambda _: pair)
    assert nested.unflatten([1.0, 2.0, 3.0, 4.0]) == {"p": ((1.0, 2.0),), "s": (3.0, 4.0)}
