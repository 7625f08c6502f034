"""Tracing plain Python functions into Programs."""

from symdiff.tracing.function import trace_function
from symdiff.tracing.inlining import inline_call, is_inner_call

__all__ = ["inline_call", "is_inner_call", "trace_function"]
