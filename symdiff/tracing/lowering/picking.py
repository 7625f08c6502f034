"""Elements of lists and tuples at positions that depend on the arguments: `table[i][j]` with `i = int(x)`.

In: what is subscripted, and the keys. Out: the element. What all elements have in common is its form, and its numbers
are picked from arrays of theirs. A list among them is a copy, and kept only where nobody can write into the original.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from symdiff.errors import AssignmentError
from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.tracing.arithmetic_errors import within
from symdiff.tracing.forking import following, refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.frozen import frozen, is_frozen
from symdiff.tracing.numpy_indexing import indexed, is_whole
from symdiff.tracing.tracer import ArrayTracer, Tracer, wrap
from symdiff.tracing.values import is_numeric, to_node
from symdiff.tracing.views import owner_of

_SEQUENCES = (list, tuple)


def element(holder: Any, *keys: Any) -> Any:
    """`holder[key]`, or `holder[key][key]`."""
    *others, last = keys
    picked_from = holder
    for key in others:
        holder = subscripted(holder, key, is_kept=False)
    found = subscripted(holder, last, is_kept=True)
    if any(isinstance(key, Tracer) for key in keys) and isinstance(picked_from, _SEQUENCES) and following() is None:
        share_what_is_picked(found, picked_from)
    return found


def share_what_is_picked(found: Any, elements: Any) -> None:
    """Arrays that are picked are in truth one of the elements: neither is written to any more."""
    arrays = list(_arrays_in(found))
    if arrays:
        for each in (*arrays, *_arrays_in(elements)):
            each.is_shared = owner_of(each).is_shared = True


def _arrays_in(value: Any) -> Iterator[ArrayTracer]:
    if type(value) is ArrayTracer:
        yield value
    elif isinstance(value, dict):
        yield from _arrays_in(list(value.values()))
    elif isinstance(value, _SEQUENCES):
        for part in value:
            yield from _arrays_in(part)


def subscripted(holder: Any, key: Any, *, is_kept: bool) -> Any:
    """`holder[key]`; `is_kept` says whether the function sees it."""
    if not isinstance(key, Tracer) or not isinstance(holder, _SEQUENCES) or key.node.shape:
        return holder[key]
    if following() is not None or not holder or not is_whole(key.node):
        return holder[key]
    place = within(key.node, len(holder))
    try:
        return _picked(holder, place, is_kept)
    except _NoCommonFormError:
        return holder[key]


class _NoCommonFormError(Exception):
    """The elements are of different kinds, lengths or shapes, or may change while a copy is held."""


def _picked(elements: Sequence[Any], place: Node, is_kept: bool) -> Any:
    first = elements[0]
    if all(each is first for each in elements):
        return first
    if all(map(is_numeric, elements)):
        return _number(elements, place)
    kind = type(first)
    if any(type(each) is not kind for each in elements) or not isinstance(first, (*_SEQUENCES, dict)):
        raise _NoCommonFormError
    if is_kept and not isinstance(first, tuple) and not is_frozen(first):
        raise _NoCommonFormError
    if isinstance(first, dict):
        if any(list(each) != list(first) for each in elements):
            raise _NoCommonFormError
        return _DictOfPicked({key: _picked([each[key] for each in elements], place, is_kept) for key in first})
    if any(len(each) != len(first) for each in elements):
        raise _NoCommonFormError
    parts = [_picked(column, place, is_kept) for column in zip(*elements, strict=True)]
    if isinstance(first, list):
        return _ListOfPicked(parts)
    return kind(*parts) if hasattr(kind, "_fields") else tuple(parts)


def _number(elements: Sequence[Any], place: Node) -> Any:
    nodes = [to_node(each) for each in elements]
    if any((node.shape, node.dtype) != (nodes[0].shape, nodes[0].dtype) for node in nodes):
        raise _NoCommonFormError
    return wrap(indexed(make.stack(nodes), place))


def _refuse_writing(_: str) -> NoReturn:
    refuse(
        AssignmentError(
            "an assignment into a list that was picked at a traced position",
            origin=user_origin(),
            why="It is put together from all lists that may stand there; none of them would see the change.",
            fix="write into the table itself, `table[i, j] = value`, as an array; or into a copy, `list(table[i])`",
        )
    )


_ListOfPicked = frozen(list, _refuse_writing)
_DictOfPicked = frozen(dict, _refuse_writing)
