"""Stand-ins of functions and types: with numbers they are the original, with tracers they follow the rule.

In: a function or type, and its rule. Out: a callable that a rebuilt function finds in its place.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.lengths import counted, product
from symdiff.ir.nodes import Node, Shape
from symdiff.ops.row import Op
from symdiff.tracing import (  # noqa: F401 (they register rules)
    masked_places,
    norms,
    numpy_along,
    numpy_arrange,
    numpy_choice,
    numpy_complex,
    numpy_counted,
    numpy_fft,
    numpy_linalg,
    numpy_one_by_one,
    numpy_open,
    numpy_products,
    numpy_scans,
    open_lengths,
    picked,
    python_functions,
    scipy_integrate,
    scipy_linalg,
    statistics_functions,
    value_dtypes,
)
from symdiff.tracing.arithmetic_errors import RAISED, raise_where_caught, refuse_where_caught
from symdiff.tracing.calls import unsupported
from symdiff.tracing.forking import refuse
from symdiff.tracing.in_place import names_out
from symdiff.tracing.rules import add_operations, rule_named, rule_of
from symdiff.tracing.tracer import Tracer, call, call_function, call_ufunc, wrap
from symdiff.tracing.values import has_tracer, to_node
from symdiff.tracing.whole import as_float, class_of, is_pythons_int, whole

# Constructors whose arrays the user may want to write traced values into.
add_operations()

_WRITABLE = frozenset(
    {
        "zeros",
        "ones",
        "empty",
        "full",
        "zeros_like",
        "ones_like",
        "empty_like",
        "full_like",
        "array",
        "copy",
        "eye",
        "identity",
        "linspace",
        "arange",
    }
)


# They look at all that is in their argument, whatever it is.
_GOING_THROUGH = frozenset({"builtins.max", "builtins.min", "builtins.sorted"})


_ROUNDING = frozenset({"math.trunc", "math.floor", "math.ceil", "builtins.round"})  # without a number of digits
_ADDING = frozenset({"builtins.sum", "math.prod"})
_KEEPING = _ADDING | {"builtins.max", "builtins.min", "builtins.abs", "builtins.divmod", "math.comb", "math.factorial"}


class Replacement:
    """What stands in for `original`. Attributes are the original's."""

    def __init__(self, original: Any) -> None:
        self.original = original
        self.rule = rule_of(original)
        self._calls_back = self.rule is not None and self.rule.calls_back
        name = "" if self.rule is None else self.rule.name
        self._raises = RAISED.get(name, ())
        self._raises_as = "math" if name.startswith("math.") else "operator"
        self._goes_through = name in _GOING_THROUGH or name.startswith("statistics.")
        self._is_linear_algebra = name.startswith(("numpy.linalg.", "scipy.linalg."))
        self._row = self.rule.apply if self.rule is not None and isinstance(self.rule.apply, Op) else None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._goes_through and args and isinstance(args[0], Iterator):
            args = (list(args[0]), *args[1:])  # what is in it may be traced
        for arg in args:
            if isinstance(arg, Tracer):
                if self._raises:
                    raise_where_caught(self._raises_as, self._raises, args)
                if self._row is not None and len(args) == self._row.arity and not kwargs:
                    return self._row(*args)  # the short way of most nodes
                break
        else:
            if not (self._calls_back or has_tracer(args) or has_tracer(kwargs)):
                return self.original(*args, **kwargs)
        if self._is_linear_algebra:
            refuse_where_caught(self.rule.name)  # type: ignore[union-attr]
        if self.rule is None or names_out(self.original, args, kwargs):
            return call_function(self.original, args, kwargs)
        return call(self.rule, args, kwargs)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.original, attribute)

    def __repr__(self) -> str:
        return repr(self.original)


class ConstructorReplacement(Replacement):
    """The stand-in of `np.zeros` and its kind: its arrays take traced values, `y = np.zeros(3); y[0] = x`."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        made = super().__call__(*args, **kwargs)
        if type(made) is np.ndarray and made.ndim and made.dtype in (np.float64, np.complex128):
            if self.original is np.empty or self.original is np.empty_like:
                made[...] = np.nan
            array = wrap(to_node(made))
            array.is_rows_first = made.flags.c_contiguous
            return array
        return made


class WholeReplacement(Replacement):
    """The stand-in of a function of Python's that gives whole numbers: always, or where it is given nothing else."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.rule.name in _ADDING and args and isinstance(args[0], Iterator):  # type: ignore[union-attr]
            args = (list(args[0]), *args[1:])
        result = super().__call__(*args, **kwargs)
        return whole(result) if self._gives_whole(args, kwargs) else result

    def _gives_whole(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        name = self.rule.name  # type: ignore[union-attr]
        if name in _ROUNDING:
            return len(args) == 1 and not any(value is not None for value in kwargs.values())
        given = [*args, *kwargs.values()]
        return all(map(is_pythons_int, _flat(given)))


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if type(value) in (list, tuple):
            yield from value
        else:
            yield value


class TypeReplacement(Replacement):
    """The stand-in of a type such as `float`, called to convert. Wherever a type is wanted, it is the original."""

    @property
    def dtype(self) -> Any:
        """What NumPy reads when the type is given as a dtype."""
        return np.dtype(self.original)

    def __instancecheck__(self, value: Any) -> bool:
        return isinstance(value, self.original)

    def __subclasscheck__(self, kind: Any) -> bool:
        return issubclass(getattr(kind, "original", kind), self.original)

    def __mro_entries__(self, bases: Any) -> tuple[type, ...]:
        return (self.original,)

    def __eq__(self, other: Any) -> bool:
        return self.original is getattr(other, "original", other)

    def __hash__(self) -> int:
        return hash(self.original)

    def __or__(self, other: Any) -> Any:
        return self.original | getattr(other, "original", other)

    def __ror__(self, other: Any) -> Any:
        return other | self.original

    def __getitem__(self, parameters: Any) -> Any:
        return self.original[parameters]


class NumberReplacement(TypeReplacement):
    """The stand-in of `int` or `float`, whose results are of this type."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = super().__call__(*args, **kwargs)
        return whole(result) if self.original is int else as_float(result)


class TypeOfReplacement(TypeReplacement):
    """The stand-in of `type`: `type(x) is float` compares stand-ins."""

    def __init__(self, swap: Callable[[Any], Any]) -> None:
        super().__init__(type)
        self._swap = swap

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1:
            return self._swap(class_of(args[0]))
        return type(*args, **kwargs)


class UfuncReplacement(Replacement):
    """The stand-in of a ufunc, whose methods take nested lists of tracers too."""

    def reduce(self, *args: Any, **kwargs: Any) -> Any:
        return self._method("reduce", args, kwargs)

    def accumulate(self, *args: Any, **kwargs: Any) -> Any:
        return self._method("accumulate", args, kwargs)

    def outer(self, *args: Any, **kwargs: Any) -> Any:
        return self._method("outer", args, kwargs)

    def at(self, *args: Any, **kwargs: Any) -> Any:
        return self._method("at", args, kwargs)

    def _method(self, method: str, args: Any, kwargs: Any) -> Any:
        if not has_tracer(args):
            return getattr(self.original, method)(*args, **kwargs)
        return call_ufunc(self.original, method, args, kwargs)


class Vectorized(Replacement):
    """The stand-in of what `np.vectorize` and `np.frompyfunc` make: the function, element by element."""

    def __init__(self, original: Any, function: Callable[..., Any]) -> None:
        super().__init__(original)
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if getattr(self.original, "signature", None) is not None or getattr(self.original, "excluded", None):
            return self.original(*args, **kwargs)
        if has_tracer(args) or has_tracer(kwargs):
            return self._of_traced([to_node(arg) for arg in args], kwargs)
        return self._of_numbers(np.broadcast_arrays(*args), kwargs)

    def _of_traced(self, nodes: list[Node], kwargs: dict[str, Any]) -> Any:
        shape = make.broadcast_shapes(nodes)
        count = counted(product(shape), "np.vectorize")
        columns = [make.reshape(make.broadcast(node, shape), (count,)) for node in nodes]
        rows = [[wrap(make.index(column, position)) for column in columns] for position in range(count)]
        return _stacked([self._function(*row, **kwargs) for row in rows], shape)

    def _of_numbers(self, arrays: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """The function may hold traced values where its arguments are plain."""
        shape = arrays[0].shape if arrays else ()
        made = [self._function(*row, **kwargs) for row in zip(*(array.ravel() for array in arrays), strict=True)]
        if has_tracer(made):
            return _stacked(made, shape)
        if not made:
            return self.original(*arrays)
        given = iter(made)
        return np.vectorize(lambda *_: next(given), self._types(made[0]))(*arrays)

    def _types(self, first: Any) -> str:
        """The dtypes of the results: those that were asked for, or those of the first element's."""
        if isinstance(self.original, np.ufunc):
            return "O" * self.original.nout
        results = first if isinstance(first, tuple) else (first,)
        return self.original.otypes or "".join([np.asarray(result).dtype.char for result in results])


def _stacked(elements: Sequence[Any], shape: Shape) -> Any:
    """The arrays of all elements; several where the function returns several numbers."""
    if elements and isinstance(elements[0], tuple):
        return tuple(_stacked(column, shape) for column in zip(*elements, strict=True))
    return wrap(make.reshape(make.stack([to_node(element) for element in elements]), shape))


class Concatenator(Replacement):
    """The stand-in of `np.r_`, which joins along the first axis, and `np.c_`, which joins columns along the last."""

    def __getitem__(self, key: Any) -> Any:
        parts = key if isinstance(key, tuple) else (key,)
        if not has_tracer(parts):
            return self.original[key]
        axis = 0 if self.original is np.r_ else -1
        return call(rule_named("numpy.concatenate"), ([self._arranged(part) for part in parts], axis), {})

    def _arranged(self, part: Any) -> Any:
        """A part as an array: a range of numbers, a vector or, between the brackets of `np.c_`, a column."""
        if isinstance(part, str):
            refuse(unsupported("a text in np.r_ or np.c_", "np.concatenate([a, b], axis=…)"))
        if isinstance(part, slice):
            return self.original[part]
        node = to_node(part)
        as_column = (*node.shape, *(1,) * (2 - node.ndim))
        return wrap(make.reshape(node, (node.shape or (1,)) if self.original is np.r_ else as_column))


def replacement(value: Any) -> Replacement:
    """The stand-in that fits a function or type."""
    if isinstance(value, np.ufunc):
        return UfuncReplacement(value)
    if value is np.r_ or value is np.c_:
        return Concatenator(value)
    if isinstance(value, type):
        return NumberReplacement(value) if value in (int, float) else TypeReplacement(value)
    rule = rule_of(value)
    if rule is not None and rule.name in _ROUNDING | _KEEPING:
        return WholeReplacement(value)
    if getattr(value, "__name__", "") in _WRITABLE and getattr(np, value.__name__, None) is value:
        return ConstructorReplacement(value)
    return Replacement(value)
