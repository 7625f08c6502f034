"""What is done with symbols, written down: which operation was applied to what, and where in the user's program.

In: an operation and its arguments, symbols among them. Out: a graph of symbols, walked from the leaves to the results.
Lengths are not known while it grows; `replay` runs it on traced arrays once they are.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from symdiff.origin import Origin
from symdiff.tracing.tracer import Tracer, wrap
from symdiff.tracing.windows import without_windows

if TYPE_CHECKING:
    from symdiff.symbolic.replay import Scope

Form = Literal["infix", "prefix", "call", "attribute"]


class Recorded:
    """A symbol as the graph knows it: a leaf, or what an application gives."""

    __slots__ = ("__weakref__", "application", "name", "origin")

    def __init__(self, application: "Application | None", name: str | None, origin: Origin | None) -> None:
        self.application = application
        self.name = name
        self.origin = origin

    @property
    def label(self) -> str:
        """What the user calls it: its name, or the variable that it was bound to; empty where there is neither."""
        return self.name or (self.origin.binds if self.origin is not None else None) or ""


class Writer(Protocol):
    """What writes symbols as text."""

    def text(self, value: Any) -> str:
        """The text of a symbol, a number, or a nesting of them."""

    def within(self, texts: "Mapping[Recorded, str]") -> "Writer":
        """A writer that knows the texts of some symbols beforehand."""


class Operation(ABC):
    """Something that is done with symbols; `form` is how it is written, with `name`."""

    name: str
    form: Form = "call"
    has_parts: bool = False  # whether it gives several values, which are asked for one by one

    @abstractmethod
    def evaluate(self, scope: "Scope", application: "Application") -> Any:
        """The value, on what the scope knows of the arguments."""

    def derivative_of(self, application: "Application") -> tuple[Sequence[Recorded], Sequence[Recorded]]:
        """What an application differentiates, and by what: nothing, unless it is a derivative."""
        return (), ()

    def written(self, writer: Writer, application: "Application") -> str:
        """The application as text."""
        return _WRITTEN[self.form](
            self.name, [writer.text(arg) for arg in application.args], _keywords(writer, application)
        )

    def written_part(self, writer: Writer, application: "Application", position: int) -> str:
        """One of several results as text."""
        return f"{self.written(writer, application)}[{position}]"


@dataclass(frozen=True)
class Plain(Operation):
    """A Python function of the values: an operator, a NumPy function, a method."""

    name: str
    function: Callable[..., Any]
    form: Form = "call"

    def evaluate(self, scope: "Scope", application: "Application") -> Any:
        args, kwargs = scope.arguments(application)
        return self.function(*args, **kwargs)


@dataclass(frozen=True)
class Method(Operation):
    """A method, or an attribute, of the first argument."""

    name: str
    form: Form = "call"

    def evaluate(self, scope: "Scope", application: "Application") -> Any:
        args, kwargs = scope.arguments(application)
        found = getattr(args[0], self.name)
        return found if self.form == "attribute" else found(*args[1:], **kwargs)


class _Part(Operation):
    """One of the results of an operation that has several."""

    name = "part"

    def evaluate(self, scope: "Scope", application: "Application") -> Any:
        results, position = application.args
        return scope.value(results)[position]

    def written(self, writer: Writer, application: "Application") -> str:
        results, position = application.args
        return results.application.operation.written_part(writer, results.application, position)  # type: ignore[no-any-return]


class _Index(Operation):
    """`x[key]`."""

    name = "index"

    def evaluate(self, scope: "Scope", application: "Application") -> Any:
        (array, key), _ = scope.arguments(application)
        if isinstance(array, Tracer):
            node, key = without_windows(array.node, key)
            array = wrap(node)
        return array[key]

    def written(self, writer: Writer, application: "Application") -> str:
        array, key = application.args
        parts = key if isinstance(key, tuple) else (key,)
        return f"{writer.text(array)}[{', '.join(map(writer.text, parts))}]"


INDEX = _Index()
PART = _Part()


def _keywords(writer: Writer, application: "Application") -> list[str]:
    return [f"{key}={writer.text(value)}" for key, value in application.kwargs.items()]


_WRITTEN: dict[Form, Callable[[str, list[str], list[str]], str]] = {
    "infix": lambda name, args, keywords: f"({args[0]} {name} {args[1]})",
    "prefix": lambda name, args, keywords: f"({name}{args[0]})",
    "call": lambda name, args, keywords: f"{name}({', '.join([*args, *keywords])})",
    "attribute": lambda name, args, keywords: f"{args[0]}.{name}",
}


class Application:
    """An operation applied to arguments: symbols, numbers, and any nesting of them in lists, tuples, dicts and slices.

    parents: the symbols among the arguments.
    """

    __slots__ = ("args", "kwargs", "operation", "origin", "parents")

    def __init__(
        self, operation: Operation, args: Sequence[Any], kwargs: Mapping[str, Any], origin: Origin | None
    ) -> None:
        self.operation = operation
        self.args = tuple(args)
        self.kwargs = dict(kwargs)
        self.origin = origin
        self.parents = tuple(symbols_in((self.args, self.kwargs)))

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        return None, {name: None if name == "origin" else getattr(self, name) for name in self.__slots__}


def symbols_in(value: Any) -> Iterator[Recorded]:
    """The symbols in a nested value, in order."""
    if isinstance(value, Recorded):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from symbols_in(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from symbols_in(part)
    elif isinstance(value, slice):
        yield from symbols_in((value.start, value.stop, value.step))
    elif isinstance(value, np.ndarray) and value.dtype == object:
        yield from symbols_in(value.ravel().tolist())


def mapped(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """The nested value with `leaf(part)` in place of every part that is not a container."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[mapped(part, leaf) for part in value])
    if isinstance(value, list | tuple):
        return type(value)([mapped(part, leaf) for part in value])
    if isinstance(value, dict):
        return {key: mapped(part, leaf) for key, part in value.items()}
    if isinstance(value, slice):
        return slice(mapped(value.start, leaf), mapped(value.stop, leaf), mapped(value.step, leaf))
    if isinstance(value, np.ndarray) and value.dtype == object:
        made = np.empty(value.shape, dtype=object)
        for position, part in np.ndenumerate(value):
            made[position] = mapped(part, leaf)
        return made
    return leaf(value)


def frozen(value: Any) -> Any:
    """The nested value with copies of its arrays: what is recorded does not change when the user's array does."""
    return mapped(value, lambda leaf: leaf.copy() if isinstance(leaf, np.ndarray) else leaf)


def ancestors(outputs: Sequence[Recorded], known: Container[Recorded] = ()) -> list[Recorded]:
    """The symbols that the outputs are made of, arguments first, themselves included; nothing behind what is known."""
    order: list[Recorded] = []
    seen: set[Recorded] = set()
    stack: list[Recorded | tuple[Recorded]] = list(reversed(outputs))
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            order.append(item[0])
        elif item not in seen and item not in known:
            seen.add(item)
            if item.application is None:
                order.append(item)
            else:
                stack.append((item,))
                stack.extend(reversed(item.application.parents))
    return order


def reached(outputs: Sequence[Recorded], replaced: Container[Recorded]) -> list[Recorded]:
    """The symbols that the outputs need where others stand in the place of some.

    Nothing behind what is replaced, unless a derivative goes through it to what it is taken by.
    """
    found = dict.fromkeys(ancestors(outputs, replaced))
    waiting = list(found)
    while waiting:
        for root in _behind(waiting.pop(), replaced):
            new = [symbol for symbol in ancestors([root], replaced) if symbol not in found]
            found |= dict.fromkeys(new)
            waiting += new
    return list(found)


def _behind(symbol: Recorded, replaced: Container[Recorded]) -> Iterator[Recorded]:
    """What the replaced symbols are made of that a derivative goes through."""
    if symbol.application is None:
        return
    outputs, wrt = symbol.application.operation.derivative_of(symbol.application)
    for inner in ancestors(outputs):
        if inner in replaced and inner.application is not None:
            behind = set(ancestors(inner.application.parents))
            if any(variable in behind for variable in wrt):
                yield from inner.application.parents
