"""Tracing plain Python functions into Programs."""

from symdiff.tracing.function import follow_function, trace_function
from symdiff.tracing.inlining import inline_call, inline_guards, is_inner_call

__all__ = ["follow_function", "inline_call", "inline_guards", "is_inner_call", "trace_function"]
