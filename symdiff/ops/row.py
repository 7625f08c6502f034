"""What one row of the table of scalar operations holds.

In: the facts of an operation. Out: an `Op`, which is also callable: on numbers it computes, on nodes and tracers it
records itself. Derivative rules are therefore written as the mathematics they are, with rows as functions.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np

from symdiff.errors import UnsupportedError
from symdiff.ops import support_numpy

# How tightly a piece of Python text binds: that of Python's own grammar.
LOOSEST, TERNARY, OR, AND, NOT, COMPARISON, BIT_OR, BIT_AND, SUM, MATMUL, PRODUCT, SIGN, POWER, ATOM = range(14)

Partial = Callable[..., Any]


@dataclass(frozen=True)
class Refused:
    """The partial of an argument by which no closed form is known: it raises, and names both."""

    function: str
    parameter: str

    def __call__(self, out: Any, *arguments: Any) -> Any:
        raise UnsupportedError(
            f"the derivative of {self.function} with respect to {self.parameter} has no closed form",
            why=f"symdiff differentiates {self.function} by its other arguments only.",
            fix=f"Keep {self.parameter} constant, or do not differentiate with respect to what it depends on.",
            origin=getattr(out, "origin", None),
        )


@dataclass(frozen=True)
class Raises:
    """An exception of Python's own function, which NumPy's does not raise.

    where: the condition on the arguments, written with rows. by: "math" or "operator" where the function of `math` and
    Python's operator, which trace to the same row, do not raise the same.
    """

    error: type[ArithmeticError | ValueError]
    where: Callable[..., Any]
    by: Literal["", "math", "operator"] = ""


@dataclass(frozen=True)
class Spelling:
    """How a backend writes an operation.

    `text` is a format string on the arguments' texts. An argument that binds less tightly than its entry in `operands`
    is put in parentheses. `modules` are imported by the emitted file; `support` names functions that are
    copied into it.
    """

    text: str
    precedence: int = ATOM
    operands: tuple[int, ...] = ()
    modules: tuple[str, ...] = ()
    support: tuple[str, ...] = ()

    def operand(self, index: int) -> int:
        return self.operands[index] if index < len(self.operands) else LOOSEST

    @property
    def repeated(self) -> frozenset[int]:
        """The arguments the text mentions more than once: worth a name of their own."""
        mentioned = re.findall(r"\{(\d+)\}", self.text)
        return frozenset(int(index) for index in mentioned if mentioned.count(index) > 1)


def call(function: str, arity: int = 1, *, modules: tuple[str, ...] = ()) -> Spelling:
    """`np.sin({0})`."""
    return Spelling(f"{function}({_arguments(arity)})", modules=modules)


def support(function: str, arity: int = 1) -> Spelling:
    """A call of a function of the backend's support module, copied into the emitted file with a leading underscore."""
    return Spelling(f"_{function}({_arguments(arity)})", support=(function,))


def expression(text: str, precedence: int) -> Spelling:
    """A text whose operands all need parentheses unless they are names, calls or numbers."""
    return Spelling(text, precedence, (ATOM,) * 3)


def formula(text: str) -> Spelling:
    """A text that binds as a call does, `(exp({0}) + 1.0)`, from arguments that are put in parentheses."""
    return Spelling(text, ATOM, (ATOM,) * 3)


def infix(symbol: str, precedence: int, *, chain: bool = True) -> Spelling:
    """`{0} + {1}`. Only the left operand may have the same precedence, so that the order of rounding is kept."""
    return Spelling(f"{{0}} {symbol} {{1}}", precedence, (precedence if chain else precedence + 1, precedence + 1))


def prefix(symbol: str, precedence: int) -> Spelling:
    """`-{0}`."""
    return Spelling(f"{symbol}{{0}}", precedence, (precedence + 1,))


def _arguments(arity: int) -> str:
    return ", ".join(f"{{{index}}}" for index in range(arity))


@dataclass(frozen=True, eq=False, kw_only=True)
class Op:
    """One scalar operation: everything that is known about it.

    partials: for each argument the local derivative, a function of the operation's own output and its arguments,
        written with rows; None where it is zero everywhere (piecewise constant operations).
    rule: what a teacher calls the rule.
    evaluate: the value in float64, on NumPy scalars and arrays: the reference.
    mpmath, sympy: a name in that package, or a function that takes the package and the arguments.
    numpy, math, numexpr: the spelling in each backend; None in numexpr means that NumPy computes it around.
    traces: the dotted names of the functions that trace to this operation, `math.sin`, `numpy.sin`.
    cost: about how many additions it takes on arrays.
    domain: for each argument, the interval that tests and verification sample.
    raises: what Python's own functions and operators raise, in this order.
    """

    name: str
    arity: int
    partials: tuple[Partial | None, ...]
    rule: str
    evaluate: Callable[..., Any]
    mpmath: str | Callable[..., Any]
    sympy: str | Callable[..., Any]
    numpy: Spelling
    math: Spelling
    numexpr: Spelling | None
    traces: tuple[str, ...] = ()
    cost: float = 1.0
    domain: tuple[tuple[float, float], ...] = field(default=((-3.0, 3.0),))
    result: Literal["real", "bool", "complex"] = "real"
    operands: Literal["real", "bool", "where", "complex"] = "real"
    raises: tuple[Raises, ...] = ()

    def __call__(self, *arguments: Any) -> Any:
        for argument in arguments:
            apply = getattr(type(argument), "_symdiff_apply", None)
            if apply is not None:
                return apply(self, arguments)
        return self.evaluate(*arguments)

    def __repr__(self) -> str:
        return f"Op({self.name})"

    def spelling(self, backend: str) -> Spelling | None:
        """The spelling in the backend's language: "numpy", "math" or "numexpr"."""
        return {"numpy": self.numpy, "math": self.math, "numexpr": self.numexpr}[backend]

    def in_mpmath(self, mpmath: Any, *arguments: Any) -> Any:
        """The value at mpmath's current precision. Raises ArithmeticError where a series does not converge."""
        function = getattr(mpmath, self.mpmath) if isinstance(self.mpmath, str) else partial(self.mpmath, mpmath)
        try:
            return function(*arguments)
        except Exception as error:
            from mpmath.libmp import NoConvergence  # rows are made where nobody has imported mpmath

            if not isinstance(error, NoConvergence):
                raise
            raise ArithmeticError(f"{self.name} has no value in mpmath at {arguments}") from error

    def in_sympy(self, sympy: Any, *arguments: Any) -> Any:
        """The SymPy expression."""
        if isinstance(self.sympy, str):
            return getattr(sympy, self.sympy)(*arguments)
        return self.sympy(sympy, *arguments)


def row(
    name: str,
    *partials: Partial | None,
    rule: str,
    numpy: str | Spelling = "",
    math: str | Spelling = "",
    numexpr: str | Spelling | None = "",
    everywhere: Spelling | None = None,
    mpmath: str | Callable[..., Any] = "",
    sympy: str | Callable[..., Any] = "",
    evaluate: Callable[..., Any] | None = None,
    traces: tuple[str, ...] = (),
    cost: float = 1.0,
    domain: tuple[tuple[float, float], ...] = (),
    result: Literal["real", "bool", "complex"] = "real",
    operands: Literal["real", "bool", "where", "complex"] = "real",
    raises: tuple[Raises, ...] = (),
) -> Op:
    """The common shape of a row: one partial an argument; every name that is not given is the row's own.

    A string is the name of a function of NumPy, `math` or numexpr; a function of NumPy or `math` that is spelled so
    also traces to the row, `traces` adds others. `everywhere` is one spelling for the three backends.
    """
    arity = len(partials)
    default = name if everywhere is None else everywhere
    numpy, math = numpy or default, math or default
    numexpr = default if numexpr == "" else numexpr
    named = [f"numpy.{numpy}"] * isinstance(numpy, str) + [f"math.{math}"] * isinstance(math, str)
    return Op(
        name=name,
        arity=arity,
        partials=partials,
        rule=rule,
        evaluate=_reference(numpy) if evaluate is None else evaluate,
        mpmath=mpmath or name,
        sympy=sympy or name,
        numpy=call(f"np.{numpy}", arity) if isinstance(numpy, str) else numpy,
        math=call(f"math.{math}", arity) if isinstance(math, str) else math,
        numexpr=call(numexpr, arity) if isinstance(numexpr, str) else numexpr,
        traces=tuple(dict.fromkeys((*named, *traces))),
        cost=cost,
        domain=domain or ((-3.0, 3.0),) * arity,
        result=result,
        operands=operands,
        raises=raises,
    )


def _reference(spelling: str | Spelling) -> Callable[..., Any]:
    """The function that a NumPy spelling calls: NumPy's own, or the support function."""
    home, name = (np, spelling) if isinstance(spelling, str) else (support_numpy, spelling.support[-1])
    function: Callable[..., Any] = getattr(home, name)
    return function
