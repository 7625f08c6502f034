"""The signature of a generated function: the user's names, kinds and defaults.

In: the parameters of a Program. Out: the lines of `def …:`, and the checks of parameters that have one fixed value.
"""

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.backends.layout import LINE, Group, Item, call, key_literal, lines, quoted
from symdiff.emit.names import Names
from symdiff.errors import BackendError
from symdiff.ir.program import EMPTY, Parameter, Program
from symdiff.ir.structure import Structure, structure_of
from symdiff.tracing.contents import as_key

Literal = Callable[[float], str]


class Objects:
    """Values that no literal gives: in memory they are bound to a name, in a file they are refused."""

    def __init__(self, names: Names | None, program: Program) -> None:
        self._names = names
        self._program = program
        self._known: dict[int, str] = {}
        self._key_function = ""
        self.bound: dict[str, Any] = {}

    def text(self, parameter: str, value: Any) -> str:
        """The literal of a parameter's value, or the name that is bound to it."""
        try:
            return static_text(value)
        except TypeError:
            if self._names is None:
                raise self._without_literal(parameter, value) from None
        return self.name(parameter, value)

    def _without_literal(self, parameter: str, value: Any) -> BackendError:
        name = self._program.name
        others = ", ".join(each.name for each in self._program.parameters if each.name != parameter)
        known = any(each.name == parameter for each in self._program.parameters)
        return BackendError(
            f"the value of {parameter} has no literal: {getattr(value, '__name__', f'a {type(value).__name__}')}",
            why="A generated module stands alone, so it cannot name an object of your program.",
            fix=f"keep it in a function of your own: lambda {others}: {name}({others}, {parameter}={parameter})"
            if known
            else "call it in a primitive that takes numbers and arrays only",
        )

    @property
    def are_there(self) -> bool:
        """Whether the text may name objects, because it is run where they are."""
        return self._names is not None

    def name(self, parameter: str, value: Any) -> str:
        """The name that is bound to a parameter's value."""
        name = self._known.get(id(value))
        if name is None:
            name = self._known[id(value)] = self._bind(f"{parameter}_object", value)
        return name

    def differs(self, parameter: str, value: Any) -> str:
        """The test whether an argument holds anything else than the value, which may be written to in the meantime."""
        self._key_function = self._key_function or self._bind("as_key", as_key)
        return f"{self._key_function}({parameter}) != {self._bind(f'{parameter}_key', as_key(value))}"

    def _bind(self, wanted: str, value: Any) -> str:
        assert self._names is not None
        name = self._names.fresh(wanted)
        self.bound[name] = value
        return name


def signature_lines(
    name: str,
    parameters: Sequence[Parameter],
    annotate: Callable[[Parameter], str] | None,
    returns: str,
    literal: Literal,
    objects: Objects,
) -> list[str]:
    """`def name(x: Any, *, k: Any = 2.0) -> Any:`."""
    items: list[str] = []
    positional = [p for p in parameters if p.kind is inspect.Parameter.POSITIONAL_ONLY]
    keyword = next((p for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY), None)
    for parameter in parameters:
        if parameter is keyword:
            items.append("*")
        items.append(_declared(parameter, annotate, literal, objects))
        if positional and parameter is positional[-1]:
            items.append("/")
    arrow = f" -> {returns}:" if annotate else ":"
    found = lines("def ", call(name, items), arrow, indent=0)
    inside = f"    {', '.join(items)}"
    if len(found) == 1:
        return found
    first = found[:-1] if len(inside) > LINE else [f"def {name}(", inside]
    return [*first, *lines(") -> ", returns, ":", indent=0)] if annotate else [*first, "):"]


def _declared(
    parameter: Parameter, annotate: Callable[[Parameter], str] | None, literal: Literal, objects: Objects
) -> str:
    annotation = f": {annotate(parameter)}" if annotate else ""
    if parameter.default is EMPTY:
        return parameter.name + annotation
    equals = " = " if annotate else "="
    return f"{parameter.name}{annotation}{equals}{default_text(parameter, literal, objects)}"


def default_text(parameter: Parameter, literal: Literal, objects: Objects) -> str:
    """The default as a literal, numbers of a traced parameter as floats; in memory an array as what it is."""
    value = parameter.default
    if parameter.structure is None:
        return objects.text(parameter.name, value)
    if objects.are_there and isinstance(value, np.ndarray) and value.ndim:
        return objects.name(parameter.name, value)
    try:
        return value_text(value, literal)
    except TypeError:
        return objects.text(parameter.name, value)


def value_text(value: Any, literal: Literal) -> str:
    """A nested value of numbers as a literal. Raises TypeError for anything else.

    A list or an array is written as a tuple: a default that can be changed is a trap, and linters say so.
    """
    structure = structure_of(value)
    if structure.kind == "leaf":
        array = np.asarray(value)
        if array.ndim == 0:
            return literal(float(value))
        return _elements_text(array.astype(float).tolist(), literal)
    children = [value_text(child, literal) for child in _children(structure, value)]
    match structure.kind:
        case "list" | "tuple":
            return _tuple_text(children)
        case "dict":
            entries = zip(structure.keys, children, strict=True)
            return "{" + ", ".join(f"{key_literal(key)}: {child}" for key, child in entries) + "}"
    raise TypeError(f"no literal for a {structure.kind}")


def _elements_text(value: Any, literal: Literal) -> str:
    if isinstance(value, list):
        return _tuple_text([_elements_text(item, literal) for item in value])
    return literal(value)


def _tuple_text(items: Sequence[str]) -> str:
    """A tuple of codes: `(1.0,)`."""
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"


def _children(structure: Structure, value: Any) -> list[Any]:
    return [value[key] for key in structure.keys]


def static_text(value: Any) -> str:
    """The literal of a value that is not traced. Raises TypeError where there is none."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if type(value) is str:
        return quoted(value)
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return repr(value)
    if type(value) is tuple:
        return _tuple_text([static_text(item) for item in value])
    raise TypeError(f"no literal for {type(value).__name__}")


def static_checks(program_name: str, parameters: Sequence[Parameter], objects: Objects) -> list[str]:
    """A line or two for each parameter that is not traced: the function holds for one value only."""
    result: list[str] = []
    for parameter in parameters:
        if not parameter.is_static:
            continue
        value = parameter.static_value
        text = objects.text(parameter.name, value)
        message = f"{program_name} was generated for {parameter.name} = {text}"
        if text in objects.bound:
            test = objects.differs(parameter.name, value)
            message = f"{program_name} was generated for another value of {parameter.name}"
        else:
            test = f"{parameter.name} {'is not' if value is None or isinstance(value, bool) else '!='} {text}"
        result.append(f"    if {test}:")
        result += raised(message, 8)
    return result


def raised(message: str, indent: int) -> list[str]:
    """`raise ValueError("message")`."""
    item: Item = Group("ValueError(", (quoted(message),), ")")
    return lines("raise ", item, indent=indent)


def passed_on(parameters: Sequence[Parameter]) -> list[str]:
    """The arguments of a call that passes all parameters on."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    return [f"{p.name}={p.name}" if p.kind is keyword else p.name for p in parameters]
