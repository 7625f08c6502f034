"""Compiled traces, kept for later calls: by each derivative, and by the function that it is of.

In: what a derivative has traced, by the structure and shapes of the arguments. Out: the traces of a function that all
derivatives of one kind share. `grad(f)(x)` is often written where it is called, and should be traced once.
"""

import functools
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from symdiff.ir.program import Program, Reading
from symdiff.runtime.guarded import GuardedTraces
from symdiff.tracing.hidden import HiddenArgument, current_hidden
from symdiff.tracing.traced_slices import BEYOND

MOST_KEPT = 64


@dataclass(frozen=True)
class Kept:
    """A compiled trace, good for as long as what it has read besides the arguments holds."""

    function: Callable[..., Any]
    readings: Sequence[Reading]
    traced: Program | None = None  # of the function; None on a path
    hidden: Sequence[HiddenArgument] = ()
    is_counted: bool = False  # made for a call in which a slice has another length

    def holds(self) -> bool:
        """Whether the trace is right for a call now. Inside a trace, that one takes in what is hidden."""
        return all(reading.holds() for reading in self.readings) and not (self.hidden and current_hidden())

    @functools.cached_property
    def has_slices(self) -> bool:
        """Whether it holds only for calls in which slices have the lengths that they had in the first."""
        return self.traced is not None and any(check.details == (BEYOND,) for check in self.traced.checks)


@dataclass(eq=False)
class Pool:
    """The traces of all derivatives of one kind of one function: `grad(f)` is often written where it is called.

    fixed: numbers that the function counts or indexes with.
    followed: keys of calls that have no closed form.
    pools: those of derivatives of this derivative, by their options.
    """

    fixed: tuple[str, ...] = ()
    kept: OrderedDict[Hashable, Kept] = field(default_factory=OrderedDict)
    guarded: OrderedDict[Hashable, GuardedTraces] = field(default_factory=OrderedDict)
    followed: OrderedDict[Hashable, None] = field(default_factory=OrderedDict)
    pools: dict[Hashable, "Pool"] = field(default_factory=dict)


class Pools(dict[Hashable, Pool]):
    """The pools of a function, by the options of its derivatives.

    They are an attribute of the function, so that both are freed together though the traces refer to the function; no
    copy of the function's attributes, as `functools.wraps` makes one, nor a pickle takes them along.
    """

    def __init__(self, owner: Any) -> None:
        super().__init__()
        self.owner = weakref.ref(owner)

    def __reduce__(self) -> Any:
        return dict, ()


_ATTRIBUTE = "_symdiff_traces"
_pools_lock = threading.Lock()


def pool_of(owner: Any, *options: Any) -> Pool:
    """The pool of a function, or of a derivative by its own pool; one that nobody else has where none can be shared."""
    try:
        hash(options)
    except TypeError:
        return Pool()
    with _pools_lock:
        if isinstance(owner, Pool):
            return owner.pools.setdefault(options, Pool())
        if not isinstance(owner, FunctionType):  # bound methods are made anew whenever they are read
            return Pool()
        pools = vars(owner).get(_ATTRIBUTE)
        if not isinstance(pools, Pools) or pools.owner() is not owner:
            pools = vars(owner)[_ATTRIBUTE] = Pools(owner)
        return pools.setdefault(options, Pool())


def put(cache: OrderedDict[Hashable, Any], key: Hashable, value: Any) -> None:
    """Puts a value in front; the one that was not used for the longest time goes out."""
    cache[key] = value
    cache.move_to_end(key)
    while len(cache) > MOST_KEPT:
        cache.popitem(last=False)
