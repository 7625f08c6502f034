"""Declared symbols, in the manner of Theano: expressions of them are compiled into functions, with shared variables.

In: `scalar`, `vector`, `matrix` …, NumPy's functions and operators on them. Out: `function`, `grad`, `pp` …

>>> import numpy as np
>>> from symdiff.symbolic import dscalars, function, grad, pp
>>> x, y = dscalars("x", "y")
>>> z = x + y
>>> pp(z)
'(x + y)'
>>> function([x, y], z)(2, 3)
5.0
"""

from typing import Any

from symdiff.symbolic.applied import apply
from symdiff.symbolic.choices import ifelse, inc_subtensor, set_subtensor, switch
from symdiff.symbolic.compiled_function import Function, function
from symdiff.symbolic.creation import arange, eye, full, ones, zeros
from symdiff.symbolic.declarations import (
    WORDS,
    col,
    declaration,
    matrix,
    row,
    scalar,
    tensor,
    tensor3,
    tensor4,
    tensor5,
    vector,
)
from symdiff.symbolic.gradients import Lop, Rop, disconnected_grad, grad, hessian, jacobian, zero_grad
from symdiff.symbolic.loops import scan, until
from symdiff.symbolic.printing import debugprint, pp
from symdiff.symbolic.random_streams import RandomStreams
from symdiff.symbolic.shared_variables import Shared, shared
from symdiff.symbolic.substitution import clone
from symdiff.symbolic.symbol import Symbol
from symdiff.symbolic.wiring import In

__all__ = [
    "Function",
    "In",
    "Lop",
    "RandomStreams",
    "Rop",
    "Shared",
    "Symbol",
    "apply",
    "arange",
    "clone",
    "col",
    "debugprint",
    "disconnected_grad",
    "eye",
    "full",
    "function",
    "grad",
    "hessian",
    "ifelse",
    "inc_subtensor",
    "jacobian",
    "matrix",
    "ones",
    "pp",
    "row",
    "scalar",
    "scan",
    "set_subtensor",
    "shared",
    "switch",
    "tensor",
    "tensor3",
    "tensor4",
    "tensor5",
    "until",
    "vector",
    "zero_grad",
    "zeros",
]


def __getattr__(name: str) -> Any:
    """`dmatrix`, `iscalars`, `vectors` …: a type and a rank, one symbol or several."""
    found = declaration(name)
    if found is None:
        raise AttributeError(f"module 'symdiff.symbolic' has no attribute {name!r}")
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, *WORDS])
