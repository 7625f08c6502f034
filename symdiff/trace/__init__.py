"""Tracing plain Python functions into Programs."""

from symdiff.trace.function import trace_function
from symdiff.trace.inlining import inline_call
from symdiff.trace.tracer import is_tracer

__all__ = ["inline_call", "is_tracer", "trace_function"]
