"""Stand-ins of functions and types: with numbers they are the original, with tracers they follow the rule.

In: a function or type, its name and its rule. Out: a callable that a rebuilt function finds in its place.
"""

from typing import Any

import numpy as np

from symdiff.trace.rules import Rule
from symdiff.trace.tracer import Tracer, call_rule, has_tracer, name_of, unsupported
from symdiff.trace.forking import refuse


class Replacement:
    """What stands in for `original`. Attributes are the original's."""

    __slots__ = ("__dict__", "name", "original", "rule")

    def __init__(self, original: Any, name: str, rule: Rule | None) -> None:
        self.original = original
        self.name = name or name_of(original)
        self.rule = rule

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.original, attribute)

    def __repr__(self) -> str:
        return repr(self.original)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for arg in args:
            if isinstance(arg, Tracer):
                break
        else:
            if not has_tracer(args) and not has_tracer(kwargs):
                return self.original(*args, **kwargs)
        if self.rule is None:
            refuse(unsupported(self.name))
        return call_rule(self.name, self.rule, args, kwargs)


class FunctionReplacement(Replacement):
    """The stand-in of a function."""

    __slots__ = ()


class TypeReplacement(Replacement):
    """The stand-in of a type such as `float`, called to convert. `isinstance` sees the original."""

    __slots__ = ()

    def __or__(self, other: Any) -> Any:
        return self.original | getattr(other, "original", other)

    def __ror__(self, other: Any) -> Any:
        return other | self.original

    def __getitem__(self, parameters: Any) -> Any:
        return self.original[parameters]


class UfuncReplacement(Replacement):
    """The stand-in of a ufunc, whose methods take nested lists of tracers too."""

    __slots__ = ()

    def reduce(self, array: Any, *args: Any, **kwargs: Any) -> Any:
        return self._method("reduce", array, *args, **kwargs)

    def accumulate(self, array: Any, *args: Any, **kwargs: Any) -> Any:
        return self._method("accumulate", array, *args, **kwargs)

    def outer(self, a: Any, b: Any, **kwargs: Any) -> Any:
        return self._method("outer", a, b, **kwargs)

    def _method(self, method: str, *args: Any, **kwargs: Any) -> Any:
        from symdiff.trace.ufuncs import call_ufunc_method

        if not has_tracer(args):
            return getattr(self.original, method)(*args, **kwargs)
        return call_ufunc_method(self.original, method, args, kwargs)
