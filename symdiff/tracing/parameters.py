"""Parameters: from the user's signature to inputs of the program.

In: a function, example arguments or shapes, names of static parameters. Out: the program's parameters and inputs, and
the arguments that the user's function is called with: tracers, nested as the function expects them.
"""

import difflib
import functools
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symdiff.errors import ArgumentError
from symdiff.ir.nodes import Input, Shape
from symdiff.ir.program import EMPTY, Parameter
from symdiff.ir.structure import LEAF, Kind, Step, Structure, structure_of
from symdiff.tracing.annotations import nesting_of
from symdiff.tracing.leaf_dtypes import dtypes_of, without_dtype
from symdiff.tracing.numpy_indexing import is_whole
from symdiff.tracing.primitive import Primitive
from symdiff.tracing.rules import rule_of
from symdiff.tracing.stated import is_nested, stated_length
from symdiff.tracing.values import is_traced, to_node
from symdiff.tracing.whole import is_pythons_int

_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass
class Signature:
    """What the function is called with while it is traced."""

    parameters: list[Parameter] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    presumed: list[str] = field(default_factory=list)  # numbers, as nothing says what they are
    listed: list[str] = field(default_factory=list)  # shapes=[3, 2], which is a list of two vectors
    integers: set[str] = field(default_factory=set)  # inputs that are an `int` in every call of the trace

    def arguments(self, make: Callable[[Parameter, Sequence[Input]], Any]) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments; `make` builds the value of a traced parameter, or swaps a static one."""
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        start = 0
        for parameter in self.parameters:
            value = make(parameter, self.inputs[start : start + parameter.leaf_count])
            start += parameter.leaf_count
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                keywords[parameter.name] = value
            else:
                positional.append(value)
        return positional, keywords


def read_signature(
    function: Any,
    args: Sequence[Any] | None,
    kwargs: Mapping[str, Any] | None,
    shapes: Mapping[str, Any] | None,
    static: Iterable[str] | Mapping[str, Any],
    differentiated: Collection[str] | None = None,
    is_for_calls: bool = False,
) -> Signature:
    """The parameters of the function, each traced or static.

    differentiated: the parameters that derivatives are taken by; whole numbers among the others may be positions.
    is_for_calls: whether all calls of the trace have arguments of the types of these.
    """
    declared = declared_parameters(function)
    examples = _examples(declared, args, kwargs or {})
    declared = _taken_apart(function, declared, examples, {*(shapes or {}), *static})
    declared.sort(key=lambda parameter: parameter.kind is inspect.Parameter.KEYWORD_ONLY)
    shapes = shapes or {}
    static_values = dict(static) if isinstance(static, Mapping) else {}
    names = [parameter.name for parameter in declared]
    for name in (*shapes, *static):
        if name not in names:
            raise ArgumentError(f"{name!r} is not a parameter", fix=_did_you_mean(name, names))
    declared = _with_static_defaults(declared, static_values)
    signature = Signature()
    taken = set(names)
    for parameter in declared:
        example = examples.get(parameter.name, parameter.default)
        if parameter.name in static or _is_static(example):
            value = static_values.get(parameter.name, example)
            if value is EMPTY:
                raise ArgumentError(
                    f"the static parameter {parameter.name!r} has no value",
                    fix=f'static={{"{parameter.name}": value}}, or an example in args or kwargs',
                )
            signature.parameters.append(_parameter(parameter, None, static_value=value))
            continue
        structure, leaf_shapes = _structure(function, parameter, example, shapes.get(parameter.name))
        signature.parameters.append(_parameter(parameter, structure))
        _note_guess(signature, parameter, example, shapes.get(parameter.name))
        dtypes = dtypes_of(function, parameter, structure, example, shapes.get(parameter.name))
        fixed = differentiated is not None and parameter.name not in differentiated
        whole_leaves = _whole_leaves(structure, examples.get(parameter.name) if fixed else None)
        integers = _integers(structure, example if is_for_calls else None)
        leaves = zip(structure.paths(), leaf_shapes, dtypes, whole_leaves, integers, strict=True)
        for path, shape, dtype, whole, is_an_int in leaves:
            name = _leaf_name(parameter.name, path, taken)
            signature.integers |= {name} if is_an_int else set()
            signature.inputs.append(Input(name, shape, dtype, is_whole=whole))
    return signature


def _whole_leaves(structure: Structure, example: Any) -> list[bool]:
    """Which leaves are whole numbers, and may be positions: those whose examples in a call are."""
    if example is None or structure_of(example).paths() != structure.paths():
        return [False] * structure.leaf_count
    return [
        is_whole(to_node(leaf)) if is_traced(leaf) else np.asarray(leaf).dtype.kind in "iu"
        for leaf in structure.flatten(example)
    ]


def _integers(structure: Structure, example: Any) -> list[bool]:
    """Which leaves are numbers that Python has as an `int`."""
    if example is None or structure_of(example).paths() != structure.paths():
        return [False] * structure.leaf_count
    return [is_pythons_int(leaf) for leaf in structure.flatten(example)]


def _note_guess(signature: Signature, parameter: inspect.Parameter, example: Any, shape: Any) -> None:
    """Note what was read one way and may have been meant another, for the message if the trace fails."""
    if shape is None and example is EMPTY and signature.parameters[-1].structure is LEAF:
        signature.presumed.append(parameter.name)
    if isinstance(shape, list) and shape and all(isinstance(length, int | str) for length in shape):
        signature.listed.append(parameter.name)


def _with_static_defaults(
    declared: Sequence[inspect.Parameter], static_values: Mapping[str, Any]
) -> list[inspect.Parameter]:
    """A static value becomes the default, so that a call may leave it out, where Python lets the parameter have one."""
    found: list[inspect.Parameter] = []
    followed = False  # by a positional parameter that every call must give
    for parameter in reversed(declared):
        keyword = parameter.kind is inspect.Parameter.KEYWORD_ONLY
        if parameter.name in static_values and (keyword or not followed):
            parameter = parameter.replace(default=static_values[parameter.name])
        followed = followed or (not keyword and parameter.default is EMPTY)
        found.insert(0, parameter)
    return found


def declared_parameters(function: Any) -> list[inspect.Parameter]:
    """The parameters that a function says it has. Raises ArgumentError for one that says nothing, such as `max`."""
    function = inspect.unwrap(function) if isinstance(inspect.unwrap(function), np.ufunc) else function
    if isinstance(function, np.ufunc):
        return [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in "xyzuvw"[: function.nin]]
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        name = getattr(function, "__name__", "f")
        raise ArgumentError(
            f"{function!r} is not a function with a known signature",
            fix=f"say what it takes: `lambda a, b: {name}(a, b)`",
        ) from None


def _examples(
    declared: Sequence[inspect.Parameter], args: Sequence[Any] | None, kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Example values by parameter name; those of `*args` and `**kwargs` get names of their own."""
    positional = [p for p in declared if p.kind not in (*_VARIADIC, inspect.Parameter.KEYWORD_ONLY)]
    star = next((p for p in declared if p.kind is inspect.Parameter.VAR_POSITIONAL), None)
    double_star = next((p for p in declared if p.kind is inspect.Parameter.VAR_KEYWORD), None)
    if star is not None and args is None:
        raise ArgumentError(
            f"`*{star.name}` takes any number of arguments: symdiff must know how many",
            fix="say how many there are: write `lambda a, b: f(a, b)`",
        )
    args = args or ()
    if len(args) > len(positional) and star is None:
        raise ArgumentError(
            f"{len(args)} arguments were given by position, and the function takes {len(positional)}",
            why=f"It takes {', '.join(p.name for p in positional) or 'none'} by position.",
            fix="leave out what is too much, or name it: kwargs={…}",
        )
    examples = {parameter.name: value for parameter, value in zip(positional, args, strict=False)}
    names = {p.name for p in declared if p.kind not in _VARIADIC}
    for name, value in kwargs.items():
        if name not in names and double_star is None:
            raise ArgumentError(f"{name!r} is not a parameter", fix=_did_you_mean(name, sorted(names)))
        examples[name] = value
    if star is not None:
        examples |= {f"{star.name}_{i}": value for i, value in enumerate(args[len(positional) :])}
    return examples


def _taken_apart(
    function: Any, declared: Sequence[inspect.Parameter], examples: Mapping[str, Any], mentioned: Collection[str]
) -> list[inspect.Parameter]:
    """The parameters of a call: one for every value that `*args` and `**kwargs` stand for."""
    known = {parameter.name for parameter in declared if parameter.kind not in _VARIADIC}
    stars = [p.name for p in declared if p.kind is inspect.Parameter.VAR_POSITIONAL]
    numbered = [name for name in examples if name not in known and name.rpartition("_")[0] in stars]
    named = [name for name in examples if name not in known and name not in numbered]
    found = [parameter for parameter in declared if parameter.kind not in _VARIADIC]
    if isinstance(function, Primitive) or rule_of(function) is not None:  # its defaults are its own affair
        found = [p for p in found if p.default is EMPTY or p.name in examples or p.name in mentioned]
    if numbered:  # a call that gives them gives all before them
        found = [p if p.kind is inspect.Parameter.KEYWORD_ONLY else p.replace(default=EMPTY) for p in found]
    found += [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in numbered]
    return [*found, *(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in named)]


def is_differentiable(value: Any) -> bool:
    """Whether derivatives can be taken by a value: numbers, arrays, and nestings of them.

    >>> is_differentiable([1.0, {"a": 2.0}]), is_differentiable(None), is_differentiable(["a", 1.0])
    (True, False, False)
    """
    return not _is_static(value)


def _is_static(value: Any) -> bool:
    """Whether a value is none that derivatives are taken by: None, a flag, a text, a function, …"""
    if value is EMPTY:
        return False
    if value is None or isinstance(value, bool | str | bytes):
        return True
    leaves = structure_of(value).flatten(value)
    return any(not is_number(leaf) for leaf in leaves) or not leaves


def is_number(leaf: Any) -> bool:
    """Whether derivatives can be taken by a leaf."""
    if isinstance(leaf, np.ndarray):
        return leaf.dtype.kind in "iufc"
    if getattr(type(leaf), "_symdiff_apply", None) is not None:
        return True
    return isinstance(leaf, float | int | complex | np.number) or (
        hasattr(type(leaf), "__float__") and not callable(leaf)
    )


def _structure(function: Any, parameter: inspect.Parameter, example: Any, shape: Any) -> tuple[Structure, list[Shape]]:
    """The structure of a traced parameter and the shapes of its leaves: as stated, as given, as annotated."""
    if shape is not None:
        structure, shapes = _from_shapes(parameter.name, shape)
        given = structure_of(example) if example is not EMPTY else structure
        return given if given.paths() == structure.paths() else structure, shapes
    if example is not EMPTY:
        structure = structure_of(example)
        return structure, [
            to_node(leaf).shape if is_traced(leaf) else np.shape(leaf) for leaf in structure.flatten(example)
        ]
    stated = nesting_of(function, parameter.name, parameter.annotation, functools.partial(_shape, parameter.name))
    return stated or (LEAF, [()])


def _from_shapes(name: str, shape: Any) -> tuple[Structure, list[Shape]]:
    """Dicts and lists of shapes are nested parameters; an integer, a text or a tuple of such lengths is a shape.

    A tuple of shapes is a nested parameter too: ("n d", "d"), where ("n", "d") is one shape.
    """
    if not is_nested(shape):
        return LEAF, [_shape(name, shape)]
    keys = tuple(sorted(shape)) if isinstance(shape, Mapping) else tuple(range(len(shape)))
    parts = [_from_shapes(name, shape[key]) for key in keys]
    kind: Kind = "dict" if isinstance(shape, Mapping) else "tuple" if isinstance(shape, tuple) else "list"
    order = tuple(shape) if isinstance(shape, Mapping) else ()
    structure = Structure(kind, keys, tuple(part for part, _ in parts), order=order)
    return structure, [leaf for _, leaves in parts for leaf in leaves]


def _shape(name: str, shape: Any) -> Shape:
    shape = without_dtype(shape)
    given = shape.split() if isinstance(shape, str) else shape if isinstance(shape, tuple) else (shape,)
    return tuple([stated_length(length, name) for length in given])


def _parameter(declared: inspect.Parameter, structure: Structure | None, static_value: Any = None) -> Parameter:
    annotation = "" if declared.annotation is EMPTY else inspect.formatannotation(declared.annotation).strip("'")
    return Parameter(declared.name, structure, declared.default, declared.kind, static_value, annotation)


def _leaf_name(name: str, path: Sequence[Step], taken: set[str]) -> str:
    """`p_k` for `p["k"]`, `v_0` for `v[0]`, unlike any other name."""
    if not path:
        return name
    wanted = "_".join([name, *(re.sub(r"\W", "_", str(key)) for _, key in path)])
    while wanted in taken:
        wanted += "_"
    taken.add(wanted)
    return wanted


def _did_you_mean(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean {close[0]!r}?" if close else f"the parameters are {', '.join(map(repr, known)) or 'none'}"
