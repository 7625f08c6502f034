"""Programs compiled in memory.

In: a Program and the name of a backend. Out: a plain function, with its text in `linecache` for as long as it lives.
"""

import importlib
import itertools
import linecache
import weakref
from collections.abc import Callable, Mapping
from types import CodeType, FunctionType, MappingProxyType
from typing import Any

from symdiff.emit.function import FunctionText, function_text
from symdiff.ir.program import Program

EMPTY: Mapping[str, Any] = MappingProxyType({})
_numbers = itertools.count()
_SUPPORT_MODULES = ("symdiff.ops.support_arrays", "symdiff.ops.support_numpy")


def compile_program(program: Program, backend: str = "numpy", *, name: str | None = None) -> Callable[..., Any]:
    """The function that computes the program.

    Raises BackendError for a backend that does not exist or cannot express the program.
    """
    return compile_text(function_text(program, backend, name=name, annotations=False), backend)


def compile_text(text: FunctionText, backend: str, others: Mapping[str, Any] = EMPTY) -> Callable[..., Any]:
    """The function of a text; `others` are the functions that it calls besides support functions."""
    source = "\n".join([*text.imports, *text.constants, *text.lines, ""])
    namespace: dict[str, Any] = {f"_{function}": support_function(function, backend) for function in text.support}
    return define(source, text.name, namespace | dict(others))


def support_function(name: str, backend: str) -> Callable[..., Any]:
    """A support function by its name."""
    modules = ("symdiff.ops.support_math",) if backend == "math" else _SUPPORT_MODULES
    for module in modules:
        try:
            found = getattr(importlib.import_module(module), name, None)
        except ModuleNotFoundError:
            continue
        if found is not None:
            return found  # type: ignore[no-any-return]
    raise LookupError(f"no support function {name}")


def define(source: str, name: str, namespace: Mapping[str, Any]) -> Callable[..., Any]:
    """The function that the source defines under the name."""
    filename = f"<symdiff {name} {next(_numbers)}>"
    code: CodeType = compile(source, filename, "exec")
    variables = {"__name__": "symdiff.runtime.generated", **namespace}
    exec(code, variables)
    function = variables[name]
    assert isinstance(function, FunctionType)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    weakref.finalize(function, linecache.cache.pop, filename, None).atexit = False
    return function
