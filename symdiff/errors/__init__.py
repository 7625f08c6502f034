"""The exceptions: each has a stable code, the user's line with a caret, a cause, and a fix that can be pasted.

In: what went wrong, where, why, how to mend it. Out: a message of at most twelve lines.
"""

from symdiff.errors.base import SymdiffError, UserTraceback, short_traceback
from symdiff.errors.catalogue import catalogue, explain
from symdiff.errors.message import did_you_mean
from symdiff.errors.tracing import (
    AssignmentError,
    BranchError,
    ConversionError,
    GuardedError,
    LoopError,
    OutputError,
    ShapeError,
    TraceError,
    UnsupportedError,
)
from symdiff.errors.usage import (
    ArgumentError,
    BackendError,
    CheckError,
    ConfigurationError,
    DisconnectedInputError,
    ExpressionError,
    HolomorphicError,
    OutputFileError,
    ScalarOutputError,
    SymbolError,
    TargetError,
    VerificationError,
)

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
    "GuardedError",
    "HolomorphicError",
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
    "UserTraceback",
    "VerificationError",
    "catalogue",
    "did_you_mean",
    "explain",
    "short_traceback",
]
