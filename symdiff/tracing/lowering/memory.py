"""Objects that a side of a choice may change, set back before the other side runs and merged afterwards.

In: the values that running code can reach. Out: their contents, as they were and as each side left them.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from symdiff.tracing.lowering.merging import Merging
from symdiff.tracing.lowering.names import Path
from symdiff.tracing.lowering.objects import (
    Contents,
    container,
    content_of,
    differing,
    is_changeable,
    keys_of,
    parts_of,
    put_back,
)
from symdiff.tracing.tracer import ArrayTracer
from symdiff.tracing.views import owner_of


class Memory:
    """The mutable objects reachable from some values."""

    def __init__(self, values: Iterable[Any]) -> None:
        self._objects: list[Any] = []
        self._before: Contents = {}
        self.learn(values)

    def learn(self, values: Iterable[Any]) -> None:
        """What the objects hold now is how they were; those that are new belong to them from now on."""
        known = set(map(id, self._objects))
        self._objects += [each for each in reachable(values) if id(each) not in known]
        self._before = self.contents()

    def contents(self) -> Contents:
        """What the objects hold now."""
        return {id(each): content_of(each) for each in self._objects}

    def changed(self) -> list[tuple[Any, list[Any] | None]]:
        """The objects that do not hold what they did, with the keys where they do not; None for all of an object."""
        found = ((each, differing(content_of(each), self._before[id(each)])) for each in self._objects)
        return [(each, keys) for each, keys in found if keys is None or keys]

    def changed_paths(self, values: Mapping[str, Any], arrays: Collection[int]) -> list[Path] | None:
        """Where the objects have changed, as paths from some names; None where that cannot be said.

        arrays: ids of those that do not count.
        """
        changed = [(each, keys) for each, keys in self.changed() if id(each) not in arrays]
        known = {id(each): path for path, each in paths(values)} if changed else {}
        if any(id(each) not in known or (keys is None and type(each) is not ArrayTracer) for each, keys in changed):
            return None
        return [(*known[id(each)], key) for each, keys in changed for key in (keys or [...])]

    def restore(self) -> None:
        """The objects as they were. Raises CannotMerge where that cannot be."""
        self.put(self._before)

    def merge(self, merging: Merging) -> Contents:
        """What the objects hold after both sides. Raises CannotMerge."""
        return {id(each): merging.content(each) for each in self._objects}

    def put(self, contents: Contents) -> None:
        """Lets the objects hold these contents. Raises CannotMerge where that cannot be."""
        for each in self._objects:
            if id(each) in contents:
                put_back(each, contents[id(each)])


def reachable(values: Iterable[Any]) -> Iterator[Any]:
    """The objects that hold something which could change."""
    seen: dict[int, Any] = {}
    pending = list(values)
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        parts = parts_of(value)
        if parts is None:
            continue
        seen[id(value)] = value
        pending += parts
        if is_changeable(value):
            yield value


def at_path(values: Mapping[str, Any], path: Iterable[Any]) -> Any:
    """What is found along a path, which begins with a name; None where there is nothing."""
    name, *keys = path
    value: Any = values.get(name)
    for key in keys:
        if key not in keys_of(value):
            return None
        value = container(value)[key]
    return value


def paths(values: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """The objects that are found from some names by keys, each by a shortest path."""
    seen: set[int] = set()
    pending: deque[tuple[Path, Any]] = deque(((name,), value) for name, value in values.items())
    while pending:
        path, value = pending.popleft()
        value = owner_of(value) if type(value) is ArrayTracer else value
        if id(value) not in seen and parts_of(value) is not None:
            seen.add(id(value))
            yield path, value
            pending.extend(((*path, key), container(value)[key]) for key in keys_of(value))
