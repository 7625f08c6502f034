"""The table: every row by its name, and every function that traces to rows by its dotted names."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from symdiff.ops import (
    elementary,
    piecewise,
    scipy_bessel,
    scipy_distributions,
    scipy_integrals,
    special,
    stable,
)
from symdiff.ops.composites import COMPOSITES, SYMPY_COMPOSITES
from symdiff.ops.row import Op
from symdiff.ops.scipy_bessel import i0e_derivative, i1e_derivative, scaled_k_derivative
from symdiff.ops.special import dawsn_derivative, erfcx_derivative, polygamma, sinc_derivative


def _rows(*modules: ModuleType) -> dict[str, Op]:
    found = (value for module in modules for value in vars(module).values() if isinstance(value, Op))
    return {op.name: op for op in found}


# Families with a row for every order stand here with their first.
OPS: dict[str, Op] = _rows(elementary, piecewise, stable, special, scipy_bessel, scipy_integrals, scipy_distributions)
_FAMILIES = (polygamma, sinc_derivative, erfcx_derivative, dawsn_derivative)
for _family in (*_FAMILIES, i0e_derivative, i1e_derivative, scaled_k_derivative):
    OPS |= {op.name: op for op in (_family(1), _family(2))}

# "math.sin", "numpy.arcsin", "operator.add", "builtins.abs", … -> what it does to nodes and tracers.
TRACES: dict[str, Op | Callable[..., Any]] = {name: op for op in OPS.values() for name in op.traces} | COMPOSITES

# A function of SymPy's by name and number of arguments -> what it is here. Whole numbers among its arguments are passed
# as int, everything else as a node. Rows whose SymPy form is a larger expression are not here.
SYMPY_HEADS: dict[tuple[str, int], Op | Callable[..., Any]] = {
    (op.sympy, op.arity): op for op in OPS.values() if isinstance(op.sympy, str)
} | SYMPY_COMPOSITES
