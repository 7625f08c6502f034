"""Tracing plain Python functions into Programs."""

from symdiff.trace.function import trace_function
from symdiff.trace.inline import inline_call, is_traced

__all__ = ["inline_call", "is_traced", "trace_function"]
