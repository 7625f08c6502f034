"""Texts of functions made into functions.

In: a text. Out: a plain function, with its text in `linecache` for as long as it lives.
"""

import hashlib
import importlib
import linecache
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType, FunctionType, MappingProxyType
from typing import Any

from symdiff.backends import backend_named
from symdiff.emit.function import FunctionText
from symdiff.runtime.generated import settle

NOTHING: Mapping[str, Any] = MappingProxyType({})
_LONGEST_KEPT = 50_000  # characters of source whose code stays in the cache
_users: Counter[str] = Counter()  # living functions for each file name in linecache
_lock = threading.Lock()


def compile_text(text: FunctionText, backend: str, others: Mapping[str, Any] = NOTHING) -> Callable[..., Any]:
    """The function of a text; `others` are the functions that it calls besides support functions."""
    source = "\n".join([*text.imports, *text.constants, "", *text.lines, ""])
    namespace = {f"_{function}": support_function(function, backend) for function in text.support}
    function = define(source, text.name, namespace | dict(text.objects) | dict(others))
    settle(function, (compile_text, (text, backend, dict(others))))
    return function


def support_function(name: str, backend: str) -> Callable[..., Any]:
    """A support function by its name."""
    for module in backend_named(backend).support_modules:
        found = getattr(importlib.import_module(module), name, None)
        if found is not None:
            return found  # type: ignore[no-any-return]
    raise LookupError(f"no support function {name} for {backend}")


def define(source: str, name: str, namespace: Mapping[str, Any]) -> FunctionType:
    """The function that the source defines under the name."""
    code = _kept_code(source, name) if len(source) <= _LONGEST_KEPT else _code(source, name)
    variables = {"__name__": "symdiff.runtime.generated", **namespace}
    exec(code, variables)
    function = variables[name]
    assert isinstance(function, FunctionType)
    filename = code.co_filename
    with _lock:
        _users[filename] += 1
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    weakref.finalize(function, _release, filename).atexit = False
    return function


def _code(source: str, name: str) -> CodeType:
    digest = hashlib.blake2s(source.encode(), digest_size=4).hexdigest()
    return compile(source, f"<symdiff {name} {digest}>", "exec")


_kept_code = lru_cache(maxsize=256)(_code)


def _release(filename: str) -> None:
    """Drop the source of a function that is gone, unless another one has the same."""
    with _lock:
        _users[filename] -= 1
        if _users[filename] <= 0:
            del _users[filename]
            linecache.cache.pop(filename, None)
