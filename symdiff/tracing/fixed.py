"""Numbers that a function counts or indexes with: `range(n)`, `x[i]`, `data[start : start + size]`.

In: a call of a function that cannot be traced for every value of its arguments. Out: the parameters that may keep the
value of the call, because nothing is differentiated by them; whole numbers are tried first, then all plain numbers.
"""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np


def named_arguments(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """What a call gives, by the name of the parameter, defaults included; nothing where there is no signature.

    >>> named_arguments(lambda x, n=3: x**n, [2.0], {})
    {'x': 2.0, 'n': 3}
    """
    try:
        bound = inspect.signature(function).bind_partial(*args, **kwargs)
    except (TypeError, ValueError):
        return {}
    bound.apply_defaults()
    return dict(bound.arguments)


def fixable(given: Mapping[str, Any], wrt: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The parameters to keep at their values, most sparing first.

    >>> list(fixable({"x": 1.5, "n": 3, "rate": 0.1}, ["x"]))
    [('n',), ('n', 'rate')]
    """
    whole = tuple([name for name, value in given.items() if name not in wrt and _is_whole(value)])
    plain = tuple([name for name, value in given.items() if name not in wrt and _is_plain(value)])
    if whole:
        yield whole
    if len(plain) > len(whole):
        yield plain


def counts(given: Mapping[str, Any], wrt: Collection[str]) -> dict[str, Any]:
    """The whole numbers that nothing is differentiated by.

    >>> counts({"x": 1, "n": 3, "rate": 0.1}, ["x"])
    {'n': 3}
    """
    return {
        name: value
        for name, value in given.items()
        if name not in wrt and (type(value) is int or isinstance(value, np.integer))
    }


def _is_whole(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iu"
    return type(value) is int or isinstance(value, np.integer)


def _is_plain(value: Any) -> bool:
    return _is_whole(value) or type(value) is float or isinstance(value, np.floating)
