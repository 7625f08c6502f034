"""symdiff: a plain Python function in; a closed form, its derivatives, and fast standalone source out.

The names below are imported when first used: SymPy is not loaded before an expression is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from symdiff.api import (
        deriv,
        derivative,
        elementwise_grad,
        grad,
        hessian,
        hvp,
        jacobian,
        jvp,
        lambdify,
        make_hvp,
        make_jvp,
        make_vjp,
        trace,
        value_and_grad,
        vjp,
    )
    from symdiff.build.generate import generate
    from symdiff.errors import (
        ArgumentError,
        AssignmentError,
        BackendError,
        BranchError,
        CheckError,
        ConfigurationError,
        ConversionError,
        DisconnectedInputError,
        ExpressionError,
        LoopError,
        OutputError,
        OutputFileError,
        ScalarOutputError,
        ShapeError,
        SymbolError,
        SymdiffError,
        TargetError,
        TraceError,
        UnsupportedError,
        VerificationError,
    )
    from symdiff.teach.drawing import draw
    from symdiff.teach.tape import tape

_HOMES = {
    "symdiff.api": (
        "deriv",
        "derivative",
        "elementwise_grad",
        "grad",
        "hessian",
        "hvp",
        "jacobian",
        "jvp",
        "lambdify",
        "make_hvp",
        "make_jvp",
        "make_vjp",
        "trace",
        "value_and_grad",
        "vjp",
    ),
    "symdiff.build.generate": ("generate",),
    "symdiff.errors": (
        "ArgumentError",
        "AssignmentError",
        "BackendError",
        "BranchError",
        "CheckError",
        "ConfigurationError",
        "ConversionError",
        "DisconnectedInputError",
        "ExpressionError",
        "LoopError",
        "OutputError",
        "OutputFileError",
        "ScalarOutputError",
        "ShapeError",
        "SymbolError",
        "SymdiffError",
        "TargetError",
        "TraceError",
        "UnsupportedError",
        "VerificationError",
    ),
    "symdiff.teach.drawing": ("draw",),
    "symdiff.teach.tape": ("tape",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ArgumentError",
    "AssignmentError",
    "BackendError",
    "BranchError",
    "CheckError",
    "ConfigurationError",
    "ConversionError",
    "DisconnectedInputError",
    "ExpressionError",
    "LoopError",
    "OutputError",
    "OutputFileError",
    "ScalarOutputError",
    "ShapeError",
    "SymbolError",
    "SymdiffError",
    "TargetError",
    "TraceError",
    "UnsupportedError",
    "VerificationError",
    "deriv",
    "derivative",
    "draw",
    "elementwise_grad",
    "generate",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "lambdify",
    "make_hvp",
    "make_jvp",
    "make_vjp",
    "tape",
    "trace",
    "value_and_grad",
    "vjp",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'symdiff' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
