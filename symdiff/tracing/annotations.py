"""What an annotation says about a parameter: its shape, or how it is nested.

In: a function and the name of a parameter. Out: a structure and the shapes of its leaves, or nothing.

`x: "3"`, `x: "n d"`, `x: Annotated[np.ndarray, 3]` and jaxtyping's `x: Float[Array, "n d"]` state a shape; a
NamedTuple, a dataclass, a TypedDict and `tuple[float, float]` state how a value is nested. Everything else, `float`
among them, says nothing: the parameter is a number.
"""

import ast
import dataclasses
import functools
import inspect
import re
import sys
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any, get_args, get_origin

from symdiff.ir.nodes import Shape
from symdiff.ir.structure import LEAF, Structure, tuple_of

Nested = tuple[Structure, list[Shape]]
ReadShape = Callable[[Any], Shape]
_LENGTHS = re.compile(r"[\w+*/-]+( [\w+*/-]+)*")
_ARITHMETIC = re.compile(r"[ +*/-]|^\d+$")


def nesting_of(function: Any, name: str, annotation: Any, read_shape: ReadShape) -> Nested | None:
    """The structure and shapes that the annotation of a parameter states; None where it states none."""
    if isinstance(annotation, str):
        text = _unquoted(annotation)
        if _LENGTHS.fullmatch(text) and _ARITHMETIC.search(text):
            return LEAF, [read_shape(text)]
        annotation = _evaluated(function).get(name, text)
        if annotation == text and text.isidentifier():
            return LEAF, [read_shape(text)]  # a name that means nothing in Python: a length that stays open
    return _nesting(annotation, read_shape)


def evaluated_annotation(function: Any, parameter: inspect.Parameter) -> Any:
    """The annotation of a parameter as an object where it means one, else as it stands."""
    annotation = parameter.annotation
    if not isinstance(annotation, str):
        return annotation
    return _evaluated(function).get(parameter.name, annotation)


def _nesting(annotation: Any, read_shape: ReadShape) -> Nested | None:
    if get_origin(annotation) is Annotated:
        stated = [part for part in get_args(annotation)[1:] if isinstance(part, int | str | tuple)]
        return (LEAF, [read_shape(stated[0])]) if stated else None
    if get_origin(annotation) is tuple and get_args(annotation) and get_args(annotation)[-1] is not Ellipsis:
        parts = [_nesting(part, read_shape) or (LEAF, [()]) for part in get_args(annotation)]
        return tuple_of([structure for structure, _ in parts]), [shape for _, shapes in parts for shape in shapes]
    if isinstance(getattr(annotation, "dim_str", None), str):  # jaxtyping's Float[Array, "n d"]
        return LEAF, [read_shape(annotation.dim_str)]
    if not isinstance(annotation, type):
        return None
    if dataclasses.is_dataclass(annotation):
        return _fields("dataclass", annotation, [field.name for field in dataclasses.fields(annotation)], read_shape)
    if issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        return _fields("namedtuple", annotation, list(annotation._fields), read_shape)
    if typing.is_typeddict(annotation):
        return _fields("dict", annotation, sorted(_evaluated(annotation)), read_shape)
    return None


def _fields(kind: Any, annotation: type, names: list[str], read_shape: ReadShape) -> Nested:
    hints = _evaluated(annotation)
    parts = [_nesting(hints.get(name), read_shape) or (LEAF, [()]) for name in names]
    structures = tuple(structure for structure, _ in parts)
    python_type = None if kind == "dict" else annotation
    return Structure(kind, tuple(names), structures, python_type), [shape for _, shapes in parts for shape in shapes]


def _evaluated(target: Any) -> Mapping[str, Any]:
    """The annotations as objects; texts that mean nothing in Python are left out."""
    while isinstance(target, functools.partial):
        target = target.func
    if not isinstance(target, type) and not hasattr(target, "__code__"):
        target = getattr(target, "__func__", None) or type(target).__call__
    try:
        stated = inspect.get_annotations(target)
        return {name: value for name, text in stated.items() for value in _meanings(target, name, text)}
    except Exception:  # noqa: BLE001 (a property may raise anything)
        return {}


def _meanings(target: Any, name: str, text: Any) -> list[Any]:
    """What one annotation means; nothing where its text cannot be evaluated, whatever stands beside it."""

    def annotated() -> None:
        pass

    annotated.__annotations__ = {name: text}
    is_class = isinstance(target, type)
    known = vars(sys.modules[target.__module__]) if is_class else inspect.unwrap(target).__globals__
    inside = dict(vars(target)) if is_class else None
    try:
        return [inspect.get_annotations(annotated, globals=known, locals=inside, eval_str=True)[name]]
    except Exception:  # noqa: BLE001 (a text can be anything: it is then no type)
        return []


def _unquoted(text: str) -> str:
    """The text that `from __future__ import annotations` has quoted once more."""
    if text[:1] in ("'", '"'):
        value = ast.literal_eval(text)
        return value if isinstance(value, str) else text
    return text
