"""NumPy's functions that go through the elements of an array one by one: fromiter, ndenumerate, nditer.

In: an array, or an iterable of numbers. Out: the array that is made of them, or an iterator over scalars.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.lengths import static
from symdiff.ir.nodes import Node
from symdiff.tracing.calls import unsupported
from symdiff.tracing.forking import refuse
from symdiff.tracing.rules import Given, rule
from symdiff.tracing.tracer import unwrap, wrap
from symdiff.tracing.values import has_tracer, to_node


@rule("numpy.fromiter", calls_back=True)
def _fromiter(iter: Iterable[Any], dtype: Any, count: int = -1) -> Any:
    """Items are taken as NumPy takes them: `count` of them, or all."""
    items = []
    for item in () if count == 0 else wrap(iter):
        items.append(item)
        if len(items) == count:
            break
    if not has_tracer(items):
        return Given(np.fromiter(items, dtype, count))
    if len(items) < count:
        raise ValueError(f"iterator too short: Expected {count} but iterator had only {len(items)} items.")
    return make.as_real(make.stack([to_node(unwrap(item)) for item in items]))


@rule("numpy.ndenumerate")
def _ndenumerate(arr: Any) -> Given:
    return Given(_with_places(to_node(arr)))


def _with_places(array: Node) -> Iterator[tuple[tuple[int, ...], Any]]:
    for place in np.ndindex(*static(array.shape, "np.ndenumerate")):
        yield place, wrap(make.index(array, place))


@rule("numpy.nditer")
def _nditer(op: Any, *args: Any, **kwargs: Any) -> Given:
    """Over the elements of one array, which are only read."""
    if args or kwargs or isinstance(op, tuple | list):
        several = "np.nditer of several arrays, or with options"
        refuse(unsupported(several, "for place in np.ndindex(a.shape): … a[place]"))
    return Given(iter([element for _, element in _with_places(to_node(op))]))
