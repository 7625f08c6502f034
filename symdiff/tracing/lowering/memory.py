"""Objects that a side of a choice may change, set back before the other side runs and merged afterwards.

In: the values that running code can reach. Out: their contents, as they were and as each side left them.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from symdiff.ir.nodes import Node
from symdiff.tracing.lowering.merging import CannotMerge, merged
from symdiff.tracing.lowering.names import Path
from symdiff.tracing.tracer import ArrayTracer, wrap
from symdiff.tracing.views import owner_of

Contents = list[Any]
_NOT_THE_USERS = frozenset({"builtins", "numpy", "symdiff"})


class Memory:
    """The mutable objects reachable from some values."""

    def __init__(self, values: Iterable[Any]) -> None:
        self._objects = list(reachable(values))
        self._before = self.contents()

    def contents(self) -> Contents:
        """What the objects hold now."""
        return [_content(each) for each in self._objects]

    def changed(self) -> list[tuple[Any, list[Any] | None]]:
        """The objects that do not hold what they did, with the keys where they do not; None for all of an object."""
        pairs = zip(self._objects, self._before, strict=True)
        found = ((each, _differing(_content(each), before)) for each, before in pairs)
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
        """The objects as they were."""
        for each, content in zip(self._objects, self._before, strict=True):
            _put(each, content)

    def merge(self, condition: Node, if_true: Contents, if_false: Contents) -> Contents:
        """What the objects hold after both sides. Raises CannotMerge."""
        return [
            _merged(condition, each, yes, no) for each, yes, no in zip(self._objects, if_true, if_false, strict=True)
        ]

    def put(self, contents: Contents) -> None:
        for each, content in zip(self._objects, contents, strict=True):
            _put(each, content)


def reachable(values: Iterable[Any]) -> Iterator[Any]:
    """The objects that hold something which could change."""
    seen: dict[int, Any] = {}
    pending = list(values)
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        parts = _parts(value)
        if parts is None:
            continue
        seen[id(value)] = value
        pending += parts
        if not isinstance(value, tuple):
            yield value


def _parts(value: Any) -> list[Any] | None:
    """What an object holds; None for one that holds nothing that could change."""
    if type(value) is ArrayTracer:
        return [] if value.view is None else [value.view.base]
    if isinstance(value, list | tuple | set):
        return list(value)
    if isinstance(value, dict):
        return list(value.values())
    if is_plain_object(value):
        return list(vars(value).values())
    return None


def is_plain_object(value: Any) -> bool:
    """Whether it is an object of a class of the user's."""
    kind = type(value)
    return (
        hasattr(value, "__dict__")
        and not callable(value)
        and not isinstance(value, type)
        and kind.__module__ != "builtins"
        and not kind.__module__.startswith(("numpy", "symdiff"))
    )


def _content(value: Any) -> Any:
    if type(value) is ArrayTracer:
        return (value.node if value.view is None else None), value.is_shared  # a view holds what its base does
    if isinstance(value, list):
        return list(value)
    if isinstance(value, dict):
        return dict(value)
    return set(value) if isinstance(value, set) else dict(vars(value))


def _put(value: Any, content: Any) -> None:
    if type(value) is ArrayTracer:
        if content[0] is not None:
            value.node = content[0]
        value.is_shared = content[1]
    elif isinstance(value, list):
        if len(value) != len(content) or any(a is not b for a, b in zip(value, content, strict=True)):
            value[:] = content
    elif isinstance(value, set):
        value.clear()
        value.update(content)
    else:
        target = value if isinstance(value, dict) else vars(value)
        if not _same_items(target, content):
            target.clear()
            target.update(content)


def _differing(first: Any, second: Any) -> list[Any] | None:
    """The keys at which two contents differ; None where they are not alike. Of arrays the elements count."""
    if isinstance(first, tuple):
        return [] if first[0] is second[0] else None
    if isinstance(first, set):
        return [] if first == second else None
    keys, others = (list(each) if isinstance(each, dict) else list(range(len(each))) for each in (first, second))
    return None if keys != others else [key for key in keys if first[key] is not second[key]]


def container(value: Any) -> Any:
    """What of an object, a list or a dict is read and written by keys."""
    return vars(value) if is_plain_object(value) else value


def keys_of(value: Any) -> Collection[Any]:
    """The keys by which it is read and written; none of what is no object, list or dict."""
    if isinstance(value, list | tuple):
        return range(len(value))
    return container(value) if isinstance(value, dict) or is_plain_object(value) else ()


def at_path(values: Mapping[str, Any], path: Iterable[Any]) -> Any:
    """What is found along a path; None where there is nothing."""
    value: Any = values
    for key in path:
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
        if id(value) not in seen and _parts(value) is not None:
            seen.add(id(value))
            yield path, value
            pending.extend(((*path, key), container(value)[key]) for key in keys_of(value))


def _same_items(first: dict[Any, Any], second: dict[Any, Any]) -> bool:
    return list(first) == list(second) and all(first[key] is second[key] for key in first)


def _merged(condition: Node, value: Any, if_true: Any, if_false: Any) -> Any:
    if type(value) is ArrayTracer:
        if if_true[0] is if_false[0]:
            return if_true[0], if_true[1] or if_false[1]
        node = merged(condition, wrap(if_true[0]), wrap(if_false[0])).node
        return node, if_true[1] or if_false[1]
    if isinstance(value, set):
        if if_true != if_false:
            raise CannotMerge
        return if_true
    return merged(condition, if_true, if_false)
