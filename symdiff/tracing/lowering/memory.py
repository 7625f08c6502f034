"""Objects that a side of a choice may change, set back before the other side runs and merged afterwards.

In: the values that running code can reach. Out: their contents, as they were and as each side left them.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from symdiff.ir.nodes import Node
from symdiff.tracing.lowering.merging import CannotMerge, merged
from symdiff.tracing.tracer import ArrayTracer, wrap

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
    if _is_plain_object(value):
        return list(vars(value).values())
    return None


def _is_plain_object(value: Any) -> bool:
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
