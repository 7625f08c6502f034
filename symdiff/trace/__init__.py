"""Tracing plain Python functions into Programs."""

from symdiff.trace.function import trace_function

__all__ = ["trace_function"]
