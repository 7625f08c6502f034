"""Rows: comparisons, logic, choice, and operations that are constant or linear in pieces.

The policy at kinks, the same in every backend: ties of max and min share the derivative half and half, abs'(0) is 0,
the derivatives of rounding and sign are 0 everywhere.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff.ops.row import (
    AND,
    BIT_AND,
    BIT_OR,
    COMPARISON,
    NOT,
    OR,
    PRODUCT,
    TERNARY,
    Op,
    Raises,
    Spelling,
    call,
    infix,
    prefix,
    row,
    support,
)


def _comparison(name: str, symbol: str, evaluate: Callable[..., Any], sympy: str) -> Op:
    spelling = infix(symbol, COMPARISON, chain=False)
    return Op(
        name=name,
        arity=2,
        partials=(None, None),
        rule="a comparison is constant in pieces",
        evaluate=evaluate,
        mpmath=lambda mp, x, y: evaluate(x, y),
        sympy=sympy,
        numpy=spelling,
        math=spelling,
        numexpr=spelling,
        traces=(f"operator.{evaluate.__name__}", f"numpy.{name}"),
        domain=((-3.0, 3.0), (-3.0, 3.0)),
        result="bool",
    )


less = _comparison("less", "<", operator.lt, "Lt")
less_equal = _comparison("less_equal", "<=", operator.le, "Le")
greater = _comparison("greater", ">", operator.gt, "Gt")
greater_equal = _comparison("greater_equal", ">=", operator.ge, "Ge")
equal = _comparison("equal", "==", operator.eq, "Eq")
not_equal = _comparison("not_equal", "!=", operator.ne, "Ne")

logical_and: Op = Op(
    name="logical_and",
    arity=2,
    partials=(None, None),
    rule="logic is constant in pieces",
    evaluate=np.logical_and,
    mpmath=lambda mp, x, y: bool(x and y),
    sympy="And",
    numpy=infix("&", BIT_AND),
    math=infix("and", AND),
    numexpr=infix("&", BIT_AND),
    traces=("numpy.logical_and", "operator.and_", "numpy.bitwise_and"),
    result="bool",
    operands="bool",
)

logical_or: Op = Op(
    name="logical_or",
    arity=2,
    partials=(None, None),
    rule="logic is constant in pieces",
    evaluate=np.logical_or,
    mpmath=lambda mp, x, y: bool(x or y),
    sympy="Or",
    numpy=infix("|", BIT_OR),
    math=infix("or", OR),
    numexpr=infix("|", BIT_OR),
    traces=("numpy.logical_or", "operator.or_", "numpy.bitwise_or"),
    result="bool",
    operands="bool",
)

logical_not: Op = Op(
    name="logical_not",
    arity=1,
    partials=(None,),
    rule="logic is constant in pieces",
    evaluate=np.logical_not,
    mpmath=lambda mp, x: not x,
    sympy="Not",
    numpy=call("np.logical_not"),
    math=prefix("not ", NOT),
    numexpr=prefix("~", BIT_AND),
    traces=("numpy.logical_not", "operator.not_", "numpy.bitwise_not", "numpy.invert"),
    result="bool",
    operands="bool",
)

where: Op = Op(
    name="where",
    arity=3,
    partials=(None, None, None),  # calculus differentiates each side under its guard
    rule="a choice is differentiated side by side",
    evaluate=np.where,
    mpmath=lambda mp, c, x, y: x if c else y,
    sympy=lambda sp, c, x, y: sp.Piecewise((x, c), (y, True)),
    numpy=call("np.where", 3),
    math=Spelling("{1} if {0} else {2}", TERNARY, (OR, OR, TERNARY)),
    numexpr=call("where", 3),
    traces=("numpy.where",),
    operands="where",
)


def _test(name: str, math: str, numexpr: str, mpmath: Callable[..., Any], sympy: Callable[..., Any]) -> Op:
    return row(
        name,
        None,
        rule="a test is constant in pieces",
        math=math,
        numexpr=numexpr,
        mpmath=mpmath,
        sympy=sympy,
        result="bool",
    )


isnan = _test("isnan", "isnan", "isnan", lambda mp, x: mp.isnan(x), lambda sp, x: sp.Ne(x, x))
isinf = _test("isinf", "isinf", "isinf", lambda mp, x: mp.isinf(x), lambda sp, x: sp.Eq(sp.Abs(x), sp.oo))
isfinite = _test(
    "isfinite", "isfinite", "isfinite", lambda mp, x: mp.isfinite(x), lambda sp, x: sp.Lt(sp.Abs(x), sp.oo)
)

maximum: Op = row(
    "maximum",
    lambda out, x, y: where(greater(x, y), 1.0, where(equal(x, y), 0.5, 0.0)),
    lambda out, x, y: where(greater(y, x), 1.0, where(equal(x, y), 0.5, 0.0)),
    rule="the derivative of a maximum is that of the larger argument",
    math=support("maximum", 2),
    mpmath=lambda mp, x, y: max(x, y),
    sympy="Max",
)

minimum: Op = row(
    "minimum",
    lambda out, x, y: where(less(x, y), 1.0, where(equal(x, y), 0.5, 0.0)),
    lambda out, x, y: where(less(y, x), 1.0, where(equal(x, y), 0.5, 0.0)),
    rule="the derivative of a minimum is that of the smaller argument",
    math=support("minimum", 2),
    mpmath=lambda mp, x, y: min(x, y),
    sympy="Min",
)

absolute: Op = row(
    "absolute",
    lambda out, x: sign(x),
    rule="|x|' = sign x",
    numpy="abs",
    math=call("abs"),
    numexpr="abs",
    mpmath=lambda mp, x: abs(x),
    sympy="Abs",
    traces=("builtins.abs", "operator.abs", "math.fabs", "numpy.absolute", "numpy.fabs"),
)

sign: Op = row("sign", None, rule="a sign is constant in pieces", math=support("sign"))

copysign: Op = row(
    "copysign",
    lambda out, x, y: sign(x) * copysign(1.0, y),
    None,
    rule="|x| with a sign: its derivative is sign x times that sign",
    mpmath=lambda mp, x, y: abs(x) if y >= 0 else -abs(x),
    sympy=lambda sp, x, y: sp.Abs(x) * sp.Piecewise((-1, y < 0), (1, True)),
    cost=2.0,
)


def _rounding(name: str, math: str, mpmath: Any, sympy: Any, traces: tuple[str, ...], numexpr: str = "") -> Op:
    return row(
        name,
        None,
        rule="rounding is constant in pieces",
        math=support(math),
        numexpr=numexpr or name,
        mpmath=mpmath,
        sympy=sympy,
        traces=traces,
    )


def _mpmath_trunc(mp: Any, x: Any) -> Any:
    return mp.ceil(x) if x < 0 else mp.floor(x)


def sympy_rint(sp: Any, x: Any) -> Any:
    """SymPy has no rounding of halves to even."""
    below = sp.floor(x)
    above = sp.Or(
        x - below > sp.Rational(1, 2), sp.And(sp.Eq(x - below, sp.Rational(1, 2)), sp.Eq(sp.Mod(below, 2), 1))
    )
    return sp.Piecewise((below + 1, above), (below, True))


floor = _rounding("floor", "floor", "floor", "floor", ("math.floor",))
ceil = _rounding("ceil", "ceil", "ceil", "ceiling", ("math.ceil",))
trunc = _rounding(
    "trunc",
    "trunc",
    _mpmath_trunc,
    lambda sp, x: sp.sign(x) * sp.floor(sp.Abs(x)),
    ("math.trunc", "numpy.fix", "builtins.int"),
)
# To the nearest whole number, halves to the even one, as Python and IEEE 754 do.
rint = _rounding("rint", "rint", "nint", sympy_rint, (), numexpr="round")

# Python's division with remainder: the quotient is rounded down, the remainder has the sign of the divisor. numexpr's
# own % and // round x/y first (1 % 0.1 is 0, 1 // 0.1 is 10 there), so NumPy computes them.
floor_divide: Op = row(
    "floor_divide",
    None,
    None,
    rule="rounding is constant in pieces",
    everywhere=infix("//", PRODUCT),
    numexpr=None,
    evaluate=np.floor_divide,
    mpmath=lambda mp, x, y: mp.floor(x / y),
    sympy=lambda sp, x, y: sp.floor(x / y),
    traces=("operator.floordiv", "numpy.floor_divide"),
    cost=5.0,
    domain=((-9.0, 9.0), (0.5, 3.0)),
    raises=(Raises(ZeroDivisionError, lambda x, y: equal(y, 0.0)),),
)

remainder: Op = row(
    "remainder",
    lambda out, x, y: 1.0,
    lambda out, x, y: -floor_divide(x, y),
    rule="x mod y is x minus a whole multiple of y",
    everywhere=infix("%", PRODUCT),
    numexpr=None,
    evaluate=np.remainder,
    mpmath=lambda mp, x, y: x - y * mp.floor(x / y),
    sympy="Mod",
    traces=("operator.mod", "numpy.remainder", "numpy.mod"),
    cost=5.0,
    domain=((-9.0, 9.0), (0.5, 3.0)),
    raises=(Raises(ZeroDivisionError, lambda x, y: equal(y, 0.0)),),
)

fmod: Op = row(
    "fmod",
    lambda out, x, y: 1.0,
    lambda out, x, y: -rint((x - out) / y),
    rule="fmod(x, y) is x minus a whole multiple of y",
    mpmath=lambda mp, x, y: x - y * _mpmath_trunc(mp, x / y),
    sympy=lambda sp, x, y: sp.sign(x) * sp.Mod(sp.Abs(x), sp.Abs(y)),
    cost=5.0,
    domain=((-9.0, 9.0), (0.5, 3.0)),
    raises=(Raises(ValueError, lambda x, y: equal(y, 0.0)),),
)
