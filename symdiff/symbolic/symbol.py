"""Symbols: declared, then used with operators, methods and NumPy functions, which write down what is done.

In: operators, methods and NumPy's protocols, applied by the user's code. Out: more symbols. Asked for a number, a
symbol refuses: it has one only inside a compiled function.
"""

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

import numpy as np

from symdiff.errors import ArgumentError, ConversionError, ShapeError, UnsupportedError, short_traceback
from symdiff.origin import Origin, call_in, is_internal, user_frame
from symdiff.symbolic.layout import DIMSHUFFLE, FLATTEN
from symdiff.symbolic.recording import INDEX, PART, Application, Form, Method, Operation, Plain, Recorded, frozen
from symdiff.tracing.alternatives import INSTEAD
from symdiff.tracing.calls import name_of
from symdiff.tracing.rules import path_rule_named, rule_of

_LIBRARIES = ("numpy", "scipy")
_SIGNS = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "power": "**",
    "matmul": "@",
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}
Pattern = tuple[int | str | None, ...]  # lengths: a number, a name for one that is open, None for any


def _infix(text: str, function: Callable[..., Any], *, reflected: bool = False) -> Callable[["Symbol", Any], Any]:
    operation = Plain(text, function, "infix")

    def method(self: "Symbol", other: Any) -> Any:
        if not isinstance(other, Symbol) and hasattr(type(other), "_symdiff_apply"):
            return NotImplemented
        return record(operation, other, self) if reflected else record(operation, self, other)

    return method


def _prefix(text: str, function: Callable[..., Any], form: Form = "prefix") -> Callable[["Symbol"], Any]:
    operation = Plain(text, function, form)
    return lambda self: record(operation, self)


def _method(name: str) -> Callable[..., Any]:
    operation = Method(name)

    def method(self: "Symbol", *args: Any, **kwargs: Any) -> Any:
        return record(operation, self, *args, **kwargs)

    method.__name__ = name
    method.__doc__ = f"NumPy's `{name}`."
    return method


def _attribute(name: str) -> Any:
    operation = Method(name, "attribute")
    return property(lambda self: record(operation, self), doc=f"NumPy's `{name}`.")


class Symbol(Recorded):
    """A symbol: declared, shared, or made of other symbols.

    pattern: of a declared or shared symbol, the lengths of its axes: a number, a name, or None where any will do.
    dtype: by name, as declared.
    """

    __slots__ = ("_evaluators", "dtype", "pattern")

    __array_priority__ = 2000.0

    def __init__(
        self,
        application: Application | None = None,
        *,
        name: str | None = None,
        pattern: Pattern | None = None,
        dtype: str = "float64",
    ) -> None:
        if name is not None and not isinstance(name, str):
            raise ArgumentError(f"a name is a text, not {name!r:.60}", fix='scalar("x"), shared(0.0, name="w")')
        super().__init__(application, name, application.origin if application is not None else declared_at())
        self.pattern = pattern
        self.dtype = dtype
        self._evaluators: dict[Any, Callable[..., Any]] = {}

    @property
    def is_whole(self) -> bool:
        """Whether the symbol was declared for whole numbers, which may say where something is in an array."""
        return self.pattern is not None and not self.dtype.startswith("float")

    @property
    @short_traceback
    def ndim(self) -> int:
        """The number of axes. Raises ShapeError for an expression where it depends on the lengths, or on values."""
        if self.pattern is not None:
            return len(self.pattern)
        from symdiff.symbolic.ranks import rank_of

        found = rank_of(self)
        if found is None:
            raise ShapeError(
                "the rank of the expression is not known before its lengths are",
                origin=self.origin,
                why="It was tried with axes of a few lengths, and none of them fits all of its parts.",
                fix='declare the lengths, vector("x", shape=(4,)), or ask the array that the compiled function returns',
            )
        return found

    @short_traceback
    def eval(self, values: Any = None) -> Any:
        """The value, given that of every symbol it is made of; compiled once for each set of symbols.

        >>> from symdiff.symbolic import scalars
        >>> x, y = scalars("x", "y")
        >>> (x + y).eval({x: 16.3, y: 12.1})
        28.4
        """
        from symdiff.symbolic.compiled_function import function
        from symdiff.symbolic.wiring import pairs_of

        given = dict(pairs_of(values, "eval"))
        key = tuple(given)
        if key not in self._evaluators:
            self._evaluators[key] = function(list(given), self, on_unused_input="ignore")
        return self._evaluators[key](*given.values())

    # -- operators --------------------------------------------------------------------------------------------------

    __add__ = _infix("+", operator.add)
    __radd__ = _infix("+", operator.add, reflected=True)
    __sub__ = _infix("-", operator.sub)
    __rsub__ = _infix("-", operator.sub, reflected=True)
    __mul__ = _infix("*", operator.mul)
    __rmul__ = _infix("*", operator.mul, reflected=True)
    __truediv__ = _infix("/", operator.truediv)
    __rtruediv__ = _infix("/", operator.truediv, reflected=True)
    __floordiv__ = _infix("//", operator.floordiv)
    __rfloordiv__ = _infix("//", operator.floordiv, reflected=True)
    __mod__ = _infix("%", operator.mod)
    __rmod__ = _infix("%", operator.mod, reflected=True)
    __pow__ = _infix("**", operator.pow)
    __rpow__ = _infix("**", operator.pow, reflected=True)
    __matmul__ = _infix("@", operator.matmul)
    __rmatmul__ = _infix("@", operator.matmul, reflected=True)
    __lt__ = _infix("<", operator.lt)
    __le__ = _infix("<=", operator.le)
    __gt__ = _infix(">", operator.gt)
    __ge__ = _infix(">=", operator.ge)
    __eq__ = _infix("==", operator.eq)
    __ne__ = _infix("!=", operator.ne)
    __and__ = _infix("&", operator.and_)
    __rand__ = _infix("&", operator.and_, reflected=True)
    __or__ = _infix("|", operator.or_)
    __ror__ = _infix("|", operator.or_, reflected=True)
    __xor__ = _infix("^", operator.xor)
    __rxor__ = _infix("^", operator.xor, reflected=True)
    __neg__ = _prefix("-", operator.neg)
    __pos__ = _prefix("+", operator.pos)
    __invert__ = _prefix("~", operator.invert)
    __abs__ = _prefix("abs", operator.abs, "call")

    __hash__ = object.__hash__

    def __getitem__(self, key: Any) -> "Symbol":
        return record(INDEX, self, key)

    # -- NumPy --------------------------------------------------------------------------------------------------------

    @short_traceback
    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> "Symbol":
        if method != "__call__":
            return record_call(getattr(ufunc, method), inputs, kwargs, f"{ufunc.__name__}.{method}")
        sign = "" if kwargs else _SIGNS.get(ufunc.__name__, "")
        if sign:
            return record(Plain(sign, ufunc, "infix"), *inputs)
        return record_call(ufunc, inputs, kwargs, ufunc.__name__)

    @short_traceback
    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> "Symbol":
        return record_call(function, args, kwargs, function.__name__)

    T = _attribute("T")
    shape = _attribute("shape")
    size = _attribute("size")
    real = _attribute("real")
    imag = _attribute("imag")

    sum = _method("sum")
    prod = _method("prod")
    max = _method("max")
    min = _method("min")
    mean = _method("mean")
    var = _method("var")
    std = _method("std")
    any = _method("any")
    all = _method("all")
    argmax = _method("argmax")
    argmin = _method("argmin")
    argsort = _method("argsort")
    cumsum = _method("cumsum")
    cumprod = _method("cumprod")
    dot = _method("dot")
    ravel = _method("ravel")
    clip = _method("clip")
    round = _method("round")
    squeeze = _method("squeeze")
    take = _method("take")
    repeat = _method("repeat")
    swapaxes = _method("swapaxes")
    diagonal = _method("diagonal")
    trace = _method("trace")
    conj = conjugate = _method("conj")
    reshape = _method("reshape")
    transpose = _method("transpose")
    copy = _method("copy")
    astype = _method("astype")

    def dimshuffle(self, *pattern: Any) -> "Symbol":
        """Axes permuted, new ones of length 1 where the pattern says "x".

        >>> import numpy as np
        >>> from symdiff.symbolic import vector
        >>> x = vector("x")
        >>> x.dimshuffle(0, "x").eval({x: [1.0, 2.0]})
        array([[1.],
               [2.]])
        """
        order = pattern[0] if len(pattern) == 1 and isinstance(pattern[0], list | tuple) else pattern
        return record(DIMSHUFFLE, self, *order)

    def flatten(self, ndim: int = 1) -> "Symbol":
        """An array of `ndim` axes: the first ones as they are, all others as one.

        >>> import numpy as np
        >>> from symdiff.symbolic import tensor3
        >>> x = tensor3("x")
        >>> x.flatten(2).eval({x: np.zeros((2, 3, 4))}).shape
        (2, 12)
        """
        return self.ravel() if ndim == 1 else record(FLATTEN, self, ndim)

    def nonzero(self) -> "Symbol":
        """NumPy's `nonzero`, to index with: `x[(x > 0).nonzero()]`; it follows the path of every call."""
        return record_call(np.nonzero, (self,), {}, "nonzero")

    # -- refusals -----------------------------------------------------------------------------------------------------

    @short_traceback
    def __bool__(self) -> NoReturn:
        _refuse("a truth value", "choose with np.where(condition, a, b), switch or ifelse")

    @short_traceback
    def __float__(self) -> NoReturn:
        _refuse("a float", "use the functions of numpy in place of those of math; z.eval({x: 1.0}) gives a number")

    __int__ = __complex__ = __float__

    @short_traceback
    def __index__(self) -> NoReturn:
        _refuse("a length", "zeros, ones, full, eye and arange of symdiff.symbolic take symbols: zeros(x.shape)")

    @short_traceback
    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        _refuse(
            "a NumPy array",
            "apply(function, x) for a function of arrays, such as SciPy's; np.stack([x, y]) for np.array([x, y])",
        )

    @short_traceback
    def __len__(self) -> NoReturn:
        _refuse("a length", "x.shape[0] is the length as a symbol")

    @short_traceback
    def __iter__(self) -> Iterator["Symbol"]:
        count = self._known_length()
        if count is None:
            _refuse("a sequence", "x[0], x[1] … pick elements; `scan` goes over all of them")
        return iter([self[position] for position in range(count)])

    def _known_length(self) -> int | None:
        """How many elements there are, for a declared number of them, and for the shape of what has a known rank."""
        if self.pattern:
            return self.pattern[0] if isinstance(self.pattern[0], int) else None
        made = self.application
        is_shape = made is not None and isinstance(made.operation, Method) and made.operation.name == "shape"
        return made.args[0].ndim if is_shape and made is not None else None

    @short_traceback
    def __contains__(self, value: Any) -> NoReturn:
        _refuse("a sequence", "np.any(x == value)")

    @short_traceback
    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        _refuse("an array to write into", "x = set_subtensor(x[key], value), the array after the assignment")

    def __repr__(self) -> str:
        return self.label or f"<symbol: {'expression' if self.pattern is None else rank_name(self.pattern)}>"

    def __copy__(self) -> "Symbol":
        return self

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        return None, {
            "application": self.application,
            "name": self.label or None,
            "origin": None,
            "pattern": self.pattern,
            "dtype": self.dtype,
            "_evaluators": {},
        }


def record(operation: Operation, *args: Any, **kwargs: Any) -> Symbol:
    """The symbol of the operation's result, with the line where the user asked for it."""
    return Symbol(Application(operation, frozen(args), frozen(kwargs), declared_at()))


def record_call(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], name: str) -> Symbol:
    """A call of a NumPy function. Raises UnsupportedError, by name, where there is no rule for it."""
    target = getattr(function, "__self__", function)
    full = name_of(function)
    if rule_of(target if isinstance(target, np.ufunc) else function) is None and path_rule_named(full) is None:
        raise UnsupportedError(
            f"{full} is not traceable",
            origin=declared_at(),
            label="is applied to a symbol",
            why="symdiff has no rule for it, and calling it would need numbers.",
            fix=INSTEAD.get(full) or "write it with operators and the functions of numpy that symdiff knows",
        )
    return record(Plain(name, function), *args, **kwargs)


def parts(whole: Symbol, count: int) -> list[Symbol]:
    """The results of an operation that has several."""
    return [record(PART, whole, position) for position in range(count)]


def declared_at() -> Origin | None:
    """The user's running instruction: the innermost outside symdiff, NumPy and SciPy."""
    frame = user_frame()
    while frame is not None and (
        is_internal(frame.f_code.co_filename) or frame.f_globals.get("__name__", "").partition(".")[0] in _LIBRARIES
    ):
        frame = frame.f_back
    return None if frame is None else call_in(frame)


def fits(shape: Sequence[Any], pattern: Pattern) -> bool:
    """Whether an array of this shape is what the pattern says.

    >>> fits((3, 4), (None, 4)), fits((3, 4), ("n", 5)), fits((3,), ())
    (True, False, False)
    """
    return len(shape) == len(pattern) and all(
        known is None or isinstance(known, str) or known == length for length, known in zip(shape, pattern, strict=True)
    )


def rank_name(pattern: Pattern) -> str:
    """`matrix`, `row`, `tensor3` … for the pattern of its lengths.

    >>> rank_name((None, None)), rank_name((1, None)), rank_name((None,) * 4)
    ('matrix', 'row', 'tensor4')
    """
    if pattern in ((1, None), (None, 1)):
        return "row" if pattern[0] == 1 else "col"
    return ("scalar", "vector", "matrix")[len(pattern)] if len(pattern) < 3 else f"tensor{len(pattern)}"


def declaring(name: str, pattern: Pattern) -> str:
    """The code that declares a symbol.

    >>> print(declaring("x", (None, None)), declaring("", (None, 3)), declaring("y", (None,) * 6), sep="; ")
    matrix("x"); matrix("x", shape=(None, 3)); tensor("y", ndim=6)
    """
    shape = str(pattern).replace("'", '"')
    kind, is_open = rank_name(pattern), pattern in ((1, None), (None, 1)) or not any(pattern)
    called = name or "x"
    if len(pattern) > 5:
        return f'tensor("{called}", ' + (f"ndim={len(pattern)})" if is_open else f"shape={shape})")
    return f'{kind}("{called}")' if is_open else f'{kind}("{called}", shape={shape})'


def _refuse(wish: str, fix: str) -> NoReturn:
    raise ConversionError(
        f"a symbol was asked to become {wish}",
        origin=declared_at(),
        label="has no number yet",
        why="It has one only when a compiled function is called.",
        fix=fix,
    )
