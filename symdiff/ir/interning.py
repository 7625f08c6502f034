"""Hash-consing: equal nodes are one object.

In: the key of a node, which holds the nodes it is made of by identity. Out: the one node filed under it. The table
holds nodes weakly: a node that nobody uses is forgotten.
"""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from weakref import ref

if TYPE_CHECKING:
    from symdiff.ir.node import Node


class _Reference(ref["Node"]):
    """A weak reference that knows the key it is filed under."""

    __slots__ = ("key",)

    key: tuple[Any, ...]


class _Asked(threading.local):
    """How many nodes this thread has asked for, new ones and known ones, and how many of them were new."""

    count = 0
    made = 0


_asked = _Asked()
_interned: dict[tuple[Any, ...], _Reference] = {}
_lock = threading.RLock()  # a node may die, and be forgotten, while another is being filed
_FEWEST = 10_000


class _Sweep:
    """At how many entries those of dead nodes are looked for: where twice as many are filed as the last time."""

    entries = _FEWEST


def intern(key: tuple[Any, ...], create: Callable[[], "Node"]) -> "Node":
    """The node known under the key, or the one that `create` makes. Keys hold nodes by identity."""
    _asked.count += 1
    with _lock:
        node = known(key)
        if node is None:
            node = create()
            _asked.made += 1
            reference = _Reference(node, _forget)
            reference.key = key
            _interned[key] = reference
            if len(_interned) > _Sweep.entries:
                _sweep()
    return node


def operations() -> int:
    """How many nodes this thread has asked for: a measure of work that does not depend on what others have made."""
    return _asked.count


def made() -> int:
    """How many new nodes this thread has made."""
    return _asked.made


def known(key: tuple[Any, ...]) -> "Node | None":
    """The node known under the key."""
    reference = _interned.get(key)
    return None if reference is None else reference()


def in_order_of_creation(nodes: Iterable["Node"]) -> list["Node"]:
    """The nodes, but not the inputs among them, in the order in which the trace made them."""
    wanted = set(nodes)
    with _lock:  # the table keeps the order in which it was filled
        made = [reference() for reference in _interned.values()]
    return [node for node in made if node is not None and node in wanted]


def _forget(reference: _Reference) -> None:
    """Called when a node dies; by then another may have taken its key."""
    with _lock:
        if _interned.get(reference.key) is reference:
            del _interned[reference.key]


def _sweep() -> None:
    """Forget the dead nodes that `_forget` could not: Python does not call it where one dies on a full stack."""
    for reference in list(_interned.values()):
        if reference() is None:
            _forget(reference)
    _Sweep.entries = max(_FEWEST, 2 * len(_interned))
