"""Python's own functions on tracers: builtins, math, operator.

In: the user's arguments. Out: nodes. What Python does by itself through operators (`zip`, `map`, `abs`, `reversed`) has
no entry here.
"""

import functools
from collections.abc import Callable
from typing import Any

from symdiff.ir import make
from symdiff.ir.lengths import is_static, larger, smaller
from symdiff.ir.nodes import Node, Size
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.tracing.dimensions import length_of
from symdiff.tracing.numpy_layout import converted
from symdiff.tracing.numpy_order import ascending
from symdiff.tracing.rules import Given, rule, rule_named
from symdiff.tracing.tracer import unwrap, wrap
from symdiff.tracing.values import has_tracer, to_node


@rule("builtins.float")
def _float(x: Any = 0.0) -> Node:
    return converted(_number(x, "float"), float)


@rule("builtins.int", "math.trunc")
def _int(x: Any = 0) -> Node:
    """Piecewise constant, like the integer it is; a length stays one."""
    if isinstance(x, Size):
        return x
    number = _number(x, "int")
    return number if number.dtype == "int" else make.apply(p.trunc, [number])


@rule("float.is_integer")
def _is_integer(x: Any) -> Node:
    number = _number(x, "is_integer")
    return p.logical_and(p.isfinite(number), p.equal(number, p.floor(number)))  # type: ignore[no-any-return]


@rule("builtins.bool")
def _bool(x: Any = False) -> Node:
    return converted(_number(x, "bool"), bool)


def _number(x: Any, what: str) -> Node:
    node = to_node(x)
    if node.size != 1:
        raise TypeError(f"{what}() of an array of shape {node.shape}")
    return make.reshape(node, ())


@rule("builtins.len")
def _len(obj: Any) -> Any:
    """An open length is no int, which `__len__` would have to be."""
    if not isinstance(obj, Node):
        return len(obj)
    if not obj.shape:
        raise TypeError("object of type 'float' has no len()")
    return obj.shape[0]


@rule("builtins.sum")
def _sum(iterable: Any, /, start: Any = 0) -> Any:
    if isinstance(iterable, Node) and iterable.ndim:
        return to_node(start) + make.reduce("sum", iterable, [0])
    if isinstance(start, list | tuple):
        return Given(sum(map(_given, _elements(iterable)), start))
    return unwrap(sum(_elements(iterable), wrap(to_node(start))))


def _elements(iterable: Any) -> list[Any]:
    if isinstance(iterable, Node):
        return list(wrap(iterable))
    return list(iterable)


def _given(value: Any) -> Any:
    """An argument as the user's code has it."""
    return wrap(value) if isinstance(value, Node) else value


def _are_numbers(values: list[Any]) -> bool:
    """Whether all are numbers, some of them traced, as the keys of a dict are not; lists compare as Python does it."""
    return has_tracer(values) and not any(isinstance(value, list | tuple) for value in values)


def _extreme(combine: Callable[[Any, Any], Any], choose: Callable[..., Any], name: str) -> Callable[..., Any]:
    def extreme(*args: Any, key: Any = None, default: Any = None) -> Any:
        values = [*(_elements(args[0]) if len(args) == 1 else args)]
        if not values and default is not None:
            return Given(_given(default))
        if not values:
            raise ValueError(f"{name}() iterable argument is empty")
        if key is not None or not _are_numbers(values):
            return Given(choose(map(_given, values), key=key))
        lengths = [length for value in values if (length := length_of(value)) is not None]
        if len(lengths) == len(values) and not is_static(lengths):
            return make.size_of(functools.reduce(larger if name == "max" else smaller, lengths))
        return functools.reduce(combine, [to_node(value) for value in values])

    return extreme


rule("builtins.max")(_extreme(p.maximum, max, "max"))
rule("builtins.min")(_extreme(p.minimum, min, "min"))


@rule("builtins.all")
def _all(iterable: Any) -> Any:
    return functools.reduce(p.logical_and, map(_as_condition, _elements(iterable)), make.constant(True))


@rule("builtins.any")
def _any(iterable: Any) -> Any:
    return functools.reduce(p.logical_or, map(_as_condition, _elements(iterable)), make.constant(False))


def _as_condition(value: Any) -> Node:
    return make.apply(p.logical_not, [make.apply(p.logical_not, [to_node(value)])])


@rule("builtins.sorted")
def _sorted(iterable: Any, /, *, key: Any = None, reverse: Any = False) -> Any:
    elements = _elements(iterable)
    if key is not None or not _are_numbers(elements):
        return Given(sorted(map(_given, elements), key=key, reverse=reverse))
    values = make.stack([to_node(value) for value in elements])
    ordered = make.flip(ascending(values, 0), [0]) if reverse else ascending(values, 0)
    return [make.index(ordered, position) for position in range(len(_elements(values)))]


@rule("builtins.pow")
def _pow(base: Any, exp: Any, mod: Any = None) -> Node:
    if mod is not None:
        raise TypeError("pow() 3rd argument not allowed unless all arguments are integers")
    return make.apply(e.power, [to_node(base), to_node(exp)])


@rule("operator.index")
def _operator_index(a: Any) -> Any:
    return wrap(to_node(a)).__index__()


@rule("operator.truth")
def _operator_truth(a: Any) -> bool:
    return bool(wrap(to_node(a)))


@rule("math.fsum")
def _fsum(seq: Any) -> Any:
    return make.reduce("sum", make.stack([to_node(value) for value in _elements(seq)]))


@rule("math.prod")
def _prod(iterable: Any, /, *, start: Any = 1) -> Any:
    return functools.reduce(e.multiply, [to_node(value) for value in _elements(iterable)], to_node(start))


@rule("math.sumprod")
def _sumprod(p: Any, q: Any) -> Any:
    return _fsum([to_node(x) * to_node(y) for x, y in zip(_elements(p), _elements(q), strict=True)])


@rule("math.dist")
def _dist(p: Any, q: Any) -> Any:
    differences = [to_node(x) - to_node(y) for x, y in zip(_elements(p), _elements(q), strict=True)]
    return rule_named("math.hypot").apply(*differences)


@rule("math.isclose")
def _isclose(a: Any, b: Any, *, rel_tol: Any = 1e-9, abs_tol: Any = 0.0) -> Node:
    x, y = to_node(a), to_node(b)
    allowed = p.maximum(rel_tol * p.maximum(p.absolute(x), p.absolute(y)), abs_tol)
    return make.apply(p.less_equal, [p.absolute(x - y), allowed])


@rule("numpy.isclose")
def _isclose_numpy(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8) -> Node:
    x, y = to_node(a), to_node(b)
    return make.apply(p.less_equal, [p.absolute(x - y), atol + rtol * p.absolute(y)])


@rule("numpy.allclose")
def _allclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8) -> Node:
    return make.reduce("all", _isclose_numpy(a, b, rtol, atol))
