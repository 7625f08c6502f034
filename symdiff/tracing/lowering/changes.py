"""Whether code may change an object that exists before it, as its source tells.

In: a part of a function. Out: whether it may write into an object, or take items of an iterator. What is known to do
neither is arithmetic, and calls of functions that only look at what they are given.
"""

import ast

import numpy as np

from symdiff.tracing.in_place import place_of_out

_MODULES = frozenset({"math", "np", "numpy", "cmath"})
_BUILTINS = frozenset({"abs", "min", "max", "float", "int", "len", "range", "sum", "round", "pow", "divmod", "bool"})
_TAKING = frozenset({"sum", "min", "max", "fsum", "prod", "sumprod", "dist", "fromiter"})
_WRITING = frozenset({"copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "nan_to_num"})
_VALUES = (ast.Name, ast.Attribute, ast.Subscript, ast.IfExp, ast.BoolOp, ast.NamedExpr)  # may be an iterator


def may_change(node: ast.AST) -> bool:
    """Whether running the code may change an object that exists before it."""
    return any(map(_changes, ast.walk(node)))


def _changes(part: ast.AST) -> bool:
    match part:
        case ast.Subscript() | ast.Attribute():
            return not isinstance(part.ctx, ast.Load)
        case ast.AugAssign():
            return True
        case ast.For() | ast.comprehension():
            return isinstance(part.iter, _VALUES)
        case ast.Starred() | ast.Assign(targets=[ast.Tuple() | ast.List()]):
            return isinstance(part.value, _VALUES)
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return isinstance(part.comparators[0], _VALUES)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)) if module in _MODULES:
            return _takes(part, name) or _writes(part, name)
        case ast.Call(func=ast.Name(id=name)) if name in _BUILTINS:
            return _takes(part, name)
    return isinstance(part, ast.Call)


def _takes(call: ast.Call, name: str) -> bool:
    return name in _TAKING and any(isinstance(each, _VALUES) for each in call.args)


def _writes(call: ast.Call, name: str) -> bool:
    """Whether a function of NumPy's is given what it writes into."""
    given_out = any(each.arg in ("out", None) for each in call.keywords)
    return name in _WRITING or given_out or len(call.args) > place_of_out(getattr(np, name, None))
