"""Iterators of itertools as traced code has them: how far they have been taken can be seen.

In: a function or a type of itertools. Out: its stand-in, whose iterators count what is taken of them, by `next`, by a
loop, by `list` or an unpacking: a side of a choice that is not taken must not have taken anything. An iterator that
never ends is stopped: `list(itertools.count())`.
"""

import itertools
import operator
from typing import Any

from symdiff.tracing import forking
from symdiff.tracing.counted_iterators import CountedIterator
from symdiff.tracing.frames import user_origin
from symdiff.tracing.loops import does_not_end
from symdiff.tracing.replacements import TypeReplacement

MOST_ITEMS = 200_000  # of an iterator that never ends; loops over it are stopped before
_MAKERS = {id(part) for name, part in vars(itertools).items() if callable(part) and not name.startswith("_")}


class IteratorMaker(TypeReplacement):
    """The stand-in of `itertools.chain` and its kind."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        made = self.original(*args, **kwargs)
        if type(made) is tuple:  # of `tee`
            return tuple(map(CountedIterator, made))
        return EndlessIterator(made) if _never_ends(made) else CountedIterator(made)

    def __getattr__(self, attribute: str) -> Any:
        part = getattr(self.original, attribute)
        return IteratorMaker(part) if attribute == "from_iterable" else part


class EndlessIterator(CountedIterator):
    """An iterator that never ends by itself."""

    def __next__(self) -> Any:
        if self.taken >= MOST_ITEMS:
            forking.refuse(does_not_end(user_origin(), f"{MOST_ITEMS:,} items have been taken of an endless iterator"))
        return super().__next__()


def _never_ends(made: Any) -> bool:
    if isinstance(made, itertools.repeat):
        return operator.length_hint(made, -1) < 0
    return isinstance(made, itertools.count | itertools.cycle)


def makes_iterators(value: Any) -> bool:
    """Whether a value is a function or a type of itertools."""
    return id(value) in _MAKERS
