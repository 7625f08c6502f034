"""Iterators of itertools as traced code has them: how far they have been taken can be seen.

In: a function or a type of itertools. Out: its stand-in, whose iterators count what is taken of them, by `next`, by a
loop, by `list` or an unpacking: a side of a choice that is not taken must not have taken anything.
"""

import itertools
from typing import Any

from symdiff.tracing.counted_iterators import CountedIterator
from symdiff.tracing.replacements import TypeReplacement

_MAKERS = {id(part) for name, part in vars(itertools).items() if callable(part) and not name.startswith("_")}


class IteratorMaker(TypeReplacement):
    """The stand-in of `itertools.chain` and its kind."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        made = self.original(*args, **kwargs)
        if type(made) is tuple:  # of `tee`
            return tuple(map(CountedIterator, made))
        return CountedIterator(made)

    def __getattr__(self, attribute: str) -> Any:
        part = getattr(self.original, attribute)
        return IteratorMaker(part) if attribute == "from_iterable" else part


def makes_iterators(value: Any) -> bool:
    """Whether a value is a function or a type of itertools."""
    return id(value) in _MAKERS
