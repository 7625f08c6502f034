"""Calls of functions on traced values: the rule is found and applied, or the function is refused by name.

In: a function, the user's arguments. Out: nodes that remember the user's instruction; only the value that the call
returns takes the name it is assigned to.
"""

import inspect
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.errors import UnsupportedError
from symdiff.ir import make
from symdiff.ir.nodes import KINDS, Const, Node, ambient
from symdiff.ops.piecewise import equal, not_equal
from symdiff.ops.row import Op
from symdiff.tracing.alternatives import CHANGING, INSTEAD
from symdiff.tracing.conversions import compared_with_text, traced_option
from symdiff.tracing.forking import following, may_settle, refuse, settled
from symdiff.tracing.frames import Part, user_origin
from symdiff.tracing.numpy_indexing import is_whole
from symdiff.tracing.rules import Rule, path_rule_named, rule_of
from symdiff.tracing.values import has_tracer, is_traced, to_node

_EQUALITIES = frozenset({equal, not_equal})
_LAYOUT_KEYWORDS = frozenset({"order", "subok", "casting", "copy", "like", "device"})
_INSTEAD_OF_KEYWORDS = {
    "out": "assign the result, `y = f(x)`, in place of `f(x, out=y)`",
    "where": "put neutral elements where the mask is false: np.sum(np.where(mask, x, 0.0))",
    "dtype": "traced values are float64 or complex128: leave the dtype out",
}
# What Python says where a rule takes a node for a number.
_NODE_FOR_A_NUMBER = re.compile(rf"a node has no truth value|'({'|'.join(kind.__name__ for kind in KINDS)})'")
_FLOATS = (float, np.float64, "float", "float64", "d")


def apply_rule(rule: Rule, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What the rule makes of the user's arguments, as nodes."""
    whole = user_origin()
    part = None if whole is None else Part(whole.code, whole.offset)
    ambient.origin = part
    if kwargs:
        kwargs = _accepted(rule, kwargs)
    if isinstance(rule.apply, Op):
        if len(args) != rule.apply.arity:
            raise TypeError(f"{rule.name}() takes {rule.apply.arity} arguments but {len(args)} were given")
        result: Any = make.apply(rule.apply, [to_node(arg) for arg in args])
    else:
        lift = _operand if rule.is_elementwise else _node
        given, named = [lift(arg) for arg in args], {key: lift(value) for key, value in kwargs.items()}
        result = _applied(rule, given, named)
    for node in result if isinstance(result, tuple) else (result,):
        if isinstance(node, Node) and part is not None and node.origin is part:
            node.origin = whole
    return result


def _applied(rule: Rule, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """The rule's result. An option that it looks into and that depends on the arguments is refused.

    On the path of one input, options that are whole numbers are decided.
    """
    try:
        return rule.apply(*given, **named)
    except TypeError as error:
        if not _NODE_FOR_A_NUMBER.search(str(error)):
            raise
        names = [*inspect.signature(rule.apply).parameters]
        options = dict([*zip(names, given, strict=False)][1:]) | dict(named)
        traced = {
            name: node for name, node in options.items() if isinstance(node, Node) and not isinstance(node, Const)
        }
        decided = {
            name: _decided(node) for name, node in traced.items() if is_whole(node) and may_settle(node, "index")
        }
        if traced and not decided:
            name, node = traced.popitem()
            refuse(traced_option(rule.name.removeprefix("builtins."), name, node, user_origin()))
        if not decided:
            raise
    values = [decided.get(name, value) for name, value in zip(names[1:], given[1:], strict=False)]
    return _applied(rule, [*given[:1], *values], {name: decided.get(name, value) for name, value in named.items()})


def _decided(node: Node) -> Any:
    numbers = np.asarray(settled(node, "index", user_origin())).astype(int)
    return numbers if numbers.ndim else int(numbers)


def _node(value: Any) -> Any:
    """The node of a tracer; anything else as it is."""
    return value.node if is_traced(value) and not isinstance(value, Node) else value


def _operand(value: Any) -> Any:
    """Nodes for everything that an elementwise function computes with."""
    return to_node(value) if has_tracer(value) or isinstance(value, list | tuple | np.ndarray) else value


def _accepted(rule: Rule, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords that the rule knows. Others are refused by name, unless they ask for what is so anyway."""
    code = getattr(rule.apply, "__code__", None)
    known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if code is not None else ()
    takes_all = code is not None and code.co_flags & 0x08
    for key, value in kwargs.items():
        harmless = value is None or value is np._NoValue or key in _LAYOUT_KEYWORDS
        harmless = harmless or (key == "where" and value is True) or (key == "dtype" and value in _FLOATS)
        if not (key in known or takes_all or harmless):
            refuse(unsupported(f"`{key}=` of {rule.name}", _INSTEAD_OF_KEYWORDS.get(key, "")))
    return {key: value for key, value in kwargs.items() if (key in known or takes_all) and value is not np._NoValue}


def rule_or_refusal(target: Any, name: str = "") -> Rule:
    """The rule of a function; a refusal by name where there is none."""
    known = rule_of(target)
    if known is None:
        name = name or name_of(target)
        known = path_rule_named(name) if following() is not None else None
    if known is None:
        refuse(unsupported(name, INSTEAD.get(name, "")))
    return known


def rule_that_writes(ufunc: Any, name: str) -> Rule:
    """The rule of a ufunc, for its method `at`; NumPy's own writes into read-only arrays, constants of the trace."""
    known = rule_of(ufunc)
    return refuse(writes_otherwise(name)) if known is None else known


def on_numbers(function: Any, args: Sequence[Any], kwargs: Mapping[str, Any], name: str) -> Any:
    """What a function without a rule returns; one that writes into the arrays that it is given is refused."""
    try:
        return function(*args, **kwargs)
    except ValueError as error:
        if "read-only" not in str(error):
            raise
        name = name or name_of(function)
        refuse(writes_otherwise(name, INSTEAD.get(name, "")))


def name_of(target: Any) -> str:
    """What the user calls a function."""
    owner = getattr(target, "__module__", None) or getattr(getattr(target, "__self__", None), "__name__", None)
    name = getattr(target, "__name__", None) or repr(target)
    module = owner or (_home_of(target, name) if isinstance(target, np.ufunc) else "")
    module = ".".join(part for part in module.split(".") if not part.startswith("_")) if isinstance(module, str) else ""
    return f"{module}.{name}" if module not in ("", "builtins") else str(name)


def _home_of(ufunc: np.ufunc, name: str) -> str:
    """The module of a ufunc, which does not say where it comes from."""
    homes = [home for home in ("numpy", "scipy.special") if getattr(sys.modules.get(home), name, None) is ufunc]
    return homes[0] if homes else ""


def unsupported(what: str, alternative: str = "") -> UnsupportedError:
    """The refusal of a function, method or keyword."""
    return UnsupportedError(
        f"{what} is not traceable",
        origin=user_origin(),
        label="is applied to a value that depends on the arguments",
        why="symdiff has no rule for it, and calling it would need the arguments' numbers.",
        fix=alternative or "write it with operators and the functions of math and numpy that symdiff knows",
    )


def unknown_method(name: str, *, is_array: bool) -> UnsupportedError:
    """The refusal of an attribute that NumPy's arrays or numbers have."""
    what = f"the method `.{name}` of {'an array' if is_array else 'a number'}"
    if is_array and name in CHANGING:
        return writes_otherwise(what, CHANGING[name])
    return unsupported(what, INSTEAD.get(f"numpy.{name}", ""))


def writes_otherwise(what: str, alternative: str = "") -> UnsupportedError:
    """The refusal of a function or method that writes into an array in a way of its own."""
    return UnsupportedError(
        f"{what} is not traceable",
        origin=user_origin(),
        label="writes into an array",
        why="symdiff follows what assignments write, `y[key] = value`, and has no rule for this way of writing.",
        fix=alternative or "y[key] = value",
    )


def refuse_equality_with_text(op: Op, node: Node, other: Any) -> None:
    """Refuses `x == "text"` of a traced number, where no path of one input is followed."""
    if op in _EQUALITIES and isinstance(other, str) and following() is None:
        refuse(compared_with_text(node, other, user_origin()))
