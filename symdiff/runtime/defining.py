"""Texts of functions made into functions.

In: a text. Out: a plain function, with its text in `linecache` for as long as it lives. Functions may die at any time,
in a run of the garbage collector while somebody walks over `linecache.cache`, which `linecache.checkcache` does, and
with it doctest and pdb: so the text goes then, and its key when the next function is made.
"""

import hashlib
import importlib
import linecache
import threading
from collections import deque
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType, FunctionType, MappingProxyType
from typing import Any
from weakref import WeakValueDictionary, finalize

from symdiff.backends import backend_named
from symdiff.emit.function import FunctionText
from symdiff.runtime.generated import settle

NOTHING: Mapping[str, Any] = MappingProxyType({})
_LONGEST_KEPT = 50_000  # characters of source whose code stays in the cache


class _Source:
    """What the living functions of one text hold on to."""

    __slots__ = ("__weakref__",)


_sources: WeakValueDictionary[str, _Source] = WeakValueDictionary()
_released: deque[str] = deque()  # file names whose last function is gone
_lock = threading.RLock()  # a function may die while another is being filed


def compile_text(text: FunctionText, backend: str, others: Mapping[str, Any] = NOTHING) -> FunctionType:
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
    function = variables.pop(name)  # else it would be in a cycle with its own globals
    assert isinstance(function, FunctionType)
    variables["__source__"] = _shown(code.co_filename, source)
    return function


def _shown(filename: str, source: str) -> _Source:
    """The text in linecache, for as long as what this returns lives."""
    with _lock:
        while _released:
            gone = _released.popleft()
            if gone not in _sources:
                linecache.cache.pop(gone, None)
        held = _sources.get(filename)
        if held is None:
            held = _sources[filename] = _Source()
            finalize(held, _release, filename).atexit = False
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return held


def _code(source: str, name: str) -> CodeType:
    digest = hashlib.blake2s(source.encode(), digest_size=4).hexdigest()
    return compile(source, f"<symdiff {name} {digest}>", "exec")


_kept_code = lru_cache(maxsize=256)(_code)


def _release(filename: str) -> None:
    """Drop the text of functions that are gone, unless another one has the same. The key stays: see above."""
    with _lock:
        if filename not in _sources and filename in linecache.cache:
            linecache.cache[filename] = (0, None, [], filename)
            _released.append(filename)
