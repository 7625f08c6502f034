"""Structures: how a nested value is made of leaves.

In: a scalar, an array, or any nesting of dict, list, tuple, NamedTuple and dataclass. Out: its leaves in order, and the
structure that rebuilds a value of the same kind from other leaves. Leaves of dicts come in the order of their keys,
sorted; dicts that are rebuilt have their entries in the order that they had.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["leaf", "list", "tuple", "dict", "namedtuple", "dataclass", "object"]
Opened = Callable[[Any], Mapping[str, Any] | None]
# One step from a value to a part of it: `value[key]`, or `value.key` for an attribute.
Step = tuple[Literal["item", "attribute"], Any]


@dataclass(frozen=True)
class Structure:
    """The shape of a nested value: its kind, the keys of its parts, and their structures.

    order: the keys of a dict as it had them; dicts with the same entries in another order have the same structure.

    >>> structure = structure_of({"b": 1.0, "a": (2.0, 3.0)})
    >>> structure.flatten({"b": 1.0, "a": (2.0, 3.0)})
    [2.0, 3.0, 1.0]
    >>> structure.unflatten([20.0, 30.0, 10.0])
    {'b': 10.0, 'a': (20.0, 30.0)}
    """

    kind: Kind
    keys: tuple[Any, ...] = ()
    parts: tuple["Structure", ...] = ()
    python_type: type | None = None
    order: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def leaf_count(self) -> int:
        return 1 if self.kind == "leaf" else sum(part.leaf_count for part in self.parts)

    def flatten(self, value: Any) -> list[Any]:
        """The leaves of a value of this structure, in order. Raises ValueError where it has another structure."""
        if self.kind == "leaf":
            return [value]
        if _kind(value) != self.kind or _keys(value) != self.keys:
            raise ValueError(f"expected {self.describe()}, got {type(value).__name__}")
        return [leaf for part, child in zip(self.parts, _children(value), strict=True) for leaf in part.flatten(child)]

    def unflatten(self, leaves: Sequence[Any]) -> Any:
        """A value of this structure with the given leaves."""
        remaining = iter(leaves)
        return self._build(remaining)

    def _build(self, leaves: Iterator[Any]) -> Any:
        if self.kind == "leaf":
            return next(leaves)
        children = [part._build(leaves) for part in self.parts]
        if self.kind == "list":
            return children
        if self.kind == "tuple":
            return tuple(children)
        if self.kind == "dict":
            held = dict(zip(self.keys, children, strict=True))
            return {key: held[key] for key in self.order or self.keys}
        assert self.python_type is not None
        if self.kind == "namedtuple":
            return self.python_type(*children)
        made: Any = object.__new__(self.python_type)
        for key, child in zip(self.keys, children, strict=True):
            object.__setattr__(made, key, child)
        return made

    def paths(self) -> list[tuple[Step, ...]]:
        """For every leaf the steps that lead to it."""
        if self.kind == "leaf":
            return [()]
        step: Literal["item", "attribute"] = "attribute" if self.kind in ("namedtuple", "dataclass") else "item"
        return [((step, key), *rest) for key, part in zip(self.keys, self.parts, strict=True) for rest in part.paths()]

    def replace_leaves(self, leaf: Callable[[int], "Structure"]) -> "Structure":
        """The structure in which leaf number i is replaced by `leaf(i)`."""
        counter = iter(range(self.leaf_count))

        def rebuild(structure: Structure) -> Structure:
            if structure.kind == "leaf":
                return leaf(next(counter))
            return dataclasses.replace(structure, parts=tuple(rebuild(part) for part in structure.parts))

        return rebuild(self)

    def describe(self) -> str:
        """In words, for messages."""
        if self.kind in ("dict", "namedtuple", "dataclass", "object"):
            return f"a {self.kind} with {', '.join(map(str, self.keys))}"
        return "a number or an array" if self.kind == "leaf" else f"a {self.kind} of {len(self.keys)}"


LEAF = Structure("leaf")


def tuple_of(parts: Sequence[Structure]) -> Structure:
    """The structure of a tuple."""
    return Structure("tuple", tuple(range(len(parts))), tuple(parts))


def structure_of(value: Any) -> Structure:
    """The structure of a value; everything that is not a container is a leaf."""
    return taken_apart(value)[0]


def taken_apart(
    value: Any, opened: Opened = lambda _: None, *, keeps_order: bool = False
) -> tuple[Structure, list[Any]]:
    """The structure of a value, and its leaves.

    opened: the attributes of an object that is to be taken apart as well; None for any other.
    keeps_order: whether dicts keep the order that their keys have.

    >>> taken_apart({"b": 1.0, "a": 2.0}, keeps_order=True)[0].unflatten([3.0, 4.0])
    {'b': 3.0, 'a': 4.0}
    """
    held = opened(value)
    kind: Kind = _kind(value) if held is None else "object"
    if kind == "leaf":
        return LEAF, [value]
    held = value if kind == "dict" and keeps_order else held
    keys, children = (_keys(value), _children(value)) if held is None else (tuple(held), list(held.values()))
    parts = [taken_apart(child, opened, keeps_order=keeps_order) for child in children]
    python_type = value.__class__ if kind in ("namedtuple", "dataclass", "object") else None
    order = tuple(value) if kind == "dict" else ()
    structure = Structure(kind, keys, tuple(part for part, _ in parts), python_type, order)
    return structure, [leaf for _, leaves in parts for leaf in leaves]


def _kind(value: Any) -> Kind:
    if isinstance(value, tuple):
        return "namedtuple" if hasattr(value, "_fields") else "tuple"
    if isinstance(value, list):
        return "list"
    if isinstance(value, dict):
        return "dict"
    return "dataclass" if dataclasses.is_dataclass(value) and not isinstance(value, type) else "leaf"


def _keys(value: Any) -> tuple[Any, ...]:
    if isinstance(value, dict):
        try:
            return tuple(sorted(value))
        except TypeError:
            return tuple(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return tuple(value._fields)
    if isinstance(value, list | tuple):
        return tuple(range(len(value)))
    return tuple(each.name for each in dataclasses.fields(value))


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in _keys(value)]
    if isinstance(value, list | tuple):
        return list(value)
    return [getattr(value, key) for key in _keys(value)]
