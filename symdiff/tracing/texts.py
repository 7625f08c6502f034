"""Texts of traced values: they can be shown, and that is all.

In: what makes a text, such as an f-string of the user's, in which traced values have no numbers yet. Out: the text
itself where none is in it, else a Text, in which they stand by their formulas. It can be printed, logged, joined to
other texts, and raised with an exception. Whatever looks into it (a comparison, a key, its length) asks the values for
their numbers: on the path of one input they may have them, elsewhere that is refused with the line.
"""

import operator
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from symdiff.ir.nodes import Node
from symdiff.tracing.describe import describe

_CASES = frozenset({"capitalize", "casefold", "lower", "swapcase", "title", "upper"})
_SPACES = frozenset({"center", "expandtabs", "ljust", "lstrip", "rjust", "rstrip", "strip", "zfill"})
_SHOWN_TOO = _CASES | _SPACES | {"format", "format_map", "join", "removeprefix", "removesuffix", "replace"}
_CONVERSIONS: dict[int, Callable[[Any], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}
_PERCENT = re.compile(r"%(\(\w*\))?[-#0 +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]|%%")


class _Showing(threading.local):
    """How texts are made in this thread.

    by_formulas: whether traced values show themselves by their formulas; else they are asked for their numbers.
    has_formulas: whether one did. asks: whether a text is looked into. is_exact: whether one of two will not do.
    """

    by_formulas = False
    has_formulas = False
    asks = False
    is_exact = False


_showing = _Showing()


def formula(node: Node) -> str | None:
    """What stands for a value in a text that is shown; None where its number is asked for."""
    if not _showing.by_formulas:
        return None
    _showing.has_formulas = True
    return describe(node)


def is_asked() -> bool:
    """Whether a text is looked into just now."""
    return _showing.asks


def shown(make: Callable[[], str], *, is_exact: bool = True) -> str:
    """The text with formulas in place of traced values.

    is_exact: whether what is one of two texts is asked which.
    """
    return _made(make, by_formulas=True, is_exact=is_exact)[0]


def text_of(make: Callable[[], str], show: Callable[[], str] | None = None) -> "str | Text":
    """The text that `make` makes, which may be one of traced values.

    show: what makes it with formulas, where that is another way.
    """
    if _showing.asks:
        return make()
    show = show or make
    found, has_formulas = _made(show, by_formulas=True, is_exact=_showing.is_exact)
    if _showing.by_formulas:  # inside another text
        _showing.has_formulas |= has_formulas
        return found
    if has_formulas:
        return Text(found, make, show)
    return found if show is make else make()


def _made(
    make: Callable[[], str], *, by_formulas: bool = False, asks: bool = False, is_exact: bool = False
) -> tuple[str, bool]:
    """The text, and whether formulas are in it."""
    before = vars(_showing).copy()
    vars(_showing).update(by_formulas=by_formulas, has_formulas=False, asks=asks, is_exact=is_exact)
    try:
        return make(), _showing.has_formulas
    finally:
        vars(_showing).clear()
        vars(_showing).update(before)


class Text:
    """A text of traced values. To the user's code it is a `str`.

    shown: the text with their formulas. make: makes it of their numbers. show: makes it of their formulas.
    """

    __slots__ = ("_make", "_show", "_shown")

    def __init__(self, shown: str, make: Callable[[], str], show: Callable[[], str] | None = None) -> None:
        self._shown = shown
        self._make = make
        self._show = show or make

    @property  # type: ignore[misc]
    def __class__(self) -> type[str]:  # type: ignore[override]
        return str

    def __str__(self) -> str:
        if _showing.by_formulas:
            _showing.has_formulas = True
            return self._show() if _showing.is_exact else self._shown
        return _made(self._make, asks=True)[0]

    def __repr__(self) -> str:
        return repr(str(self))

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    def __add__(self, other: Any) -> Any:
        return _joined((self, other)) if isinstance(other, str) else NotImplemented

    def __radd__(self, other: Any) -> Any:
        return _joined((other, self)) if isinstance(other, str) else NotImplemented

    def __mul__(self, count: Any) -> Any:
        return text_of(lambda: str(self) * count)

    __rmul__ = __mul__

    def __mod__(self, values: Any) -> Any:
        return percent(self, values)

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__" or not hasattr(str, name):
            raise AttributeError(f"'str' object has no attribute '{name}'")
        if name not in _SHOWN_TOO:
            return getattr(str(self), name)
        if name == "join":
            return lambda parts: joined(self, parts)
        return lambda *args, **kwargs: text_of(lambda: getattr(str(self), name)(*map(_plain, args), **kwargs))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return str, (str(self),)


def _looking(operation: Callable[..., Any]) -> Callable[..., Any]:
    """What looks into a text asks for its numbers."""
    return lambda self, *args: operation(str(self), *map(_plain, args))


TEXTS = frozenset({str, Text})

for _name in ("eq", "ne", "lt", "le", "gt", "ge", "contains", "getitem"):
    setattr(Text, f"__{_name}__", _looking(getattr(operator, _name)))
for _function in (len, iter, hash, bool, float, int, complex):
    setattr(Text, f"__{_function.__name__}__", _looking(_function))


def _plain(value: Any) -> Any:
    """A text as a `str`; any other value as it is."""
    return str(value) if type(value) is Text else value


def _joined(parts: Iterable[Any]) -> "str | Text":
    return text_of(lambda: "".join(map(str, parts)))


# What rewritten functions call.


def text(*parts: Any) -> "str | Text":
    """An f-string: texts, and values with their conversions and format specifications."""
    return text_of(lambda: "".join([part if type(part) is str else _formatted(*part) for part in parts]))


def _formatted(value: Any, conversion: int, specification: Any) -> str:
    convert = _CONVERSIONS.get(conversion)
    return format(value if convert is None else convert(value), str(specification))


def converted(convert: Any, *args: Any, **kwargs: Any) -> Any:
    """`str(x)`, `repr(x)` or `format(x, "g")`, if that is what the names mean."""
    if convert not in (str, repr, ascii, format):
        return convert(*args, **kwargs)
    return text_of(lambda: convert(*args, **kwargs))


def percent(template: Any, values: Any) -> "str | Text":
    """`template % values`."""
    return text_of(lambda: str(template) % values, lambda: _with_formulas(str(template), values))


def _with_formulas(template: str, values: Any) -> str:
    """The same with every value as it shows itself, in place of its digits."""
    shows: str = _PERCENT.sub(lambda found: found[0] if found[0] == "%%" else f"%{found[1] or ''}s", template)
    made: str = shows % values
    return made


def filled(template: str, *args: Any, **kwargs: Any) -> "str | Text":
    """`template.format(…)`."""
    return text_of(lambda: template.format(*args, **kwargs))


def joined(separator: Any, parts: Iterable[Any]) -> "str | Text":
    """`separator.join(parts)`."""
    every = list(parts)
    return text_of(lambda: str(separator).join(map(_plain, every)))


def one_of(first: Any, second: Any, look: Callable[[], NoReturn]) -> "str | Text":
    """One of two texts, which of them depends on the arguments.

    look: what happens where that matters.
    """
    if type(first) is type(second) is str and first == second:
        return first
    return uncertain(text_of(lambda: f"{first} or {second}"), look)


def uncertain(likely: Any, look: Callable[[], NoReturn]) -> Text:
    """A text like this one, or another: to look into it is up to `look`."""

    def show() -> str:
        if _showing.is_exact:
            look()
        return str(likely)

    return Text(shown(lambda: str(likely), is_exact=False), look, show)
