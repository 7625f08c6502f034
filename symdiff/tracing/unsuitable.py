"""Arguments that a trace would get wrong, and those that nothing can be differentiated by.

In: the arguments of a call by name. Out: an ArgumentError that names the argument, or the part of it, and says what to
pass in its place; nothing where they are fit.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from symdiff.errors import ArgumentError
from symdiff.ir.structure import Step, structure_of
from symdiff.tracing.parameters import is_number
from symdiff.tracing.values import has_own_arithmetic


def refuse_other_arithmetic(given: Mapping[str, Any]) -> None:
    """Refuse arrays that do not compute as NumPy's own do, and iterators, which are used up by the first call."""
    for name, leaf in _leaves(given):
        if has_own_arithmetic(type(leaf)):
            raise ArgumentError(
                f"{name} is a {type(leaf).__name__}, which has an arithmetic of its own",
                why="symdiff computes with plain arrays, where * is elementwise and nothing is masked or has a unit.",
                fix=f"{name}.filled(0.0), and np.ma.getmaskarray({name}) as another argument"
                if isinstance(leaf, np.ma.MaskedArray)
                else f"np.asarray({name})",
            )
        if isinstance(leaf, Iterator):
            raise ArgumentError(
                f"{name} is a {type(leaf).__name__}, which can be read once only",
                why="The function is run once for many calls, and would find it empty.",
                fix=f"list({name})",
            )


def refuse_without_slope(given: Mapping[str, Any]) -> None:
    """Refuse to differentiate by what is no number, nor an array or a nesting of numbers."""
    for name, leaf in _leaves(given):
        if not is_number(leaf):
            raise ArgumentError(
                f"{name} is {_described(leaf)}: nothing can be differentiated by it",
                why=_reason(name),
                fix=_fix(name, leaf),
            )
    for name, value in given.items():
        if not structure_of(value).leaf_count:
            raise ArgumentError(
                f"{name} is empty: nothing can be differentiated by it",
                fix="pass at least one number in it, or differentiate by another argument: argnum=…",
            )


def _leaves(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The parts of arguments with the text that names each, as in `params["w"]`."""
    for name, value in given.items():
        structure = structure_of(value)
        for path, leaf in zip(structure.paths(), structure.flatten(value), strict=True):
            yield name + "".join(map(_step_text, path)), leaf


def _step_text(step: Step) -> str:
    how, key = step
    if how == "attribute":
        return f".{key}"
    return f'["{key}"]' if isinstance(key, str) else f"[{key!r}]"


def _described(leaf: Any) -> str:
    if isinstance(leaf, np.ndarray):
        return f"an array of {_ELEMENTS.get(leaf.dtype.kind, str(leaf.dtype))}"
    if leaf is None or isinstance(leaf, bool | str | bytes):
        return f"{leaf!r:.40}"
    return f"a {type(leaf).__name__}"


_ELEMENTS = {"b": "truth values", "O": "objects", "U": "texts", "S": "bytes", "M": "dates", "m": "time differences"}


def _reason(name: str) -> str:
    inside = "[" in name or "." in name
    return "All parts of an argument that is differentiated by have a derivative." if inside else ""


def _fix(name: str, leaf: Any) -> str:
    if isinstance(leaf, np.ndarray):
        unit = f"({name} - {name}[0]) / np.timedelta64(1, 's')" if leaf.dtype.kind == "M" else ""
        plain = f"{name} / np.timedelta64(1, 's')" if leaf.dtype.kind == "m" else f"{name}.astype(float)"
        return unit or plain
    if isinstance(leaf, memoryview | range | bytearray) or hasattr(type(leaf), "__array__"):
        return f"np.asarray({name}, dtype=float)"
    if "[" in name or "." in name:
        return f"pass it as an argument of its own: lambda {name.partition('[')[0].partition('.')[0]}, option: …"
    return "name another argument: argnum=…"
