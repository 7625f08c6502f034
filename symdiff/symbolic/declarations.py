"""Declared symbols: `scalar`, `vector`, `matrix` …, with types (`dmatrix`) and several at a time (`dmatrices`).

In: a name, a dtype, a shape with a name, or None, for lengths that are open. Out: symbols.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from symdiff.errors import ArgumentError, short_traceback
from symdiff.errors.message import closest
from symdiff.symbolic.symbol import Pattern, Symbol, fits

DTYPES = ("float64", "float32", "int8", "int16", "int32", "int64", "bool")
_PREFIXES = {"d": "float64", "f": "float32", "b": "int8", "w": "int16", "i": "int32", "l": "int64"}
_PATTERNS: dict[str, Pattern] = {
    "scalar": (),
    "vector": (None,),
    "row": (1, None),
    "col": (None, 1),
    "matrix": (None, None),
    "tensor3": (None, None, None),
    "tensor4": (None, None, None, None),
    "tensor5": (None, None, None, None, None),
}
_PLURALS = {("matrices" if kind == "matrix" else f"{kind}s"): kind for kind in _PATTERNS}


@short_traceback
def tensor(
    name: str | None = None, *, ndim: int | None = None, shape: Pattern | None = None, dtype: str = "float64"
) -> Symbol:
    """A symbol of any rank.

    shape: a length for each axis: a number, a name ("n": all axes of a name are equally long), None where any will do;
        or else `ndim`, for lengths that are all open.
    dtype: float64 and float32 are computed in the type of the arrays that a call gives; whole-number types take whole
        numbers only, and are computed as reals, so that nothing wraps around and `/` divides.

    Raises ArgumentError for a shape or a dtype that there is not.

    >>> tensor("x", shape=(None, 784)).pattern
    (None, 784)
    """
    if (ndim is None) == (shape is None):
        raise ArgumentError("a tensor has a shape or a number of axes", fix='tensor("x", ndim=3)')
    if dtype not in DTYPES:
        raise ArgumentError(
            f"there is no dtype {dtype!r}",
            why=f"The dtypes are {', '.join(DTYPES)}.",
            fix=f'dtype="{closest(getattr(dtype, "__name__", str(dtype)), DTYPES) or DTYPES[0]}"',
        )
    if ndim is not None and (type(ndim) is not int or ndim < 0):
        raise ArgumentError(f"a number of axes is a whole number, not {ndim!r}", fix='tensor("x", ndim=3)')
    return Symbol(name=name, pattern=(None,) * ndim if ndim is not None else _pattern(shape), dtype=dtype)


def _pattern(shape: Any) -> Pattern:
    """A shape that was given, as a tuple."""
    if not isinstance(shape, list | tuple) or not all(_is_length(length) for length in shape):
        raise ArgumentError(
            f"{shape!r:.60} is no shape",
            why="A shape is a tuple of lengths, and a length is a whole number, a name, or None for any.",
            fix='shape=(3, "n", None)',
        )
    return tuple(shape)


def _declared(kind: str, name: str | None = None, dtype: str = "float64", *, shape: Pattern | None = None) -> Symbol:
    pattern = _PATTERNS[kind]
    if shape is not None and not fits(_pattern(shape), pattern):
        raise ArgumentError(f"{shape} is not the shape of a {kind}", fix=f'{kind}("{name or "x"}", shape={pattern})')
    return tensor(name, shape=pattern if shape is None else shape, dtype=dtype)


def _is_length(length: Any) -> bool:
    if isinstance(length, str):
        return length.isidentifier()
    return length is None or (type(length) is int and length >= 0)


@short_traceback
def _several(declare: Callable[..., Symbol], *names: Any, dtype: str | None = None) -> list[Symbol]:
    """One symbol for each name, or as many without names as a single number says; a single text is one name a letter.

    >>> [symbol.name for symbol in _several(partial(_declared, "scalar"), "ab")]
    ['a', 'b']
    """
    chosen = names[0] if len(names) == 1 else names
    if isinstance(chosen, int):
        chosen = [None] * chosen
    if not isinstance(chosen, str | list | tuple):
        raise ArgumentError(
            f"symbols have names, or there is a number of them, not {chosen!r:.60}", fix='scalars("x", "y")'
        )
    options = {} if dtype is None else {"dtype": dtype}
    return [declare(name, **options) for name in chosen]


@short_traceback
def scalar(name: str | None = None, dtype: str = "float64") -> Symbol:
    """A number."""
    return _declared("scalar", name, dtype)


@short_traceback
def vector(name: str | None = None, dtype: str = "float64", *, shape: Pattern | None = None) -> Symbol:
    """An array of one axis."""
    return _declared("vector", name, dtype, shape=shape)


@short_traceback
def row(name: str | None = None, dtype: str = "float64", *, shape: Pattern | None = None) -> Symbol:
    """A matrix of one row."""
    return _declared("row", name, dtype, shape=shape)


@short_traceback
def col(name: str | None = None, dtype: str = "float64", *, shape: Pattern | None = None) -> Symbol:
    """A matrix of one column."""
    return _declared("col", name, dtype, shape=shape)


@short_traceback
def matrix(name: str | None = None, dtype: str = "float64", *, shape: Pattern | None = None) -> Symbol:
    """An array of two axes."""
    return _declared("matrix", name, dtype, shape=shape)


@short_traceback
def tensor3(name: str | None = None, dtype: str = "float64", *, shape: Pattern | None = None) -> Symbol:
    """An array of three axes."""
    return _declared("tensor3", name, dtype, shape=shape)


@short_traceback
def tensor4(name: str | None = None, dtype: str = "float64", *, shape: Pattern | None = None) -> Symbol:
    """An array of four axes."""
    return _declared("tensor4", name, dtype, shape=shape)


@short_traceback
def tensor5(name: str | None = None, dtype: str = "float64", *, shape: Pattern | None = None) -> Symbol:
    """An array of five axes."""
    return _declared("tensor5", name, dtype, shape=shape)


def declaration(word: str) -> Callable[..., Any] | None:
    """What `dmatrix`, `dmatrices`, `vectors` … stand for; None for a word that is none of them.

    >>> declaration("dmatrices")("a", "b")
    [a, b]
    >>> declaration("iscalar")("k").dtype
    'int32'
    """
    if word in _PLURALS:
        return partial(_several, partial(_declared, _PLURALS[word]))
    dtype, rest = _PREFIXES.get(word[:1]), word[1:]
    if dtype is None or (rest not in _PATTERNS and rest not in _PLURALS):
        return None
    if rest in _PLURALS:
        return partial(_several, partial(_declared, _PLURALS[rest], dtype=dtype))
    return partial(_declared, rest, dtype=dtype)


WORDS = tuple(
    prefix + word for prefix in ("", *_PREFIXES) for word in (*_PATTERNS, *_PLURALS) if prefix or word in _PLURALS
)
